// Caches by this package's defaults and by the runner's own, in turn: the same manager, cluster, jobs and files. The store is the stand-in of Azure's, which
// gives each request the same bandwidth; packing and unpacking do not depend on it. What comes out is the table of docs/runner.md.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Job, log } from './gitlab/gitlab';
import { Azure } from './harness/azure';
import { median, publish, spread, table } from './harness/figures';
import { Manager, Platform } from './harness/platform';
import { RunnerCache, RunnerVolume } from 'cdktf-azure-gitlab';

const NAME = 'caches';
const RUNNERS_OWN = 'plain';
const ROUNDS = 3;
const BYTES_PER_SECOND = 60e6;
const LARGE_BYTES = 1e9;
const SMALL_FILES = 100_000;
const SMALL_BYTES = 2000;
const FOLDERS = 100;
const PATIENCE_SECONDS = 1800;
const PHASES = ['packed', 'sent', 'fetched', 'unpacked'] as const;
type Seconds = { readonly [phase in typeof PHASES[number]]: number };
interface Figures extends Seconds { readonly megabytes: number }

const platform = new Platform();
const azure = new Azure(platform.cluster);
const files = join(platform.cluster.folder, 'files');
const rows: string[][] = [];
let manager: Manager;

before(async () => {
  await platform.start();
  await azure.start();
  azure.bytesPerSecond = BYTES_PER_SECOND;
  await azure.trustedIn(NAME);
  manager = await platform.install(NAME, {
    cache: RunnerCache.azureBlob(), volumes: [RunnerVolume.hostPath('files', '/files', files, { readOnly: true })],
    more: {
      [RUNNERS_OWN]: {
        volumes: [RunnerVolume.hostPath('files', '/files', files, { readOnly: true })],
        environment: { CACHE_COMPRESSION_FORMAT: 'zip', CACHE_COMPRESSION_LEVEL: 'default', CACHE_CONCURRENCY: '16', CACHE_CHUNK_SIZE: String(2 ** 24) },
        featureFlags: { FF_USE_PARALLEL_CACHE_TRANSFER: false },
      },
    },
  });
  azure.apply(manager.resources);
});
after(async () => {
  azure.stop();
  await platform.stop();
  publish(process.env.CLUSTER_CACHE_PAGE, table(['', 'this package', 'the runner\'s own defaults', 'ratio'], rows));
});

test('1 GB in a few files: the programs of this tier', async () => {
  const programs = ['CLUSTER_KUBEBOX', 'CLUSTER_POLICIES', 'CLUSTER_REGISTRY', 'CLUSTER_S3'].map((name) => process.env[name]!).concat(process.execPath);
  mkdirSync(join(files, 'large'), { recursive: true });
  for (let bytes = 0, index = 0; bytes < LARGE_BYTES; index += 1) {
    const program = programs[index % programs.length];
    copyFileSync(program, join(files, 'large', String(index)));
    bytes += statSync(program).size;
  }
  await compare('1 GB in a few files', 'large');
});

test('100,000 files of 2 KB: parts of the JavaScript that this package needs', async () => {
  const text = javaScript(join(process.env.CLUSTER_APP!, 'node_modules'));
  // parts that begin elsewhere in each round of the text are others.
  for (let index = 0; index < SMALL_FILES; index += 1) {
    const folder = join(files, 'small', String(index % FOLDERS));
    if (index < FOLDERS) {mkdirSync(folder, { recursive: true });}
    const start = (index * (SMALL_BYTES + 1)) % (text.length - SMALL_BYTES);
    writeFileSync(join(folder, `${index}.js`), text.subarray(start, start + SMALL_BYTES));
  }
  await compare('100,000 files of 2 KB', 'small');
});

async function compare(what: string, folder: string): Promise<void> {
  const tokens = [manager.token, manager.tokens[RUNNERS_OWN]];
  const figures: Figures[][] = tokens.map(() => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, token] of tokens.entries()) {figures[index].push(await measured(token, folder, `${folder}-${index}-${round}`));}
  }
  const row = (name: string, of: (one: Figures) => number, unit: string) => {
    const sides = figures.map((list) => list.map(of));
    rows.push([`${what}, ${name}`, ...sides.map((values) => spread(values, unit)), spread(sides[0].map((value, round) => sides[1][round] / value), ' ×')]);
    console.log(rows.at(-1)!.join(' | '));
  };
  PHASES.forEach((phase) => row(phase, (one) => one[phase], ' s'));
  row('in all', (one) => PHASES.reduce((sum, phase) => sum + one[phase], 0), ' s');
  const sizes = figures.map((list) => median(list.map(({ megabytes }) => megabytes)));
  rows.push([`${what}, size of the archive`, ...sizes.map((size) => `${size.toFixed(0)} MB`), `${(sizes[1] / sizes[0]).toFixed(1)} ×`]);
}

async function measured(token: string, folder: string, key: string): Promise<Figures> {
  const cache = (policy: string) => [{ key, paths: ['kept'], policy, when: 'on_success', untracked: false }];
  const run = async (script: string[], policy: string): Promise<Job> => {
    const job = platform.gitlab.queue(token, { script, cache: cache(policy), timeoutSeconds: PATIENCE_SECONDS });
    assert.equal(await platform.finished(job, PATIENCE_SECONDS), 'success', log(job).slice(-2000));
    return job;
  };
  const kept = await run([`cp -r /files/${folder} kept`], 'push');
  const sent = at(kept, /Created cache/) - at(kept, /Using GoCloud URL for cache upload/);
  const packed = at(kept, /Using GoCloud URL for cache upload/) - at(kept, /Creating cache/);
  const megabytes = [...azure.blobs.blobs.values()].at(-1)!.length / 1e6;
  const restored = await run([`ls kept > /dev/null && diff -rq kept /files/${folder}`], 'pull');
  const fetched = azure.answered / 1000 - at(restored, /Checking cache for/);
  const unpacked = at(restored, /Successfully extracted cache/) - azure.answered / 1000;
  // the store keeps all in memory.
  azure.blobs.blobs.clear();
  return { packed, sent, fetched, unpacked, megabytes };
}

/** When a line was written, in seconds. */
function at(job: Job, line: RegExp): number {
  const found = job.trace.split('\n').find((text) => line.test(text));
  assert.ok(found, `no ${line} in ${log(job).slice(-2000)}`);
  return Date.parse(found.slice(0, found.indexOf(' '))) / 1000;
}

function javaScript(folder: string): Buffer {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name.endsWith('.js'));
  return Buffer.concat(found.map(({ parentPath, name }) => join(parentPath, name)).sort().map((file) => readFileSync(file)));
}
