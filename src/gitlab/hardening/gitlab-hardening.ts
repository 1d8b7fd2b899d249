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
 * Options for GitLab's security settings. The defaults suit a team's private server, while GitLab's own suit a public site. Less safe
 * options give a warning.
 *
 * Options given here are set again by every apply that changes the server's settings or runners. Defaults are set only once, before the
 * first apply ends, so that an administrator can change them later in the Admin area.
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
   * @default false
   */
  readonly publicVisibilityAllowed?: boolean;

  /**
   * Whether administrators have to enter their password again before administrative actions (Admin Mode), so that a stolen session is not
   * enough for them.
   * @see https://docs.gitlab.com/administration/settings/sign_in_restrictions/
   * @default true
   */
  readonly adminModeRequired?: boolean;

  /**
   * Whether administrators who sign in with a password need a second factor, which the first sign-in sets up. GitLab counts people from a
   * provider of `signIn` as having one.
   * @see https://docs.gitlab.com/security/two_factor_authentication/
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
   * Whether requests are rate-limited, with GitLab's own limits: unauthenticated ones by IP address, and those to paths such as the sign-in
   * page. Runners and jobs authenticate with tokens.
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
   * The sources that projects may be imported from, such as `github`, `git` or `gitlab_project`. Each lets users make the server fetch from
   * elsewhere.
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
