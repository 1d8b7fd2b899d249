// What Microsoft's landing zones deny, as rules over the body of a request. Names are those of the Azure Landing Zones library and of the built-in definitions.
import { Policy } from './policy';

const MANAGEMENT_PORTS = [22, 3389];
/** Subnets that Azure itself keeps free of security groups. */
const SUBNETS_WITHOUT_GROUP = ['GatewaySubnet', 'AzureFirewallSubnet', 'AzureFirewallManagementSubnet', 'RouteServerSubnet'];
const OLD_TLS = ['TLS1_0', 'TLS1_1', '1.0', '1.1'];

const VAULT = 'Microsoft.KeyVault/vaults';
const STORAGE = 'Microsoft.Storage/storageAccounts';
const DISK = 'Microsoft.Compute/disks';
const VNET = 'Microsoft.Network/virtualNetworks';
const SUBNET = `${VNET}/subnets`;
const NSG = 'Microsoft.Network/networkSecurityGroups';
const NIC = 'Microsoft.Network/networkInterfaces';
const AKS = 'Microsoft.ContainerService/managedClusters';
const POSTGRESQL = 'Microsoft.DBforPostgreSQL/flexibleServers';
const VIRTUAL_MACHINE = 'Microsoft.Compute/virtualMachines';
const MANAGEMENT = '/subscriptions/a8fa7fd6-0893-411a-8990-7b5545ccf9c4/resourceGroups/management/providers';
/** The routes to the company's firewall. */
export const HUB_ROUTES = `${MANAGEMENT}/Microsoft.Network/routeTables/hub`;
const DDOS_PLAN = `${MANAGEMENT}/Microsoft.Network/ddosProtectionPlans/hub`;
/** Where the company's logs go. */
export const CENTRAL_WORKSPACE = `${MANAGEMENT}/Microsoft.OperationalInsights/workspaces/central`;

/** Assigned to all landing zones, and enforced. */
export const LANDING_ZONES: readonly Policy[] = [
  {
    assignment: 'Deny-Subnet-Without-Nsg', definition: 'Subnets should have a Network Security Group', types: [VNET, SUBNET],
    denies: ({ type, name, properties }) => subnetsOf(type, name, properties)
      .some((subnet) => !SUBNETS_WITHOUT_GROUP.includes(subnet.name) && !subnet.properties?.networkSecurityGroup?.id),
  },
  {
    assignment: 'Deny-MgmtPorts-Internet', definition: 'Management port access from the Internet should be blocked', types: [NSG, `${NSG}/securityRules`],
    denies: ({ type, properties }) => (type === NSG ? (properties.securityRules ?? []).map((rule: any) => rule.properties) : [properties])
      .some(opensManagement),
  },
  {
    assignment: 'Deny-Storage-http', definition: 'Secure transfer to storage accounts should be enabled', types: [STORAGE],
    denies: ({ properties }) => properties.supportsHttpsTrafficOnly === false,
  },
  {
    assignment: 'Deny-IP-forwarding', definition: 'Network interfaces should disable IP forwarding', types: [NIC],
    denies: ({ properties }) => properties.enableIPForwarding === true,
  },
  {
    assignment: 'Enforce-GR-KeyVault', definition: 'Key vaults should have deletion protection enabled', types: [VAULT],
    denies: ({ properties }) => properties.enablePurgeProtection !== true,
  },
  {
    assignment: 'Enforce-GR-KeyVault', definition: 'Azure Key Vault should use RBAC permission model', types: [VAULT],
    denies: ({ properties }) => properties.enableRbacAuthorization !== true,
  },
  {
    assignment: 'Enforce-GR-KeyVault', definition: 'Key vaults should have soft delete enabled', types: [VAULT],
    denies: ({ properties }) => properties.enableSoftDelete !== true,
  },
  {
    assignment: 'Enforce-TLS-SSL-Q225', definition: 'Storage accounts should have the specified minimum TLS version', types: [STORAGE],
    denies: ({ properties }) => properties.minimumTlsVersion === undefined || OLD_TLS.includes(properties.minimumTlsVersion),
  },
];

