/** Who can see a project, a group or a snippet, by GitLab's names. */
export enum GitLabVisibility {
  /** Its members. */
  PRIVATE = 'private',
  /** Everybody who is signed in. */
  INTERNAL = 'internal',
  /** Everybody who can reach the server. */
  PUBLIC = 'public',
}

/**
 * Options for GitLab's security settings. GitLab's own defaults suit a public site: everybody may sign up, and requests are not
 * rate-limited. These defaults suit a team's private server, and are set before the apply ends.
 *
 * Options less safe than their defaults give a warning.
 *
 * Options given here are set again by every apply that changes the server's settings or runners. Defaults are set only once, so that an
 * administrator can change them later in the Admin area.
 *
 * @see https://docs.gitlab.com/security/hardening_application_recommendations/
 */
export interface GitLabHardeningOptions {
  /**
   * Whether everybody who can reach the server may sign up. If false, administrators create the accounts.
   * @see https://docs.gitlab.com/administration/settings/sign_up_restrictions/
   * @default false
   */
  readonly signupEnabled?: boolean;

  /**
   * The visibility that new projects, groups and snippets start with. `PUBLIC` needs `publicVisibilityAllowed`.
   * @see https://docs.gitlab.com/administration/settings/visibility_and_access_controls/
   * @default GitLabVisibility.PRIVATE
   */
  readonly defaultVisibility?: GitLabVisibility;

  /**
   * Whether anything may be visible to people who are not signed in. Administrators can always allow it.
   * @see https://docs.gitlab.com/administration/settings/visibility_and_access_controls/#restrict-visibility-levels
   * @default false
   */
  readonly publicVisibilityAllowed?: boolean;

  /**
   * Whether administrators have to enter their password again before administrative actions (Admin Mode), so that a stolen session does not
   * give away the server.
   * @see https://docs.gitlab.com/administration/settings/sign_in_restrictions/#admin-mode
   * @default true
   */
  readonly adminModeRequired?: boolean;

  /**
   * Whether administrators need two-factor authentication. The first sign-in works with the password alone and leads to the page that sets up the
   * second factor. It holds for sign-in with a password: GitLab counts people from a provider of `signIn` as having one.
   * @see https://docs.gitlab.com/security/two_factor_authentication/#enforce-2fa-for-administrators
   * @default true
   */
  readonly adminTwoFactorRequired?: boolean;

  /**
   * The minimum length of a password in characters, 8 to 128.
   * @see https://docs.gitlab.com/security/password_length_limits/
   * @default 12
   */
  readonly minimumPasswordLength?: number;

  /**
   * Whether requests are rate-limited: unauthenticated ones by IP address, and those to paths such as the sign-in page. The limits are
   * GitLab's own. Runners and jobs authenticate with tokens, so the limits for unauthenticated requests do not affect them.
   * @see https://docs.gitlab.com/security/rate_limits/
   * @default true
   */
  readonly rateLimitsEnabled?: boolean;

  /**
   * The minimum length in bits of RSA keys for git over SSH: 1024, 2048, 3072 or 4096.
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
   * The sources that projects may be imported from, such as `github`, `git` or `gitlab_project`: lower-case words with `_`. Each source lets
   * users make the server fetch from elsewhere.
   * @see https://docs.gitlab.com/administration/settings/import_and_export_settings/#configure-allowed-import-sources
   * @default []
   */
  readonly importSources?: string[];

  /**
   * Whether runners may register with the deprecated registration tokens, which everybody in a project can read. This library's runners do
   * not need them.
   * @see https://docs.gitlab.com/ci/runners/new_creation_workflow/
   * @default false
   */
  readonly registrationTokensAllowed?: boolean;
}
