// All that can be switched on, for the scanners; relaxations are left out, since each of them is a finding by its name.
import { App, TerraformStack, TerraformVariable } from 'cdktf';
import {
  AksAuditLogs, AksCluster, AksEgress, AlertReceiver, ApiServerAccess, AzureLogWorkspace, AzureNaming, AzureProvider, AzureRole, AzureSubnet, GitLab,
  GitLabDatabase, GitLabEndpoint, GitLabNetwork, GitLabRestore, GitLabSignIn, HttpProxy, KeyVaultKey, KeyVaultSecret,
  KubernetesGitLabRunner, ManagedDiskType, ManifestDelivery,
  PlatformAlerts, PostgresqlHighAvailability, PrivateEndpoints, RegistryCache,
  RunnerCache, RunnerImageBuilds, RunnerPodMonitor, RunnerSecret, RunnerToken, RunnerVolume, RunnerWebTerminal, SelfHostedGitLab,
  StorageReplication, WeekDay,
} from 'cdktf-azure-gitlab';

const LOCATION = 'koreacentral';
const OFFICE = ['203.0.113.0/24'];
const SOMEBODY = '00000000-0000-0000-0000-000000000001';
const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000000';
const HUB = `${SUBSCRIPTION}/resourceGroups/hub/providers`;
const LOST = `${HUB}/Microsoft.Storage/storageAccounts/lost`;
const VAULT = `${HUB}/Microsoft.KeyVault/vaults/hub`;

const CONTAINER_RESOURCES = {
  requests: { 'cpu': '10m', 'memory': '16Mi', 'ephemeral-storage': '16Mi' }, limits: { 'cpu': '100m', 'memory': '64Mi', 'ephemeral-storage': '64Mi' },
};

const app = new App();