/** What the landing zones called Corp add: nothing of theirs is on the Internet. */
export const CORP: readonly Policy[] = [
  {
    assignment: 'Deny-Public-IP-On-NIC', definition: 'Network interfaces should not have public IPs', types: [NIC],
    denies: ({ properties }) => (properties.ipConfigurations ?? []).some((one: any) => one.properties?.publicIPAddress?.id),
  },
  closed('Azure Key Vault should disable public network access', VAULT),
  closed('Storage accounts should disable public network access', STORAGE),
  {
    assignment: 'Deny-Public-Endpoints', definition: 'Storage account public access should be disallowed', types: [STORAGE],
    denies: ({ properties }) => properties.allowBlobPublicAccess !== false,
  },
  {
    assignment: 'Deny-Public-Endpoints', definition: 'Public network access should be disabled for PostgreSQL flexible servers', types: [POSTGRESQL],
    denies: ({ properties }) => properties.network?.publicNetworkAccess !== 'Disabled' && !properties.network?.delegatedSubnetResourceId,
  },
  {
    assignment: 'Deny-Public-Endpoints', definition: 'Azure Kubernetes Service Private Clusters should be enabled', types: [AKS],
    denies: ({ properties }) => properties.apiServerAccessProfile?.enablePrivateCluster !== true,
  },
];

/** Guardrails that the landing zones ship and do not enforce; many companies do. */
export const GUARDRAILS: readonly Policy[] = [
  {
    assignment: 'Enforce-GR-Kubernetes0', definition: 'Azure Kubernetes Service Clusters should have local authentication methods disabled', types: [AKS],
    denies: ({ properties }) => properties.disableLocalAccounts !== true,
  },
  {
    assignment: 'Enforce-GR-Network0', definition: 'Deny or Audit service endpoints on subnets', types: [SUBNET],
    denies: ({ properties }) => properties.serviceEndpoints?.length > 0,
  },
  {
    assignment: 'Enforce-GR-Network0', definition: 'Gateway subnets should not be configured with a network security group', types: [SUBNET],
    denies: ({ name, properties }) => name === 'GatewaySubnet' && Boolean(properties.networkSecurityGroup?.id),
  },
  {
    assignment: 'Enforce-GR-Automation0', definition: 'Hotpatch should be enabled for Windows Server Azure Edition VMs', types: [VIRTUAL_MACHINE],
    denies: ({ properties }) => properties.storageProfile?.imageReference?.publisher === 'MicrosoftWindowsServer'
      && properties.osProfile?.windowsConfiguration?.patchSettings?.enableHotpatching !== true,
  },
];

/** What the landing zones audit or mend, and many companies deny. */
export const AUDITED: readonly Policy[] = [
  closed('Managed disks should disable public network access', DISK),
  {
    assignment: 'Enforce-Subnet-Private', definition: 'Subnets should be private', types: [VNET, SUBNET],
    denies: ({ type, name, properties }) => subnetsOf(type, name, properties).some((subnet) => subnet.properties?.defaultOutboundAccess !== false),
  },
  {
    assignment: 'Enforce-GR-Kubernetes0', definition: 'Disable Command Invoke on Azure Kubernetes Service clusters', types: [AKS],
    denies: ({ properties }) => properties.apiServerAccessProfile?.disableRunCommand !== true,
  },
  {
    assignment: 'Deploy-MCSB2-Monitoring', definition: 'Role-Based Access Control (RBAC) should be used on Kubernetes Services', types: [AKS],
    denies: ({ properties }) => properties.enableRBAC === false,
  },
  {
    assignment: 'Deny-UnmanagedDisk', definition: 'Audit VMs that do not use managed disks', types: [VIRTUAL_MACHINE],
    denies: ({ properties }) => Boolean(properties.storageProfile?.osDisk?.vhd),
  },
];

/** Guardrails of that kind which ask for a network of the company's own. */
export const ROUTED: readonly Policy[] = [
  {
    assignment: 'Enforce-GR-Network0', definition: 'Subnets should have a User Defined Route', types: [VNET, SUBNET],
    denies: ({ type, name, properties }) => subnetsOf(type, name, properties)
      .some((subnet) => !['AzureBastionSubnet', 'RouteServerSubnet'].includes(subnet.name) && !subnet.properties?.routeTable?.id),
  },
];

