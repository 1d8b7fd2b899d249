import assert from 'node:assert/strict';
import { test } from 'node:test';
import { example } from './harness/program';
import { destroyable } from './harness/provider-versions';
import { World } from './harness/world';

const world = new World();

test('example complete with OpenTofu: applied, planned empty, destroyed', async () => {
  const azure = await world.azure();
  const [stack] = example('complete');
  const workspace = world.workspace(azure, { program: process.env.APPLY_TOFU }).load(stack, destroyable);
  await workspace.validate();
  await workspace.applied();
  assert.deepEqual((await workspace.plan()).actions, {});
  const { status, output } = await workspace.destroy();
  assert.equal(status, 0, output);
  assert.deepEqual([...azure.arm.stored.keys()], []);
});
