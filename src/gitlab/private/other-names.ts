import { OtherNames } from '../../private/rules/rule';

const FIXED = 'leave it out: it is fixed here';
const PATCH = 'leave it out, or override the resource: docs/escape-hatches.md';
const NAMED = 'write endpoint: GitLabEndpoint.customDomain(…)';
const CERTIFICATE = 'write endpoint: GitLabEndpoint.certificateFromKeyVault(…)';
const KEYS_ALONE = 'leave it out: nobody signs in to the machine by password, see sshPublicKey';
const MADE_HERE = 'leave it out: the password is made on the server, and put into its Key Vault';
const SIGN_IN = 'write signIn, such as GitLabSignIn.entraIdSaml(…)';
const WEB = 'write webAllowedCidrs';
const SSH = 'write sshAllowedCidrs';
const SETTINGS = 'write omnibusSettings';
const DATA_DISK = 'write dataDiskSizeGb and dataDiskType';
const RUNNERS = 'leave it out: runners are constructs of their own, see KubernetesGitLabRunner';
const DATABASE = 'write database, such as GitLabDatabase.azurePostgresql()';

/**
 * What to do in place of names that azurerm's virtual machine, GitLab's container image and other programs for GitLab have, where none of the props is
 * near to them. Names with underscores are looked for as props are written.
 */
export const OTHER_NAMES_OF_SERVER: OtherNames = {
  name: 'write virtualMachineName',
  region: 'write location',
  resourceGroupName: 'write resourceGroup: AzureResourceGroup.existing(…)',
  users: 'write expectedUsers',
  ...Object.fromEntries(['size', 'instanceType', 'machineType', 'sku'].map((name) => [name, 'write vmSize'])),
  zones: 'write zone',
  availabilityZone: 'write zone',
  // names and certificates.
  ...Object.fromEntries(['domain', 'domainName', 'externalUrl', 'fqdn', 'host', 'hostname', 'url', 'gitlabUrl'].map((name) => [name, NAMED])),
  ...Object.fromEntries(['email', 'letsEncrypt', 'letsEncryptEmail', 'letsencrypt'].map((name) => [name, 'write endpoint: GitLabEndpoint.customDomain(…), which takes letsEncryptEmail'])),
  ...Object.fromEntries(['certificate', 'https', 'ssl', 'sslCertificate', 'tls', 'tlsCertificate'].map((name) => [name, CERTIFICATE])),
  reverseProxy: 'write endpoint: GitLabEndpoint.behindProxy(…)',
  // who gets in.
  adminPassword: KEYS_ALONE,
  disablePasswordAuthentication: KEYS_ALONE,
  ...Object.fromEntries(['adminSshKey', 'adminSshPublicKey', 'keyName', 'publicKey', 'sshKey'].map((name) => [name, 'write sshPublicKey'])),
  ...Object.fromEntries(['initialRootPassword', 'rootPassword'].map((name) => [name, MADE_HERE])),
  ...Object.fromEntries(['ldap', 'oidc', 'omniauth', 'saml', 'sso', 'entraId', 'azureAd'].map((name) => [name, SIGN_IN])),
  ...Object.fromEntries(['allowWebFrom', 'allowedCidrs', 'allowedIps', 'ipAllowlist', 'sourceAddressPrefixes'].map((name) => [name, WEB])),
  ...Object.fromEntries(['allowSshFrom', 'sshCidrs', 'sshFrom'].map((name) => [name, SSH])),
  // network and disks.
  networkInterfaceIds: 'write network and subnet',
  publicIp: 'write network: GitLabNetwork.publicAddress()',
  privateIpAddress: 'write network: GitLabNetwork.privateAddress(…)',
  ...Object.fromEntries(['subnetId', 'virtualNetwork', 'vnet', 'vnetSubnetId'].map((name) => [name, 'write subnet: AzureSubnet.existing(…)'])),
  proxy: 'write httpProxy: HttpProxy.at(…)',
  httpsProxy: 'write httpProxy: HttpProxy.at(…)',
  osDisk: 'write osDiskSizeGb and osDiskType',
  ...Object.fromEntries(['dataDisk', 'diskSize', 'storageSize', 'volumeSize'].map((name) => [name, DATA_DISK])),
  encryptionAtHostEnabled: 'write hostEncryptionEnabled',
  diskEncryptionSet: 'write diskEncryptionSetId',
  // GitLab's own.
  ...Object.fromEntries(['gitlabVersion', 'imageTag', 'release'].map((name) => [name, 'write version'])),
  ...Object.fromEntries(['config', 'gitlabConfig', 'gitlabRb', 'gitlabOmnibusConfig', 'omnibusConfig', 'settings'].map((name) => [name, SETTINGS])),
  timeZone: 'write omnibusSettings: { gitlab_rails: { time_zone: … } }',
  license: 'leave it out: activate it in the Admin area, see edition',
  containerRegistry: 'write registry',
  ...Object.fromEntries(['postgres', 'postgresql', 'rds'].map((name) => [name, DATABASE])),
  ...Object.fromEntries(['mail', 'email_settings'].map((name) => [name, 'write smtp'])),
  ...Object.fromEntries(['objectStore', 'blobStorage', 's3'].map((name) => [name, 'write objectStorage'])),
  ...Object.fromEntries(['backups', 'backupEnabled', 'backupRetentionDays'].map((name) => [name, 'write backup: { retentionDays: … }'])),
  ...Object.fromEntries(['runner', 'runners', 'runnerToken', 'registrationToken'].map((name) => [name, RUNNERS])),
  ...Object.fromEntries(['highAvailability', 'replicas', 'nodeCount', 'instanceCount'].map((name) => [name, 'write applicationNodes: { count: … }'])),
  monitoring: 'leave it out: add a PlatformAlerts',
  alerts: 'leave it out: add a PlatformAlerts',
  // of the machine.
  sourceImageReference: 'write image',
  sourceImageId: 'write image',
  identity: 'write additionalIdentityIds',
  customData: FIXED,
  userData: FIXED,
  patchMode: FIXED,
  patchAssessmentMode: FIXED,
  provisionVmAgent: FIXED,
  rebootSetting: 'write maintenanceWindow',
  bypassPlatformSafetyChecksOnUserScheduleEnabled: FIXED,
  secureBootEnabled: FIXED,
  vtpmEnabled: FIXED,
  allowExtensionOperations: FIXED,
  computerName: 'write virtualMachineName',
  bootDiagnostics: FIXED,
  ...Object.fromEntries(['priority', 'evictionPolicy', 'maxBidPrice'].map((name) => [name, 'leave it out: a server whose machine is taken away is none'])),
  ...Object.fromEntries(['availabilitySetId', 'virtualMachineScaleSetId', 'platformFaultDomain'].map((name) => [name, 'leave it out: write zone'])),
  ...Object.fromEntries([
    'additionalCapabilities', 'capacityReservationGroupId', 'dedicatedHostGroupId', 'dedicatedHostId', 'diskControllerType', 'edgeZone', 'extensionsTimeBudget', 'galleryApplication',
    'licenseType', 'osImageNotification', 'osManagedDiskId', 'plan', 'proximityPlacementGroupId', 'secret', 'terminationNotification', 'timeouts', 'vmAgentPlatformUpdatesEnabled',
  ].map((name) => [name, PATCH])),
};