/** Guardrails of that kind which ask for a feature that a new subscription does not have registered. */
export const HOST_ENCRYPTION: readonly Policy[] = [
  {
    assignment: 'Enforce-GR-Kubernetes0', definition: 'Temp disks and cache for agent node pools in Azure Kubernetes Service clusters should be encrypted at host',
    types: [AKS, `${AKS}/agentPools`],
    denies: ({ type, properties }) => {
      const pools: any[] = type === AKS ? properties.agentPoolProfiles ?? [] : [properties];
      return pools.some(({ enableEncryptionAtHost }) => enableEncryptionAtHost !== true);
    },
  },
  {
    assignment: 'Enforce-GR-Compute0', definition: 'Virtual machines and virtual machine scale sets should have encryption at host enabled', types: [VIRTUAL_MACHINE],
    denies: ({ properties }) => properties.securityProfile?.encryptionAtHost !== true,
  },
];

/** Guardrails of that kind which ask for keys of the company's own. */
export const CUSTOMER_KEYS: readonly Policy[] = [
  {
    assignment: 'Enforce-Encrypt-CMK0', definition: 'OS and data disks should be encrypted with a customer-managed key', types: [VIRTUAL_MACHINE, DISK],
    denies: ({ type, properties: { encryption, storageProfile } }) =>
      !(type === DISK ? encryption?.diskEncryptionSetId : storageProfile?.osDisk?.managedDisk?.diskEncryptionSet?.id),
  },
  {
    assignment: 'Enforce-Encrypt-CMK0', definition: 'Both operating systems and data disks in Azure Kubernetes Service clusters should be encrypted by customer-managed keys',
    types: [AKS], denies: ({ properties }) => !properties.diskEncryptionSetID,
  },
  ...['Queue', 'Table'].map((service): Policy => ({
    assignment: 'Enforce-Encrypt-CMK0', definition: `${service} Storage should use customer-managed key for encryption`, types: [STORAGE],
    denies: ({ properties: { encryption } }) => /^microsoft\.keyvault$/i.test(encryption?.keySource ?? '') && encryption.services?.[service.toLowerCase()]?.keyType !== 'Account',
  })),
];

/** What the effect Modify changes in a request, in all landing zones. */
export const MODIFIED: readonly Policy[] = [
  {
    assignment: 'Enable-DDoS-VNET', definition: 'Virtual networks should be protected by Azure DDoS Protection', types: [VNET],
    changes: ({ properties }) => Object.assign(properties, { enableDdosProtection: true, ddosProtectionPlan: { id: DDOS_PLAN } }),
  },
  {
    assignment: 'Deploy-GuestAttest', definition: '[Preview]: Configure system-assigned managed identity to enable Azure Monitor assignments on VMs', types: [VIRTUAL_MACHINE],
    changes: ({ body }) => {
      // a request without one leaves the identities as they are.
      if (body.identity?.userAssignedIdentities) {
        body.identity.type = 'SystemAssigned, UserAssigned';
      }
    },
  },
  {
    assignment: 'Enable-AUM-CheckUpdates', definition: 'Configure periodic checking for missing system updates on azure virtual machines', types: [VIRTUAL_MACHINE],
    changes: ({ properties: { osProfile } }) => {
      if (osProfile?.linuxConfiguration) {
        osProfile.linuxConfiguration.patchSettings = { ...osProfile.linuxConfiguration.patchSettings, assessmentMode: 'AutomaticByPlatform' };
      }
    },
  },
  {
    assignment: 'Enforce-ACSB', definition: 'Add system-assigned managed identity to enable Guest Configuration assignments on virtual machines with no identities',
    types: [VIRTUAL_MACHINE],
    changes: ({ body, existing }) => {
      if (!body.identity && !existing?.identity) {
        body.identity = { type: 'SystemAssigned' };
      }
    },
  },
];

