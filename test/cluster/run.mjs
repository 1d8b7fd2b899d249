// The cluster tier: the real gitlab-runner under a real Kubernetes node. `node test/cluster/run.mjs [name…]` runs the test files whose name holds one of the
// words. Environment: CLUSTER_TESTS, a pattern of test names; CLUSTER_CACHE, where programs are kept.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { programs } from './build/programs.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(HERE, '../..');
const CGROUPS = '/sys/fs/cgroup';
const TOOLS = { containerd: 'containerd', runc: 'runc', busybox: 'busybox-static', '/usr/lib/cni/bridge': 'containernetworking-plugins' };
const start = Date.now();
const exists = (program) => spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;

const missing = () => Object.keys(TOOLS).filter((program) => !exists(program));
if (missing().length > 0 && process.getuid() === 0 && exists('apt-get')) {
  spawnSync('sh', ['-c', `apt-get update -qq && apt-get install -y -qq --no-install-recommends ${Object.values(TOOLS).join(' ')} >/dev/null`], { stdio: 'inherit' });
}
const lacking = [...missing(), ...['go', 'git', 'openssl', 'ip', 'unshare', 'setpriv'].filter((program) => !exists(program))];
if (process.getuid() !== 0 || spawnSync('unshare', ['--net', '--mount', '--pid', '--fork', 'true']).status !== 0) {lacking.push('right to make namespaces');}
if (lacking.length > 0) {
  console.log(`SKIPPED, there is no ${lacking.join(' and no ')}: no job was run`);
  process.exit(process.env.CI ? 1 : 0);
}

const cache = resolve(process.env.CLUSTER_CACHE ?? join(ROOT, '.cache/cluster'));
const environment = programs(cache, console.log);
removeCgroups();
const words = process.argv.slice(2);
const files = readdirSync(HERE).filter((file) => file.endsWith('.cluster.ts') && (words.length === 0 || words.some((word) => file.includes(word))));
const counts = { passed: 0, failed: 0 };
console.log(`everything ready after ${seconds()} s`);
for (const file of files) {await runFile(file);}
removeCgroups();
console.log(`cluster tier: ${seconds()} s`);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0);

function seconds() {
  return Math.round((Date.now() - start) / 1000);
}

/** One file has one cluster, in namespaces that end, with everything in them, when this process does. */
async function runFile(file) {
  // one folder below the root, from where the library finds its assets as from src
  const bundle = join(ROOT, '.cache', file.replace(/\.ts$/, '.cjs'));
  mkdirSync(dirname(bundle), { recursive: true });
  buildSync({
    entryPoints: [join(HERE, file)], outfile: bundle, bundle: true, platform: 'node', target: 'node20', logLevel: 'error', external: ['cdktf', 'cdk8s', 'constructs'], sourcemap: 'inline',
  });
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc',
    process.execPath, '--enable-source-maps', ...process.env.CLUSTER_TESTS ? [`--test-name-pattern=${process.env.CLUSTER_TESTS}`] : [], '--test-reporter=tap', bundle], {
    stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...environment, NODE_PATH: join(ROOT, 'node_modules') },
  });
  const end = () => child.kill('SIGKILL');
  ['SIGINT', 'SIGTERM'].forEach((signal) => process.once(signal, () => { end(); process.exit(1); }));
  let output = '';
  child.stdout.on('data', (chunk) => { output += chunk; process.stdout.write(chunk); });
  const status = await new Promise((done) => child.on('close', done));
  const count = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  counts.passed += count('pass');
  counts.failed += count('fail') + (status !== 0 && count('fail') === 0 ? 1 : 0);
  rmSync(bundle);
}

/** What a run that was cut off left too. */
function removeCgroups() {
  for (const controller of readdirSync(CGROUPS)) {
    const folder = join(CGROUPS, controller, 'cluster-tier');
    spawnSync('find', [folder, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';'], { stdio: 'ignore' });
  }
}
