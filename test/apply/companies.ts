// Programs as companies write them: what they have comes by data source, from another state, by variable, or stands in the program itself.
import { DataAzurermKeyVault } from '@cdktf/provider-azurerm/lib/data-azurerm-key-vault';
import { DataAzurermLogAnalyticsWorkspace } from '@cdktf/provider-azurerm/lib/data-azurerm-log-analytics-workspace';
import { DataAzurermPrivateDnsZone } from '@cdktf/provider-azurerm/lib/data-azurerm-private-dns-zone';
import { DataAzurermResourceGroup } from '@cdktf/provider-azurerm/lib/data-azurerm-resource-group';
import { DataAzurermSubnet } from '@cdktf/provider-azurerm/lib/data-azurerm-subnet';
import { DataAzurermSubscription } from '@cdktf/provider-azurerm/lib/data-azurerm-subscription';
import { DataAzurermUserAssignedIdentity } from '@cdktf/provider-azurerm/lib/data-azurerm-user-assigned-identity';
import { DataAzurermVirtualNetwork } from '@cdktf/provider-azurerm/lib/data-azurerm-virtual-network';
import { NetworkSecurityGroup } from '@cdktf/provider-azurerm/lib/network-security-group';
import { PrivateDnsZone } from '@cdktf/provider-azurerm/lib/private-dns-zone';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { RouteTable } from '@cdktf/provider-azurerm/lib/route-table';
import { Subnet } from '@cdktf/provider-azurerm/lib/subnet';
import { SubnetNetworkSecurityGroupAssociation } from '@cdktf/provider-azurerm/lib/subnet-network-security-group-association';
import { SubnetRouteTableAssociation } from '@cdktf/provider-azurerm/lib/subnet-route-table-association';
import { VirtualNetwork } from '@cdktf/provider-azurerm/lib/virtual-network';
import { VirtualNetworkPeering } from '@cdktf/provider-azurerm/lib/virtual-network-peering';
import { DataTerraformRemoteStateLocal, Fn, TerraformStack, TerraformVariable, VariableType } from 'cdktf';
import { OTHER_SUBSCRIPTION_ID, SUBSCRIPTION_ID } from './azure/azure';
import { ZONES } from './harness/company';
import {
  AksCluster, AksEgress, ApiServerAccess, AzureLogWorkspace, AzureNaming, AzureProvider, AzureResourceGroup, AzureRole, AzureSubnet, GitLabEndpoint,
  GitLabNetwork, HttpProxy, KeyVaultSecret, KubernetesGitLabRunner, ManifestDelivery, PrivateEndpoints, RunnerCache, SelfHostedGitLab,
} from 'cdktf-azure-gitlab';

const location = 'koreacentral';
/** What the warning names that a provider of one's own gets without them. */
const RESOURCE_PROVIDERS = [
  ...['Authorization', 'Compute', 'ContainerService', 'DataProtection', 'KeyVault', 'Maintenance', 'ManagedIdentity', 'Network', 'OperationalInsights', 'OperationsManagement', 'Storage']
    .map((name) => `Microsoft.${name}`), 'microsoft.insights',
];
const [VAULT_ZONE, BLOB_ZONE, API_ZONE] = ZONES;

