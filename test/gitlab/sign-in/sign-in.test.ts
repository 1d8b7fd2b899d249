import { execFileSync } from 'child_process';
import { join } from 'path';
import { TerraformVariable } from 'cdktf';
import {
  AzureCloud, EntraIdSamlOptions, GitLabEdition, GitLabEndpoint, GitLabSignIn, KeyVaultSecret, SelfHostedGitLab, SelfHostedGitLabProps,
} from '../../../src';
import { scriptPath } from '../../../src/assets';
import { newStack, synth, TerraformJson, warnings } from '../../synth';
import { ruby, testWith } from '../../tools';
import { parameters, server as anyServer } from '../server';

const TENANT = '11111111-1111-4111-8111-111111111111';
const APPLICATION = '22222222-2222-4222-8222-222222222222';
const PERSON = '33333333-3333-4333-8333-333333333333';
const GROUP = '44444444-4444-4444-8444-444444444444';
const VAULT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/own-vault';
const ENTRA = { tenantId: TENANT, applicationId: APPLICATION };
const SECRET = KeyVaultSecret.of(VAULT, 'client-secret');
const PEM = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----`;

const saml = (more: Partial<EntraIdSamlOptions> = {}) => GitLabSignIn.entraIdSaml({ ...ENTRA, ...more });
const openIdConnect = (more: object = {}) =>
  GitLabSignIn.entraIdOpenIdConnect({ tenantId: TENANT, clientId: APPLICATION, clientSecret: SECRET, ...more });

const server = (props: Partial<SelfHostedGitLabProps>) => anyServer({ endpoint: GitLabEndpoint.customDomain('gitlab.example.com'), ...props });

/** The lines of gitlab.rb about signing in, as Ruby evaluates them; a list of files is the list of the pattern. */
function omniauth(signIn: GitLabSignIn[], props: Partial<SelfHostedGitLabProps> = {}): any {
  const lines = parameters(server({ signIn, ...props }).json, 'Gitlab').GITLAB_RB.split('\n').filter((line) => line.startsWith('gitlab_rails["omniauth'));
  const program = `require 'json'
    class Dir; def self.[](*patterns) = patterns; end
    class File; def self.read(path, **) = "content of #{path}"; end
    gitlab_rails = {}
    eval($stdin.read)
    puts JSON.generate(gitlab_rails)`;
  return JSON.parse(execFileSync('ruby', ['-e', program], { input: lines.join('\n'), encoding: 'utf8' }));
}

const outputs = (json: TerraformJson) => Object.fromEntries(Object.entries<any>(json.output)
  .map(([name, { value }]) => [name.replace(/^GitLab_|_[0-9A-F]{8}$/g, ''), value]).filter(([name]) => /Identifier|ReplyUrl|SetUpCommands/.test(name)));

describe('entraIdSaml', () => {
  testWith(ruby, 'ruby')('needs a tenant and an application, and holds no secret', () => {
    expect(omniauth([saml()])).toEqual({
      omniauth_enabled: true,
      omniauth_providers: [{
        name: 'saml',
        label: 'Microsoft Entra ID',
        args: {
          assertion_consumer_service_url: 'https://gitlab.example.com/users/auth/saml/callback',
          issuer: `api://${APPLICATION}`,
          idp_sso_target_url: `https://login.microsoftonline.com/${TENANT}/saml2`,
          idp_entity_id: `https://sts.windows.net/${TENANT}/`,
          idp_cert_multi: { signing: ['content of /etc/gitlab/saml/saml/*.pem'] },
          name_identifier_format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
          uid_attribute: 'http://schemas.microsoft.com/identity/claims/objectidentifier',
          attribute_statements: {
            name: ['http://schemas.microsoft.com/identity/claims/displayname'],
            email: ['http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress'],
            nickname: ['http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name'],
          },
        },
      }],
      omniauth_allow_single_sign_on: ['saml'],
      omniauth_block_auto_created_users: false,
      omniauth_auto_link_saml_user: false,
      omniauth_auto_link_user: [],
      omniauth_sync_profile_from_provider: ['saml'],
      omniauth_sync_profile_attributes: ['name', 'email'],
      omniauth_external_providers: [],
      omniauth_allow_bypass_two_factor: ['saml'],
    });
  });

  testWith(ruby, 'ruby')('takes every option to its place', () => {
    const found = omniauth([saml({
      name: 'entra', label: 'Work account', identifier: 'https://gitlab.example.com', certificates: [`${PEM('QQ==')}\n${PEM('Qg==')}\n`, PEM('Qw==')], userIdClaim: 'NameID',
      userPrincipalNameAsEmailAllowed: true, externalGroups: [GROUP], requiredGroups: [PERSON], administratorGroups: [TENANT], approvalRequired: true,
      linkingByEmailAllowed: true, automaticSignInEnabled: true, newUsersExternal: true, twoFactorBypassAllowed: false,
    })], { edition: GitLabEdition.EE });
    const [{ args, ...provider }] = found.omniauth_providers;
    expect(provider).toEqual({
      name: 'entra', label: 'Work account', groups_attribute: 'http://schemas.microsoft.com/ws/2008/06/identity/claims/groups', external_groups: [GROUP],
      required_groups: [PERSON], admin_groups: [TENANT],
    });
    expect(args).toMatchObject({
      name: 'entra', strategy_class: 'OmniAuth::Strategies::SAML', issuer: 'https://gitlab.example.com',
      assertion_consumer_service_url: 'https://gitlab.example.com/users/auth/entra/callback', idp_cert_multi: { signing: [PEM('QQ=='), PEM('Qg=='), PEM('Qw==')] },
    });
    expect(args).not.toHaveProperty('uid_attribute');
    expect(args.attribute_statements.email).toEqual([
      'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress', 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name',
    ]);
    expect(found).toMatchObject({
      omniauth_block_auto_created_users: true, omniauth_auto_link_saml_user: true, omniauth_auto_link_user: [], omniauth_auto_sign_in_with_provider: 'entra',
      omniauth_external_providers: ['entra'], omniauth_allow_bypass_two_factor: [],
    });
  });

  test('has the server fetch the certificates before it is configured, unless they are given', () => {
    const { json } = server({ signIn: [saml(), saml({ name: 'partner', tenantId: GROUP }), saml({ name: 'fixed', certificates: [PEM('QQ==')] })] });
    const metadata = (tenant: string) => `https://login.microsoftonline.com/${tenant}/federationmetadata/2007-06/federationmetadata.xml?appid=${APPLICATION}`;
    expect(parameters(json, 'SignIn').SAML_SOURCES.split('\n')).toEqual([
      `saml ${metadata(TENANT)} https://sts.windows.net/${TENANT}/`,
      `partner ${metadata(GROUP)} https://sts.windows.net/${GROUP}/`,
    ]);
    expect(parameters(json, 'Gitlab').SAML_NAMES).toBe('saml partner');
    const steps = (props: Partial<SelfHostedGitLabProps>) => Object.keys(server(props).json.locals).flatMap((key) => /SetUp_(\w+)Parameters/.exec(key)?.[1] ?? []);
    expect(steps({ signIn: [saml()] })).toContain('SignIn');
    expect(steps({ signIn: [saml({ certificates: [PEM('QQ==')] })] })).not.toContain('SignIn');
    expect(steps({})).not.toContain('SignIn');
  });

  testWith(ruby, 'ruby')('knows the hosts of other clouds', () => {
    const hosts = (cloud: AzureCloud) => {
      const [{ args }] = omniauth([saml({ cloud })]).omniauth_providers;
      return [args.idp_sso_target_url, args.idp_entity_id, parameters(server({ signIn: [saml({ cloud })] }).json, 'SignIn').SAML_SOURCES.split(' ')[1]]
        .map((url) => new URL(url).host);
    };
    expect(hosts(AzureCloud.US_GOVERNMENT)).toEqual(['login.microsoftonline.us', 'sts.windows.net', 'login.microsoftonline.us']);
    expect(hosts(AzureCloud.CHINA)).toEqual(['login.partner.microsoftonline.cn', 'sts.chinacloudapi.cn', 'login.partner.microsoftonline.cn']);
  });

  test('takes ids that only the apply knows', () => {
    const stack = newStack();
    const variable = (name: string) => new TerraformVariable(stack, name, {}).stringValue;
    new SelfHostedGitLab(stack, 'GitLab', {
      location: 'koreacentral',
      signIn: [GitLabSignIn.entraIdSaml({ tenantId: variable('tenant'), applicationId: variable('application'), administrators: [variable('me')] })],
    });
    const json = synth(stack);
    expect(parameters(json, 'SignIn').SAML_SOURCES).toMatch(/^saml https:\/\/login\.microsoftonline\.com\/.*var\.tenant.*\?appid=.*var\.application.* https:\/\/sts\.windows\.net\/.*var\.tenant.*\/$/);
    expect(parameters(json, 'Runners').SIGN_IN_JSON).toContain('var.me');
  });

  test('tells Entra\'s side of it', () => {
    const graph = `https://graph.microsoft.com/v1.0/servicePrincipals(appId='${APPLICATION}')`;
    expect(outputs(server({ signIn: [saml()] }).json)).toEqual({
      SamlIdentifier: `api://${APPLICATION}`,
      SamlReplyUrl: 'https://gitlab.example.com/users/auth/saml/callback',
      SamlSetUpCommands: [
        `az ad app update --id ${APPLICATION} --identifier-uris api://${APPLICATION} --web-redirect-uris https://gitlab.example.com/users/auth/saml/callback`,
        `az rest --method PATCH --uri "${graph}" --body '{"preferredSingleSignOnMode":"saml","appRoleAssignmentRequired":true,`
        + '"tags":["WindowsAzureActiveDirectoryCustomSingleSignOnApplication","WindowsAzureActiveDirectoryIntegratedApp"]}\'',
        `thumbprint=$(az rest --method POST --uri "${graph}/addTokenSigningCertificate" --body '{"displayName": "CN=GitLab"}' --query thumbprint --output tsv)`,
        `az rest --method PATCH --uri "${graph}" --body "{\\"preferredTokenSigningKeyThumbprint\\": \\"$thumbprint\\"}"`,
      ].join('\n'),
    });
    expect(outputs(server({ signIn: [saml({ name: 'other_team', externalGroups: [GROUP], cloud: AzureCloud.CHINA })] }).json).OtherTeamSetUpCommands.split('\n').pop())
      .toBe(`az rest --method PATCH --uri "https://microsoftgraph.chinacloudapi.cn/v1.0/applications(appId='${APPLICATION}')" --body '{"groupMembershipClaims": "ApplicationGroup"}'`);
  });
});

