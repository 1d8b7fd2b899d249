import { GitLabHardeningOptions, GitLabVisibility } from './gitlab-hardening';
import { listSetting } from '../../private/rules/collections';
import { Rules, Together } from '../../private/rules/rule';
import { decided, integer, oneOf, text, trueOrFalse, trueOrFalseSetting } from '../../private/rules/scalars';
import { ValidationError } from '../../private/validation-error';
import { ApplicationSettings } from '../set-up/set-up-part';

const VISIBILITY_LEVELS = { [GitLabVisibility.PRIVATE]: 0, [GitLabVisibility.INTERNAL]: 10, [GitLabVisibility.PUBLIC]: 20 };

export const HARDENING: Rules<GitLabHardeningOptions> = {
  signupEnabled: trueOrFalseSetting(),
  // what decides between numbers and lists of GitLab's own has to be known here.
  defaultVisibility: decided(oneOf(Object.values(GitLabVisibility))),
  publicVisibilityAllowed: trueOrFalse(),
  adminModeRequired: trueOrFalseSetting(),
  adminTwoFactorRequired: trueOrFalseSetting(),
  minimumPasswordLength: integer(8, 128),
  rateLimitsEnabled: trueOrFalseSetting(),
  minimumRsaKeyBits: oneOf([1024, 2048, 3072, 4096]),
  dsaKeysAllowed: trueOrFalse(),
  importSources: listSetting(text('GitLab\'s name of the source, such as "github"', /^[a-z][a-z_]*$/)),
  registrationTokensAllowed: trueOrFalseSetting(),
};

export const checkVisibility: Together<GitLabHardeningOptions> = (at, { defaultVisibility, publicVisibilityAllowed }) => {
  if (defaultVisibility === GitLabVisibility.PUBLIC && !publicVisibilityAllowed) {
    const { where, prop } = at('defaultVisibility');
    throw new ValidationError(where, {
      prop, problem: 'public, but public visibility is not allowed', got: defaultVisibility,
      remedy: `set ${at('publicVisibilityAllowed').prop} to true, or choose GitLabVisibility.PRIVATE or INTERNAL`,
    });
  }
};

export function applicationSettings(options: GitLabHardeningOptions = {}): ApplicationSettings {
  const always: { [name: string]: unknown } = {};
  const once: { [name: string]: unknown } = {};
  const set = (given: unknown, settings: { [name: string]: unknown }) =>
    Object.assign(given === undefined ? once : always, settings);

  set(options.signupEnabled, { signup_enabled: options.signupEnabled ?? false });
  const visibility = VISIBILITY_LEVELS[options.defaultVisibility ?? GitLabVisibility.PRIVATE];
  set(options.defaultVisibility, {
    default_project_visibility: visibility, default_group_visibility: visibility, default_snippet_visibility: visibility,
  });
  const restricted = options.publicVisibilityAllowed ?? false ? [] : [VISIBILITY_LEVELS.public];
  set(options.publicVisibilityAllowed, { restricted_visibility_levels: restricted });
  set(options.adminModeRequired, { admin_mode: options.adminModeRequired ?? true });
  set(options.adminTwoFactorRequired, { require_admin_two_factor_authentication: options.adminTwoFactorRequired ?? true });
  set(options.minimumPasswordLength, { minimum_password_length: options.minimumPasswordLength ?? 12 });
  const limited = options.rateLimitsEnabled ?? true;
  set(options.rateLimitsEnabled, {
    throttle_unauthenticated_enabled: limited, throttle_unauthenticated_api_enabled: limited, throttle_protected_paths_enabled: limited,
  });
  set(options.minimumRsaKeyBits, { rsa_key_restriction: options.minimumRsaKeyBits ?? 3072 });
  set(options.dsaKeysAllowed, { dsa_key_restriction: options.dsaKeysAllowed ?? false ? 0 : -1 });
  set(options.importSources, { import_sources: options.importSources ?? [] });
  set(options.registrationTokensAllowed, { allow_runner_registration_token: options.registrationTokensAllowed ?? false });
  return { always, once };
}
