// The cluster tier: the real gitlab-runner under a real Kubernetes node, from the packed package. `node test/cluster/run.mjs [name…]` runs the test files whose
// name holds one of the words; with `--mutants` it tries the tests themselves, see mutants.mjs; with `--bench` it sets the manager beside the one of GitLab's own
// chart. Environment: CLUSTER_TESTS, a pattern of test names; CLUSTER_CACHE, where programs are kept; CLUSTER_PACKAGE, a package to try instead of packing one;
// CLUSTER_LANES, how many clusters run at once; CLUSTER_NAME, what the names of its cgroups begin with.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeCgroups } from './build/cgroups.mjs';
import { programs } from './build/programs.mjs';
import { missingTools } from './build/tools.mjs';
import { MUTANTS } from './mutants.mjs';
import { bundle, conclude, countTests, FOUND, install, judge, pack, putFault, ROOT, scratchFolder } from '../tier.mjs';

const HERE = import.meta.dirname;
const PROGRAM = fileURLToPath(import.meta.url);
/** Those that take longest come first. */
const ORDER = ['faults', 'rights', 'features'];
const start = Date.now();
const running = new Set();

if (process.send) {
  await runFile(process.argv[2], process.argv[3]);
} else {
  process.exit(await main(process.argv.slice(2)));
}

async function main(args) {
  const missing = missingTools();
  if (missing.length > 0) {
    console.log(`SKIPPED, there is no ${missing.join(' and no ')}: no job was run`);
    return process.env.CI ? 1 : 0;
  }
  const environment = programs(resolve(process.env.CLUSTER_CACHE ?? join(ROOT, '.cache/cluster')), console.log);
  removeCgroups();
  const scratch = scratchFolder('cluster');
  process.on('SIGINT', () => leave(130)).on('SIGTERM', () => leave(143)).on('SIGHUP', () => leave(129));
  const jobs = prepare(scratch, args);
  console.log(`everything ready after ${Math.round((Date.now() - start) / 1000)} s`);
  const counts = await runJobs(jobs, { ...environment, TMPDIR: join(scratch, 'tmp'), NODE_OPTIONS: '--enable-source-maps' });
  removeCgroups();
  return conclude(`cluster${args.includes('--mutants') ? ' mutants' : ''}`, start, counts);
}

/** The files to run, each with its application: one for all, or one for each fault. */
function prepare(scratch, args) {
  const words = args.filter((word) => !word.startsWith('--'));
  const archive = process.env.CLUSTER_PACKAGE ? resolve(process.env.CLUSTER_PACKAGE) : pack(scratch);
  mkdirSync(join(scratch, 'tmp'));
  if (args.includes('--mutants')) {
    return MUTANTS.filter(([what]) => words.length === 0 || words.some((word) => what.includes(word))).map(([what, file, tests, ...fault], index) => {
      const app = application(join(scratch, `mutant-${index}`), archive);
      putFault(app, ...fault);
      return { ...job(app, `${file}.cluster.ts`, archive), mutant: what, tests };
    });
  }
  const app = application(join(scratch, 'app'), archive);
  const kind = args.includes('--bench') ? '.bench.ts' : '.cluster.ts';
  const files = readdirSync(HERE).filter((file) => file.endsWith(kind) && (words.length === 0 || words.some((word) => file.includes(word))));
  return files.map((file) => ({ ...job(app, file, archive), tests: process.env.CLUSTER_TESTS }));
}

/** The package and its peers, as npm would install them, and nothing else; beside them the examples. */
function application(app, archive) {
  install(app, archive);
  const examples = join(ROOT, 'examples/typescript');
  readdirSync(examples).filter((name) => existsSync(join(examples, name, 'main.ts')))
    .forEach((name) => bundle(join(examples, name, 'main.ts'), join(app, 'examples', name, 'main.cjs')));
  return app;
}

function job(app, source, archive) {
  const file = join(app, source.replace(/\.ts$/, '.cjs'));
  bundle(join(HERE, source), file);
  return { file, environment: { CLUSTER_APP: app, CLUSTER_PACKAGE: archive, CLUSTER_PROGRAM: PROGRAM, CLUSTER_PAGE: join(ROOT, 'docs/official-chart.md') } };
}

/** Each file has a cluster of its own; a few at once, since most of the time they wait. */
async function runJobs(jobs, environment) {
  const place = ({ file }) => (ORDER.findIndex((name) => file.includes(`/${name}`)) + ORDER.length + 1) % (ORDER.length + 1);
  const waiting = [...jobs].sort((a, b) => place(a) - place(b));
  const counts = { passed: 0, failed: 0 };
  await Promise.all(Array.from({ length: Number(process.env.CLUSTER_LANES ?? 3) }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { passed, failed } = await inNamespaces(next, { ...environment, ...next.environment });
      counts.passed += passed;
      counts.failed += failed;
    }
  }));
  return counts;
}

/** This program again, in namespaces that end, with everything in them, when it does. */
function inNamespaces({ file, tests = '', mutant }, environment) {
  return new Promise((resolve) => {
    let counts;
    let output = '';
    const stream = mutant ? 'pipe' : 'inherit';
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc',
      process.execPath, PROGRAM, file, tests], { stdio: ['ignore', stream, stream, 'ipc'], env: { ...process.env, ...environment } });
    [child.stdout, child.stderr].forEach((stream_) => stream_?.on('data', (data) => {
      output += data;
      if (FOUND.test(output)) {
        child.kill('SIGKILL');
      }
    }));
    child.on('message', (message) => {
      counts = message;
    });
    running.add(child);
    child.on('close', () => {
      running.delete(child);
      if (mutant) {
        resolve(judge(mutant, output));
        return;
      }
      if (!counts) {
        console.log(`  FAIL ${file} ended without a result`);
      }
      resolve(counts ?? { passed: 0, failed: 1 });
    });
  });
}

/** Ends the clusters first: a cgroup with a process in it cannot be removed. */
async function leave(status) {
  await Promise.all([...running].map((child) => new Promise((ended) => {
    child.once('close', ended);
    child.kill('SIGKILL');
  })));
  removeCgroups();
  process.exit(status);
}

async function runFile(file, tests) {
  const label = `${file.split('/').at(-1).replace(/\.(cluster|bench)\.cjs$/, '')}: `;
  const counts = await countTests([file], { label, concurrency: 1, testNamePatterns: tests || undefined });
  process.send(counts, () => process.exit());
}