/** All that is somebody else's is looked up, the zones in the hub's subscription; the provider is the company's own, and registers nothing. */
export function lookedUp(stack: TerraformStack): void {
  new AzurermProvider(stack, 'azurerm', {
    features: [{ keyVault: [{ purgeSoftDeleteOnDestroy: false, recoverSoftDeletedKeyVaults: true }] }], resourceProviderRegistrations: 'none', storageUseAzuread: true,
  });
  const hub = new AzurermProvider(stack, 'hub', { alias: 'hub', features: [{}], subscriptionId: OTHER_SUBSCRIPTION_ID, resourceProviderRegistrations: 'none' });
  const subnet = (name: string) => new DataAzurermSubnet(stack, name, { name: `snet-${name}`, virtualNetworkName: 'vnet-spoke', resourceGroupName: 'rg-spoke' });
  const zone = (name: string) => new DataAzurermPrivateDnsZone(stack, name, { name, resourceGroupName: 'rg-hub', provider: hub }).id;
  const shared = { resourceGroupName: 'rg-shared' };
  const identity = new DataAzurermUserAssignedIdentity(stack, 'identity', { name: 'id-backup', ...shared });
  const logWorkspace = AzureLogWorkspace.existing(new DataAzurermLogAnalyticsWorkspace(stack, 'log', { name: 'log-central', ...shared }).id);
  const vault = new DataAzurermKeyVault(stack, 'vault', { name: 'kv-shared', ...shared });
  const endpoints = PrivateEndpoints.dnsZones(subnet('endpoints').id, zone(VAULT_ZONE), zone(BLOB_ZONE));
  const httpProxy = HttpProxy.at('http://10.0.0.5:3128', ['gitlab.corp.example.com']);
  const resourceGroup = AzureResourceGroup.existing(new DataAzurermResourceGroup(stack, 'group', { name: 'rg-shared' }).name);
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', {
    location, resourceGroup, subnet: AzureSubnet.existing(subnet('gitlab').id), network: GitLabNetwork.privateAddress({ address: '10.1.0.10' }), httpProxy,
    endpoint: GitLabEndpoint.certificateFromKeyVault('gitlab.corp.example.com', KeyVaultSecret.of(vault.id, 'gitlab')), privateEndpoints: endpoints, backup: {},
    additionalIdentityIds: [identity.id], auditLogsEnabled: true, logWorkspace,
  });
  const cluster = new AksCluster(stack, 'Cluster', {
    location, resourceGroup, subnet: AzureSubnet.existing(subnet('nodes').id), egress: AksEgress.routed(), httpProxy, logWorkspace,
    apiServerAccess: ApiServerAccess.privateEndpoint({ dnsZoneId: zone(API_ZONE) }), manifestDelivery: ManifestDelivery.throughServer(gitlab),
  });
  new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, cache: RunnerCache.azureBlob({ privateEndpoints: endpoints }) });
}

/** One program makes group, network, routes, zones and constructs, and peers its network with the hub's. */
export function allInOne(stack: TerraformStack): void {
  new AzureProvider(stack, 'azure', { resourceProvidersToRegister: ['Microsoft.ContainerRegistry'] });
  const hub = new AzurermProvider(stack, 'hub', { alias: 'hub', features: [{}], subscriptionId: OTHER_SUBSCRIPTION_ID, resourceProviderRegistrations: 'none' });
  const group = new ResourceGroup(stack, 'group', { name: 'rg-gitlab', location });
  const placement = { location, resourceGroupName: group.name };
  const securityGroup = new NetworkSecurityGroup(stack, 'nsg', { name: 'nsg-gitlab', ...placement });
  const routes = new RouteTable(stack, 'routes', {
    name: 'rt-gitlab', ...placement, route: [{ name: 'firewall', addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualAppliance', nextHopInIpAddress: '10.0.0.4' }],
  });
  const network = new VirtualNetwork(stack, 'network', { name: 'vnet-gitlab', addressSpace: ['10.8.0.0/16'], ...placement });
  const central = new DataAzurermVirtualNetwork(stack, 'central', { name: 'vnet-hub', resourceGroupName: 'rg-hub', provider: hub });
  new VirtualNetworkPeering(stack, 'out', { name: 'to-hub', resourceGroupName: group.name, virtualNetworkName: network.name, remoteVirtualNetworkId: central.id });
  new VirtualNetworkPeering(stack, 'back', { name: 'to-gitlab', resourceGroupName: 'rg-hub', virtualNetworkName: central.name, remoteVirtualNetworkId: network.id, provider: hub });
  // what stands in the subnet waits for its routes, since the id comes from their association.
  const subnet = (name: string, cidr: string) => {
    const { id } = new Subnet(stack, name, {
      name, resourceGroupName: group.name, virtualNetworkName: network.name, addressPrefixes: [cidr], defaultOutboundAccessEnabled: false,
    });
    const secured = new SubnetNetworkSecurityGroupAssociation(stack, `${name}-nsg`, { subnetId: id, networkSecurityGroupId: securityGroup.id });
    return new SubnetRouteTableAssociation(stack, `${name}-routes`, { subnetId: secured.subnetId, routeTableId: routes.id }).subnetId;
  };
  const zone = (name: string) => new PrivateDnsZone(stack, name, { name, resourceGroupName: group.name }).id;
  const endpoints = PrivateEndpoints.dnsZones(subnet('endpoints', '10.8.2.0/24'), zone(VAULT_ZONE), zone(BLOB_ZONE));
  const resourceGroup = AzureResourceGroup.existing(group.name);
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', {
    location, resourceGroup, subnet: AzureSubnet.existing(subnet('gitlab', '10.8.0.0/24')), network: GitLabNetwork.privateAddress({ address: '10.8.0.10' }),
    endpoint: GitLabEndpoint.customDomain('gitlab.corp.example.com'), privateEndpoints: endpoints, backup: {}, objectStorage: {}, webAllowedCidrs: ['10.0.0.0/8'],
  });
  const cluster = new AksCluster(stack, 'Cluster', {
    location, resourceGroup, subnet: AzureSubnet.existing(subnet('nodes', '10.8.1.0/24')), egress: AksEgress.routed(), podCidr: '100.64.0.0/14', serviceCidr: '172.20.0.0/16',
    dnsServiceIp: '172.20.0.10', apiServerAccess: ApiServerAccess.privateEndpoint({ dnsZoneId: zone(API_ZONE) }), manifestDelivery: ManifestDelivery.throughServer(gitlab),
  });
  new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, tags: ['aks'] });
}

