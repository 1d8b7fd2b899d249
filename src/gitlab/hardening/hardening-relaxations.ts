import { Construct } from 'constructs';
import { GitLabHardeningOptions } from './gitlab-hardening';
import { known } from '../../private/rules/subject';
import { warn } from '../../warnings/private/warn';
import { WarningId } from '../../warnings/private/warning-ids';

const SAFE_PASSWORD_LENGTH = 12;
const SAFE_RSA_KEY_BITS = 3072;

/** Warns of what is less safe than the default. */
export function warnOfHardening(scope: Construct, options: GitLabHardeningOptions): void {
  const of = (id: WarningId, prop: keyof GitLabHardeningOptions, reason: string, remedy: string) =>
    warn(scope, id, { prop: `hardening.${prop}`, reason, remedy });
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
