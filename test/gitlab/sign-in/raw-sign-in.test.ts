import { Token } from 'cdktf';
import { GitLabEdition, GitLabEndpoint, GitLabSignIn } from '../../../src';
import { judgeSignIn } from '../../../src/gitlab/sign-in/raw-sign-in';
import { attempt, LOCATION } from '../server';

const DIRECTORY = { host: 'ldap.example.com', port: 636, uid: 'sAMAccountName', encryption: 'simple_tls', base: 'DC=example,DC=com' };
const told = (rails: any, edition = GitLabEdition.CE) =>
  judgeSignIn({ gitlab_rails: rails }, edition).map(({ path, problem, remedy }) => `${path.slice(1).join('.')}: ${problem}; ${remedy}`);
const ldap = (servers: any) => ({ ldap_enabled: true, ldap_servers: servers });
const EE = 'leave it out, or set edition to GitLabEdition.EE';
const NONE = 'not a strategy of GitLab\'s, which would not start; use one such as "openid_connect", or add args.strategy_class, such as "OmniAuth::Strategies::OpenIDConnect"';
const ELSEWHERE = 'not where GitLab awaits who comes back from the provider';
const SAML = {
  assertion_consumer_service_url: 'https://gitlab.example.com/users/auth/saml/callback', idp_cert_fingerprint: '43:51', idp_sso_target_url: 'https://sso.example.com', issuer: 'gitlab',
};
const WAYS = 'give "simple_tls", "start_tls" or "plain"';

