import { Token } from 'cdktf';
import { IConstruct } from 'constructs';
import { KeyVaultSecret } from '../../azure/key-vault-secret';
import { isOne } from '../../private/own-class';
import { holdsSecret } from '../../private/secret-values';
import { isSensitiveReference } from '../../private/sensitive-references';

/**
 * The keys of gitlab.rb that hold a secret, by section: those of Omnibus 17.0 to 19.3 whose value opens something. Paths of files, public ids
 * and switches that are called like secrets are none.
 */
const SECRET_KEYS: { readonly [section: string]: RegExp } = {
  consul: /^encryption_key$/,
  geo_postgresql: /^(pgbouncer_user|sql_user)_password$/,
  geo_secondary: /^db_password$/,
  gitaly: /^gitlab_secret$/,
  gitlab_ci: /^db_key_base$/,
  gitlab_kas: /^((private_)?api_secret_key|websocket_token_secret_key|redis_(sentinels_)?password)$/,
  gitlab_pages: /^(api_secret_key|auth_secret|gitlab_secret)$/,
  gitlab_rails: new RegExp(`^(${[
    'active_record_encryption_(deterministic_key|primary_key|key_derivation_salt)', 'amazon_ses_mailer_secret_access_key', 'backup_encryption_key',
    '(backup|restore)_registry_password', '(ci_jwt|openid_connect)_signing_key', '(db|otp|secret|encrypted_settings)_key_base', 'db_password', 'duo_auth_secret_key',
    'forti_authenticator_access_token', 'forti_token_cloud_client_secret', 'gitaly_token', '(incoming|service_desk)_email_(password|auth_token)', 'jws_private_key',
    'ldap_password', 'microsoft_graph_mailer_client_secret', 'orbit_secret', 'redis_(\\w+_)?password', 'registry_notification_secret', 'secret_token', 'smtp_password',
  ].join('|')})$`),
  gitlab_shell: /^secret_token$/,
  gitlab_workhorse: /^(redis_(sentinels_)?password|secret_token)$/,
  mailroom: /^(incoming|service_desk)_email_auth_token$/,
  patroni: /^(password|replication_password|tls_key_password)$/,
  postgresql: /^((pgbouncer_user|sql_replication|sql_superuser|sql_user)_password|internal_key)$/,
  redis: /^(password|master_password|extracted_master_password)$/,
  registry: /^(http_secret|internal_key)$/,
  sentinel: /^password$/,
  suggested_reviewers: /^api_secret_key$/,
};

/** What such keys are called below an open map: in an omniauth provider, an LDAP server, the connection of an object store, the environment of a service. */
const NESTED_NAMES = 'password|passwd|passphrase|secret|token|secret_access_key|storage_access_key|private_key|api_key|secret_key|encryption_key|json_key_string|connection_string|accountkey|secretkey|sessiontoken|sas_token|authorization|credentials';
const NESTED = new RegExp(`^(\\w+_)?(${NESTED_NAMES})$`, 'i');

/** The same in any spelling, and some whose values do not always open something: what an error rather hides. */
const SECRET_NAME = new RegExp(`(${NESTED_NAMES}|(access|private|encryption)_?key)$`, 'i');

/** Whether a key's name promises a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/**
 * The paths of secrets that stand among the settings as themselves, or as references that the apply resolves.
 * @param scope where references are looked at, by what they refer to; left out, by what their keys are called alone.
 */
export function literalSecrets(settings: { readonly [section: string]: unknown }, scope?: IConstruct): string[] {
  const found: string[] = [];
  const visit = (value: unknown, keys: readonly string[], path: string) => {
    if (value === undefined || value === null || isOne(value, KeyVaultSecret)) {
      return;
    }
    if (Array.isArray(value)) {
      value.forEach((item, index) => visit(item, keys, `${path}[${index}]`));
    } else if (typeof value === 'object' && !Token.isUnresolved(value)) {
      Object.entries(value).forEach(([key, item]) => visit(item, [...keys, key], path === '' ? key : `${path}.${key}`));
    } else if (isSecretValue(value) && (isSecretKey(keys) || holdsSecret(value) || (scope !== undefined && isSensitiveReference(value, scope)))) {
      found.push(path);
    }
  };
  visit(settings, [], '');
  return found;
}

function isSecretKey([section, ...keys]: readonly string[]): boolean {
  return keys.length > 1 ? NESTED.test(keys[keys.length - 1].replaceAll('-', '_')) : keys.length === 1 && SECRET_KEYS[section]?.test(keys[0]);
}

/** No switch, no empty text. */
function isSecretValue(value: unknown): value is string {
  return (typeof value === 'string' && value !== '') || Token.isUnresolved(value);
}
