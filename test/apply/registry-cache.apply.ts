import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Azure, SUBSCRIPTION_ID } from './azure/azure';
import { outcome } from './harness/expectation';
import { synthesise } from './harness/program';
import { Workspace } from './harness/workspace';
import { World } from './harness/world';
import { KeyVaultSecret, RegistryCache } from 'cdktf-azure-gitlab';

const GROUP = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/images`;
const REGISTRY = `${GROUP}/providers/Microsoft.ContainerRegistry/registries/acme`;
const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/images`;
const RULE = 'Microsoft.ContainerRegistry/registries/cacheRules';
const world = new World();
let azure: Azure;
let workspace: Workspace;

function program(tokenName = 'token'): string {
  return synthesise((stack) => {
    RegistryCache.azure(stack, 'Images', {
      registryId: REGISTRY, dockerHubUsername: KeyVaultSecret.of(VAULT, 'name'), dockerHubToken: KeyVaultSecret.of(VAULT, tokenName),
    });
  });
}

before(async () => {
  azure = await world.azure();
  azure.arm.put(GROUP, { location: 'koreacentral' });
  azure.arm.put(REGISTRY, { location: 'koreacentral' });
  azure.arm.put(VAULT, { location: 'koreacentral', properties: { enableRbacAuthorization: true } });
  workspace = world.workspace(azure).load(program());
  await workspace.applied();
});

test('a registry caches two others, for one of them with an account from the vault; the second plan is empty', async () => {
  const rules = azure.arm.list(RULE)
    .map(({ properties }) => [properties.sourceRepository, properties.targetRepository, Boolean(properties.credentialSetResourceId)]);
  assert.deepEqual(rules.sort(), [['docker.io/*', 'docker-hub/*', true], ['registry.k8s.io/*', 'kubernetes/*', false]]);
  const [credentials] = azure.arm.list('Microsoft.ContainerRegistry/registries/credentialSets');
  const readers = azure.arm.list('Microsoft.Authorization/roleAssignments').map(({ properties }) => properties.principalId);
  assert.deepEqual(readers, [credentials.identity.principalId]);
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('another secret is taken up in place', async () => {
  workspace.load(program('other'));
  assert.deepEqual(outcome(await workspace.plan(), workspace, workspace), { 'Images/DockerHubCredentials': 'update' });
  await workspace.applied();
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('it is destroyed, the registry is not', async () => {
  assert.equal((await workspace.destroy()).status, 0);
  assert.deepEqual(azure.arm.list(RULE), []);
  assert.ok(azure.arm.find(REGISTRY));
});
