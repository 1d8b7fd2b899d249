import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Fault } from './azure/core';
import { atRest, contents, Cut, writesOf } from './harness/cut';
import { platform } from './harness/platform';
import { synthesise } from './harness/program';
import { recover } from './harness/recovery';
import { diagnostics, Result } from './harness/workspace';
import { succeed, World } from './harness/world';
import { RunnerCache, SelfHostedGitLab } from 'cdktf-azure-gitlab';

/** How often an apply is tried again after a cut; after each failure that docs/operate.md knows its cure is done. */
const TRIES = 5;
const FAULTS: Exclude<Fault, undefined>[] = ['refuse', 'hang', 'fail'];
/** What Terraform says of the cut itself. */
const ECHOES: { [fault: string]: RegExp } = {
  refuse: /InjectedFault/,
  hang: /context canceled|operation was canceled|execution halted|interrupt|connection may have been reset/i,
  // what stands in a subnet that failed is refused in the same apply
  fail: /InjectedFault|ReferencedResourceNotProvisioned|EOF|connection (may have been )?reset/,
};
// all that is waiting must be under way at once, or what is to be cut may never be asked for.
const APPLY = ['apply', '-json', '-auto-approve', '-parallelism=60'];

const world = new World();
let program: string;
/** The writes of an uncut apply, in their order, and what is in Azure afterwards. */
let order: string[];
let whole: { [id: string]: any };

before(async () => {
  program = synthesise(platform({ runner: { cache: RunnerCache.azureBlob() } }));
  const azure = await world.azure();
  await world.workspace(azure).load(program).applied();
  order = writesOf(azure.arm.log);
  whole = contents(azure);
});

/** Cuts one platform's applies off, one place after the other, and lets the last one through. */
async function cutOffAt(places: [number, Exclude<Fault, undefined>][]): Promise<void> {
  const azure = await world.azure();
  const workspace = world.workspace(azure).load(program);
  const cured: string[] = [];
  await workspace.init();

  /** Does the documented cures for a failure; what else it tells must come from the cut itself. */
  const cure = async (result: Result, place: string, fault?: string): Promise<void> => {
    const { done, unknown } = await recover(azure, workspace, diagnostics(result).filter(({ summary, detail }) => !fault || !ECHOES[fault].test(`${summary} ${detail}`)));
    assert.deepEqual(unknown, [], `after ${place}: no cure is known for this`);
    assert.ok(fault || done.length > 0, `after ${place}: failed, and nothing to cure:\n${result.output.slice(-3000)}`);
    cured.push(...done.map((item) => `${place}: ${item}`));
  };

  for (const [index, fault] of places) {
    const place = `${fault} at ${index} (${order[index].split(' ').slice(1, -1).join(' ').replace(/\/subscriptions.*resourceGroups/, '…')})`;
    for (let attempt = 0; ; attempt += 1) {
      assert.ok(attempt < TRIES, `${place} was not reached in ${TRIES} applies; ${cured.join(', ')}`);
      const cut = new Cut(azure, order, index, fault);
      const run = workspace.start(...APPLY);
      const isCut = await Promise.race([
        cut.reached.then(() => true),
        Promise.race(fault === 'hang' ? [run.done, cut.stuck()] : [run.done]).then(() => false),
      ]);
      if (fault === 'hang') {
        run.interrupt();
        await cut.dropUntil(run.done);
      }
      const result = await run.done;
      cut.end();
      await atRest(azure);
      assert.notEqual(result.status, 0, `${place} did not fail the apply`);
      await cure(result, place, fault);
      if (isCut) {
        break;
      }
    }
  }
  for (let attempt = 0; ; attempt += 1) {
    assert.ok(attempt < TRIES, `${TRIES} applies did not finish it; ${cured.join(', ')}`);
    const result = await workspace.run(...APPLY);
    if (result.status === 0) {
      break;
    }
    await cure(result, 'end');
  }
  if (process.env.APPLY_DISCOVER) {
    console.log(cured.map((item) => `DISCOVERED ${item}`).join('\n'));
  }
  assert.deepEqual((await workspace.plan()).actions, {});
  assert.deepEqual(contents(azure), whole);
}

if (process.env.APPLY_CUTS === 'all') {
  for (const fault of FAULTS) {
    test(`an apply that is cut off at each of its writes is finished by the next ones: ${fault}`, () => cutOffAt(order.map((_, index) => [index, fault])));
  }
} else {
  test('an apply that is cut off at every third of its writes, in three ways in turn, is finished by the next ones', async () => {
    const places = order.map((_, index) => index).filter((index) => index % 3 === 0);
    await cutOffAt(places.map((index, turn) => [index, FAULTS[turn % FAULTS.length]]));
  });
}

test('a failing script fails the apply with its output, and the command that the message names heals it', async () => {
  const azure = await world.azure();
  const workspace = world.workspace(azure).load(synthesise((stack) => {
    new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral' }).requestRunnerToken('ci', {});
  }));
  azure.machines.runScript = (command) => (command.name.startsWith('gitlab-')
    ? { exitCode: 0, output: 'Reading package lists\nno space left on /srv/gitlab; grow the disk\nexit:1' } : succeed(command));
  const { status, output } = await workspace.apply();
  assert.notEqual(status, 0);
  assert.match(output.slice(output.indexOf('\nError: ')), /no space left on \/srv\/gitlab; grow the disk/);
  assert.ok(!azure.arm.list('Microsoft.Compute/virtualMachines/runCommands').some(({ name }) => name.startsWith('runners-')), 'no later step ran');

  const again = await workspace.apply();
  assert.notEqual(again.status, 0, 'a plain apply stays red while the step has failed');

  azure.machines.runScript = succeed;
  const [, replace] = /terraform\s+apply\s+(-replace=\S+)/.exec(output)!;
  await workspace.applied(replace);
  assert.deepEqual((await workspace.plan()).actions, {});
});