describe('the others', () => {
  testWith(ruby, 'ruby')('entraIdOpenIdConnect goes by the object id', () => {
    const found = omniauth([openIdConnect({ linkingByEmailAllowed: true })]);
    expect(found).toMatchObject({ omniauth_auto_link_saml_user: false, omniauth_auto_link_user: ['openid_connect'], omniauth_allow_bypass_two_factor: ['openid_connect'] });
    expect(found.omniauth_providers).toEqual([{
      name: 'openid_connect',
      label: 'Microsoft Entra ID',
      args: {
        name: 'openid_connect', scope: ['openid', 'profile', 'email'], response_type: 'code', issuer: `https://login.microsoftonline.com/${TENANT}/v2.0`, discovery: true,
        client_auth_method: 'query', uid_field: 'oid', pkce: true, send_scope_to_token_endpoint: false,
        client_options: {
          identifier: APPLICATION, secret: expect.stringMatching(/^content of \/etc\/gitlab\/secrets\/[0-9a-f]{16}$/),
          redirect_uri: 'https://gitlab.example.com/users/auth/openid_connect/callback',
        },
      },
    }]);
  });

  testWith(ruby, 'ruby')('custom hands on what GitLab takes, and trusts it less', () => {
    const found = omniauth([
      GitLabSignIn.custom({ name: 'github', app_id: 'id', app_secret: SECRET, args: { scope: 'user:email' } }, { administrators: ['4711'] }), saml(),
    ]);
    expect(found.omniauth_providers[0]).toEqual({
      name: 'github', app_id: 'id', app_secret: expect.stringMatching(/^content of \/etc\/gitlab\/secrets\//), args: { scope: 'user:email' },
    });
    expect(found).toMatchObject({
      omniauth_allow_single_sign_on: ['github', 'saml'], omniauth_allow_bypass_two_factor: ['saml'], omniauth_sync_profile_from_provider: ['saml'],
    });
  });

  testWith(ruby, 'ruby')('custom SAML is linked by the key of SAML', () => {
    const linking = { linkingByEmailAllowed: true };
    expect(omniauth([
      GitLabSignIn.custom({ name: 'saml', args: {} }, linking), GitLabSignIn.custom({ name: 'okta', args: { strategy_class: 'OmniAuth::Strategies::SAML' } }, linking),
      GitLabSignIn.custom({ name: 'github' }, linking),
    ])).toMatchObject({ omniauth_auto_link_saml_user: true, omniauth_auto_link_user: ['github'], omniauth_sync_profile_from_provider: [] });
  });

  test('the secret is fetched on the server alone', () => {
    const { json } = server({ signIn: [openIdConnect(), GitLabSignIn.custom({ name: 'github', app_id: 'id', app_secret: KeyVaultSecret.of(VAULT, 'github') })] });
    expect(JSON.parse(parameters(json, 'Secrets').SECRETS_JSON)).toMatchObject([{ vault: 'own-vault', name: 'client-secret' }, { vault: 'own-vault', name: 'github' }]);
    const roles = Object.values<any>(json.resource.azurerm_role_assignment).filter(({ scope }) => scope === VAULT);
    expect(roles.map(({ role_definition_name: name }) => name)).toEqual(['Key Vault Secrets User']);
    expect(outputs(json)).toEqual({
      OpenidConnectReplyUrl: 'https://gitlab.example.com/users/auth/openid_connect/callback',
      OpenidConnectSetUpCommands: `az ad app update --id ${APPLICATION} --web-redirect-uris https://gitlab.example.com/users/auth/openid_connect/callback`,
      GithubReplyUrl: 'https://gitlab.example.com/users/auth/github/callback',
    });
  });
});

test.each<[string, () => Partial<SelfHostedGitLabProps>, string]>([
  ['the tenant is everybody\'s', () => ({ signIn: [saml({ tenantId: 'common' })] }),
    'tenantId: it would let people of every tenant sign in, got "common"; give the id of one tenant, a UUID such as "00000000-0000-0000-0000-000000000000" (at GitLabSignIn.entraIdSaml)'],
  ['the tenant is a domain', () => ({ signIn: [saml({ tenantId: 'example.com' })] }),
    'tenantId: not a valid value, got "example.com"; give a UUID such as "00000000-0000-0000-0000-000000000000" (at GitLabSignIn.entraIdSaml)'],
  ['the identifier has no scheme', () => ({ signIn: [saml({ identifier: 'gitlab' })] }),
    'identifier: not a valid value, got "gitlab"; give a URI such as "api://00000000-0000-0000-0000-000000000000" (at GitLabSignIn.entraIdSaml)'],
  ['nobody could administer', () => ({ signIn: [saml({ passwordSignInEnabled: false })] }),
    'passwordSignInEnabled: no administrator could sign in, got false; name administrators, or leave passwordSignInEnabled out (at GitLabSignIn.entraIdSaml)'],
  ['OpenID Connect is given groups', () => ({ signIn: [openIdConnect({ requiredGroups: [GROUP] })] }),
    `requiredGroups: no such prop, got ["${GROUP}"]; leave it out (at GitLabSignIn.entraIdOpenIdConnect)`],
  ['the client secret is text', () => ({ signIn: [openIdConnect({ clientSecret: 'hush' })] }),
    'clientSecret: not a KeyVaultSecret, got "(hidden)"; give KeyVaultSecret.of(keyVaultId, secretName) (at GitLabSignIn.entraIdOpenIdConnect)'],
  ['a custom provider\'s secret is text', () => ({ signIn: [GitLabSignIn.custom({ name: 'github', app_id: 'a', args: { client_options: { secret: 'hush' } } })] }),
    'provider.args.client_options.secret: a secret, which the Terraform state would contain, got "(hidden)"; give KeyVaultSecret.of(keyVaultId, secretName) (at GitLabSignIn.custom)'],
  ['a custom provider has no name', () => ({ signIn: [GitLabSignIn.custom({ app_id: 'a' })] }),
    'provider.name: missing, got nothing; give 1 to 50 lower-case letters, digits and "_", a letter first (at GitLabSignIn.custom)'],
  ['there is no HTTPS', () => ({ signIn: [saml()], endpoint: GitLabEndpoint.http() }),
    'signIn: identity providers require HTTPS, got "GitLabEndpoint.http()"; choose an endpoint with HTTPS (at Test/GitLab)'],
  ['two have one name', () => ({ signIn: [saml(), saml({ tenantId: GROUP })] }),
    'signIn[1]: the same name as another provider, got "saml"; give each provider a name of its own (at Test/GitLab)'],
  ['groups need the other edition', () => ({ signIn: [saml({ requiredGroups: [GROUP] })] }),
    'signIn[0].requiredGroups: the Community Edition ignores it, got "ce"; set edition to GitLabEdition.EE, which needs no licence for this, '
    + 'or leave it out (at Test/GitLab)'],
  ['a custom provider\'s groups do too', () => ({ signIn: [GitLabSignIn.custom({ name: 'saml', required_groups: ['a'], args: {} })] }),
    'signIn[0].required_groups: the Community Edition ignores it, got "ce"; set edition to GitLabEdition.EE, which needs no licence for this, '
    + 'or leave it out (at Test/GitLab)'],
  ['administrators\' groups do too', () => ({ signIn: [saml({ administratorGroups: [GROUP] })] }),
    'signIn[0].administratorGroups: the Community Edition ignores it, got "ce"; set edition to GitLabEdition.EE, which needs no licence for this, '
    + 'or leave it out (at Test/GitLab)'],
  ['one asks for approval and another does not', () => ({ signIn: [saml({ approvalRequired: true }), openIdConnect()] }),
    'signIn: approvalRequired: GitLab has a single setting for all providers, got [true,false]; give approvalRequired the same value everywhere (at Test/GitLab)'],
  ['two of SAML do not agree about addresses', () => ({ signIn: [saml({ linkingByEmailAllowed: true }), saml({ name: 'other' })] }),
    'signIn: linkingByEmailAllowed: GitLab has a single setting for all SAML providers, got [true,false]; give linkingByEmailAllowed the same value everywhere (at Test/GitLab)'],
  ['two do not agree about passwords', () => ({ signIn: [saml({ passwordSignInEnabled: true }), openIdConnect({ passwordSignInEnabled: false, administrators: [PERSON] })] }),
    'signIn: passwordSignInEnabled: GitLab has a single setting for the whole server, got [true,false]; give passwordSignInEnabled the same value everywhere (at Test/GitLab)'],
  ['the page leads on to two', () => ({ signIn: [saml({ automaticSignInEnabled: true }), openIdConnect({ automaticSignInEnabled: true })] }),
    'signIn: automaticSignInEnabled is set for more than one provider, got true; set it for one of them (at Test/GitLab)'],
  ['gitlab.rb names providers as well', () => ({ signIn: [saml()], omnibusSettings: { gitlab_rails: { omniauth_providers: [] } } }),
    'omnibusSettings.gitlab_rails.omniauth_providers: set together with signIn, got "(not shown)"; leave one of the two out (at Test/GitLab)'],
])('fails when %s', (_, given, message) => {
  expect(() => server(given())).toThrow(new Error(message));
});

test('warns of accounts that go by an email address', () => {
  const found = (signIn: GitLabSignIn[]) => warnings(server({ signIn }).stack);
  expect(found([saml({ linkingByEmailAllowed: true })])).toEqual([
    'Test/GitLab: signIn: anybody who can set an email address at "saml" can take over the GitLab user with that address, administrators included; '
    + 'leave linkingByEmailAllowed out once everybody has signed in',
  ]);
  expect(found([saml()])).toEqual([]);
});

describe('administrators.rb', () => {
  const root = { id: 1, username: 'root', admin: true, state: 'active' };
  const mina = { id: 2, username: 'mina', admin: false, state: 'active' };
  const identity = { id: 1, provider: 'saml', extern_uid: PERSON.toUpperCase(), user_id: 2 };

  interface State {
    readonly users?: object[];
    readonly identities?: object[];
    readonly promoted?: string[];
    readonly passwords?: boolean | null;
    readonly off?: boolean;
  }

  function run({ users = [root, mina], identities = [identity], promoted = [], passwords = null, off = false }: State = {}) {
    const input = JSON.stringify({
      wanted: {}, setBefore: [], key: '', listed: null, promoted, passwordsOff: off,
      signIn: { administrators: [{ provider: 'saml', uid: PERSON }], passwordSignInEnabled: passwords }, database: { users, identities, settings: {} },
    });
    const lines = execFileSync('ruby', [join(__dirname, '..', 'rails-stand-in.rb'), scriptPath('gitlab', 'administrators.rb')], { input, encoding: 'utf8' }).trim().split('\n');
    const { users: after, settings } = JSON.parse(lines.pop()!);
    const administrators = after.filter(({ admin }: any) => admin).map(({ username }: any) => username);
    return { administrators, states: after.map(({ state }: any) => state), settings, lines };
  }

  const promotedLine = `gitlab-server:promoted saml ${PERSON}`;
  const judged = testWith(ruby, 'ruby');

  judged('makes an administrator of who has signed in by that id of that provider', () => {
    const { administrators, lines } = run();
    expect(administrators).toEqual(['root', 'mina']);
    expect(lines).toEqual([promotedLine, `gitlab-server:note mina is now an administrator, as ${PERSON} of saml`, 'gitlab-server:sign-in-done']);
  });

  judged.each<[string, State]>([
    ['nobody has signed in', { identities: [] }],
    ['another provider knows somebody by that id', { identities: [{ ...identity, provider: 'github' }] }],
    ['somebody else has signed in', { identities: [{ ...identity, extern_uid: GROUP }] }],
  ])('waits where %s', (_, state) => {
    const { administrators, lines } = run(state);
    expect(administrators).toEqual(['root']);
    expect(lines).toEqual(['gitlab-server:sign-in-done']);
  });

  judged('does it once: who is not one any more stays so', () => {
    const { administrators, lines } = run({ promoted: [`saml ${PERSON}`] });
    expect(administrators).toEqual(['root']);
    expect(lines).toEqual([promotedLine, 'gitlab-server:sign-in-done']);
  });

  judged('approves an account that waits, and leaves a blocked one', () => {
    expect(run({ users: [root, { ...mina, state: 'blocked_pending_approval' }] })).toMatchObject({ administrators: ['root', 'mina'], states: ['active', 'active'] });
    expect(run({ users: [root, { ...mina, state: 'blocked' }] })).toMatchObject({
      administrators: ['root'], states: ['active', 'blocked'],
      lines: [`gitlab-server:note the administrator ${PERSON} of saml is blocked in GitLab and stays blocked`, 'gitlab-server:sign-in-done'],
    });
  });

  const off = { password_authentication_enabled_for_web: false, password_authentication_enabled_for_git: false };
  const on = { password_authentication_enabled_for_web: true, password_authentication_enabled_for_git: true };

  judged('switches passwords off once an administrator comes in without one, and on again', () => {
    expect(run({ passwords: false })).toMatchObject({ settings: off });
    expect(run({ passwords: false, identities: [] })).toMatchObject({
      settings: {}, lines: ['gitlab-server:note passwords stay enabled until one of the administrators has signed in without one', 'gitlab-server:sign-in-done'],
    });
    expect(run({ passwords: false, promoted: [`saml ${PERSON}`] })).toMatchObject({ settings: {} });
    expect(run({ passwords: true })).toMatchObject({ settings: on });
    expect(run({ off: true })).toMatchObject({ settings: on });
    expect(run().settings).toEqual({});
  });
});