const open = new TerraformStack(app, 'everything');
const gitlab = new SelfHostedGitLab(open, 'GitLab', {
  location: LOCATION,
  zone: '1',
  endpoint: GitLabEndpoint.customDomain('gitlab.example.com', { letsEncryptEmail: 'ops@example.com' }),
  httpAllowedCidrs: ['0.0.0.0/0'],
  sshAllowedCidrs: OFFICE,
  secretReaderObjectIds: [SOMEBODY],
  backup: { schedule: '02:30', retentionDays: 30, replication: StorageReplication.RA_GZRS },
  restoreFrom: GitLabRestore.blob({ storageAccountId: LOST, backup: '20261231T023000Z-19.4.1-ce', secondary: true }),
  dataDiskType: ManagedDiskType.PREMIUM_V2_LRS,
  dataDiskIops: 8000,
  dataDiskMegabytesPerSecond: 400,
  dataDiskBackup: { intervalHours: 12, retentionDays: 7 },
  objectStorage: {},
  database: GitLabDatabase.azurePostgresql({ highAvailability: PostgresqlHighAvailability.ZONE_REDUNDANT, geoRedundantBackupEnabled: true }),
  registry: {},
  smtp: { host: 'smtp.example.com', fromAddress: 'gitlab@example.com', username: 'gitlab', password: KeyVaultSecret.of(VAULT, 'smtp-password') },
  signIn: [GitLabSignIn.entraIdSaml({ tenantId: SOMEBODY, applicationId: SOMEBODY, administrators: [SOMEBODY], passwordSignInEnabled: false })],
  patchReleasesEnabled: true,
  omnibusSettings: { gitlab_rails: { time_zone: 'Asia/Seoul' }, nginx: { client_max_body_size: '500m' } },
  secretReloadTime: '04:30',
  upgradeThroughStopsAllowed: true,
  maintenanceWindow: { dayOfWeek: WeekDay.SUNDAY, startTime: '04:00', durationMinutes: 120 },
  logWorkspace: AzureLogWorkspace.create(365),
  tags: { team: 'platform' },
  hostEncryptionEnabled: true,
  diskEncryptionSetId: `${HUB}/Microsoft.Compute/diskEncryptionSets/disks`,
});
const cluster = new AksCluster(open, 'Cluster', {
  location: LOCATION,
  apiServerAccess: ApiServerAccess.authorizedIpRanges(OFFICE),
  administratorObjectIds: [SOMEBODY],
  auditLogs: AksAuditLogs.ALL,
  logWorkspace: AzureLogWorkspace.create(90),
  systemNodePool: { zones: ['1', '2', '3'], hostEncryptionEnabled: true },
  nodeResourceGroupName: 'everything-nodes',
  azurePolicyEnabled: true,
  defenderEnabled: true,
  costAnalysisEnabled: true,
  diskEncryptionSetId: `${HUB}/Microsoft.Compute/diskEncryptionSets/disks`,
  autoscalerProfile: { scaleDownUnneededMinutes: 30, expander: 'priority' },
  jobNodePool: { vmSize: 'Standard_D8s_v5', maxCount: 20, spot: true, hostEncryptionEnabled: true },
  tags: { team: 'platform' },
});
const heavy = cluster.addNodePool('Heavy', { vmSize: 'Standard_D16s_v5', minCount: 1, maxCount: 3, zones: ['1', '2', '3'] });
const gpu = cluster.addNodePool('Gpu', { vmSize: 'Standard_NC4as_T4_v3', gpu: true, ephemeralOsDiskEnabled: true });
const sandboxed = cluster.addNodePool('Sandboxed', { podSandboxingEnabled: true });
cluster.attachAcr('Registry', `${HUB}/Microsoft.ContainerRegistry/registries/hub`);
const images = RegistryCache.azure(open, 'Images', {
  registryId: `${HUB}/Microsoft.ContainerRegistry/registries/images`,
  dockerHubUsername: KeyVaultSecret.of(VAULT, 'docker-hub-username'),
  dockerHubToken: KeyVaultSecret.of(VAULT, 'docker-hub-token'),
});
const runner = new KubernetesGitLabRunner(open, 'Runner', {
  gitlab,
  cluster,
  registryCache: images,
  tags: ['aks'],
  namespace: 'runner',
  jobNamespace: 'jobs',
  cache: RunnerCache.azureBlob({ retentionDays: 14, customerManagedKey: KeyVaultKey.of(VAULT, 'cache') }),
  podMonitor: RunnerPodMonitor.AZURE_MONITOR,
  bootVerificationEnabled: true,
  volumes: [
    RunnerVolume.emptyDir('scratch', '/scratch', '10Gi'), RunnerVolume.memory('memory', '/memory', '1Gi'), RunnerVolume.ephemeralClaim('work', '/work', '50Gi'),
    RunnerVolume.nfs('share', '/share', 'nfs.example.com', '/export'), RunnerVolume.csi('fast', '/fast', 'local.csi.example.com', {}, { fsType: 'xfs' }),
  ],
  environment: { LANG: 'C.UTF-8' },
  runnerSettings: { pre_build_script: 'echo before', debug_trace_disabled: true, connection_max_age: '10m' },
  managerReplicas: 2,
  managerEnvironment: { LANG: 'C.UTF-8' },
  managerNodeSelector: { 'kubernetes.azure.com/mode': 'system' },
  managerTolerations: ['dedicated=ops:NoSchedule'],
  managerPodAnnotations: { 'example.com/owner': 'ci' },
  managerImagePullSecrets: ['mirror'],
  managerVolumes: { '/cache': { emptyDir: {} }, '/shared': { name: 'shared', readOnly: true } },
  managerPodVolumes: { shared: { emptyDir: { sizeLimit: '10Mi' } } },
  managerContainers: [{
    name: 'exporter', image: 'registry.example.com/exporter:1.0.0', resources: CONTAINER_RESOURCES,
    livenessProbe: { httpGet: { path: '/healthz', port: 9100 } },
    readinessProbe: { httpGet: { path: '/ready', port: 9100 } },
    volumeMounts: [{ name: 'shared', mountPath: '/shared' }],
  }],
  managerInitContainers: [{
    name: 'fetch', image: 'registry.example.com/fetch:1.0.0', resources: CONTAINER_RESOURCES,
    volumeMounts: [{ name: 'shared', mountPath: '/shared' }],
  }],
  managerEnvironmentSecrets: { PROXY_PASSWORD: RunnerSecret.kubernetesSecret('proxy', 'password') },
  sentryDsn: RunnerSecret.keyVaultSecret(KeyVaultSecret.of(VAULT, 'sentry')),
  registryCredentials: RunnerSecret.keyVaultSecret(KeyVaultSecret.of(VAULT, 'registries')),
  environmentSecrets: { SIGNING_KEY: RunnerSecret.kubernetesSecret('signing', 'key') },
  hostAliases: { '10.20.0.4': ['gitlab.example.com'] },
  podMonitorLabels: { release: 'prometheus' },
  podMonitorIntervalSeconds: 30,
  warmCapacity: { policies: [{ jobs: 1 }, { jobs: 4, periods: ['* 7-19 * * mon-fri'], timeZone: 'Asia/Seoul' }] },
});
new PlatformAlerts(open, 'Alerts', { gitlab, cluster, runners: [runner], serverMetricsEnabled: true, receivers: [AlertReceiver.owners()], monthlyBudget: 2000 });
runner.addRunner('heavy', { tags: ['heavy'], nodePool: heavy });
runner.addRunner('gpu', { tags: ['gpu'], nodePool: gpu, gpus: 1 });
runner.addRunner('sandboxed', { tags: ['sandboxed'], nodePool: sandboxed });
const builds = cluster.addNodePool('Builds', { osSku: 'AzureLinux', nodeTaints: ['ci=images:NoSchedule'] });
new KubernetesGitLabRunner(open, 'ImageBuilds', {
  gitlab, cluster, tags: ['images'], nodePool: builds, imageBuilds: RunnerImageBuilds.rootlessBuildkit(), bootVerificationEnabled: true,
});
runner.grantJobs('Push', AzureRole.ACR_PUSH, `${HUB}/Microsoft.ContainerRegistry/registries/hub`);

