import { TerraformResource } from 'cdktf';

/** Where Azure wants a name of a resource type only once. */
export interface NameRule {
  readonly type: string;
  /** The prop of ours that gives the name. */
  readonly prop: string;
  /** What the name is unique in, for people. */
  readonly within: string;
  /** The arguments that tell the place; without any it is the subscription. */
  readonly places?: readonly string[];
  /** Nobody else in all of Azure may have the name. */
  readonly global?: boolean;
  /**
   * The argument that holds the name, or the one of a resource's first block, after a dot.
   * @default 'name'
   */
  readonly argument?: string;
  /**
   * What is said of the second one.
   * @default - that the name is taken
   */
  readonly again?: { readonly problem: (owner: string) => string; readonly remedy: string };
}

const inGroup = (type: string, prop = 'name'): NameRule => ({ type, prop, within: 'the same resource group', places: ['resourceGroupName'] });
const inAzure = (type: string, prop: string): NameRule => ({ type, prop, within: 'all of Azure', global: true });
const ofRegistry = (type: string): NameRule => ({
  type, prop: 'registryId', within: 'the same registry', places: ['containerRegistryId'], argument: 'name',
  again: { problem: (owner) => `${owner} caches into it already, under the same name`, remedy: 'give that RegistryCache to all runners' },
});
const inVault = (type: string): NameRule => ({ type, prop: 'name', within: 'the same backup vault', places: ['vaultId'] });

/**
 * The types that this library makes: others may have rules that we do not know. Of several names that two constructs share, the
 * first in this order is the one to tell, since the rest follows from it.
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
 */
export const NAME_RULES: readonly NameRule[] = [
  { type: 'azurerm_resource_group', prop: 'resourceGroupName', within: 'the same subscription' },
  inGroup('azurerm_linux_virtual_machine', 'virtualMachineName'),
  inGroup('azurerm_kubernetes_cluster', 'clusterName'),
  inAzure('azurerm_key_vault', 'keyVaultName'),
  inAzure('azurerm_storage_account', 'storageAccountName'),
  inAzure('azurerm_postgresql_flexible_server', 'serverName'),
  {
    type: 'azurerm_public_ip', prop: 'dnsLabel', within: 'the same region', global: true, places: ['location'], argument: 'domainNameLabel',
  },
  { type: 'azurerm_kubernetes_cluster_node_pool', prop: 'nodePoolName', within: 'the same cluster', places: ['kubernetesClusterId'] },
  inGroup('azurerm_user_assigned_identity', 'identityName'),
  inGroup('azurerm_data_protection_backup_vault', 'vaultName'),
  inGroup('azurerm_managed_disk'),
  inGroup('azurerm_virtual_network'),
  inGroup('azurerm_network_security_group'),
  { type: 'azurerm_network_security_rule', prop: 'name', within: 'the same security group', places: ['resourceGroupName', 'networkSecurityGroupName'] },
  inGroup('azurerm_network_interface'),
  inGroup('azurerm_private_dns_zone'),
  inGroup('azurerm_public_ip'),
  inGroup('azurerm_log_analytics_workspace'),
  inGroup('azurerm_maintenance_configuration'),
  inGroup('azurerm_monitor_data_collection_rule'),
  inGroup('azurerm_monitor_action_group'),
  inGroup('azurerm_monitor_metric_alert'),
  inGroup('azurerm_monitor_scheduled_query_rules_alert_v2'),
  inGroup('azurerm_monitor_activity_log_alert'),
  inGroup('azurerm_application_insights'),
  inGroup('azurerm_application_insights_standard_web_test'),
  { type: 'azurerm_consumption_budget_subscription', prop: 'name', within: 'the same subscription' },
  { type: 'azurerm_storage_container', prop: 'containerName', within: 'the same storage account', places: ['storageAccountId'] },
  ofRegistry('azurerm_container_registry_credential_set'),
  ofRegistry('azurerm_container_registry_cache_rule'),
  inVault('azurerm_data_protection_backup_policy_disk'),
  inVault('azurerm_data_protection_backup_instance_disk'),
];

const SAME_ROLE: NameRule = {
  type: 'azurerm_role_assignment', prop: 'role', within: 'the same scope', places: ['scope', 'principalId'], global: true,
  again: { problem: (owner) => `given to the same principal at the same scope by ${owner}`, remedy: 'leave one of the two out, as Azure refuses a second one' },
};

