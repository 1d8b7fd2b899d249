import { ManagedDiskType } from '../../azure/managed-disk-type';
import { armId, keyVaultName, location, objectIds, resourceGroupName, tags, vmSize, zone } from '../../azure/private/rules';
import { SshPublicKey } from '../../azure/ssh-public-key';
import { UbuntuImage } from '../../azure/ubuntu-image';
import { allowedCidrs, cidr } from '../../private/rules/addresses';
import { instanceOf } from '../../private/rules/objects';
import { required, Rules, struct, Together } from '../../private/rules/rule';
import { decided, integer, oneOf, text, trueOrFalse } from '../../private/rules/scalars';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { BACKUP } from '../backup/backup-plan';
import { DATA_DISK_BACKUP } from '../data-disk-backup/data-disk-backup-plan';
import { GitLabEndpoint } from '../endpoint/gitlab-endpoint';
import { GitLabEdition } from '../gitlab-edition';
import { GitLabVersion } from '../gitlab-version';
import { checkVisibility, HARDENING } from '../hardening/hardening';
import { adminUsername, domainNameLabel, virtualMachineName } from '../machine/machine-rules';
import { MAINTENANCE_WINDOW } from '../machine/patching';
import { rulePriority } from '../machine/rule-priorities';
import { OBJECT_STORAGE } from '../object-storage/object-storage';
import { REGISTRY } from '../registry/registry';
import { SelfHostedGitLabProps } from '../self-hosted-gitlab-props';
import { omnibusSettings } from '../set-up/omnibus-settings-rules';
import { checkSignIn, SMTP } from '../smtp/mail';

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
  upgradeThroughStopsAllowed: trueOrFalse(),
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
  secretReaderObjectIds: objectIds(),
  hardening: struct(HARDENING, checkVisibility),
  backup: struct(BACKUP),
  dataDiskBackup: struct(DATA_DISK_BACKUP),
  smtp: struct(SMTP, checkSignIn),
  registry: struct(REGISTRY),
  objectStorage: struct(OBJECT_STORAGE),
  omnibusSettings: omnibusSettings(),
  lowMemoryTuningEnabled: trueOrFalse(),
  auditLogsEnabled: trueOrFalse(),
  logAnalyticsWorkspaceId: armId('Microsoft.OperationalInsights/workspaces'),
  logRetentionDays: integer(30, 730),
  maintenanceWindow: struct(MAINTENANCE_WINDOW),
  preventDestroy: trueOrFalse(),
  virtualMachineReplacementAllowed: trueOrFalse(),
  rerun: text('at most 256 characters on one line', /^[^\x00-\x1f\x7f]{0,256}$/),
  tags: tags(),
};

/** Of each pair one prop alone. */
const EXCLUDING = [
  ['resourceGroupName', 'existingResourceGroupName'],
  ['virtualNetworkCidr', 'subnetId'],
  ['subnetCidr', 'subnetId'],
  ['logRetentionDays', 'logAnalyticsWorkspaceId'],
] as const;

/** Refuses what no defaults can reconcile. */
export const checkServer: Together<SelfHostedGitLabProps> = (at, props) => {
  const { where } = at('location');
  for (const [prop, other] of EXCLUDING) {
    if (props[prop] !== undefined && props[other] !== undefined) {
      throw new ValidationError(where, { prop, problem: `given together with ${other}`, got: props[prop], remedy: 'give one of the two' });
    }
  }
  for (const prop of ['logAnalyticsWorkspaceId', 'logRetentionDays'] as const) {
    if (props.auditLogsEnabled === false && props[prop] !== undefined) {
      throw new ValidationError(where, {
        prop, problem: 'has no effect if auditLogsEnabled is false', got: props[prop], remedy: `leave ${prop} or auditLogsEnabled out`,
      });
    }
  }
  if (isSameName(props.runnerKeyVaultName, props.serverKeyVaultName)) {
    throw new ValidationError(where, {
      prop: 'runnerKeyVaultName', problem: 'the same as serverKeyVaultName', got: props.runnerKeyVaultName,
      remedy: 'give another name: readers of the runners\' vault must not be able to read the server\'s',
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
