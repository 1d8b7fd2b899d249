import assert from 'node:assert/strict';
import { test } from 'node:test';
import { example } from './harness/program';
import { destroyable } from './harness/provider-versions';
import { World } from './harness/world';

const world = new World();

for (const name of process.env.APPLY_EXAMPLES!.split(',')) {
  test(`example ${name}: applied, planned empty, guarded, destroyed`, async () => {
    const azure = await world.azure();
    const [stack] = example(name);
    const workspace = world.workspace(azure).load(stack);
    await workspace.validate();
    await workspace.applied();
    const again = await workspace.plan();
    assert.deepEqual(again.actions, {}, 'a second plan');

    if (JSON.stringify(workspace.configuration).includes('prevent_destroy')) {
      const { status, output } = await workspace.destroy();
      assert.notEqual(status, 0);
      assert.match(output, /Instance cannot be destroyed/);
    }
    workspace.load(stack, destroyable);
    const { status, output } = await workspace.destroy();
    assert.equal(status, 0, output);
    assert.deepEqual([...azure.arm.stored.keys()], []);
    await world.kubernetes.clean();
  });
}
