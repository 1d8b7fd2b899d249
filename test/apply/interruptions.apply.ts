import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Azure } from './azure/azure';
import { Fault, sleep } from './azure/core';
import { platform } from './harness/platform';
import { synthesise } from './harness/program';
import { Workspace } from './harness/workspace';
import { succeed, World } from './harness/world';

const world = new World();

/** What Terraform complains of, without the plan before it. */
function errors(output: string): string {
  return output.slice(Math.max(output.search(/\nError: |\nInterrupt/), 0));
}

/** What an interruption left half made is tainted; what must not be destroyed has to be declared good, as docs/operate.md says. */
async function untaint(workspace: Workspace): Promise<void> {
  const { errors: found } = await workspace.plan('-refresh=false');
  const addresses = found.flatMap((error) => /Resource (\S+) has lifecycle.prevent_destroy set/.exec(error)?.[1] ?? []);
  // a cluster that is half made has no issuer yet, so its federated credentials are in error beside it.
  assert.ok(found.length === 0 || addresses.length > 0, found.join('\n'));
  for (const address of addresses) {
    const { status, output } = await workspace.run('untaint', address);
    assert.equal(status, 0, output);
  }
}

/** Waits until nothing but the request that hangs is under way: azurerm forgets what it was creating when it is interrupted. */
async function quiet(azure: Azure): Promise<void> {
  for (let seen = -1; seen !== azure.arm.log.length; await sleep(1200)) {
    seen = azure.arm.log.length;
  }
}

test('an apply that fails or hangs anywhere is finished by the next ones', async () => {
  const azure = await world.azure();
  const workspace = world.workspace(azure).load(synthesise(platform()));
  // from the k-th change of each apply on, nothing works any more; what was made before is kept, so the places wander through the whole plan
  const faults: [number, Fault][] = [
    [1, 'refuse'], [14, 'hang'], [9, 'refuse'], [6, 'hang'], [8, 'refuse'], [5, 'refuse'], [2, 'refuse'], [3, 'refuse'], [3, 'refuse'],
  ];
  const happened: Fault[] = [];
  await workspace.init();
  for (const [number, fault] of faults) {
    const first = azure.arm.changes;
    let reached = () => {};
    const there = new Promise<void>((resolve) => {
      reached = resolve;
    });
    azure.arm.fault = (_, count) => {
      if (count < first + number) {
        return undefined;
      }
      reached();
      return fault;
    };
    await untaint(workspace);
    const run = workspace.start('apply', '-auto-approve', '-no-color');
    const finished = await Promise.race([there.then(() => false), run.done.then(() => true)]);
    if (fault === 'hang' && !finished) {
      await quiet(azure);
      run.interrupt();
    }
    const { status, output } = await run.done;
    if (status === 0) {
      break;
    }
    assert.match(errors(output), fault === 'refuse' ? /the stand-in was told to refuse/ : /execution halted|operation was canceled|context canceled|Interrupt/i);
    happened.push(fault);
  }
  assert.ok(happened.length >= 6, `only ${happened}`);
  azure.arm.fault = () => undefined;
  await untaint(workspace);
  await workspace.applied();
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('a failing script fails the apply with its output, and the command that the message names heals it', async () => {
  const azure = await world.azure();
  const workspace = world.workspace(azure).load(synthesise(platform()));
  azure.machines.runScript = (command) => (command.name.startsWith('gitlab-')
    ? { exitCode: 0, output: 'Reading package lists\nno space left on /srv/gitlab; grow the disk\nexit:1' } : succeed(command));
  const { status, output } = await workspace.apply();
  assert.notEqual(status, 0);
  assert.match(errors(output), /no space left on \/srv\/gitlab; grow the disk/);
  assert.ok(!azure.arm.list('Microsoft.Compute/virtualMachines/runCommands').some(({ name }) => name.startsWith('runners-')), 'no later step ran');

  const again = await workspace.apply();
  assert.notEqual(again.status, 0, 'a plain apply stays red while the step has failed');

  azure.machines.runScript = succeed;
  const [, replace] = /terraform\s+apply\s+(-replace=\S+)/.exec(output)!;
  await workspace.applied(replace);
  assert.deepEqual((await workspace.plan()).actions, {});
});
