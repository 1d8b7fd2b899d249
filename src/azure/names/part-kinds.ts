import { Rule } from '../../private/rules/rule';
import { text } from '../../private/rules/scalars';
import { visible } from '../../private/rules/visible';
import { identityName, keyVaultName, resourceGroupName, storageAccountName } from '../private/rules';

/** A type of resource that has a name of the user's choice. */
export interface PartKind {
  readonly resourceType: string;
  /** @see https://learn.microsoft.com/azure/cloud-adoption-framework/ready/azure-best-practices/resource-abbreviations */
  readonly abbreviation: string;
  readonly maximumLength: number;
  readonly rule: Rule<string>;
}

/** Of parts of networks, and of disks. */
const NAME = text('at most 80 letters, digits, "-", "_" and ".", first a letter or digit, last no "-" or "."', /^[A-Za-z0-9]([\w.-]{0,78}\w)?$/);

const kind = (resourceType: string, abbreviation: string, maximumLength: number, rule: Rule<string>): PartKind =>
  ({ resourceType, abbreviation, maximumLength, rule: visible(rule) });
const inNetwork = (type: string, abbreviation: string) => kind(`Microsoft.Network/${type}`, abbreviation, 80, NAME);

/** @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
export const PART_KINDS = {
  resourceGroup: kind('Microsoft.Resources/resourceGroups', 'rg', 90, resourceGroupName()),
  // ten characters shorter than that of any other group, and nodes have it as a label.
  nodeResourceGroup: kind('Microsoft.Resources/resourceGroups', 'rg', 80,
    text('at most 80 letters, digits, "-", "_", ".", "(" and ")", first a letter or digit, last no "."', /^(?=[A-Za-z0-9])[\w().-]{0,79}[\w()-]$/)),
  virtualNetwork: kind('Microsoft.Network/virtualNetworks', 'vnet', 64,
    text('2 to 64 letters, digits, "-", "_" and ".", first a letter or digit, last no "-" or "."', /^[A-Za-z0-9][\w.-]{0,62}\w$/)),
  subnet: inNetwork('virtualNetworks/subnets', 'snet'),
  networkSecurityGroup: inNetwork('networkSecurityGroups', 'nsg'),
  networkInterface: inNetwork('networkInterfaces', 'nic'),
  publicIpAddress: inNetwork('publicIPAddresses', 'pip'),
  natGateway: inNetwork('natGateways', 'ng'),
  externalLoadBalancer: inNetwork('loadBalancers', 'lbe'),
  internalLoadBalancer: inNetwork('loadBalancers', 'lbi'),
  privateEndpoint: inNetwork('privateEndpoints', 'pep'),
  // the name is the host's too, which is the narrower rule.
  virtualMachine: kind('Microsoft.Compute/virtualMachines', 'vm', 60,
    text('at most 60 letters, digits and "-", not at an end, and not digits alone', /^(?!\d+$)[A-Za-z0-9]([A-Za-z0-9-]{0,58}[A-Za-z0-9])?$/)),
  osDisk: kind('Microsoft.Compute/disks', 'osdisk', 80, NAME),
  dataDisk: kind('Microsoft.Compute/disks', 'disk', 80, NAME),
  maintenanceConfiguration: kind('Microsoft.Maintenance/maintenanceConfigurations', 'mc', 128,
    text('at most 128 letters, digits, "-", "_" and ".", first a letter or digit, last no "-" or "."', /^[A-Za-z0-9]([\w.-]{0,126}\w)?$/)),
  keyVault: kind('Microsoft.KeyVault/vaults', 'kv', 24, keyVaultName()),
  storageAccount: kind('Microsoft.Storage/storageAccounts', 'st', 24, storageAccountName()),
  identity: kind('Microsoft.ManagedIdentity/userAssignedIdentities', 'id', 128, identityName()),
  cluster: kind('Microsoft.ContainerService/managedClusters', 'aks', 63,
    text('at most 63 letters, digits, "-" and "_", a letter or digit at both ends', /^[A-Za-z0-9]([\w-]{0,61}[A-Za-z0-9])?$/)),
  nodePool: kind('Microsoft.ContainerService/managedClusters/agentPools', 'np', 12,
    text('a lower-case letter and up to 11 more lower-case letters and digits', /^[a-z][a-z0-9]{0,11}$/)),
  workspace: kind('Microsoft.OperationalInsights/workspaces', 'log', 63,
    text('4 to 63 letters, digits and "-", not at an end', /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/)),
  flexibleServer: kind('Microsoft.DBforPostgreSQL/flexibleServers', 'psql', 63,
    text('3 to 63 lower-case letters, digits and "-", not at an end', /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/)),
  actionGroup: kind('Microsoft.Insights/actionGroups', 'ag', 260,
    text('at most 260 letters, digits, "-", "_" and "."', /^[\w.-]{1,260}$/)),
  applicationInsights: kind('Microsoft.Insights/components', 'appi', 255,
    text('at most 255 letters, digits, "-", "_" and ".", last no "."', /^[\w.-]{0,254}[\w-]$/)),
  dataCollectionRule: kind('Microsoft.Insights/dataCollectionRules', 'dcr', 64,
    text('at most 64 letters, digits, "-", "_" and ".", a letter or digit at both ends', /^[A-Za-z0-9]([\w.-]{0,62}[A-Za-z0-9])?$/)),
  dataCollectionEndpoint: kind('Microsoft.Insights/dataCollectionEndpoints', 'dce', 44,
    text('3 to 44 letters, digits and "-", a letter or digit at both ends', /^[A-Za-z0-9][A-Za-z0-9-]{1,42}[A-Za-z0-9]$/)),
  monitorWorkspace: kind('Microsoft.Monitor/accounts', 'amw', 44,
    text('4 to 44 letters, digits and "-", a letter or digit at both ends', /^[A-Za-z0-9][A-Za-z0-9-]{2,42}[A-Za-z0-9]$/)),
  backupVault: kind('Microsoft.DataProtection/backupVaults', 'bvault', 50,
    text('2 to 50 letters, digits and "-", first a letter', /^[A-Za-z][A-Za-z0-9-]{1,49}$/)),
} satisfies { readonly [name: string]: PartKind };

export type PartKindName = keyof typeof PART_KINDS;
