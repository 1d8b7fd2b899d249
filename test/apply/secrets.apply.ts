import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { SUBSCRIPTION_ID } from './azure/azure';
import { uuidOf } from './azure/login';
import { synthesise } from './harness/program';
import { Workspace } from './harness/workspace';
import { World } from './harness/world';
import { GitLabEndpoint, GitLabSignIn, KeyVaultSecret, SelfHostedGitLab, SelfHostedGitLabProps } from 'cdktf-azure-gitlab';

const GROUP = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/shared`;
const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/platform-secrets`;
const PASSWORD = 'an-ldap-password-7f3a';

const world = new World();
let workspace: Workspace;

const program = (password: unknown, props: Partial<SelfHostedGitLabProps> = {}) => synthesise((stack) => {
  new SelfHostedGitLab(stack, 'GitLab', {
    location: 'koreacentral',
    endpoint: GitLabEndpoint.customDomain('gitlab.example.com'),
    smtp: { host: 'smtp.example.com', fromAddress: 'gitlab@example.com', username: 'gitlab', password: KeyVaultSecret.of(VAULT, 'smtp') },
    signIn: [GitLabSignIn.entraIdOpenIdConnect({ tenantId: uuidOf('tenant'), clientId: uuidOf('client'), clientSecret: KeyVaultSecret.of(VAULT, 'openid') })],
    omnibusSettings: { gitlab_rails: { ldap_enabled: true, ldap_servers: { main: { host: 'ldap.example.com', uid: 'uid', base: 'dc=example,dc=com', encryption: 'simple_tls', password } } } },
    ...props,
  });
});

before(async () => {
  const azure = await world.azure();
  azure.arm.put(GROUP, { location: 'koreacentral' });
  azure.arm.provision(VAULT, { location: 'koreacentral' });
  workspace = world.workspace(azure).load(program(KeyVaultSecret.of(VAULT.toUpperCase(), 'ldap')));
  await workspace.applied();
});

test('of secrets in a Key Vault the state has the names, and the server one role at their vault', async () => {
  const state = JSON.stringify(workspace.state);
  ['smtp', 'openid', 'ldap'].forEach((name) => assert.match(state, new RegExp(`platform-secrets.{0,80}\\b${name}\\b`, 'i')));
  const roles = workspace.state.resources.filter(({ type, instances }: any) => (
    type === 'azurerm_role_assignment' && instances[0].attributes.scope.toLowerCase() === VAULT.toLowerCase()
  ));
  assert.deepEqual(roles.map(({ instances }: any) => instances[0].attributes.role_definition_name), ['Key Vault Secrets User']);
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('a secret that is given as text, against the default, is in the state', async () => {
  assert.doesNotMatch(JSON.stringify(workspace.state), new RegExp(PASSWORD));
  workspace.load(program(PASSWORD, { literalSecretsAllowed: true }));
  await workspace.applied();
  assert.match(JSON.stringify(workspace.state), new RegExp(PASSWORD));
});
