// The apply tier: real Terraform and providers on the packed package, a stand-in of Azure. `node test/apply/run.mjs [name…]` runs the test files
// whose name holds one of the words, with `--bench` the benchmarks instead. Environment: APPLY_TESTS, a pattern of test names; APPLY_CACHE, where programs are kept; APPLY_PACKAGE, a package to try instead of packing one.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { binaries } from './build/binaries.mjs';
import { FOLDER_PREFIX, sweepAtTheEnd, sweepForgotten } from './sweep.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(HERE, '../..');
const NAME = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).name;
const PEERS = ['cdktf', 'cdk8s', 'constructs'];
const start = Date.now();
const words = process.argv.slice(2).filter((word) => word !== '--bench');
const kind = process.argv.includes('--bench') ? '.bench.ts' : '.apply.ts';

const lacking = ['go', 'openssl'].filter((program) => {
  try {
    execFileSync(program, ['version'], { stdio: 'ignore' });
    return false;
  } catch {
    return true;
  }
});
if (lacking.length > 0) {
  console.log(`SKIPPED, there is no ${lacking.join(' and no ')}: nothing was applied`);
  process.exit(process.env.CI ? 1 : 0);
}

const environment = binaries(resolve(process.env.APPLY_CACHE ?? join(ROOT, '.cache/apply')), console.log);
sweepForgotten();
const scratch = mkdtempSync(FOLDER_PREFIX);
sweepAtTheEnd(scratch);
let status = 1;
try {
  const files = prepare(scratch);
  console.log(`${environment.APPLY_TERRAFORM_VERSION}, everything ready after ${seconds()} s`);
  status = await runTests(files);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exit(status);

function seconds() {
  return Math.round((Date.now() - start) / 1000);
}

/** An application with the package and its peers, as npm would install them, and nothing else. */
function prepare(app) {
  const modules = join(app, 'node_modules');
  mkdirSync(join(modules, NAME), { recursive: true });
  const archive = process.env.APPLY_PACKAGE ? resolve(process.env.APPLY_PACKAGE) : pack(app);
  execFileSync('tar', ['-xzf', archive, '-C', join(modules, NAME), '--strip-components', '1']);
  PEERS.forEach((peer) => symlinkSync(join(ROOT, 'node_modules', peer), join(modules, peer)));

  const examples = readdirSync(join(ROOT, 'examples/typescript')).filter((name) => existsSync(join(ROOT, 'examples/typescript', name, 'main.ts')));
  examples.forEach((name) => bundle(join(ROOT, 'examples/typescript', name, 'main.ts'), join(app, 'examples', name, 'main.cjs')));
  cpSync(join(ROOT, 'docs'), join(app, 'docs'), { recursive: true });
  const home = join(app, 'home');
  mkdirSync(join(home, '.ssh'), { recursive: true });
  writeFileSync(join(home, '.ssh/id_rsa.pub'), rsaKey());
  Object.assign(environment, { APPLY_APP: app, APPLY_HOME: home, APPLY_EXAMPLES: examples.join(',') });

  const files = readdirSync(HERE).filter((file) => file.endsWith(kind) && (words.length === 0 || words.some((word) => file.includes(word))));
  return files.map((file) => {
    const target = join(app, file.replace(/\.ts$/, '.cjs'));
    bundle(join(HERE, file), target);
    return target;
  });
}

/** A public key as ssh-keygen writes it; the private one is thrown away. */
function rsaKey() {
  const { n, e } = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
  const field = (bytes) => Buffer.concat([Buffer.from([0, 0, bytes.length >> 8, bytes.length & 255]), bytes]);
  const number = (text) => field(Buffer.concat([Buffer.alloc(1), Buffer.from(text, 'base64url')]));
  const blob = Buffer.concat([field(Buffer.from('ssh-rsa')), field(Buffer.from(e, 'base64url')), number(n)]);
  return `ssh-rsa ${blob.toString('base64')} tester\n`;
}

function pack(folder) {
  const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'],
  }));
  return join(folder, filename);
}

function bundle(entry, outfile) {
  buildSync({
    entryPoints: [entry], outfile, bundle: true, platform: 'node', target: 'node20', logLevel: 'error', external: [NAME, ...PEERS], sourcemap: 'inline',
  });
}

async function runTests(files) {
  mkdirSync(join(environment.APPLY_APP, 'tmp'));
  Object.assign(process.env, environment, { NODE_OPTIONS: '--enable-source-maps', TMPDIR: join(environment.APPLY_APP, 'tmp') });
  writeFileSync(join(environment.APPLY_APP, 'package.json'), '{"private":true}\n');
  const counts = { passed: 0, failed: 0 };
  for await (const { type, data } of run({ files, concurrency: Number(process.env.APPLY_CONCURRENCY ?? 2), testNamePatterns: process.env.APPLY_TESTS })) {
    const isFile = data?.name?.endsWith('.cjs');
    if (type === 'test:pass' && !isFile && data.details.type !== 'suite' && data.skip === undefined) {
      counts.passed += 1;
      console.log(`  ok   ${data.name} (${(data.details.duration_ms / 1000).toFixed(1)} s)`);
    } else if (type === 'test:fail' && data.details.type !== 'suite') {
      counts.failed += 1;
      const error = data.details.error.cause ?? data.details.error;
      console.log(`  FAIL ${data.name}\n${error?.stack ?? error}`);
    } else if (type === 'test:stderr') {
      process.stderr.write(data.message);
    } else if (type === 'test:stdout') {
      process.stdout.write(data.message);
    }
  }
  console.log(`apply tier: ${seconds()} s`);
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  return counts.failed > 0 || counts.passed === 0 ? 1 : 0;
}