const closed = new TerraformStack(app, 'private');
const subnets = `${HUB}/Microsoft.Network/virtualNetworks/hub/subnets`;
const httpProxy = HttpProxy.at('http://10.0.0.5:3128', ['gitlab.corp.example.com']);
const inside = new AksCluster(closed, 'Cluster', {
  location: LOCATION,
  apiServerAccess: ApiServerAccess.privateEndpoint({ dnsZoneId: `${HUB}/Microsoft.Network/privateDnsZones/privatelink.koreacentral.azmk8s.io` }),
  egress: AksEgress.routed(),
  httpProxy,
  subnet: AzureSubnet.existing(`${subnets}/nodes`),
  jobNodePool: { subnet: AzureSubnet.existing(`${subnets}/jobs`) },
  logWorkspace: AzureLogWorkspace.existing(`${HUB}/Microsoft.OperationalInsights/workspaces/hub`),
  manifestDelivery: ManifestDelivery.files(),
  tags: { team: 'platform' },
});
new KubernetesGitLabRunner(closed, 'Runner', {
  gitlab: GitLab.fromAttributes(closed, 'Com', { gitlabUrl: 'https://gitlab.com' }),
  cluster: inside,
  token: RunnerToken.keyVaultSecret(KeyVaultSecret.of(VAULT, 'runner-token')),
  caCertificateSecret: RunnerSecret.kubernetesSecret('authority', 'ca.crt'),
  cache: RunnerCache.s3({
    bucketName: 'ci-cache', serverAddress: 's3.corp.example.com', accessKeyId: RunnerSecret.keyVaultSecret(KeyVaultSecret.of(VAULT, 'cache-id')),
    secretAccessKey: RunnerSecret.keyVaultSecret(KeyVaultSecret.of(VAULT, 'cache-key')),
  }),
  webTerminal: RunnerWebTerminal.internalLoadBalancer('10.224.0.250', ['10.10.0.4/32']),
});
new SelfHostedGitLab(closed, 'GitLab', {
  location: LOCATION,
  subnet: AzureSubnet.existing(`${subnets}/gitlab`),
  endpoint: GitLabEndpoint.certificateFromKeyVault('gitlab.corp.example.com', KeyVaultSecret.of(VAULT, 'gitlab')),
  webAllowedCidrs: ['10.0.0.0/8'],
  httpProxy,
  privateEndpoints: PrivateEndpoints.dnsByPolicy(`${subnets}/endpoints`),
  logWorkspace: AzureLogWorkspace.existing(inside.logAnalyticsWorkspaceId!),
  additionalIdentityIds: [`${HUB}/Microsoft.ManagedIdentity/userAssignedIdentities/agent`],
  tags: { team: 'platform' },
});
new KubernetesGitLabRunner(closed, 'ByVariable', {
  gitlab: GitLab.fromAttributes(closed, 'Other', { gitlabUrl: 'https://gitlab.example.com' }),
  cluster: inside,
  namespace: 'by-variable',
  token: RunnerToken.terraformVariable(new TerraformVariable(closed, 'token', { type: 'string', sensitive: true })),
});

