import { strategyProblem } from './strategies';
import { known } from '../../private/rules/subject';
import { GitLabEdition } from '../gitlab-edition';
import { Finding } from '../gitlab-rb/omnibus-judgement';
import { isSection, OmnibusSettings } from '../gitlab-rb/omnibus-settings';
import { isGiven, UNLESS_MEANT, valueAt, wrongValue } from '../gitlab-rb/settings-reading';

/** What keeps people out or lets them in by their groups. GitLab reads it beside `args`, and the Community Edition reads the last ones not at all. */
const GROUP_KEYS = ['groups_attribute', 'external_groups'];
const ENTERPRISE_KEYS = ['required_groups', 'admin_groups', 'auditor_groups'];

/** One of these says whose signature counts. */
const CERTIFICATES = ['idp_cert', 'idp_cert_fingerprint', 'idp_cert_fingerprint_validator', 'idp_cert_multi'];

/** Strategies that know nothing without arguments. */
const WITH_ARGUMENTS = ['openid_connect', 'saml'];

export function judgeProviders(settings: OmnibusSettings, edition: GitLabEdition, hostname: string | undefined): Finding[] {
  const providers = valueAt(settings, 'gitlab_rails', 'omniauth_providers');
  const path = ['gitlab_rails', 'omniauth_providers'];
  if (!Array.isArray(providers) || providers.length === 0) {
    return [];
  }
  return [
    ...valueAt(settings, 'gitlab_rails', 'omniauth_enabled') === false
      ? [wrongValue(path, 'not read while omniauth_enabled is false', providers, 'leave one of the two out')] : [],
    ...judgeAutomatic(settings, providers),
    ...providers.flatMap((provider: unknown, index) => {
      const item = [path[0], `${path[1]}[${index}]`];
      const name = judgeName(item, provider, providers.slice(0, index));
      return name.length > 0 ? name : judgeProvider(item, provider, edition, hostname);
    }),
  ];
}

function judgeName(item: readonly string[], provider: unknown, before: readonly unknown[]): Finding[] {
  const wrong = strategyProblem(provider);
  const twin = before.some((other: unknown) => nameOf(provider) !== undefined && nameOf(other) === nameOf(provider));
  const name = [...item, 'name'];
  return twin ? [wrongValue(name, 'the name of another provider too, and GitLab would know only one of the two', nameOf(provider), 'give it one of its own, as name and as args.name')]
    : isSection(provider) && !isGiven(provider, 'name') ? [wrongValue(name, 'missing', undefined, 'give the provider\'s, such as "openid_connect"')]
      : wrong ? [wrongValue(name, wrong.problem, valueAt(provider, 'name'), `${wrong.remedy}${UNLESS_MEANT}`)]
        : isSection(provider) && isGiven(provider, 'client_options') && !isGiven(provider, 'args')
          ? [wrongValue([...item, 'client_options'], 'read only within args', valueAt(provider, 'client_options'), `put it into args, with all else that is for the strategy${UNLESS_MEANT}`)] : [];
}

function judgeProvider(item: readonly string[], provider: unknown, edition: GitLabEdition, hostname: string | undefined): Finding[] {
  const args = valueAt(provider, 'args');
  const name = valueAt(provider, 'name');
  if (!isGiven(provider, 'args')) {
    return WITH_ARGUMENTS.includes(String(name)) ? [wrongValue([...item, 'args'], 'missing, so that nobody can sign in', undefined, `give what the strategy shall know${UNLESS_MEANT}`)] : [];
  }
  if (!isSection(args)) {
    return [];
  }
  const issuer = valueAt(args, 'issuer');
  const misplaced = [...GROUP_KEYS, ...ENTERPRISE_KEYS].filter((key) => isGiven(args, key));
  return [
    ...misplaced.map((key) => wrongValue([...item, 'args', key], 'not read within args, as if it were not there', valueAt(args, key), `put it beside args${UNLESS_MEANT}`)),
    ...edition === GitLabEdition.CE ? judgeEnterpriseGroups(item, provider) : [],
    ...String(name) === 'saml' && !CERTIFICATES.some((key) => isGiven(args, key))
      ? [wrongValue([...item, 'args', 'idp_cert'], 'missing, so that no answer of the provider counts', undefined, `give it, idp_cert_multi or idp_cert_fingerprint${UNLESS_MEANT}`)] : [],
    ...typeof issuer === 'string' && issuer.includes('/.well-known/')
      ? [wrongValue([...item, 'args', 'issuer'], 'the address of the provider\'s description, which is asked for below it', issuer, `give what is before "/.well-known"${UNLESS_MEANT}`)] : [],
    ...judgeReturn([...item, 'args', 'client_options', 'redirect_uri'], provider, valueAt(args, 'client_options', 'redirect_uri'), hostname),
    ...judgeReturn([...item, 'args', 'assertion_consumer_service_url'], provider, valueAt(args, 'assertion_consumer_service_url'), hostname),
  ];
}

/** People who should be kept out would be let in. */
function judgeEnterpriseGroups(item: readonly string[], provider: unknown): Finding[] {
  const places = [[], ['args', 'client_options', 'gitlab']];
  return places.flatMap((place) => ENTERPRISE_KEYS.map((key) => [...place, key])).filter((path) => isGiven(provider, ...path)).map((path) =>
    wrongValue([...item, ...path], 'not read by the Community Edition', valueAt(provider, ...path), 'leave it out, or set edition to GitLabEdition.EE'));
}

/** Where the provider sends people back to: GitLab answers at no other address. */
function judgeReturn(path: readonly string[], provider: unknown, url: unknown, hostname: string | undefined): Finding[] {
  const [, host, folder] = typeof url === 'string' ? /^https?:\/\/([^/?#:]+)(?::\d+)?(\/[^?#]*)?/i.exec(url) ?? [] : [];
  const name = nameOf(provider);
  if (host === undefined || typeof name !== 'string' || !known(name)) {
    return [];
  }
  const wanted = `/users/auth/${name}/callback`;
  const isElsewhere = hostname !== undefined && known(hostname) && host.toLowerCase() !== hostname.toLowerCase();
  return isElsewhere || !(folder ?? '').endsWith(wanted)
    ? [wrongValue(path, 'not where GitLab awaits who comes back from the provider', url, `give "https://${isElsewhere ? hostname : host}${wanted}"${UNLESS_MEANT}`)] : [];
}

/** GitLab's page for signing in is an error then, for root too. */
function judgeAutomatic(settings: OmnibusSettings, providers: readonly unknown[]): Finding[] {
  const wanted = valueAt(settings, 'gitlab_rails', 'omniauth_auto_sign_in_with_provider');
  const names = providers.map(nameOf);
  return typeof wanted === 'string' && !/^(ldap|kerberos|$)/.test(wanted) && names.every((name) => name !== undefined) && !names.includes(wanted)
    ? [wrongValue(['gitlab_rails', 'omniauth_auto_sign_in_with_provider'], 'no provider has this name, and GitLab\'s page for signing in fails then', wanted,
      `give one of ${names.map((name) => `"${String(name)}"`).join(', ')}, or leave it out${UNLESS_MEANT}`)] : [];
}

/** What GitLab calls a provider. */
function nameOf(provider: unknown): unknown {
  return valueAt(provider, 'args', 'name') ?? valueAt(provider, 'name');
}
