import { Construct } from 'constructs';
import { checkAdminUsername, checkDnsLabel, checkKeyVaultName, checkResourceGroupName, checkTags, checkVirtualMachineName } from './azure-names';
import { checkBackup } from './backup-plan';
import { checkDataDiskBackup } from './data-disk-backup-plan';
import { FilledProps } from './filled-props';
import { checkHardening } from './hardening';
import { checkSmtp } from './mail';
import { checkObjectStorage } from './object-storage';
import { checkOmnibusSettings } from './omnibus-settings';
import { checkMaintenanceWindow } from './patching';
import { checkRegistry } from './registry';
import { warnOfRelaxations } from './relaxations';
import { FIRST_SHARED_PRIORITY } from './rule-priorities';
import { isArm64, parseVmSize, takesPremiumDisks, takesTrustedLaunch } from './vm-size';
import {
  checkArmId, checkGiven, checkInstance, checkInteger, checkList, checkLocation, checkOneOf, checkPattern, checkType, checkUuid, known, Subject,
} from '../../private/checks';
import { checkAllowedCidrs, checkCidr, contains } from '../../private/cidr';
import { checkStack } from '../../private/stack-check';
import { ValidationError } from '../../private/validation-error';
import { GitLabEdition } from '../gitlab-edition';
import { GitLabEndpoint } from '../gitlab-endpoint';
import { GitLabVersion } from '../gitlab-version';
import { ManagedDiskType } from '../managed-disk-type';
import { SelfHostedGitLabProps } from '../self-hosted-gitlab-props';
import { SshPublicKey } from '../ssh-public-key';
import { UbuntuImage } from '../ubuntu-image';

/** Refuses what cannot work and warns of what may be meant; `given` is what the user wrote of it. */
export function checkProps(scope: Construct, given: SelfHostedGitLabProps, props: FilledProps): void {
  const of = (prop: keyof FilledProps): Subject => ({ where: scope, prop });
  checkStack(scope);
  checkNotBoth(of, given, 'resourceGroupName', 'existingResourceGroupName');
  checkNotBoth(of, given, 'virtualNetworkCidr', 'subnetId');
  checkNotBoth(of, given, 'subnetCidr', 'subnetId');
  checkNames(of, props);
  checkMachine(of, props);
  checkNetwork(of, props);
  checkSettings(of, props);
  checkBackup(scope, given.backup, given.omnibusSettings);
  checkDataDiskBackup(scope, given);
  checkSmtp(scope, given.smtp);
  checkRegistry(scope, given.registry, props.endpoint._choice, given.omnibusSettings);
  checkObjectStorage(scope, given, props.version);
  checkAudit(of, given);
  checkMaintenanceWindow(of('maintenanceWindow'), props.maintenanceWindow);
  checkPriorities(of, props);
  warnOfRelaxations(scope, props);
}

type Of = (prop: keyof FilledProps) => Subject;

function checkNames(of: Of, props: FilledProps): void {
  checkGiven(of('location'), props.location);
  checkLocation(of('location'), props.location);
  checkResourceGroupName(of('resourceGroupName'), props.resourceGroupName);
  checkResourceGroupName(of('existingResourceGroupName'), props.existingResourceGroupName);
  checkVirtualMachineName(of('virtualMachineName'), props.virtualMachineName);
  checkDnsLabel(of('dnsLabel'), props.dnsLabel);
  checkKeyVaultName(of('serverKeyVaultName'), props.serverKeyVaultName);
  checkKeyVaultName(of('runnerKeyVaultName'), props.runnerKeyVaultName);
  if (known(props.serverKeyVaultName) && known(props.runnerKeyVaultName)
    && props.serverKeyVaultName.toLowerCase() === props.runnerKeyVaultName.toLowerCase()) {
    throw new ValidationError(of('runnerKeyVaultName').where, {
      prop: 'runnerKeyVaultName', problem: 'the same as serverKeyVaultName', got: props.runnerKeyVaultName,
      remedy: 'give another name: whoever reads the runners\' vault must not read the server\'s',
    });
  }
  checkType(of('tags'), props.tags, 'object');
  checkTags(of('tags'), props.tags);
}

function checkMachine(of: Of, props: FilledProps): void {
  checkOneOf(of('zone'), props.zone, ['1', '2', '3']);
  checkInstance(of('image'), props.image, UbuntuImage, 'give one such as UbuntuImage.V24_04');
  checkAdminUsername(of('adminUsername'), props.adminUsername);
  checkInstance(of('sshPublicKey'), props.sshPublicKey, SshPublicKey, 'give one such as SshPublicKey.fromFile("~/.ssh/id_rsa.pub")');
  checkInteger(of('osDiskSizeGb'), props.osDiskSizeGb, 30, 4095);
  checkInteger(of('dataDiskSizeGb'), props.dataDiskSizeGb, 16, 32767);
  checkOneOf(of('osDiskType'), props.osDiskType, Object.values(ManagedDiskType));
  checkOneOf(of('dataDiskType'), props.dataDiskType, Object.values(ManagedDiskType));
  checkVmSize(of, props);
}

