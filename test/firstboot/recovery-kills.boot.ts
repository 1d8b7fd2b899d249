import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { LostServer } from './harness/lost-server';

const lost = new LostServer();
const { server } = lost;

before(() => lost.lose());

test('the region is lost: cut off before the other half of its commands, among them the one that restores, the apply elsewhere brings the same server back', async () => {
  server.plan(lost.elsewhere());
  await server.startOver();
  for (const step of ['metadata', 'data-disk']) {
    await server.ran(step);
  }
  const commands = await lost.restoreCutOff(1);
  assert.ok(commands.some((command) => command.startsWith('gitlab-backup restore')), commands.join('\n'));
});