/** A public platform under a company's names and required tags, most of it from variables. */
export function fromVariables(stack: TerraformStack): void {
  new AzureProvider(stack, 'azure', { policyTags: ['created-by'] });
  AzureNaming.cloudAdoptionFramework({ environment: 'prod', regionAbbreviations: { westus: 'wus' } }).applyTo(stack);
  const tags = Fn.merge([new TerraformVariable(stack, 'tags', { type: VariableType.map('string') }).value, { workload: 'gitlab' }]);
  const offices: string[] = new TerraformVariable(stack, 'offices', { type: VariableType.list('string') }).listValue;
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'westus', tags, webAllowedCidrs: offices, backup: {} });
  const cluster = new AksCluster(stack, 'Cluster', {
    location: 'westus', tags, podCidr: '100.64.0.0/16', apiServerAccess: ApiServerAccess.authorizedIpRanges(offices), egress: AksEgress.natGateway(),
    manifestDelivery: ManifestDelivery.files(),
  });
  const runner = new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, tags: ['aks'] });
  runner.grantJobs('Deploy', AzureRole.READER, new DataAzurermSubscription(stack, 'subscription').id);
}

/** The network team's state tells what there is; server and cluster are in subscriptions of their own. */
export function fromAnotherState(stack: TerraformStack, path: string): void {
  const network = new DataTerraformRemoteStateLocal(stack, 'network', { path });
  const of = (output: string) => network.getString(output);
  const provider = (alias: string, subscriptionId: string) => new AzurermProvider(stack, alias, {
    alias, subscriptionId, resourceProvidersToRegister: RESOURCE_PROVIDERS,
    features: [{ resourceGroup: [{ preventDeletionIfContainsResources: true }] }],
  });
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', {
    location, provider: provider('gitlab', SUBSCRIPTION_ID), subnet: AzureSubnet.existing(of('gitlab_subnet_id')), network: GitLabNetwork.privateAddress({ address: of('gitlab_address') }),
    endpoint: GitLabEndpoint.customDomain('gitlab.corp.example.com'), privateEndpoints: PrivateEndpoints.dnsByPolicy(of('endpoints_subnet_id')),
  });
  const cluster = new AksCluster(stack, 'Cluster', {
    location, provider: provider('ci', OTHER_SUBSCRIPTION_ID), egress: AksEgress.natGateway(), apiServerAccess: ApiServerAccess.privateEndpoint({ publicFqdnEnabled: true }),
    manifestDelivery: ManifestDelivery.files(),
  });
  new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, tags: ['aks'] });
}
