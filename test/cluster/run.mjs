// The cluster tier: the real gitlab-runner under a real Kubernetes node, from the packed package. `node test/cluster/run.mjs [name…]` runs the test files whose
// name holds one of the words. Environment: CLUSTER_TESTS, a pattern of test names; CLUSTER_CACHE, where programs are kept; CLUSTER_PACKAGE, a package to try
// instead of packing one; CLUSTER_LANES, how many clusters run at once.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeCgroups } from './build/cgroups.mjs';
import { programs } from './build/programs.mjs';
import { missingTools } from './build/tools.mjs';
import { bundle, conclude, countTests, install, pack, ROOT, scratchFolder } from '../tier.mjs';

const HERE = import.meta.dirname;
/** Those that take longest come first. */
const ORDER = ['faults', 'rights', 'features'];
const start = Date.now();
const running = new Set();

if (process.send) {
  await runFile(process.argv[2]);
} else {
  process.exit(await main(process.argv.slice(2)));
}

async function main(words) {
  const missing = missingTools();
  if (missing.length > 0) {
    console.log(`SKIPPED, there is no ${missing.join(' and no ')}: no job was run`);
    return process.env.CI ? 1 : 0;
  }
  const environment = programs(resolve(process.env.CLUSTER_CACHE ?? join(ROOT, '.cache/cluster')), console.log);
  removeCgroups();
  const app = scratchFolder('cluster');
  process.on('SIGINT', () => leave(130)).on('SIGTERM', () => leave(143)).on('SIGHUP', () => leave(129));
  const files = prepare(app, words);
  console.log(`everything ready after ${Math.round((Date.now() - start) / 1000)} s`);
  const counts = await runFiles(files, { ...environment, CLUSTER_APP: app, TMPDIR: join(app, 'tmp'), NODE_OPTIONS: '--enable-source-maps' });
  removeCgroups();
  return conclude('cluster', start, counts);
}

/** An application with the package and its peers, as npm would install them, and nothing else. */
function prepare(app, words) {
  install(app, process.env.CLUSTER_PACKAGE ? resolve(process.env.CLUSTER_PACKAGE) : pack(app));
  mkdirSync(join(app, 'tmp'));
  const examples = join(ROOT, 'examples/typescript');
  readdirSync(examples).filter((name) => existsSync(join(examples, name, 'main.ts')))
    .forEach((name) => bundle(join(examples, name, 'main.ts'), join(app, 'examples', name, 'main.cjs')));
  const files = readdirSync(HERE).filter((file) => file.endsWith('.cluster.ts') && (words.length === 0 || words.some((word) => file.includes(word))));
  return files.map((file) => {
    const outfile = join(app, file.replace(/\.ts$/, '.cjs'));
    bundle(join(HERE, file), outfile);
    return outfile;
  });
}

/** Each file has a cluster of its own; a few at once, since most of the time they wait. */
async function runFiles(files, environment) {
  const place = (file) => (ORDER.findIndex((name) => file.includes(`/${name}`)) + ORDER.length + 1) % (ORDER.length + 1);
  const waiting = [...files].sort((a, b) => place(a) - place(b));
  const counts = { passed: 0, failed: 0 };
  await Promise.all(Array.from({ length: Number(process.env.CLUSTER_LANES ?? 3) }, async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const { passed, failed } = await inNamespaces(file, environment);
      counts.passed += passed;
      counts.failed += failed;
    }
  }));
  return counts;
}

/** This program again, in namespaces that end, with everything in them, when it does. */
function inNamespaces(file, environment) {
  return new Promise((resolve) => {
    let counts;
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc',
      process.execPath, fileURLToPath(import.meta.url), file], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: { ...process.env, ...environment } });
    child.on('message', (message) => {
      counts = message;
    });
    running.add(child);
    child.on('close', () => {
      running.delete(child);
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

async function runFile(file) {
  const label = `${file.split('/').at(-1).replace('.cluster.cjs', '')}: `;
  const counts = await countTests([file], { label, concurrency: 1, testNamePatterns: process.env.CLUSTER_TESTS });
  process.send(counts, () => process.exit());
}
