import { isIPv6 } from 'net';
import { strategyProblem } from './strategies';
import { GitLabEdition } from '../gitlab-edition';
import { Finding } from '../gitlab-rb/omnibus-judgement';
import { isSection, OmnibusSettings } from '../gitlab-rb/omnibus-settings';
import { isGiven, UNLESS_MEANT, valueAt, wrongValue } from '../gitlab-rb/settings-reading';

/** What GitLab signs in to a directory with; the last two are older names of the ones before. */
const ENCRYPTIONS = ['simple_tls', 'start_tls', 'plain', 'ssl', 'tls'];

/** What the Community Edition does not do, and says nothing of. */
const ENTERPRISE_KEYS = ['admin_group', 'external_groups', 'group_base'];

/** Whatever text these are, even "false", it is true to Ruby. */
const SWITCHES = ['active_directory', 'allow_username_or_email_login', 'block_auto_created_users', 'lowercase_usernames', 'verify_certificates'];

/** Judges GitLab's own keys for directories and identity providers. */
export function judgeSignIn(settings: OmnibusSettings, edition: GitLabEdition): Finding[] {
  return [...judgeLdap(settings, edition), ...judgeProviders(settings)];
}

function judgeLdap(settings: OmnibusSettings, edition: GitLabEdition): Finding[] {
  const servers = valueAt(settings, 'gitlab_rails', 'ldap_servers');
  const named = isSection(servers) ? Object.entries(servers).filter(([, server]) => isGiven(server, 'host')) : [];
  if (named.length === 0) {
    return [];
  }
  const path = ['gitlab_rails', 'ldap_servers'];
  return [
    ...isGiven(settings, 'gitlab_rails', 'ldap_enabled') ? [] : [
      wrongValue(path, 'not read unless ldap_enabled is true', servers, 'set gitlab_rails.ldap_enabled to true too'),
    ],
    ...edition === GitLabEdition.CE && named.length > 1 ? [
      wrongValue([...path, named[1][0]], 'the Community Edition reads the first server alone', named[1][1], 'leave it out, or set edition to GitLabEdition.EE'),
    ] : [],
    ...named.flatMap(([name, server]) => judgeDirectory([...path, name], server, edition)),
  ];
}

function judgeDirectory(path: readonly string[], server: unknown, edition: GitLabEdition): Finding[] {
  const [encryption, host, filter] = ['encryption', 'host', 'user_filter'].map((key) => valueAt(server, key));
  return [
    ...typeof host === 'string' && /[/\s]|:\d+$/.test(host) && !isIPv6(host)
      ? [wrongValue([...path, 'host'], 'not a host name alone', host, 'give one such as "ldap.example.com", with port and encryption beside it')] : [],
    ...typeof filter === 'string' && filter.split('(').length !== filter.split(')').length
      ? [wrongValue([...path, 'user_filter'], 'parentheses that do not match, so that nobody can sign in', filter, 'close what is opened; one in a name is \\28 or \\29')] : [],
    ...!isGiven(server, 'encryption') && !isGiven(server, 'method')
      ? [wrongValue([...path, 'encryption'], 'missing, so that passwords would travel in the clear', undefined, 'give "simple_tls", "start_tls" or "plain"')] : [],
    ...encryption !== undefined && !ENCRYPTIONS.includes(String(encryption))
      ? [wrongValue([...path, 'encryption'], 'unknown to GitLab, which encrypts nothing then', encryption, 'give "simple_tls", "start_tls" or "plain"')] : [],
    ...SWITCHES.filter((key) => String(valueAt(server, key)).toLowerCase() === 'false' && valueAt(server, key) !== false).map((key) =>
      wrongValue([...path, key], 'text, which GitLab takes for true', valueAt(server, key), 'give false without quotes')),
    ...edition === GitLabEdition.CE ? ENTERPRISE_KEYS.filter((key) => isGiven(server, key)).map((key) =>
      wrongValue([...path, key], 'not read by the Community Edition', valueAt(server, key), 'leave it out, or set edition to GitLabEdition.EE')) : [],
  ];
}

function judgeProviders(settings: OmnibusSettings): Finding[] {
  const providers = valueAt(settings, 'gitlab_rails', 'omniauth_providers');
  const path = ['gitlab_rails', 'omniauth_providers'];
  if (!Array.isArray(providers) || providers.length === 0) {
    return [];
  }
  return [
    ...valueAt(settings, 'gitlab_rails', 'omniauth_enabled') === false
      ? [wrongValue(path, 'not read while omniauth_enabled is false', providers, 'leave one of the two out')] : [],
    ...providers.flatMap((provider: unknown, index) => {
      const item = [path[0], `${path[1]}[${index}]`, 'name'];
      const wrong = strategyProblem(provider);
      const twin = providers.slice(0, index).some((other: unknown) => nameOf(provider) !== undefined && nameOf(other) === nameOf(provider));
      return twin ? [wrongValue(item, 'the name of another provider too, and GitLab would know only one of the two', nameOf(provider), 'give it one of its own, as name and as args.name')]
        : isSection(provider) && !isGiven(provider, 'name') ? [wrongValue(item, 'missing', undefined, 'give the provider\'s, such as "openid_connect"')]
          : wrong ? [wrongValue(item, wrong.problem, valueAt(provider, 'name'), `${wrong.remedy}${UNLESS_MEANT}`)]
            : isSection(provider) && isGiven(provider, 'client_options') && !isGiven(provider, 'args')
              ? [wrongValue([...item.slice(0, 2), 'client_options'], 'read only within args', valueAt(provider, 'client_options'), `put it into args, with all else that is for the strategy${UNLESS_MEANT}`)] : [];
    }),
  ];
}

/** What GitLab calls a provider. */
function nameOf(provider: unknown): unknown {
  return valueAt(provider, 'args', 'name') ?? valueAt(provider, 'name');
}
