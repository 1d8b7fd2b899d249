// Runs of this tier inside of this run, which end before their time.
import assert from 'node:assert/strict';
import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const NAME = 'cluster-tier-inner';
/** A short name, for the sake of sockets' paths. */
const FOLDER = '/mnt';
const HIERARCHY = '/sys/fs/cgroup';
const PATIENCE_SECONDS = 300;
const children: ChildProcess[] = [];

before(() => {
  const own = join(tmpdir(), 'inner');
  mkdirSync(own);
  execFileSync('mount', ['--bind', own, FOLDER]);
});
after(() => children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null).forEach((child) => process.kill(-child.pid!, 'SIGKILL')));

/** As from a terminal: a group of its own, which Ctrl-C reaches as a whole. */
function start(): { readonly child: ChildProcess; readonly output: () => string; readonly ended: Promise<number | string> } {
  const { NODE_TEST_CONTEXT, TIER_FOLDER, ...environment } = process.env;
  const child = spawn(process.execPath, [process.env.CLUSTER_PROGRAM!, 'features'], {
    detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...environment, CLUSTER_NAME: NAME, TMPDIR: FOLDER, TIER_TESTS: 'a failing script' },
  });
  children.push(child);
  let output = '';
  [child.stdout!, child.stderr!].forEach((stream) => stream.on('data', (data) => {
    output += data;
  }));
  return { child, output: () => output, ended: new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal!))) };
}

function cgroups(): string[] {
  return readdirSync(HIERARCHY, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => join(HIERARCHY, name))
    .flatMap((controller) => readdirSync(controller).filter((name) => name.startsWith(NAME)).map((name) => join(controller, name)));
}

/** All that a run makes outside of its namespaces. */
function remains(): string[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`=${FOLDER}/cluster-tier-`);
    } catch {
      return false;
    }
  });
  return [...cgroups(), ...processes.map((pid) => `process ${pid}`), ...readdirSync(FOLDER)];
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const end = Date.now() + PATIENCE_SECONDS * 1000; !holds(); await sleep(200)) {assert.ok(Date.now() < end, `${what}: not within ${PATIENCE_SECONDS} s\n${remains().join('\n')}`);}
}

/** A run whose node runs pods. */
async function inTheMiddle(): Promise<ReturnType<typeof start>> {
  const run = start();
  await until('a node of the inner run', () => {
    assert.equal(run.child.exitCode, null, run.output());
    return cgroups().some((path) => existsSync(join(path, 'kubepods/burstable')) && readdirSync(join(path, 'kubepods/burstable')).some((name) => name.startsWith('pod')));
  });
  return run;
}

for (const [what, signal, target, status] of [['Ctrl-C', 'SIGINT', -1, 130], ['SIGTERM', 'SIGTERM', 1, 143]] as const) {
  test(`after ${what} nothing of a run remains`, async () => {
    const { child, ended } = await inTheMiddle();
    process.kill(target * child.pid!, signal);
    assert.equal(await ended, status);
    assert.deepEqual(cgroups(), []);
    // its watch sees that it has ended
    await until('nothing remains', () => remains().length === 0);
  });
}

test('after SIGKILL the next run removes what is left, and is green', async () => {
  const { child, ended } = await inTheMiddle();
  child.kill('SIGKILL');
  assert.equal(await ended, 'SIGKILL');
  await until('only cgroups remain', () => remains().join() === cgroups().join());
  assert.notDeepEqual(cgroups(), []);
  const next = start();
  assert.equal(await next.ended, 0, next.output());
  assert.match(next.output(), /\n1 passed, 0 failed\n$/);
  await until('nothing remains', () => remains().length === 0);
});