test.each<[string, any, string]>([
  ['a directory that nobody switched on', { ldap_servers: { main: DIRECTORY } }, 'ldap_servers: not read unless ldap_enabled is true; set gitlab_rails.ldap_enabled to true too'],
  ['a misspelt encryption', ldap({ main: { ...DIRECTORY, encryption: 'ldaps' } }), `ldap_servers.main.encryption: unknown to GitLab, which encrypts nothing then; ${WAYS}`],
  ['no encryption', ldap({ main: { ...DIRECTORY, encryption: undefined } }), `ldap_servers.main.encryption: missing, so that passwords would travel in the clear; ${WAYS}`],
  ['a second directory', ldap({ main: DIRECTORY, second: DIRECTORY }), `ldap_servers.second: the Community Edition reads the first server alone; ${EE}`],
  ['groups', ldap({ main: { ...DIRECTORY, group_base: 'OU=groups' } }), `ldap_servers.main.group_base: not read by the Community Edition; ${EE}`],
  ['a strategy that is gone', { omniauth_providers: [{ name: 'github' }, { name: 'azure_oauth2', args: {} }] }, 'omniauth_providers[1].name: removed from GitLab, which would not start; '
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
  ['two providers of one name', { omniauth_providers: [{ name: 'github', label: 'A' }, { name: 'github', label: 'B' }] },
    'omniauth_providers[1].name: the name of another provider too, and GitLab would know only one of the two; give it one of its own, as name and as args.name'],
  ['a provider without a name', { omniauth_providers: [{ args: {} }] }, 'omniauth_providers[0].name: missing; give the provider\'s, such as "openid_connect"'],
  ['providers that are off', { omniauth_enabled: false, omniauth_providers: [{ name: 'github' }] }, 'omniauth_providers: not read while omniauth_enabled is false; leave one of the two out'],
  ['no place of people', ldap({ main: { ...DIRECTORY, base: null } }), 'ldap_servers.main.base: missing, so that nobody can sign in; give one such as "dc=example,dc=com"'],
  ['no attribute of names', ldap({ main: { ...DIRECTORY, uid: undefined } }), 'ldap_servers.main.uid: missing, so that nobody can sign in; give one such as "sAMAccountName"'],
  ['no host', ldap({ main: { ...DIRECTORY, host: undefined } }), 'ldap_servers.main.host: missing, so that nobody can sign in; give one such as "ldap.example.com"'],
  ['a directory without a map of its own', ldap({ label: 'LDAP', ...DIRECTORY }),
    'ldap_servers.label: not a directory, so that GitLab would not start; put what belongs to one directory into a map of its own, such as {"main": {…}}'],
  ['no directory', { ldap_enabled: true }, 'ldap_servers: missing, while ldap_enabled is true; give {"main": {"host": …, "port": …, "uid": …, "base": …, "encryption": …}}'],
  ['a directory of which no class can be made', ldap({ 'main-ad': DIRECTORY }),
    'ldap_servers.main-ad: a name of which GitLab can make no class, so that it would not start; name it "main", or so, in lower-case letters and digits'],
  ['a misspelt key of a directory', ldap({ main: { ...DIRECTORY, userfilter: '(memberOf=CN=git)' } }),
    'ldap_servers.main.userfilter: not a key of a directory that GitLab reads; leave it out, or write it as GitLab\'s page on LDAP does, or name it in uncheckedOmnibusKeys'],
  ['TLS where none begins', ldap({ main: { ...DIRECTORY, port: 389 } }),
    'ldap_servers.main.port: directories do not encrypt from the start at this port; give 636, or set encryption to "start_tls", or name it in uncheckedOmnibusKeys'],
  ['no TLS where it begins', ldap({ main: { ...DIRECTORY, port: '3269', encryption: undefined, method: 'tls' } }),
    'ldap_servers.main.port: directories encrypt from the start at this port; set encryption to "simple_tls", or give 389, or name it in uncheckedOmnibusKeys'],
  ['a provider that nobody described', { omniauth_providers: [{ name: 'openid_connect', arguments: {} }] },
    'omniauth_providers[0].args: missing, so that nobody can sign in; give what the strategy shall know, or name it in uncheckedOmnibusKeys'],
  ['groups within args', { omniauth_providers: [{ name: 'saml', args: { ...SAML, groups_attribute: 'Groups' } }] },
    'omniauth_providers[0].args.groups_attribute: not read within args, as if it were not there; put it beside args, or name it in uncheckedOmnibusKeys'],
  ['groups that the edition does not know', { omniauth_providers: [{ name: 'saml', groups_attribute: 'Groups', required_groups: ['git'], args: SAML }] },
    `omniauth_providers[0].required_groups: not read by the Community Edition; ${EE}`],
  ['those of OpenID Connect', { omniauth_providers: [{ name: 'openid_connect', args: { client_options: { gitlab: { required_groups: ['git'] } } } }] },
    `omniauth_providers[0].args.client_options.gitlab.required_groups: not read by the Community Edition; ${EE}`],
  ['no certificate', { omniauth_providers: [{ name: 'saml', args: { ...SAML, idp_cert_fingerprint: undefined } }] },
    'omniauth_providers[0].args.idp_cert: missing, so that no answer of the provider counts; give it, idp_cert_multi or idp_cert_fingerprint, or name it in uncheckedOmnibusKeys'],
  ['the address of a description', { omniauth_providers: [{ name: 'openid_connect', args: { issuer: 'https://sso.example.com/.well-known/openid-configuration' } }] },
    'omniauth_providers[0].args.issuer: the address of the provider\'s description, which is asked for below it; give what is before "/.well-known", or name it in uncheckedOmnibusKeys'],
  ['the way back to another provider', { omniauth_providers: [{ name: 'openid_connect', args: { client_options: { redirect_uri: 'https://gitlab.example.com/users/auth/keycloak/callback' } } }] },
    `omniauth_providers[0].args.client_options.redirect_uri: ${ELSEWHERE}; give "https://gitlab.example.com/users/auth/openid_connect/callback", or name it in uncheckedOmnibusKeys`],
  ['a page for signing in that fails', { omniauth_auto_sign_in_with_provider: 'saml', omniauth_providers: [{ name: 'github' }] },
    'omniauth_auto_sign_in_with_provider: no provider has this name, and GitLab\'s page for signing in fails then; give one of "github", or leave it out, or name it in uncheckedOmnibusKeys'],
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
  ['ports of other directories', ldap({ main: { ...DIRECTORY, port: 10636 } })],
  ['several hosts', ldap({ main: { ...DIRECTORY, host: undefined, hosts: [['a.example.com', 636]] } })],
  ['a directory that is only meant', { ldap_enabled: false, ldap_servers: { main: {} } }],
  ['one directory in older keys', { ldap_enabled: true, ldap_host: 'ldap.example.com' }],
  ['directories that only the apply knows', ldap(Token.asAny({ resolve: () => ({}) }))],
  ['SAML', { omniauth_auto_sign_in_with_provider: 'saml', omniauth_providers: [{ name: 'saml', groups_attribute: 'Groups', external_groups: ['guests'], args: SAML }] }],
  ['a page for signing in that asks a directory', { omniauth_auto_sign_in_with_provider: 'ldapmain', omniauth_providers: [{ name: 'github' }] }],
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

test('people come back to GitLab\'s own name', () => {
  const providers = [{ name: 'saml', args: { ...SAML, assertion_consumer_service_url: 'https://old.example.com/users/auth/saml/callback' } }];
  const found = (hostname?: string) => judgeSignIn({ gitlab_rails: { omniauth_providers: providers } }, GitLabEdition.CE, hostname);
  expect(found('git.example.com')).toMatchObject([{ problem: ELSEWHERE, remedy: expect.stringContaining('give "https://git.example.com/users/auth/saml/callback"') }]);
  expect(found('OLD.example.com')).toEqual([]);
  expect(found()).toEqual([]);
  expect(() => attempt({ location: LOCATION, endpoint: GitLabEndpoint.customDomain('git.example.com'), omnibusSettings: { gitlab_rails: { omniauth_providers: providers } } })).toThrow(ELSEWHERE);
});

test('groups that keep people out are read by the Enterprise Edition', () => {
  const saml = { name: 'saml', groups_attribute: 'Groups', required_groups: ['git'], args: SAML };
  expect(told({ omniauth_providers: [saml] }, GitLabEdition.EE)).toEqual([]);
});
