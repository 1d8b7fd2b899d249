import { Construct } from 'constructs';
import { FilledProps } from './filled-props';
import { isArm64, isBurstable, parseVmSize, retirementOf } from '../../azure/private/vm-size';
import { tooWide } from '../../private/cidr';
import { known } from '../../private/rules/subject';
import { warn } from '../../warnings/private/warn';
import { WarningId } from '../../warnings/private/warning-ids';
import { GitLabHardeningOptions } from '../hardening/gitlab-hardening';
import { warnOfBackupWithoutObjects } from '../object-storage/object-storage';
import { omnibusSecrets } from '../set-up/omnibus-settings-rules';

const SAFE_PASSWORD_LENGTH = 12;
const SAFE_RSA_KEY_BITS = 3072;

/** Warns of what a server's props allow that may be meant, but should be known. */
export function warnOfRelaxations(scope: Construct, props: FilledProps): void {
  const about = (id: WarningId, prop: string, reason: string, remedy: string) => warn(scope, id, { prop, reason, remedy });
  warnOfSize(about, props);
  warnOfOpenSsh(about, props.sshAllowedCidrs);
  warnOfHardening(about, props.hardening ?? {});
  const secrets = omnibusSecrets(props.omnibusSettings);
  if (secrets.length > 0) {
    about('secrets-in-omnibus-settings', 'omnibusSettings', `the Terraform state and the machine's run commands contain the values of ${secrets.join(', ')}`,
      'keep secrets out of them');
  }
  if (props.backup && props.objectStorage) {
    warnOfBackupWithoutObjects(scope);
  }
  if (!props.auditLogsEnabled) {
    about('no-audit-logs', 'auditLogsEnabled', 'nobody can tell afterwards who read a secret or a backup', 'leave it out');
  }
  if (!props.preventDestroy) {
    about('destroy-allowed', 'preventDestroy', 'a plan may destroy the server, its data and its secrets', 'set it to true for anything you want to keep');
  }
  if (props.virtualMachineReplacementAllowed && props.preventDestroy) {
    about('machine-replacement-allowed', 'virtualMachineReplacementAllowed', 'a plan may replace the machine', 'set it to false once that is done');
  }
}

type About = (id: WarningId, prop: string, reason: string, remedy: string) => void;

function warnOfSize(about: About, { vmSize }: FilledProps): void {
  const size = known(vmSize) ? parseVmSize(vmSize) : undefined;
  if (!size) {
    return;
  }
  if (isBurstable(size)) {
    about('burstable-vm-size', 'vmSize', 'a burstable size slows to a fraction of its speed once its CPU credits are used up, and GitLab\'s own services use them up',
      'for more than a trial choose one such as "Standard_D4s_v5"');
  }
  const retirement = retirementOf(size);
  if (retirement) {
    about('retiring-vm-size', 'vmSize', `Microsoft retires ${vmSize} on ${retirement.date}`, `choose one such as "${retirement.successor}"`);
  }
  if (isArm64(size)) {
    about('arm64-vm-size', 'vmSize', 'Microsoft\'s documentation does not list Arm64 for the run commands that set the server up',
      'choose one for x64 such as "Standard_D4s_v5" if they fail');
  }
  if ((size.memoryGb ?? 8) < 8) {
    about('little-memory', 'vmSize', 'GitLab asks for 8 GiB of memory, and with less it is slow', 'choose one with more such as "Standard_D4s_v5"');
  }
}

function warnOfOpenSsh(about: About, cidrs: readonly string[]): void {
  const everybody = tooWide(cidrs);
  if (everybody) {
    about('ssh-open-to-internet', 'sshAllowedCidrs', `port 22 is open to ${everybody}`, 'name the networks that need it');
  }
}

function warnOfHardening(about: About, options: GitLabHardeningOptions): void {
  const of = (id: WarningId, prop: keyof GitLabHardeningOptions, reason: string, remedy: string) => about(id, `hardening.${prop}`, reason, remedy);
  if (options.signupEnabled === true) {
    of('sign-up-open', 'signupEnabled', 'anybody who can reach the server can create an account', 'set it to false and let administrators create accounts');
  }
  if (options.publicVisibilityAllowed === true) {
    of('public-visibility', 'publicVisibilityAllowed', 'projects can be made visible to anybody who can reach the server', 'set it to false unless some must be public');
  }
  if (options.adminModeRequired === false) {
    of('admin-mode-off', 'adminModeRequired', 'a stolen administrator session is enough to control the server', 'set it to true');
  }
  if (options.adminTwoFactorRequired === false) {
    of('admin-two-factor-off', 'adminTwoFactorRequired', 'an administrator\'s password alone is enough to control the server', 'set it to true');
  }
  if (options.rateLimitsEnabled === false) {
    of('rate-limits-off', 'rateLimitsEnabled', 'nothing slows down password guessing or floods of requests', 'set it to true');
  }
  if (known(options.minimumPasswordLength) && options.minimumPasswordLength < SAFE_PASSWORD_LENGTH) {
    of('short-passwords', 'minimumPasswordLength', `passwords of ${options.minimumPasswordLength} characters are easy to guess`,
      `ask for ${SAFE_PASSWORD_LENGTH} or more`);
  }
  if (known(options.minimumRsaKeyBits) && options.minimumRsaKeyBits < SAFE_RSA_KEY_BITS) {
    of('weak-ssh-keys', 'minimumRsaKeyBits', `RSA keys of ${options.minimumRsaKeyBits} bits will not stay safe for long`, `ask for ${SAFE_RSA_KEY_BITS} or more`);
  }
  if (options.dsaKeysAllowed === true) {
    of('weak-ssh-keys', 'dsaKeysAllowed', 'DSA keys are weak, and OpenSSH no longer supports them', 'set it to false');
  }
  if (options.registrationTokensAllowed === true) {
    of('registration-tokens-allowed', 'registrationTokensAllowed', 'anybody who reads a registration token can add a runner, which then gets jobs and their secrets',
      'set it to false: the runners of this library need none');
  }
  if (known(options.importSources) && options.importSources.length > 0) {
    of('imports-allowed', 'importSources', `users can make the server fetch from elsewhere (${options.importSources.map((source) => known(source) ? source : 'one that the apply knows').join(', ')})`,
      'leave it out once the imports are done');
  }
}
