import { isIPv6 } from 'net';
import { known } from '../../private/rules/subject';
import { GitLabEdition } from '../gitlab-edition';
import { Finding } from '../gitlab-rb/omnibus-judgement';
import { isSection, OmnibusSettings } from '../gitlab-rb/omnibus-settings';
import { isGiven, UNLESS_MEANT, valueAt, wrongValue } from '../gitlab-rb/settings-reading';
import { judgeTlsPort, TlsPorts } from '../gitlab-rb/tls-ports';

/** What GitLab signs in to a directory with; the last two are older names of the ones before. */
const ENCRYPTIONS = ['simple_tls', 'start_tls', 'plain', 'ssl', 'tls'];
const FROM_THE_START = ['simple_tls', 'ssl'];

const PORTS: TlsPorts = {
  servers: 'directories', encrypts: { 389: false, 636: true, 3268: false, 3269: true },
  ifEncrypted: 'set encryption to "simple_tls", or give 389', ifPlain: 'give 636, or set encryption to "start_tls"',
};

/** What the Community Edition does not do, and says nothing of. */
const ENTERPRISE_KEYS = ['admin_group', 'external_groups', 'group_base'];

/** Whatever text these are, even "false", it is true to Ruby. */
const SWITCHES = ['active_directory', 'allow_username_or_email_login', 'block_auto_created_users', 'lowercase_usernames', 'verify_certificates'];

/** @see https://docs.gitlab.com/administration/auth/ldap/#configure-ldap */
const KEYS = new Set([
  ...ENTERPRISE_KEYS, ...SWITCHES, 'attributes', 'base', 'bind_dn', 'ca_file', 'duo_add_on_groups', 'encryption', 'host', 'hosts', 'label', 'method', 'password', 'port',
  'provider_class', 'provider_name', 'retry_empty_result_with_codes', 'smartcard_ad_cert_field', 'smartcard_ad_cert_format', 'smartcard_auth', 'ssl_version', 'sync_name',
  'sync_ssh_keys', 'timeout', 'tls_options', 'uid', 'user_filter',
]);

export function judgeDirectories(settings: OmnibusSettings, edition: GitLabEdition): Finding[] {
  const rails = (key: string) => valueAt(settings, 'gitlab_rails', key);
  const servers = rails('ldap_servers');
  const path = ['gitlab_rails', 'ldap_servers'];
  const all = isSection(servers) ? Object.entries(servers) : [];
  const named = all.filter(([, server]) => isGiven(server, 'host') || isGiven(server, 'hosts'));
  const isOn = rails('ldap_enabled') === true;
  if (isOn && all.length === 0 && !isGiven(settings, ...path) && !isGiven(settings, 'gitlab_rails', 'ldap_host')) {
    return [wrongValue(path, 'missing, while ldap_enabled is true', undefined, 'give {"main": {"host": …, "port": …, "uid": …, "base": …, "encryption": …}}')];
  }
  const flat = isOn ? all.find(([, server]) => known(server) && server !== null && !isSection(server)) : undefined;
  if (flat) {
    return [wrongValue([...path, flat[0]], 'not a directory, so that GitLab would not start', flat[1], 'put what belongs to one directory into a map of its own, such as {"main": {…}}')];
  }
  if (named.length === 0) {
    return isOn && all.length > 0 ? all.filter(([, server]) => isSection(server) && known(server)).map(([name, server]) => lacking([...path, name], server, 'host')) : [];
  }
  return [
    ...isGiven(settings, 'gitlab_rails', 'ldap_enabled') ? [] : [
      wrongValue(path, 'not read unless ldap_enabled is true', servers, 'set gitlab_rails.ldap_enabled to true too'),
    ],
    ...edition === GitLabEdition.CE && named.length > 1 ? [
      wrongValue([...path, named[1][0]], 'the Community Edition reads the first server alone', named[1][1], 'leave it out, or set edition to GitLabEdition.EE'),
    ] : [],
    ...named.flatMap(([name, server]) => [
      ...isOn && !/^\w+$/.test(name) ? [wrongValue([...path, name], 'a name of which GitLab can make no class, so that it would not start', server, 'name it "main", or so, in lower-case letters and digits')] : [],
      ...isOn ? ['uid', 'base'].filter((key) => !isGiven(server, key)).map((key) => lacking([...path, name], server, key)) : [],
      ...judgeDirectory([...path, name], server, edition),
    ]),
  ];
}

function lacking(path: readonly string[], server: unknown, key: string): Finding {
  const examples: { readonly [name: string]: string } = { host: 'ldap.example.com', uid: 'sAMAccountName', base: 'dc=example,dc=com' };
  return wrongValue([...path, key], 'missing, so that nobody can sign in', valueAt(server, key), `give one such as "${examples[key]}"`);
}

function judgeDirectory(path: readonly string[], server: unknown, edition: GitLabEdition): Finding[] {
  const [encryption, host, filter, port] = ['encryption', 'host', 'user_filter', 'port'].map((key) => valueAt(server, key));
  const way = encryption ?? valueAt(server, 'method');
  const strange = isSection(server) ? Object.keys(server).filter((key) => isGiven(server, key) && !KEYS.has(key)) : [];
  return [
    ...typeof host === 'string' && /[/\s]|:\d+$/.test(host) && !isIPv6(host)
      ? [wrongValue([...path, 'host'], 'not a host name alone', host, 'give one such as "ldap.example.com", with port and encryption beside it')] : [],
    ...typeof filter === 'string' && filter.split('(').length !== filter.split(')').length
      ? [wrongValue([...path, 'user_filter'], 'parentheses that do not match, so that nobody can sign in', filter, 'close what is opened; one in a name is \\28 or \\29')] : [],
    ...!isGiven(server, 'encryption') && !isGiven(server, 'method')
      ? [wrongValue([...path, 'encryption'], 'missing, so that passwords would travel in the clear', undefined, 'give "simple_tls", "start_tls" or "plain"')] : [],
    ...encryption !== undefined && !ENCRYPTIONS.includes(String(encryption))
      ? [wrongValue([...path, 'encryption'], 'unknown to GitLab, which encrypts nothing then', encryption, 'give "simple_tls", "start_tls" or "plain"')] : [],
    ...judgeTlsPort(PORTS, [...path, 'port'], port, ENCRYPTIONS.includes(String(way)) ? FROM_THE_START.includes(String(way)) : undefined),
    ...SWITCHES.filter((key) => String(valueAt(server, key)).toLowerCase() === 'false' && valueAt(server, key) !== false).map((key) =>
      wrongValue([...path, key], 'text, which GitLab takes for true', valueAt(server, key), 'give false without quotes')),
    ...edition === GitLabEdition.CE ? ENTERPRISE_KEYS.filter((key) => isGiven(server, key)).map((key) =>
      wrongValue([...path, key], 'not read by the Community Edition', valueAt(server, key), 'leave it out, or set edition to GitLabEdition.EE')) : [],
    ...strange.map((key) => wrongValue([...path, key], 'not a key of a directory that GitLab reads', valueAt(server, key), `leave it out, or write it as GitLab's page on LDAP does${UNLESS_MEANT}`)),
  ];
}
