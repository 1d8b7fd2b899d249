import { Token } from 'cdktf';
import { GitLabEdition, GitLabSignIn } from '../../../src';
import { judgeSignIn } from '../../../src/gitlab/sign-in/raw-sign-in';
import { attempt, LOCATION } from '../server';

const DIRECTORY = { host: 'ldap.example.com', port: 636, uid: 'sAMAccountName', encryption: 'simple_tls', base: 'DC=example,DC=com' };
const told = (rails: any, edition = GitLabEdition.CE) =>
  judgeSignIn({ gitlab_rails: rails }, edition).map(({ path, problem, remedy }) => `${path.slice(1).join('.')}: ${problem}; ${remedy}`);
const ldap = (servers: any) => ({ ldap_enabled: true, ldap_servers: servers });
const EE = 'leave it out, or set edition to GitLabEdition.EE';
const NONE = 'not a strategy of GitLab\'s, which would not start; use one such as "openid_connect", or add args.strategy_class, such as "OmniAuth::Strategies::OpenIDConnect"';
const WAYS = 'give "simple_tls", "start_tls" or "plain"';

test.each<[string, any, string]>([
  ['a directory that nobody switched on', { ldap_servers: { main: DIRECTORY } }, 'ldap_servers: not read unless ldap_enabled is true; set gitlab_rails.ldap_enabled to true too'],
  ['a misspelt encryption', ldap({ main: { ...DIRECTORY, encryption: 'ldaps' } }), `ldap_servers.main.encryption: unknown to GitLab, which encrypts nothing then; ${WAYS}`],
  ['no encryption', ldap({ main: { ...DIRECTORY, encryption: undefined } }), `ldap_servers.main.encryption: missing, so that passwords would travel in the clear; ${WAYS}`],
  ['a second directory', ldap({ main: DIRECTORY, second: DIRECTORY }), `ldap_servers.second: the Community Edition reads the first server alone; ${EE}`],
  ['groups', ldap({ main: { ...DIRECTORY, group_base: 'OU=groups' } }), `ldap_servers.main.group_base: not read by the Community Edition; ${EE}`],
  ['a strategy that is gone', { omniauth_providers: [{ name: 'saml' }, { name: 'azure_oauth2', args: {} }] }, 'omniauth_providers[1].name: removed from GitLab, which would not start; '
    + 'use "openid_connect" or "saml"; for Entra ID set signIn instead, or name it in uncheckedOmnibusKeys'],
  ['a strategy that there is none of', { omniauth_providers: [{ name: 'keycloak', args: { issuer: 'https://sso.example.com' } }] }, `omniauth_providers[0].name: ${NONE}, or name it in uncheckedOmnibusKeys`],
  ['a name of arguments that is none', { omniauth_providers: [{ name: 'saml', args: { name: 'adfs' } }] }, `omniauth_providers[0].name: ${NONE}, or name it in uncheckedOmnibusKeys`],
  ['a switch that is a text', ldap({ main: { ...DIRECTORY, active_directory: 'false', verify_certificates: true } }),
    'ldap_servers.main.active_directory: text, which GitLab takes for true; give false without quotes'],
  ['arguments beside args', { omniauth_providers: [{ name: 'openid_connect', issuer: 'https://sso.example.com', client_options: { identifier: 'gitlab' } }] },
    'omniauth_providers[0].client_options: read only within args; put it into args, with all else that is for the strategy, or name it in uncheckedOmnibusKeys'],
  ['a URL in place of a host', ldap({ main: { ...DIRECTORY, host: 'ldaps://ldap.example.com' } }),
    'ldap_servers.main.host: not a host name alone; give one such as "ldap.example.com", with port and encryption beside it'],
  ['a host with its port', ldap({ main: { ...DIRECTORY, host: 'ldap.example.com:636' } }),
    'ldap_servers.main.host: not a host name alone; give one such as "ldap.example.com", with port and encryption beside it'],
  ['a filter that is not closed', ldap({ main: { ...DIRECTORY, user_filter: '(&(objectClass=user)(memberOf=CN=git)' } }),
    'ldap_servers.main.user_filter: parentheses that do not match, so that nobody can sign in; close what is opened; one in a name is \\28 or \\29'],
  ['two providers of one name', { omniauth_providers: [{ name: 'openid_connect', label: 'A' }, { name: 'openid_connect', label: 'B' }] },
    'omniauth_providers[1].name: the name of another provider too, and GitLab would know only one of the two; give it one of its own, as name and as args.name'],
  ['a provider without a name', { omniauth_providers: [{ args: {} }] }, 'omniauth_providers[0].name: missing; give the provider\'s, such as "openid_connect"'],
  ['providers that are off', { omniauth_enabled: false, omniauth_providers: [{ name: 'saml' }] }, 'omniauth_providers: not read while omniauth_enabled is false; leave one of the two out'],
])('sign-in settings are refused: %s', (_, rails, message) => {
  expect(told(rails)).toEqual([message]);
  expect(() => attempt({ location: LOCATION, omnibusSettings: { gitlab_rails: rails } })).toThrow(`omnibusSettings.gitlab_rails.${message.slice(0, message.indexOf(';'))}, got `);
});

test.each<[string, any]>([
  ['a directory', ldap({ main: DIRECTORY })],
  ['one that is off', { ldap_enabled: false, ldap_servers: { main: DIRECTORY } }],
  ['switches', ldap({ main: { ...DIRECTORY, active_directory: false, verify_certificates: 'true', lowercase_usernames: Token.asAny({ resolve: () => 'false' }) } })],
  ['an address of six', ldap({ main: { ...DIRECTORY, host: '2001:db8::1', user_filter: '(&(objectClass=user)(cn=a\\28b\\29))' } })],
  ['older names', ldap({ main: { ...DIRECTORY, encryption: 'ssl' } })],
  ['references', ldap({ main: { ...DIRECTORY, encryption: Token.asString({ resolve: () => 'x' }) } })],
  ['a provider of a name of its own', { omniauth_providers: [{ name: 'keycloak', args: { strategy_class: 'OmniAuth::Strategies::OpenIDConnect' } }] }],
  ['a provider whose arguments name the strategy', { omniauth_providers: [{ name: 'keycloak', args: { name: 'openid_connect' } }, { name: 'oidc', args: Token.asAny({ resolve: () => ({}) }) }] }],
  ['older arguments', { omniauth_providers: [{ name: 'atlassian_oauth2', app_id: 'a', args: ['b'] }, { name: 'OpenIDConnect' }] }],
  ['providers', { omniauth_providers: [{ name: 'google_oauth2' }, Token.asAny({ resolve: () => ({}) })] }],
])('sign-in settings are taken: %s', (_, rails) => {
  expect(told(rails)).toEqual([]);
});

test('what the Enterprise Edition reads is taken for it', () => {
  expect(told(ldap({ main: { ...DIRECTORY, group_base: 'OU=groups' }, second: DIRECTORY }), GitLabEdition.EE)).toEqual([]);
});

test('a provider of signIn needs a strategy too', () => {
  expect(() => GitLabSignIn.custom({ name: 'keycloak', args: {} })).toThrow(`provider.name: ${NONE.replace(';', ', got "keycloak";')} (at GitLabSignIn.custom)`);
  expect(() => GitLabSignIn.custom({ name: 'cas3' })).toThrow('provider.name: removed from GitLab');
});
