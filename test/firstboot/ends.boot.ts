import assert from 'node:assert/strict';
import { ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { host, lane, until } from './harness/lane';

// Runs of this tier inside of this run, which end before their time.
const NAME = `${lane.name}-inner`;
const SCRATCH = join(lane.folder, 'inner');
const RUN = join(process.env.FIRSTBOOT_REPOSITORY!, 'test/firstboot/run.mjs');
const children: ChildProcess[] = [];

after(() => children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null).forEach((child) => process.kill(-child.pid!, 'SIGKILL')));

/** As from a terminal: a group of its own, which Ctrl-C reaches as a whole. */
function start(...tests: string[]): { readonly child: ChildProcess; readonly output: () => string; readonly ended: Promise<number | string> } {
  // the number of the first loop device differs from that of every lane
  const { NODE_TEST_CONTEXT, FIRSTBOOT_TESTS, ...environment } = process.env;
  const child = spawn(process.execPath, [RUN, 'disk'], {
    detached: true, stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment, FIRSTBOOT_NAME: NAME, FIRSTBOOT_SCRATCH: SCRATCH, FIRSTBOOT_FIRST_DEVICE: '60', ...tests.length > 0 ? { FIRSTBOOT_TESTS: tests.join('|') } : {} },
  });
  children.push(child);
  let output = '';
  [child.stdout!, child.stderr!].forEach((stream) => stream.on('data', (data) => {
    output += data;
  }));
  return { child, output: () => output, ended: new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal!))) };
}

/** All that a run makes on the host. */
function remains(): string[] {
  const hierarchies = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified', '/sys/fs/cgroup/systemd'].filter((folder) => existsSync(folder));
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(SCRATCH) || readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(`/${NAME}-`);
    } catch {
      return false;
    }
  });
  return [
    ...host('ip', 'netns', 'list').split('\n').filter((line) => line.startsWith(`${NAME}-`)),
    ...hierarchies.flatMap((folder) => readdirSync(folder).filter((name) => name.startsWith(`${NAME}-`))),
    ...host('losetup', '--list', '--noheadings', '--output', 'BACK-FILE').split('\n').filter((line) => line.startsWith(SCRATCH)),
    ...host('findmnt', '--noheadings', '--list', '--output', 'TARGET').split('\n').filter((line) => line.startsWith(SCRATCH)),
    ...processes.map((pid) => `process ${pid}`),
    ...[SCRATCH, `/run/${NAME}.pid`].filter((path) => existsSync(path)),
  ];
}

/** A run whose machine is on and has its disk. */
async function inTheMiddle() {
  const run = start();
  await until('a machine of the inner run', () => {
    assert.equal(run.child.exitCode, null, run.output());
    return host('losetup', '--list', '--noheadings', '--output', 'BACK-FILE').includes(`${SCRATCH}/`);
  }, 300);
  assert.ok(remains().length > 5, remains().join('\n'));
  return run;
}

for (const [what, signal, target] of [['Ctrl-C', 'SIGINT', -1], ['SIGTERM', 'SIGTERM', 1]] as const) {
  test(`after ${what} nothing of a run remains`, async () => {
    const { child, ended } = await inTheMiddle();
    process.kill(target * child.pid!, signal);
    assert.equal(await ended, signal === 'SIGINT' ? 130 : 143);
    assert.deepEqual(remains(), []);
  });
}

test('after SIGKILL the next run sweeps what the killed one left, and is green', async () => {
  const { child, ended } = await inTheMiddle();
  child.kill('SIGKILL');
  assert.equal(await ended, 'SIGKILL');
  assert.notDeepEqual(remains(), []);
  const next = start('without a disk');
  assert.equal(await next.ended, 0, next.output());
  assert.match(next.output(), /\n1 passed, 0 failed\n$/);
  assert.deepEqual(remains(), []);
});
