import { IConstruct } from 'constructs';
import { checkInteger, checkOneOf, checkPattern } from '../../private/checks';
import { ValidationError } from '../../private/validation-error';
import { GitLabHardeningOptions, GitLabVisibility } from '../gitlab-hardening';

const VISIBILITY_LEVELS = { [GitLabVisibility.PRIVATE]: 0, [GitLabVisibility.INTERNAL]: 10, [GitLabVisibility.PUBLIC]: 20 };

/** GitLab's application settings, by the names of its own model. */
export interface ApplicationSettings {
  /** What the user asked for: set by every run. */
  readonly always: { readonly [name: string]: unknown };
  /** Our defaults: set once, then left to the administrators. */
  readonly once: { readonly [name: string]: unknown };
}

export function checkHardening(where: IConstruct | string, options: GitLabHardeningOptions = {}): void {
  const subject = (prop: string) => ({ where, prop: `hardening.${prop}` });
  const booleans = [
    'signupEnabled', 'publicVisibilityAllowed', 'adminModeRequired', 'adminTwoFactorRequired', 'rateLimitsEnabled',
    'dsaKeysAllowed', 'registrationTokensAllowed',
  ] as const;
  booleans.forEach((prop) => checkOneOf(subject(prop), options[prop], [true, false]));
  checkOneOf(subject('defaultVisibility'), options.defaultVisibility, Object.values(GitLabVisibility));
  checkInteger(subject('minimumPasswordLength'), options.minimumPasswordLength, 8, 128);
  checkOneOf(subject('minimumRsaKeyBits'), options.minimumRsaKeyBits, [1024, 2048, 3072, 4096]);
  if (options.importSources !== undefined && !Array.isArray(options.importSources)) {
    throw new ValidationError(where, {
      prop: 'hardening.importSources', problem: 'not a list', got: options.importSources, remedy: 'give a list such as ["github"]',
    });
  }
  options.importSources?.forEach((source, index) =>
    checkPattern(subject(`importSources[${index}]`), source, /^[a-z][a-z_]*$/, 'GitLab\'s name of the source, such as "github"'));
  if (options.defaultVisibility === GitLabVisibility.PUBLIC && !options.publicVisibilityAllowed) {
    throw new ValidationError(where, {
      prop: 'hardening.defaultVisibility', problem: 'public while nothing may be public', got: options.defaultVisibility,
      remedy: 'set hardening.publicVisibilityAllowed to true, or choose GitLabVisibility.PRIVATE or INTERNAL',
    });
  }
}

export function applicationSettings(options: GitLabHardeningOptions = {}): ApplicationSettings {
  const always: { [name: string]: unknown } = {};
  const once: { [name: string]: unknown } = {};
  const set = <T>(given: T | undefined, otherwise: T, settings: (value: T) => { [name: string]: unknown }) =>
    Object.assign(given === undefined || given === null ? once : always, settings(given ?? otherwise));

  set(options.signupEnabled, false, (value) => ({ signup_enabled: value }));
  set(options.defaultVisibility, GitLabVisibility.PRIVATE, (value) => ({
    default_project_visibility: VISIBILITY_LEVELS[value],
    default_group_visibility: VISIBILITY_LEVELS[value],
    default_snippet_visibility: VISIBILITY_LEVELS[value],
  }));
  set(options.publicVisibilityAllowed, false, (value) => ({ restricted_visibility_levels: value ? [] : [VISIBILITY_LEVELS.public] }));
  set(options.adminModeRequired, true, (value) => ({ admin_mode: value }));
  set(options.adminTwoFactorRequired, true, (value) => ({ require_admin_two_factor_authentication: value }));
  set(options.minimumPasswordLength, 12, (value) => ({ minimum_password_length: value }));
  set(options.rateLimitsEnabled, true, (value) => ({
    throttle_unauthenticated_enabled: value,
    throttle_unauthenticated_api_enabled: value,
    throttle_protected_paths_enabled: value,
  }));
  set(options.minimumRsaKeyBits, 3072, (value) => ({ rsa_key_restriction: value }));
  set(options.dsaKeysAllowed, false, (value) => ({ dsa_key_restriction: value ? 0 : -1 }));
  set(options.importSources, [], (value) => ({ import_sources: value }));
  set(options.registrationTokensAllowed, false, (value) => ({ allow_runner_registration_token: value }));
  return { always, once };
}
