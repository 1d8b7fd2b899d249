const FIXED = 'leave it out: it is fixed here';
const PATCH = 'leave it out, or override the resource: docs/escape-hatches.md';
const PEOPLE = 'write administratorObjectIds';
const ACCESS = 'write apiServerAccess: ApiServerAccess.authorizedIpRanges(…)';
const POOLS = 'write jobNodePool, or call addNodePool()';
const NO_SPOT = 'leave it out: a system pool cannot be one of Spot VMs';
const OTHER_POOL = 'leave it out: call addNodePool() for such nodes';
const SCALED = 'write minCount and maxCount, or nodeCount for a fixed number';

/**
 * What to do in place of names that azurerm's cluster, the Azure CLI and Azure's module for Terraform have, where none of the props is near to them.
 * Names with underscores are looked for as props are written.
 */
export const OTHER_NAMES_OF_CLUSTER: { readonly [name: string]: string } = {
  name: 'write clusterName',
  prefix: 'write clusterName',
  dnsPrefix: 'leave it out: it is made from the cluster\'s name',
  resourceGroupName: 'write resourceGroup: AzureResourceGroup.existing(…)',
  orchestratorVersion: 'write kubernetesVersion',
  automaticUpgradeChannel: 'leave it out: patches are automatic, see automaticPatchesEnabled',
  automaticChannelUpgrade: 'leave it out: patches are automatic, see automaticPatchesEnabled',
  nodeOsUpgradeChannel: 'leave it out: it is NodeImage, see nodeOsMaintenanceWindow',
  nodeOsChannelUpgrade: 'leave it out: it is NodeImage, see nodeOsMaintenanceWindow',
  maintenanceWindowAutoUpgrade: 'write maintenanceWindow',
  maintenanceWindowNodeOs: 'write nodeOsMaintenanceWindow',
  defaultNodePool: 'write systemNodePool',
  nodePool: POOLS,
  nodePools: POOLS,
  agentsSize: 'write systemNodePool: { vmSize: … }',
  agentsCount: 'write systemNodePool: { nodeCount: … }',
  agentsMinCount: 'write systemNodePool: { nodeCount: … }',
  agentsMaxCount: 'write systemNodePool: { maxCount: … }',
  networkProfile: 'write podCidr, serviceCidr, dnsServiceIp and egress',
  networkPlugin: FIXED,
  networkPluginMode: FIXED,
  networkPolicy: FIXED,
  networkDataPlane: FIXED,
  loadBalancerSku: FIXED,
  outboundType: 'write egress: AksEgress.natGateway(), or what another of its methods returns',
  netProfilePodCidr: 'write podCidr',
  netProfileServiceCidr: 'write serviceCidr',
  netProfileDnsServiceIp: 'write dnsServiceIp',
  netProfileOutboundType: 'write egress: AksEgress.natGateway(), or what another of its methods returns',
  vnetSubnetId: 'write subnet: AzureSubnet.existing(…)',
  vnetSubnet: 'write subnet: AzureSubnet.existing(…)',
  httpProxyConfig: 'write httpProxy: HttpProxy.at(…), and customCaTrustCertificates for its own CA',
  trustedCa: 'write customCaTrustCertificates',
  customCaTrustCertificatesBase64: 'write customCaTrustCertificates: certificates as PEM',
  privateClusterEnabled: 'write apiServerAccess: ApiServerAccess.privateEndpoint()',
  privateDnsZoneId: 'write apiServerAccess: ApiServerAccess.privateEndpoint({ dnsZoneId: … })',
  apiServerAccessProfile: ACCESS,
  apiServerAuthorizedIpRanges: ACCESS,
  authorizedIpRanges: ACCESS,
  runCommandEnabled: FIXED,
  localAccountDisabled: FIXED,
  roleBasedAccessControlEnabled: FIXED,
  oidcIssuerEnabled: FIXED,
  workloadIdentityEnabled: FIXED,
  identity: FIXED,
  identityType: FIXED,
  keyVaultSecretsProvider: FIXED,
  imageCleanerEnabled: FIXED,
  azureActiveDirectoryRoleBasedAccessControl: PEOPLE,
  adminGroupObjectIds: PEOPLE,
  rbacAadAdminGroupObjectIds: PEOPLE,
  omsAgent: 'write containerInsightsEnabled and logWorkspace',
  logAnalyticsWorkspaceId: 'write logWorkspace: AzureLogWorkspace.existing(…)',
  microsoftDefender: 'write defenderEnabled',
  supportPlan: PATCH,
  linuxProfile: PATCH,
  windowsProfile: 'leave it out: nodes with Windows are not supported, see docs/cluster.md',
};

/** The same for pools. */
export const OTHER_NAMES_OF_POOL: { readonly [name: string]: string } = {
  name: 'write nodePoolName',
  mode: 'leave it out: pools that are added are for workloads, the cluster has its system pool',
  type: FIXED,
  osType: 'leave it out: nodes run Linux',
  osDiskType: 'write ephemeralOsDiskEnabled',
  priority: 'write spot',
  evictionPolicy: 'leave it out: nodes of spot pools are deleted',
  spotMaxPrice: 'leave it out: nodes cost at most what others do',
  enableAutoScaling: SCALED,
  autoScalingEnabled: SCALED,
  availabilityZones: 'write zones',
  vnetSubnetId: 'write subnet: AzureSubnet.existing(…)',
  orchestratorVersion: 'leave it out: pools have the cluster\'s version',
  enableHostEncryption: 'write hostEncryptionEnabled',
  workloadRuntime: 'write podSandboxingEnabled',
  upgradeSettings: 'write maxSurge, drainTimeoutMinutes and undrainableNodesCordoned',
  undrainableNodeBehavior: 'write undrainableNodesCordoned',
  temporaryNameForRotation: FIXED,
  ...Object.fromEntries([
    'fipsEnabled', 'gpuDriver', 'gpuInstance', 'kubeletConfig', 'kubeletDiskType', 'linuxOsConfig', 'maxUnavailable', 'nodeNetworkProfile', 'nodePublicIpEnabled',
    'nodeSoakDurationInMinutes', 'proximityPlacementGroupId', 'scaleDownMode', 'snapshotId', 'ultraSsdEnabled',
  ].map((name) => [name, PATCH])),
};

/** The same for the system pool, which has fewer props. */
export const OTHER_NAMES_OF_SYSTEM_POOL: { readonly [name: string]: string } = {
  ...OTHER_NAMES_OF_POOL,
  ...Object.fromEntries(['osSku', 'maxSurge', 'drainTimeoutMinutes', 'undrainableNodeBehavior', 'upgradeSettings'].map((name) => [name, PATCH])),
  ...Object.fromEntries(['priority', 'spot', 'evictionPolicy', 'spotMaxPrice'].map((name) => [name, NO_SPOT])),
  ...Object.fromEntries(['gpu', 'podSandboxingEnabled', 'workloadRuntime'].map((name) => [name, OTHER_POOL])),
  name: FIXED,
  mode: FIXED,
  minCount: 'write nodeCount: the autoscaler keeps at least those',
  enableAutoScaling: 'write maxCount',
  autoScalingEnabled: 'write maxCount',
  vnetSubnetId: 'leave it out: the pool is in the cluster\'s subnet',
  nodeTaints: 'write onlyCriticalAddonsEnabled: AKS takes no other taint there',
  subnet: 'leave it out: the pool is in the cluster\'s subnet',
};
