/** Who sees a project, a group or a snippet, in GitLab's words. */
export enum GitLabVisibility {
  /** Its members. */
  PRIVATE = 'private',
  /** Everybody who has signed in. */
  INTERNAL = 'internal',
  /** Everybody who reaches the server. */
  PUBLIC = 'public',
}

/**
 * GitLab's own defaults suit a public site: everybody may sign up, nothing limits the rate of requests. These are the settings
 * that a server for a team wants before its address is known to anybody; they are set before the apply ends.
 *
 * What is less safe than the default gives a warning.
 *
 * What is given here is set again by every apply that changes the server's settings or runners. A default is set once,
 * so that an administrator may decide differently in the admin area later.
 *
 * @see https://docs.gitlab.com/security/hardening_application_recommendations/
 */
export interface GitLabHardeningOptions {
  /**
   * Whether everybody who reaches the server may make an account. Without it, administrators make the accounts.
   * @see https://docs.gitlab.com/administration/settings/sign_up_restrictions/
   * @default false
   */
  readonly signupEnabled?: boolean;

  /**
   * What new projects, groups and snippets start with; PUBLIC without `publicVisibilityAllowed` is refused.
   * @see https://docs.gitlab.com/administration/settings/visibility_and_access_controls/
   * @default GitLabVisibility.PRIVATE
   */
  readonly defaultVisibility?: GitLabVisibility;

  /**
   * Whether anything may be shown to people who have not signed in. Administrators still can.
   * @see https://docs.gitlab.com/administration/settings/visibility_and_access_controls/#restrict-visibility-levels
   * @default false
   */
  readonly publicVisibilityAllowed?: boolean;

  /**
   * Whether administrators have to give their password again before they can do what only administrators can,
   * so that a stolen session is not at once a stolen server.
   * @see https://docs.gitlab.com/administration/settings/sign_in_restrictions/#admin-mode
   * @default true
   */
  readonly adminModeRequired?: boolean;

  /**
   * Whether administrators need a second factor. The first sign-in still works with the password alone and leads to the page
   * where the second factor is set up.
   * @see https://docs.gitlab.com/security/two_factor_authentication/#enforce-2fa-for-administrators
   * @default true
   */
  readonly adminTwoFactorRequired?: boolean;

  /**
   * The least number of characters of a password, 8 to 128; others are refused.
   * @see https://docs.gitlab.com/security/password_length_limits/
   * @default 12
   */
  readonly minimumPasswordLength?: number;

  /**
   * Whether requests are limited: without a sign-in by address, and to paths such as the sign-in page. The limits' sizes are
   * GitLab's own. Runners and jobs send their tokens, so the limits for requests without a sign-in do not touch them.
   * @see https://docs.gitlab.com/security/rate_limits/
   * @default true
   */
  readonly rateLimitsEnabled?: boolean;

  /**
   * The fewest bits an RSA key for git over SSH may have: 1024, 2048, 3072 or 4096; others are refused.
   * @see https://docs.gitlab.com/security/ssh_keys_restrictions/
   * @default 3072
   */
  readonly minimumRsaKeyBits?: number;

  /**
   * Whether DSA keys may be used for git over SSH.
   * @see https://docs.gitlab.com/security/ssh_keys_restrictions/
   * @default false
   */
  readonly dsaKeysAllowed?: boolean;

  /**
   * Where projects may be imported from, such as `github`, `git` or `gitlab_project`. Each source lets a user make
   * the server fetch from elsewhere. Lower-case words with `_`; others are refused.
   * @see https://docs.gitlab.com/administration/settings/import_and_export_settings/#configure-allowed-import-sources
   * @default []
   */
  readonly importSources?: string[];

  /**
   * Whether runners may register with the old registration tokens, which everybody in a project can read.
   * The runners of this library do not need them.
   * @see https://docs.gitlab.com/ci/runners/new_creation_workflow/
   * @default false
   */
  readonly registrationTokensAllowed?: boolean;
}
