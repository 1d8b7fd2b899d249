import { Feature } from './feature';
import { FEATURE_RULES, FEATURES } from './features';
import { checkKeyFits } from './key-checks';
import { customerManagedKey } from '../../azure/access/key-user';
import { diskEncryptionSetId } from '../../azure/machine/disk-encryption';
import { ManagedDiskType } from '../../azure/managed-disk-type';
import { PART_KINDS } from '../../azure/names/part-kinds';
import { isSameName } from '../../azure/names/same-name';
import { privateEndpoints } from '../../azure/network/private-endpoints-rule';
import { azureProvider, resourceGroup, subnet } from '../../azure/place/place-rules';
import { armId, keyVaultName, location, tags, vmSize, zone } from '../../azure/private/rules';
import { SshPublicKey } from '../../azure/ssh-public-key';
import { UbuntuImage } from '../../azure/ubuntu-image';
import { allowedCidrs, cidr } from '../../private/rules/addresses';
import { list } from '../../private/rules/collections';
import { instanceOf } from '../../private/rules/objects';
import { required, Rules, struct, Together } from '../../private/rules/rule';
import { decided, integer, oneOf, text, trueOrFalse, trueOrFalseSetting } from '../../private/rules/scalars';
import { ValidationError } from '../../private/validation-error';
import { GitLabEdition } from '../gitlab-edition';
import { omnibusKeyNames } from '../gitlab-rb/omnibus-check';
import { omnibusSettings } from '../gitlab-rb/omnibus-settings-rules';
import { GitLabVersion } from '../gitlab-version';
import { LEAST_IOPS, LEAST_MEGABYTES_PER_SECOND } from '../machine/data-disk-speed';
import { GitLabNetwork } from '../machine/gitlab-network';
import { adminUsername, domainNameLabel } from '../machine/machine-rules';
import { checkNetworkFits } from '../machine/network-checks';
import { MAINTENANCE_WINDOW } from '../machine/patching';
import { firstRulePriority } from '../machine/rule-priorities';
import { SelfHostedGitLabProps } from '../self-hosted-gitlab-props';

export const SERVER: Rules<SelfHostedGitLabProps> = {
  location: required(location()),
  resourceGroup: resourceGroup(),
  virtualMachineName: PART_KINDS.virtualMachine.rule,
  dnsLabel: domainNameLabel(),
  serverKeyVaultName: keyVaultName(),
  runnerKeyVaultName: keyVaultName(),
  vmSize: vmSize(),
  zone: zone(),
  image: instanceOf(UbuntuImage, 'one such as UbuntuImage.V24_04'),
  adminUsername: adminUsername(),
  sshPublicKey: instanceOf(SshPublicKey, 'one such as SshPublicKey.fromFile("~/.ssh/id_rsa.pub")'),
  osDiskSizeGb: integer(30, 4095),
  osDiskType: oneOf(Object.values(ManagedDiskType).filter((type) => type !== ManagedDiskType.PREMIUM_V2_LRS)),
  dataDiskSizeGb: integer(16, 32767),
  // decides whether the disk lies in a zone.
  dataDiskType: decided(oneOf(Object.values(ManagedDiskType))),
  dataDiskIops: integer(LEAST_IOPS, 80000),
  dataDiskMegabytesPerSecond: integer(LEAST_MEGABYTES_PER_SECOND, 2000),
  edition: oneOf(Object.values(GitLabEdition)),
  version: instanceOf(GitLabVersion, 'one such as GitLabVersion.V19_4'),
  upgradeThroughStopsAllowed: trueOrFalse(),
  network: instanceOf(GitLabNetwork, 'GitLabNetwork.publicAddress() or GitLabNetwork.privateAddress()'),
  privateEndpoints: privateEndpoints(),
  subnet: subnet({ virtualNetworkCidr: cidr(8, 29), subnetCidr: cidr(8, 29) }),
  webAllowedCidrs: allowedCidrs(),
  httpAllowedCidrs: allowedCidrs(),
  sshAllowedCidrs: allowedCidrs(),
  firstRulePriority: firstRulePriority(),
  omnibusSettings: omnibusSettings(),
  uncheckedOmnibusKeys: omnibusKeyNames(),
  lowMemoryTuningEnabled: trueOrFalse(),
  maintenanceWindow: struct(MAINTENANCE_WINDOW),
  preventDestroy: trueOrFalse(),
  virtualMachineReplacementAllowed: trueOrFalse(),
  rerun: text('at most 256 characters on one line', /^[^\x00-\x1f\x7f]{0,256}$/),
  provider: azureProvider(),
  tags: tags(),
  hostEncryptionEnabled: trueOrFalseSetting(),
  diskEncryptionSetId: diskEncryptionSetId(),
  customerManagedKey: customerManagedKey(),
  additionalIdentityIds: list(armId('Microsoft.ManagedIdentity/userAssignedIdentities'), { same: (id) => id.toLowerCase() }),
  ...FEATURE_RULES,
};

/** Refuses what no defaults can reconcile. */
export const checkServer: Together<SelfHostedGitLabProps> = (at, props) => {
  const { where } = at('location');
  if (isSameName(props.runnerKeyVaultName, props.serverKeyVaultName)) {
    throw new ValidationError(where, {
      prop: 'runnerKeyVaultName', problem: 'the same as serverKeyVaultName', got: props.runnerKeyVaultName,
      remedy: 'give another name: readers of the runners\' vault must not be able to read the server\'s',
    });
  }
  checkNetworkFits(at, props);
  checkKeyFits(at, props);
  FEATURES.forEach((feature: Feature) => feature.together?.(at, props));
};
