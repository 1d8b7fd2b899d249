/**
 * How Omnibus writes a key's value to the file that a program reads, and so which characters survive. The machine judges by it, since only
 * there a secret's value is known.
 *
 * - `anything`: as JSON, as YAML that a library writes, or as a literal of Ruby
 * - `inspected`: as Ruby's literal into YAML, which does not know Ruby's escapes for `#{`, `#$`, `#@` and rare characters beyond U+FFFF
 * - `quoted`: between double quotes, as it is
 * - `line`: behind an equals sign, or as a file's first line
 * - `bare`: into YAML without quotes, where `yes`, `0123` and `a: b` are no texts
 * - `unknown`: nobody has looked; what is in danger nowhere but in `bare`
 */
export type Quoting = 'anything' | 'inspected' | 'quoted' | 'line' | 'bare' | 'unknown';

/** Read in Omnibus' templates of 17.5 to 19.3, by section and key. */
const QUOTING: readonly (readonly [Quoting, RegExp])[] = [
  ['anything', /^gitlab_rails\.(smtp_password|smtp_user_name|gitaly_token)$/],
  ['anything', /^(postgresql\.sql_superuser_password|consul\.encryption_key)$/],
  ['anything', /^gitlab_rails\.(\w+_)?(connection|object_store|omniauth_providers|ldap_servers|incoming_email_inbox_options|service_desk_email_inbox_options)$/],
  ['anything', /^registry\.storage$/],
  ['inspected', /^gitlab_rails\.(incoming_email|service_desk_email|ldap|db)_password$/],
  ['inspected', /^gitlab_rails\.(duo_auth|forti_authenticator|forti_token_cloud|amazon_ses_mailer)_\w+$/],
  ['inspected', /^geo_secondary\.db_password$/],
  ['quoted', /^gitlab_(rails|workhorse|kas)\.redis_(?!cluster_)(\w+_)?password$/],
  ['quoted', /^(redis\.(password|master_password)|sentinel\.password|registry\.http_secret)$/],
  ['line', /^gitlab_pages\.(gitlab_secret|auth_secret)$/],
  ['bare', /^gitlab_rails\.(microsoft_graph_mailer_client_secret|backup_encryption_key|registry_notification_secret)$/],
  ['bare', /^gitlab_rails\.redis_cluster_\w*password$/],
  ['bare', /^patroni\.\w*password$/],
];

/** @param path section, key, and the keys below it. */
export function quotingOf(path: readonly string[]): Quoting {
  const [section, key, ...below] = path;
  if (below.length > 0) {
    // maps are written as JSON, but for those that become the environment of a service, and for one that a template goes through.
    const inMap: { readonly [key: string]: Quoting } = { env: 'line', clickhouse_databases: 'inspected', nginx: 'unknown' };
    return inMap[key] ?? 'anything';
  }
  return QUOTING.find(([, pattern]) => pattern.test(`${section}.${key}`))?.[0] ?? 'unknown';
}
