import assert from 'node:assert/strict';
import { ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { host, lane, until } from './harness/lane';

// Runs of this tier inside of this run, which end before their time.
const NAME = `${lane.name}-inner`;
const SCRATCH = join(lane.folder, 'inner');
// far from those of the lanes.
const DEVICE = String(Number(/\d+$/.exec(lane.device)![0]) + 100);
const RUN = join(process.env.FIRSTBOOT_REPOSITORY!, 'test/firstboot/run.mjs');
const children: ChildProcess[] = [];

after(() => children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null).forEach((child) => process.kill(-child.pid!, 'SIGKILL')));

/** As from a terminal: a group of its own, which Ctrl-C reaches as a whole. */
function start(...tests: string[]): { readonly child: ChildProcess; readonly output: () => string; readonly ended: Promise<number | string> } {
  const { NODE_TEST_CONTEXT, TIER_TESTS, ...environment } = process.env;
  const child = spawn(process.execPath, [RUN, 'disk'], {
    detached: true, stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment, FIRSTBOOT_NAME: NAME, FIRSTBOOT_SCRATCH: SCRATCH, FIRSTBOOT_FIRST_DEVICE: DEVICE, ...tests.length > 0 ? { TIER_TESTS: tests.join('|') } : {} },
  });
  children.push(child);
  let output = '';
  [child.stdout!, child.stderr!].forEach((stream) => stream.on('data', (data) => {
    output += data;
  }));
  return { child, output: () => output, ended: new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal!))) };
}

/** A process, if it is one of the run, with what helps to find out why it is there. */
function describe(pid: string): string[] {
  try {
    const [status, commandLine, environment, groups] = ['status', 'cmdline', 'environ', 'cgroup'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8'));
    // a group goes only once nothing lives in it. Who is in a deleted one has ended, and is there until its parent asks about it: where that is the first process
    // of the host it may take seconds, and as long the first process of a machine waits for the end of its own.
    const inGroup = groups.split('\n').some((line) => line.includes(`/${NAME}-`) && !line.endsWith(' (deleted)'));
    const told = `process ${pid}: ${commandLine.replaceAll('\0', ' ')}\n${status}${groups}`;
    return inGroup || environment.split('\0').includes(`FIRSTBOOT_NAME=${NAME}`) ? [told] : [];
  } catch {
    return [];
  }
}

/** All that a run makes on the host. */
function remains(): string[] {
  const hierarchies = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified', '/sys/fs/cgroup/systemd'].filter((folder) => existsSync(folder));
  return [
    ...host('ip', 'netns', 'list').split('\n').filter((line) => line.startsWith(`${NAME}-`)),
    ...hierarchies.flatMap((folder) => readdirSync(folder).filter((name) => name.startsWith(`${NAME}-`))),
    ...host('losetup', '--list', '--noheadings', '--output', 'BACK-FILE').split('\n').filter((line) => line.startsWith(SCRATCH)),
    ...host('findmnt', '--noheadings', '--list', '--output', 'TARGET').split('\n').filter((line) => line.startsWith(SCRATCH)),
    ...readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap(describe),
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
  assert.ok(remains().filter((line) => line.startsWith('process ')).length > 10, remains().join('\n'));
  return run;
}

for (const [what, signal, target] of [['Ctrl-C', 'SIGINT', -1], ['SIGTERM', 'SIGTERM', 1]] as const) {
  test(`after ${what} nothing of a run remains`, async () => {
    const { child, ended, output } = await inTheMiddle();
    process.kill(target * child.pid!, signal);
    assert.equal(await ended, signal === 'SIGINT' ? 130 : 143, output());
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
