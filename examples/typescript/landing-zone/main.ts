// GitLab and its runners in a company's landing zones: one spoke and one subscription for each, nothing with a public address. The hub has given each spoke its
// subnets, with routes to a firewall; private DNS zones are the hub's. Whoever applies reaches nothing of it but Azure Resource Manager.
import { App, TerraformStack } from 'cdktf';
import {
  AksCluster, AksEgress, ApiServerAccess, AzureProvider, AzureSubnet, GitLabEndpoint, GitLabNetwork, JobNetwork, KeyVaultSecret,
  KubernetesGitLabRunner, ManifestDelivery, PrivateEndpoints, RunnerCache, SelfHostedGitLab,
} from 'cdktf-azure-gitlab';

const LOCATION = 'koreacentral';
const TAGS = { 'cost-center': '4711', 'owner': 'platform-team' };
const GITLAB_SUBSCRIPTION = '00000000-0000-0000-0000-000000000001';
const CI_SUBSCRIPTION = '00000000-0000-0000-0000-000000000002';
const HUB = '/subscriptions/00000000-0000-0000-0000-00000000000a/resourceGroups/hub/providers';

/** A subnet of the one virtual network that the hub has put into each subscription. */
const spokeSubnet = (subscription: string, name: string) =>
  `/subscriptions/${subscription}/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/spoke/subnets/${name}`;

/** The set by which the company encrypts disks in a subscription with keys of its own. */
const diskEncryptionSet = (subscription: string) => `/subscriptions/${subscription}/resourceGroups/network/providers/Microsoft.Compute/diskEncryptionSets/disks`;

const app = new App();
const stack = new TerraformStack(app, 'landing-zone');

const gitlab = new SelfHostedGitLab(stack, 'GitLab', {
  provider: new AzureProvider(stack, 'GitLabSubscription', { alias: 'gitlab', subscriptionId: GITLAB_SUBSCRIPTION }),
  location: LOCATION,
  subnet: AzureSubnet.existing(spokeSubnet(GITLAB_SUBSCRIPTION, 'gitlab')),
  network: GitLabNetwork.privateAddress({ address: '10.1.0.4' }),
  // what the company's own authority has signed; the runners trust it too.
  endpoint: GitLabEndpoint.certificateFromKeyVault('gitlab.example.com', KeyVaultSecret.of(`${HUB}/Microsoft.KeyVault/vaults/company-certificates`, 'gitlab')),
  privateEndpoints: PrivateEndpoints.dnsByPolicy(spokeSubnet(GITLAB_SUBSCRIPTION, 'endpoints')),
  backup: { schedule: '02:30', retentionDays: 30 },
  // here and below: both subscriptions have the feature EncryptionAtHost registered.
  hostEncryptionEnabled: true,
  diskEncryptionSetId: diskEncryptionSet(GITLAB_SUBSCRIPTION),
  tags: TAGS,
});

const cluster = new AksCluster(stack, 'Cluster', {
  provider: new AzureProvider(stack, 'CiSubscription', { alias: 'ci', subscriptionId: CI_SUBSCRIPTION }),
  location: LOCATION,
  subnet: AzureSubnet.existing(spokeSubnet(CI_SUBSCRIPTION, 'nodes')),
  egress: AksEgress.routed(),
  apiServerAccess: ApiServerAccess.privateEndpoint({ dnsZoneId: `${HUB}/Microsoft.Network/privateDnsZones/privatelink.${LOCATION}.azmk8s.io` }),
  manifestDelivery: ManifestDelivery.throughServer(gitlab),
  systemNodePool: { hostEncryptionEnabled: true },
  jobNodePool: { hostEncryptionEnabled: true },
  diskEncryptionSetId: diskEncryptionSet(CI_SUBSCRIPTION),
  tags: TAGS,
});

new KubernetesGitLabRunner(stack, 'Runner', {
  gitlab,
  cluster,
  tags: ['aks'],
  cache: RunnerCache.azureBlob({ privateEndpoints: PrivateEndpoints.dnsByPolicy(spokeSubnet(CI_SUBSCRIPTION, 'endpoints')) }),
  // the cache's private endpoint is in here.
  jobNetwork: JobNetwork.internet(['10.2.2.0/24']),
});

app.synth();
