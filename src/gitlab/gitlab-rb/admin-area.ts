const IN_ADMIN_AREA = 'set it in the Admin area, or by the API: GitLab keeps it in its database';
const hardened = (prop: string) => `write hardening: { ${prop}: … }, GitLab keeps it in its database`;

/** What GitLab's Admin area has and gitlab.rb has not, by the names of the API. */
export const ADMIN_AREA: { readonly [name: string]: string } = {
  signup_enabled: hardened('signupEnabled'),
  gitlab_signup_enabled: hardened('signupEnabled'),
  default_project_visibility: hardened('defaultVisibility'),
  restricted_visibility_levels: hardened('publicVisibilityAllowed'),
  gitlab_restricted_visibility_levels: hardened('publicVisibilityAllowed'),
  admin_mode: hardened('adminModeRequired'),
  require_admin_two_factor_authentication: hardened('adminTwoFactorRequired'),
  minimum_password_length: hardened('minimumPasswordLength'),
  rsa_key_restriction: hardened('minimumRsaKeyBits'),
  dsa_key_restriction: hardened('dsaKeysAllowed'),
  import_sources: hardened('importSources'),
  allow_runner_registration_token: hardened('registrationTokensAllowed'),
  ...Object.fromEntries([
    'after_sign_out_path', 'allow_local_requests_from_web_hooks_and_services', 'auto_devops_enabled', 'container_registry_token_expire_delay', 'default_branch_name',
    'default_branch_protection', 'default_ci_config_path', 'default_group_visibility', 'default_projects_limit', 'default_snippet_visibility', 'domain_allowlist',
    'email_confirmation_setting', 'enabled_git_access_protocol', 'home_page_url', 'max_artifacts_size', 'max_attachment_size', 'max_import_size', 'max_pages_size',
    'outbound_local_requests_whitelist', 'password_authentication_enabled_for_git', 'password_authentication_enabled_for_web', 'receive_max_input_size',
    'require_admin_approval_after_user_signup', 'require_two_factor_authentication', 'session_expire_delay', 'shared_runners_enabled', 'signin_enabled',
    'gitlab_signin_enabled', 'terminal_max_session_time', 'two_factor_grace_period', 'user_default_external', 'user_oauth_applications',
  ].map((name) => [name, IN_ADMIN_AREA])),
};

/** What to do with a key that GitLab has as a setting of its own database. */
export function remedyInAdminArea(key: string): string | undefined {
  return Object.hasOwn(ADMIN_AREA, key) ? ADMIN_AREA[key] : undefined;
}