/**
 * What Azure takes only once, however it is named: a role of somebody at one scope, an address in a subnet, and a network's link to a zone of one
 * name, in whichever group that is.
 */
export const ONCE_RULES: readonly NameRule[] = [
  ...['roleDefinitionName', 'roleDefinitionId'].map((argument) => ({ ...SAME_ROLE, argument })),
  {
    type: 'azurerm_network_interface', prop: 'network.address', within: 'the same subnet', places: ['ipConfiguration.subnetId'], global: true,
    argument: 'ipConfiguration.privateIpAddress',
    again: { problem: (owner) => `the address of ${owner} in the same subnet`, remedy: 'give each an address of its own' },
  },
  {
    type: 'azurerm_private_dns_zone_virtual_network_link', prop: 'network.dnsZoneEnabled', within: 'the same network', places: ['virtualNetworkId'], global: true,
    argument: 'privateDnsZoneName',
    again: {
      problem: (owner) => `${owner} links the same network to a zone of this name, and Azure takes one such link`,
      remedy: 'make the zone once, and leave the network out of the other',
    },
  },
];

const VIRTUAL_MACHINE_PARTS = ['DataDisk', 'VirtualNetwork', 'SecurityGroup', 'PublicIp', 'Interface', 'Logs', 'Window'];
const CLUSTER_PARTS = ['Vnet', 'EgressIp', 'Workspace', 'Rule', 'ControlPlaneIdentity'];
const OTHER_PARTS = ['Resource', 'VirtualMachine', 'Network', 'Monitoring', 'Audit', 'Patching', 'Vault', 'Container', 'Identity'];

/** The props that the names of our constructs' parts come from, by the parts' ids. */
const PARTS = new Map<string, (prop: string) => string>([
  ...OTHER_PARTS.map((id): [string, (prop: string) => string] => [id, (prop) => prop]),
  ...VIRTUAL_MACHINE_PARTS.map((id): [string, (prop: string) => string] => [id, (prop) => (prop === 'name' ? 'virtualMachineName' : prop)]),
  ...CLUSTER_PARTS.map((id): [string, (prop: string) => string] => [id, () => 'clusterName']),
  ...['DockerHubCredentials', 'DockerHub', 'Kubernetes'].map((id): [string, (prop: string) => string] => [id, () => 'registryId']),
  ...['Zone', 'Link', 'Names'].map((id): [string, (prop: string) => string] => [id, () => 'network.dnsZoneEnabled']),
  ['ResourceGroup', () => 'resourceGroup'],
  ['ServerVault', () => 'serverKeyVaultName'],
  ['RunnerVault', () => 'runnerKeyVaultName'],
  ['Database', (prop) => `database.${prop}`],
  ['Backup', (prop) => `backup.${prop}`],
  ['Objects', (prop) => `objectStorage.${prop}`],
  ['DataDiskBackup', (prop) => `dataDiskBackup.${prop === 'resourceGroup' ? 'resourceGroupName' : prop}`],
  ['Cache', (prop) => `cache.${prop}`],
]);

/** The path of the construct that the user made, and the prop of it that gave a resource its name. */
export function origin(resource: TerraformResource, rule: NameRule): { readonly path: string; readonly prop: string } {
  const ids = resource.node.path.split('/');
  let prop = isClusterSecurityGroup(resource) ? 'clusterName' : rule.prop;
  for (let part = partOf(ids); ids.length > 2 && part; part = partOf(ids)) {
    prop = part(prop);
    ids.pop();
  }
  return { path: ids.join('/'), prop };
}

/** The last id's, which for a zone's link ends with the network's name. */
function partOf(ids: readonly string[]): ((prop: string) => string) | undefined {
  return PARTS.get(ids[ids.length - 1].replace(/^Link-.*/, 'Link'));
}

/** Both networks have a group of this id; beside the cluster's are other parts of a cluster. */
function isClusterSecurityGroup({ node }: TerraformResource): boolean {
  return node.id === 'SecurityGroup' && (node.scope?.node.children ?? []).some((sibling) => CLUSTER_PARTS.includes(sibling.node.id));
}