function checkVmSize(of: Of, props: FilledProps): void {
  const subject = of('vmSize');
  checkPattern(subject, props.vmSize, /^Standard_[A-Z][A-Za-z0-9_-]+$/, 'a size such as "Standard_D4s_v5" (az vm list-sizes -o table)');
  const size = known(props.vmSize) ? parseVmSize(props.vmSize) : undefined;
  if (!size) {
    return;
  }
  const refuse = (problem: string, remedy: string) => {
    throw new ValidationError(subject.where, { prop: 'vmSize', problem, got: props.vmSize, remedy });
  };
  if (size.vcpus < 2 || (size.memoryGb ?? 4) < 4) {
    refuse('too small for GitLab', 'give a size with at least 2 vCPU and 4 GiB of memory, better 4 and 16 such as "Standard_D4s_v5"');
  }
  if (!takesTrustedLaunch(size)) {
    refuse('cannot start with Secure Boot and a virtual TPM', 'give a size that supports trusted launch such as "Standard_D4s_v5"');
  }
  if (isArm64(size) !== props.image.arm64) {
    refuse(`${isArm64(size) ? 'an Arm64' : 'an x64'} size with an image for ${props.image.arm64 ? 'Arm64' : 'x64'}`,
      'give image and size for the same kind of processor');
  }
  for (const prop of ['osDiskType', 'dataDiskType'] as const) {
    if (!takesPremiumDisks(size) && known(props[prop]) && props[prop].startsWith('Premium_')) {
      throw new ValidationError(subject.where, {
        prop, problem: `the size ${props.vmSize} takes no premium disks`, got: props[prop],
        remedy: 'give ManagedDiskType.STANDARD_SSD_LRS, or a size with an "s" such as "Standard_D4s_v5"',
      });
    }
  }
}

function checkNetwork(of: Of, props: FilledProps): void {
  checkArmId(of('subnetId'), props.subnetId, 'Microsoft.Network/virtualNetworks/subnets');
  checkCidr(of('virtualNetworkCidr'), props.virtualNetworkCidr, 8, 29);
  checkCidr(of('subnetCidr'), props.subnetCidr, 8, 29);
  if (!contains(props.virtualNetworkCidr, props.subnetCidr)) {
    throw new ValidationError(of('subnetCidr').where, {
      prop: 'subnetCidr', problem: 'not within virtualNetworkCidr', got: props.subnetCidr, remedy: `give a block within "${props.virtualNetworkCidr}"`,
    });
  }
  for (const prop of ['webAllowedCidrs', 'httpAllowedCidrs', 'sshAllowedCidrs'] as const) {
    checkAllowedCidrs(of(prop), props[prop]);
  }
}

function checkPriorities(of: Of, props: FilledProps): void {
  const { where } = of('httpRulePriority');
  const priorities: [string, number | undefined][] = [
    ...(['httpRulePriority', 'httpsRulePriority', 'sshRulePriority'] as const).map((prop): [string, number] => [prop, props[prop]]),
    ['registry.rulePriority', props.registry?.rulePriority],
  ];
  priorities.forEach(([prop, priority], index) => {
    checkInteger({ where, prop }, priority, 100, FIRST_SHARED_PRIORITY - 1);
    const twin = priorities.slice(0, index).find(([, other]) => known(priority) && other === priority);
    if (twin) {
      throw new ValidationError(where, { prop, problem: `the same as ${twin[0]}`, got: priority, remedy: 'give each rule a priority of its own' });
    }
  });
}

function checkSettings(of: Of, props: FilledProps): void {
  checkOneOf(of('edition'), props.edition, Object.values(GitLabEdition));
  checkInstance(of('version'), props.version, GitLabVersion, 'give one such as GitLabVersion.V19_4');
  checkInstance(of('endpoint'), props.endpoint, GitLabEndpoint, 'give one such as GitLabEndpoint.https()');
  checkAdministrators(of('administratorObjectIds'), props.administratorObjectIds);
  checkType(of('hardening'), props.hardening, 'object');
  checkHardening(of('hardening').where, props.hardening ?? {});
  checkOmnibusSettings(of('omnibusSettings').where, props.omnibusSettings, props.version);
  for (const prop of ['upgradeThroughStops', 'smallMachine', 'auditLogsEnabled', 'preventDestroy', 'allowVirtualMachineReplacement'] as const) {
    checkType(of(prop), props[prop], 'boolean');
  }
  checkPattern(of('rerun'), props.rerun, /^[^\x00-\x1f\x7f]{0,256}$/, 'at most 256 characters on one line');
}

function checkAudit(of: Of, given: SelfHostedGitLabProps): void {
  checkArmId(of('logAnalyticsWorkspaceId'), given.logAnalyticsWorkspaceId, 'Microsoft.OperationalInsights/workspaces');
  checkInteger(of('logRetentionInDays'), given.logRetentionInDays, 30, 730);
  checkNotBoth(of, given, 'logRetentionInDays', 'logAnalyticsWorkspaceId');
  for (const prop of ['logAnalyticsWorkspaceId', 'logRetentionInDays'] as const) {
    if (given.auditLogsEnabled === false && (given[prop] ?? undefined) !== undefined) {
      throw new ValidationError(of(prop).where, {
        prop, problem: 'no logs go anywhere where auditLogsEnabled is false', got: given[prop], remedy: `leave ${prop} or auditLogsEnabled out`,
      });
    }
  }
}

function checkAdministrators(subject: Subject, objectIds: readonly string[]): void {
  checkList(subject, objectIds, checkUuid);
  if (!known(objectIds)) {
    throw new ValidationError(subject.where, {
      prop: subject.prop, problem: 'a list that only the apply knows', got: 'a token', remedy: 'give a list whose elements may be tokens',
    });
  }
}

function checkNotBoth(of: Of, given: SelfHostedGitLabProps, prop: keyof SelfHostedGitLabProps, other: keyof SelfHostedGitLabProps): void {
  if ((given[prop] ?? undefined) !== undefined && (given[other] ?? undefined) !== undefined) {
    throw new ValidationError(of(prop).where, { prop, problem: `given together with ${other}`, got: given[prop], remedy: 'give one of the two' });
  }
}
