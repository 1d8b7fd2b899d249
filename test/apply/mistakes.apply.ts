import assert from 'node:assert/strict';
import { test } from 'node:test';
import { platform, PlatformProps } from './harness/platform';
import { synthesise } from './harness/program';
import { MESSAGES } from './mistakes';
import {
  ApiServerAccess, AzureLogWorkspace, AzureResourceGroup, AzureSubnet, GitLabEndpoint, GitLabVersion, KubernetesVersion, ManagedDiskType,
  RunnerCache, RunnerToken, SshPublicKey, UbuntuImage,
} from 'cdktf-azure-gitlab';

const GROUP = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/x';
const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/x`;

/** What Azure, GitLab or Kubernetes would refuse during the apply, by what is wrong with it. */
const MISTAKES: { [mistake: string]: () => PlatformProps } = {
  'a network that is no CIDR': () => ({ gitlab: { subnet: AzureSubnet.create({ virtualNetworkCidr: '10.40.0.0/33' }) } }),
  'a network with host bits': () => ({ gitlab: { subnet: AzureSubnet.create({ virtualNetworkCidr: '10.40.0.1/24' }) } }),
  'a subnet outside its network': () => ({ gitlab: { subnet: AzureSubnet.create({ subnetCidr: '10.41.0.0/24' }) } }),
  'nodes outside their network': () => ({ cluster: { subnet: AzureSubnet.create({ subnetCidr: '10.41.0.0/20' }) } }),
  'pods over services': () => ({ cluster: { podCidr: '10.0.0.0/16' } }),
  'services over the network': () => ({ cluster: { serviceCidr: '10.224.0.0/16', dnsServiceIp: '10.224.0.10' } }),
  'a DNS address outside the services': () => ({ cluster: { dnsServiceIp: '10.9.0.10' } }),
  'the first address of the services for DNS': () => ({ cluster: { dnsServiceIp: '10.0.0.1' } }),
  'a region that is none': () => ({ gitlab: { location: 'Korea Central!' } }),
  'a resource group that ends with a dot': () => ({ gitlab: { resourceGroup: AzureResourceGroup.create('group.') } }),
  'a vault name that begins with a digit': () => ({ gitlab: { serverKeyVaultName: '1vault' } }),
  'two vaults of one name': () => ({ gitlab: { serverKeyVaultName: 'one-vault', runnerKeyVaultName: 'one-vault' } }),
  'a DNS label with capitals': () => ({ gitlab: { dnsLabel: 'GitLab' } }),
  'a reserved administrator': () => ({ gitlab: { adminUsername: 'root' } }),
  'a machine that is too small': () => ({ gitlab: { vmSize: 'Standard_B1s' } }),
  'an image for another processor': () => ({ gitlab: { image: UbuntuImage.V24_04_ARM64 } }),
  'a premium disk on a size without': () => ({ gitlab: { vmSize: 'Standard_D4_v5', osDiskType: ManagedDiskType.PREMIUM_LRS } }),
  'a disk beyond Azure\'s limit': () => ({ gitlab: { dataDiskSizeGb: 40000 } }),
  'more snapshots than Azure keeps': () => ({ gitlab: { dataDiskBackup: { intervalHours: 1, retentionDays: 30 } } }),
  'snapshots in the server\'s group': () => ({ gitlab: { resourceGroup: AzureResourceGroup.existing('shared'), dataDiskBackup: { resourceGroupName: 'shared' } } }),
  'an interval that Azure does not know': () => ({ gitlab: { dataDiskBackup: { intervalHours: 3 } } }),
  'an administrator who is no object id': () => ({ gitlab: { secretReaderObjectIds: ['me@example.com'] } }),
  'a zone that is none': () => ({ gitlab: { zone: '4' } }),
  'a priority below the range': () => ({ gitlab: { firstRulePriority: 99 } }),
  'blocks of one rule that overlap': () => ({ gitlab: { webAllowedCidrs: ['10.0.0.0/8', '10.1.0.0/16'] } }),
  'an SSH key that is none': () => ({ gitlab: { sshPublicKey: SshPublicKey.of('ssh-rsa AAAA') } }),
  'a host name that is none': () => ({ gitlab: { endpoint: GitLabEndpoint.customDomain('not a host') } }),
  'a version that is none': () => ({ gitlab: { version: GitLabVersion.of('nineteen') } }),
  'a tag with a forbidden character': () => ({ gitlab: { tags: { 'a<b': 'x' } } }),
  'a cluster name with a dot': () => ({ cluster: { clusterName: 'a.b' } }),
  'a pool name with capitals': () => ({ cluster: { jobNodePool: { nodePoolName: 'Jobs' } } }),
  'fewer nodes at most than at least': () => ({ cluster: { jobNodePool: { minCount: 4, maxCount: 2 } } }),
  'a burstable system pool': () => ({ cluster: { systemNodePool: { vmSize: 'Standard_B4ms' } } }),
  'surge on a spot pool': () => ({ cluster: { jobNodePool: { spot: true, maxSurge: '33%' } } }),
  'a pool without jobs that is described': () => ({ cluster: { jobNodePoolEnabled: false, jobNodePool: {} } }),
  'a Kubernetes version that is gone': () => ({ cluster: { kubernetesVersion: KubernetesVersion.of('1.28') } }),
  'more nodes than the subnet has addresses': () => ({ cluster: { subnet: AzureSubnet.create({ subnetCidr: '10.224.0.0/28' }), jobNodePool: { maxCount: 100 } } }),
  'an API server range with host bits': () => ({ cluster: { apiServerAccess: ApiServerAccess.authorizedIpRanges(['203.0.113.7/24']) } }),
  'log retention beyond the limit': () => ({ cluster: { logWorkspace: AzureLogWorkspace.create(1000) } }),
  'a workspace id of another type': () => ({ cluster: { logWorkspace: AzureLogWorkspace.existing(VAULT) } }),
  'a maintenance window at 25 o\'clock': () => ({ cluster: { maintenanceWindow: { dayOfWeek: 'Monday' as any, startTime: '25:00' } } }),
  'a preset that is none': () => ({ cluster: { preset: 'huge' as any } }),
  'a runner that would take no job': () => ({ runner: { tags: [], runUntagged: false } }),
  'a timeout below GitLab\'s': () => ({ runner: { maximumTimeoutSeconds: 60 } }),
  'a namespace with capitals': () => ({ runner: { namespace: 'GitLab' } }),
  'resources that are no quantity': () => ({ runner: { buildResources: { cpuRequest: 'much' } } }),
  'a limit below its request': () => ({ runner: { buildResources: { memoryRequest: '2Gi', memoryLimit: '1Gi' } } }),
  'an unknown setting of the executor': () => ({ runner: { kubernetesSettings: { privilegd: true } } }),
  'a storage account with capitals': () => ({ runner: { cache: RunnerCache.azureBlob({ storageAccountName: 'Cache' }) } }),
  'a registration token from nowhere': () => ({ runner: { token: RunnerToken.legacyRegistrationToken(RunnerToken.fromGitlab()) } }),
  'an access that is none': () => ({ cluster: { apiServerAccess: 'open' as any } }),
};

for (const [mistake, props] of Object.entries(MISTAKES)) {
  test(`refused before Azure sees it: ${mistake}`, () => {
    let message = '';
    try {
      synthesise(platform(props()));
    } catch (error: any) {
      message = error.message;
    }
    if (process.env.APPLY_DISCOVER) {
      console.log(`DISCOVERED ${JSON.stringify([mistake, message])}`);
      return;
    }
    assert.equal(message, MESSAGES[mistake]);
  });
}