/** What policies switch on, once a resource is there or in its own request; assigned to all landing zones, and to companies' clusters by Defender for Cloud. */
export const SWITCHED_ON: readonly Policy[] = [
  ...MODIFIED,
  {
    // of no landing zone: each company has its own.
    assignment: 'Append-Route-Table', definition: 'Subnets should have the route table of the hub', types: [VNET],
    changes: ({ properties }) => (properties.subnets ?? [])
      .forEach((subnet: any) => Object.assign(subnet.properties, { routeTable: { id: HUB_ROUTES } })),
  },
  {
    assignment: 'Deploy-AKS-Policy', definition: 'Deploy Azure Policy Add-on to Azure Kubernetes Service clusters', types: [AKS],
    changes: ({ properties }) => {
      properties.addonProfiles = { ...properties.addonProfiles, azurepolicy: { enabled: true, config: { version: 'v2' } } };
    },
  },
  {
    assignment: 'Deploy-MDFC-Config', definition: 'Configure Azure Kubernetes Service clusters to enable Defender profile', types: [AKS],
    changes: ({ properties }) => {
      properties.securityProfile = {
        ...properties.securityProfile, defender: { logAnalyticsWorkspaceResourceId: CENTRAL_WORKSPACE, securityMonitoring: { enabled: true } },
      };
    },
  },
  {
    assignment: 'Deploy-AKS-Monitoring', definition: 'Deploy - Configure diagnostic settings and Container Insights of Azure Kubernetes Service', types: [AKS],
    changes: ({ properties }) => {
      if (!properties.addonProfiles?.omsagent?.enabled) {
        properties.addonProfiles = {
          ...properties.addonProfiles, omsagent: { enabled: true, config: { logAnalyticsWorkspaceResourceID: CENTRAL_WORKSPACE, useAADAuth: 'true' } },
        };
      }
    },
  },
];

/** Built-in definitions with parameters, which each company fills in for itself. */
export function companyPolicies(wanted: { locations: string[]; tags: string[]; unwantedTypes: string[] }): readonly Policy[] {
  const { locations, tags, unwantedTypes } = wanted;
  return [
    {
      assignment: 'Allowed-Locations', definition: 'Allowed locations',
      denies: ({ type, location }) => type !== GROUP && location !== undefined && location !== 'global' && !locations.includes(location),
    },
    { assignment: 'Allowed-Locations', definition: 'Allowed locations for resource groups', types: [GROUP], denies: ({ location }) => !locations.includes(location!) },
    ...tags.flatMap((tag): Policy[] => [
      { assignment: `Require-Tag-${tag}`, definition: 'Require a tag on resource groups', types: [GROUP], denies: (one) => one.tags[tag] === undefined },
      { assignment: `Require-Tag-${tag}`, definition: 'Require a tag on resources', types: INDEXED, denies: (one) => one.tags[tag] === undefined },
    ]),
    { assignment: 'Not-Allowed-Types', definition: 'Not allowed resource types', types: unwantedTypes, denies: () => true },
  ];
}

/** Puts a tag onto everything that has none of the name, as companies do for their cost centres. */
export function addTag(tag: string, value: string): Policy {
  return {
    assignment: `Add-Tag-${tag}`, definition: 'Add a tag to resources', types: INDEXED,
    adds: ({ tags }): { [name: string]: string } => (tags[tag] === undefined ? { [tag]: value } : {}),
  };
}

const GROUP = 'Microsoft.Resources/resourceGroups';
/** What the mode "Indexed" of a definition looks at: types with a location and tags, as far as the stand-in knows them. */
const INDEXED = [
  VNET, NSG, NIC, 'Microsoft.Network/publicIPAddresses', VIRTUAL_MACHINE, DISK, VAULT, STORAGE, AKS, 'Microsoft.ManagedIdentity/userAssignedIdentities',
  'Microsoft.OperationalInsights/workspaces', 'Microsoft.Insights/dataCollectionRules', 'Microsoft.DataProtection/backupVaults',
  'Microsoft.Network/privateEndpoints', 'Microsoft.Network/natGateways', 'Microsoft.Network/routeTables',
];

function closed(definition: string, type: string): Policy {
  return { assignment: 'Deny-Public-Endpoints', definition, types: [type], denies: ({ properties }) => properties.publicNetworkAccess !== 'Disabled' };
}

/** A network's own subnets, or the one that the request is about. */
function subnetsOf(type: string, name: string, properties: any): any[] {
  return type === VNET ? properties.subnets ?? [] : [{ name, properties }];
}

function opensManagement(rule: any): boolean {
  const ports: string[] = [rule.destinationPortRange, ...rule.destinationPortRanges ?? []].filter(Boolean);
  const sources: string[] = [rule.sourceAddressPrefix, ...rule.sourceAddressPrefixes ?? []].filter(Boolean);
  const within = (range: string) => {
    const [first, last = first] = range.split('-').map(Number);
    return range === '*' || MANAGEMENT_PORTS.some((port) => port >= first && port <= last);
  };
  return rule.access === 'Allow' && rule.direction === 'Inbound' && ports.some(within) && sources.some((source) => ['*', 'Internet'].includes(source));
}
