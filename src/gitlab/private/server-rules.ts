import { BACKUP } from './backup-plan';
import { DATA_DISK_BACKUP } from './data-disk-backup-plan';
import { checkVisibility, HARDENING } from './hardening';
import { adminUsername, domainNameLabel, virtualMachineName } from './machine-rules';
import { checkSignIn, SMTP } from './mail';
import { OBJECT_STORAGE } from './object-storage';
import { omnibusSettings } from './omnibus-settings-rules';
import { REGISTRY } from './registry';
import { rulePriority } from './rule-priorities';
import { armId, keyVaultName, location, objectIds, resourceGroupName, tags, vmSize, zone } from '../../azure/private/rules';
import { allowedCidrs, cidr } from '../../private/rules/addresses';
import { instanceOf } from '../../private/rules/objects';
import { required, Rules, struct, Together } from '../../private/rules/rule';
import { decided, integer, oneOf, text, trueOrFalse } from '../../private/rules/scalars';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { GitLabEdition } from '../gitlab-edition';
import { GitLabEndpoint } from '../gitlab-endpoint';
import { GitLabVersion } from '../gitlab-version';
import { ManagedDiskType } from '../managed-disk-type';
import { SelfHostedGitLabProps } from '../self-hosted-gitlab-props';
import { SshPublicKey } from '../ssh-public-key';
import { UbuntuImage } from '../ubuntu-image';

export const SERVER: Rules<SelfHostedGitLabProps> = {
  location: required(location()),
  resourceGroupName: resourceGroupName(),
  existingResourceGroupName: resourceGroupName(),
  virtualMachineName: virtualMachineName(),
  dnsLabel: domainNameLabel(),
  serverKeyVaultName: keyVaultName(),
  runnerKeyVaultName: keyVaultName(),
  vmSize: vmSize(),
  zone: zone(),
  image: instanceOf(UbuntuImage, 'one such as UbuntuImage.V24_04'),
  adminUsername: adminUsername(),
  sshPublicKey: instanceOf(SshPublicKey, 'one such as SshPublicKey.fromFile("~/.ssh/id_rsa.pub")'),
  osDiskSizeGb: integer(30, 4095),
  osDiskType: oneOf(Object.values(ManagedDiskType)),
  dataDiskSizeGb: integer(16, 32767),
  // decides whether the disk lies in a zone.
  dataDiskType: decided(oneOf(Object.values(ManagedDiskType))),
  edition: oneOf(Object.values(GitLabEdition)),
  version: instanceOf(GitLabVersion, 'one such as GitLabVersion.V19_4'),
  upgradeThroughStops: trueOrFalse(),
  endpoint: instanceOf(GitLabEndpoint, 'one such as GitLabEndpoint.https()'),
  subnetId: armId('Microsoft.Network/virtualNetworks/subnets'),
  virtualNetworkCidr: cidr(8, 29),
  subnetCidr: cidr(8, 29),
  webAllowedCidrs: allowedCidrs(),
  httpAllowedCidrs: allowedCidrs(),
  sshAllowedCidrs: allowedCidrs(),
  httpRulePriority: rulePriority(),
  httpsRulePriority: rulePriority(),
  sshRulePriority: rulePriority(),
  administratorObjectIds: objectIds(),
  hardening: struct(HARDENING, checkVisibility),
  backup: struct(BACKUP),
  dataDiskBackup: struct(DATA_DISK_BACKUP),
  smtp: struct(SMTP, checkSignIn),
  registry: struct(REGISTRY),
  objectStorage: struct(OBJECT_STORAGE),
  omnibusSettings: omnibusSettings(),
  smallMachine: trueOrFalse(),
  preventDestroy: trueOrFalse(),
  allowVirtualMachineReplacement: trueOrFalse(),
  rerun: text('at most 256 characters on one line', /^[^\x00-\x1f\x7f]{0,256}$/),
  tags: tags(),
};

/** Refuses what no defaults can reconcile. */
export const checkServer: Together<SelfHostedGitLabProps> = (at, props) => {
  const { where } = at('location');
  for (const [prop, other] of [['resourceGroupName', 'existingResourceGroupName'], ['virtualNetworkCidr', 'subnetId'], ['subnetCidr', 'subnetId']] as const) {
    if (props[prop] !== undefined && props[other] !== undefined) {
      throw new ValidationError(where, { prop, problem: `given together with ${other}`, got: props[prop], remedy: 'give one of the two' });
    }
  }
  if (isSameName(props.runnerKeyVaultName, props.serverKeyVaultName)) {
    throw new ValidationError(where, {
      prop: 'runnerKeyVaultName', problem: 'the same as serverKeyVaultName', got: props.runnerKeyVaultName,
      remedy: 'give another name: whoever reads the runners\' vault must not read the server\'s',
    });
  }
  const snapshotGroup = props.dataDiskBackup?.resourceGroupName;
  if (isSameName(snapshotGroup, props.resourceGroupName) || isSameName(snapshotGroup, props.existingResourceGroupName)) {
    throw new ValidationError(where, {
      prop: 'dataDiskBackup.resourceGroupName', problem: 'the server\'s resource group', got: snapshotGroup,
      remedy: 'give another name: snapshots that Azure keeps would keep the server\'s group from being deleted',
    });
  }
  const backupPath: unknown = props.backup && props.omnibusSettings?.gitlab_rails?.backup_path;
  if (backupPath !== undefined && backupPath !== null) {
    throw new ValidationError(where, {
      prop: 'omnibusSettings.gitlab_rails.backup_path', problem: 'set together with backup', got: backupPath, remedy: 'leave one of the two out',
    });
  }
};

/** Azure's names do not tell capitals from small letters. */
function isSameName(one: string | undefined, other: string | undefined): boolean {
  return known(one) && known(other) && one.toLowerCase() === other.toLowerCase();
}
