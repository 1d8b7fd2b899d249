import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uuidOf } from './azure/login';
import { platform, PlatformProps } from './harness/platform';
import { synthesise } from './harness/program';
import { World } from './harness/world';

const world = new World();
const program = (props?: PlatformProps) => synthesise(platform(props));
const READER = uuidOf('jobs of merge requests');

test('a merge request is planned by an identity that may only read, as docs/pipeline.md has it; to look at what there is takes more', async () => {
  const azure = await world.azure();
  const workspace = world.workspace(azure).load(program());
  await workspace.applied();
  const environment = azure.environment(READER);
  azure.mayOnlyRead(uuidOf(READER));
  const asked = () => azure.arm.log.filter(({ principal }) => principal === uuidOf(READER));
  const refused = () => asked().filter(({ status }) => status === 403);

  const same = await workspace.fork({ environment }).plan('-lock=false', '-refresh=false');
  assert.deepEqual([same.status, same.errors, same.actions], [0, [], {}]);
  const other = await workspace.fork({ stackFolder: program({ cluster: { jobNodePool: { maxCount: 7 } } }), environment }).plan('-lock=false', '-refresh=false');
  assert.deepEqual([other.status, other.errors, Object.values(other.actions)], [0, [], ['update']]);
  assert.deepEqual(refused(), []);
  assert.ok(asked().length > 0, 'Azure was asked');
  assert.deepEqual(asked().filter(({ method }) => method !== 'GET'), []);

  const credentials = 'listClusterUserCredential';
  const refreshed = await workspace.fork({ environment }).plan('-lock=false');
  assert.notEqual(refreshed.status, 0);
  assert.equal(refreshed.errors.length, 1);
  assert.match(refreshed.errors[0], new RegExp(`AuthorizationFailed: .*/${credentials}`));
  // azurerm does without the keys of a workspace
  assert.deepEqual([...new Set(refused().map(({ method, path }) => `${method} ${path.split('/').pop()}`))].sort(), [`POST ${credentials}`, 'POST sharedKeys']);

  azure.mayOnlyRead(uuidOf(READER), [credentials]);
  const inCluster = await workspace.fork({ environment }).plan('-lock=false');
  assert.notEqual(inCluster.status, 0);
  assert.ok(inCluster.errors.length > 0 && inCluster.errors.every((error) => error.includes('Kubernetes cluster unreachable')), inCluster.errors.join('\n'));
});
