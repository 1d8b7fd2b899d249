// The apply tier: real Terraform and providers on the packed package, a stand-in of Azure. `node test/apply/run.mjs [name…]` runs the test files
// whose name holds one of the words, with `--bench` the benchmarks instead; with `--mutants` it tries the tests themselves, see mutants.mjs. Environment: APPLY_TESTS, a pattern of
// test names; APPLY_CACHE, where programs are kept; APPLY_PACKAGE, a package to try instead of packing one; APPLY_FAULT, one to put into it.
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { binaries } from './build/binaries.mjs';
import { MUTANTS } from './mutants.mjs';
import { bundle, conclude, install, judge, lacking, pack, putFault, ROOT, runTests, scratchFolder } from '../tier.mjs';

const HERE = import.meta.dirname;
/** These take longest and are begun first, or a run would end with one of them alone. */
const LONGEST = ['changes', 'interruptions', 'platform', 'examples', 'access'].map((name) => `${name}.apply.ts`);
const start = Date.now();
const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const kind = process.argv.includes('--bench') ? '.bench.ts' : '.apply.ts';

const missing = lacking({ go: 'version', openssl: 'version' });
if (missing.length > 0) {
  console.log(`SKIPPED, there is no ${missing.join(' and no ')}: nothing was applied`);
  process.exit(process.env.CI ? 1 : 0);
}

const environment = binaries(resolve(process.env.APPLY_CACHE ?? join(ROOT, '.cache/apply')), console.log);
if (process.argv.includes('--mutants')) {
  process.exit(conclude('apply mutants', start, await tryMutants(pack(scratchFolder('apply')))));
}
const files = prepare(scratchFolder('apply'));
console.log(`${environment.APPLY_TERRAFORM_VERSION}, everything ready after ${seconds()} s`);
mkdirSync(join(environment.APPLY_APP, 'tmp'));
Object.assign(process.env, environment, { NODE_OPTIONS: '--enable-source-maps', TMPDIR: join(environment.APPLY_APP, 'tmp') });
process.exit(await runTests('apply', files, { concurrency: Number(process.env.APPLY_CONCURRENCY ?? 4), testNamePatterns: process.env.APPLY_TESTS }));

function seconds() {
  return Math.round((Date.now() - start) / 1000);
}

/** An application with the package and its peers, as npm would install them, and nothing else. */
function prepare(app) {
  install(app, process.env.APPLY_PACKAGE ? resolve(process.env.APPLY_PACKAGE) : pack(app));
  if (process.env.APPLY_FAULT) {
    putFault(app, ...JSON.parse(process.env.APPLY_FAULT));
  }
  const examples = readdirSync(join(ROOT, 'examples/typescript')).filter((name) => existsSync(join(ROOT, 'examples/typescript', name, 'main.ts')));
  examples.forEach((name) => bundle(join(ROOT, 'examples/typescript', name, 'main.ts'), join(app, 'examples', name, 'main.cjs')));
  cpSync(join(ROOT, 'docs'), join(app, 'docs'), { recursive: true });
  const home = join(app, 'home');
  mkdirSync(join(home, '.ssh'), { recursive: true });
  writeFileSync(join(home, '.ssh/id_rsa.pub'), rsaKey());
  const programs = join(app, 'bin');
  mkdirSync(programs);
  symlinkSync(join(HERE, 'build/programs/az'), join(programs, 'az'));
  symlinkSync(environment.APPLY_KUBELOGIN, join(programs, 'kubelogin'));
  Object.assign(environment, { APPLY_APP: app, APPLY_PROGRAMS: programs, APPLY_HOME: home, APPLY_EXAMPLES: examples.join(',') });

  const all = readdirSync(HERE).filter((file) => file.endsWith(kind) && (words.length === 0 || words.some((word) => file.includes(word))));
  const files = [...LONGEST.filter((file) => all.includes(file)), ...all.filter((file) => !LONGEST.includes(file))];
  return files.map((file) => {
    const target = join(app, file.replace(/\.ts$/, '.cjs'));
    bundle(join(HERE, file), target);
    return target;
  });
}

/** Runs this program on a package with one fault after the other, two at a time. */
async function tryMutants(archive) {
  const counts = { passed: 0, failed: 0 };
  const waiting = MUTANTS.filter(([what]) => words.length === 0 || words.some((word) => what.includes(word)));
  await Promise.all([1, 2].map(async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [what, file, tests, ...fault] = next;
      const { passed, failed } = judge(what, await outputOf(file, { APPLY_PACKAGE: archive, APPLY_TESTS: tests, APPLY_FAULT: JSON.stringify(fault) }));
      counts.passed += passed;
      counts.failed += failed;
    }
  }));
  return counts;
}

/** What this program tells of one test file. */
function outputOf(file, variables) {
  return new Promise((tell) => {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), file], { env: { ...process.env, ...variables }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    [child.stdout, child.stderr].forEach((stream) => stream.on('data', (data) => {
      output += data;
    }));
    child.on('close', () => tell(output));
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