const unreachable = new TerraformStack(app, 'unreachable');
new AzureProvider(unreachable, 'Azure', { azurermMajor: 5 });
new SelfHostedGitLab(unreachable, 'GitLab', {
  location: LOCATION,
  network: GitLabNetwork.privateAddress({ dnsZoneEnabled: true, dnsVirtualNetworkIds: [`${HUB}/Microsoft.Network/virtualNetworks/hub`] }),
  endpoint: GitLabEndpoint.customDomain('gitlab.example.com'),
  backup: {},
  // beside a database whose backups lie in another region it is refused.
  customerManagedKey: KeyVaultKey.of(VAULT, 'gitlab'),
  tags: { team: 'platform' },
});


const governed = new TerraformStack(app, 'governed');
AzureNaming.cloudAdoptionFramework({ environment: 'prod' }).applyTo(governed);
new AzureProvider(governed, 'Azure', { policyTags: ['cost-center'], policySettingsKept: true });
new AksCluster(governed, 'Ci', { location: LOCATION, apiServerAccess: ApiServerAccess.authorizedIpRanges(OFFICE), manifestDelivery: ManifestDelivery.files(), tags: { team: 'platform' } });

const apart = new TerraformStack(app, 'apart');
const [near, far] = [1, 2].map((digit) => new AzureProvider(apart, `Azure${digit}`, {
  alias: `subscription_${digit}`, subscriptionId: `00000000-0000-0000-0000-00000000000${digit}`,
}));
new KubernetesGitLabRunner(apart, 'Runner', {
  gitlab: new SelfHostedGitLab(apart, 'GitLab', { location: LOCATION, provider: near, webAllowedCidrs: ['203.0.113.0/24'], tags: { team: 'platform' } }),
  cluster: AksCluster.fromAksClusterAttributes(apart, 'Cluster', { clusterId: `${HUB}/Microsoft.ContainerService/managedClusters/shared`, egressIpAddress: '203.0.113.9', tags: { team: 'platform' } }),
});
new AksCluster(apart, 'Another', {
  location: LOCATION, provider: far, manifestDelivery: ManifestDelivery.throughServer(new SelfHostedGitLab(apart, 'Deliverer', { location: LOCATION, provider: far, tags: { team: 'platform' } })),
  tags: { team: 'platform' },
}).addManifest('Settings', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'ci' } });

const balanced = new TerraformStack(app, 'balanced');
new SelfHostedGitLab(balanced, 'GitLab', {
  location: LOCATION,
  endpoint: GitLabEndpoint.customDomain('gitlab.example.com', { letsEncrypt: false }),
  webAllowedCidrs: ['203.0.113.0/24'],
  database: GitLabDatabase.azurePostgresql(),
  objectStorage: {},
  applicationNodes: { count: 2, zones: ['1', '2'] },
  tags: { team: 'platform' },
});

const proxied = new TerraformStack(app, 'proxied');
new SelfHostedGitLab(proxied, 'GitLab', {
  location: LOCATION,
  endpoint: GitLabEndpoint.behindProxy({ host: 'gitlab.example.com', trustedCidrs: ['10.40.1.0/24'], healthProbesAllowed: true }),
  pages: { domain: 'pages.example.com' },
  registry: {},
  sshAllowedCidrs: ['203.0.113.0/24'],
  sshPort: 2222,
  expectedUsers: 400,
  tags: { team: 'platform' },
});

app.synth();
