// What the tiers share: the packed package in an application of its own, and node's test runner with a count that CI reads.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { run } from 'node:test';
import { buildSync } from 'esbuild';
import { folderPrefix, MARK, sweepAtTheEnd, sweepForgotten } from './sweep.mjs';

export const ROOT = resolve(import.meta.dirname, '..');
export const NAME = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).name;
const PEERS = ['cdktf', 'cdk8s', 'constructs'];

/** Which of the programs this machine does not have; each is named with the argument that tells its version. */
export function lacking(programs) {
  return Object.entries(programs).filter(([program, argument]) => {
    const { error, status } = spawnSync(program, [argument], { stdio: 'ignore' });
    return error || status !== 0;
  }).map(([program]) => program);
}

/** A folder for this run alone, gone at its end however it ends, with all processes that the run started. */
export function scratchFolder(tier) {
  sweepForgotten(tier);
  const folder = mkdtempSync(folderPrefix(tier));
  process.env[MARK] = folder;
  sweepAtTheEnd(folder);
  return folder;
}

/** The package as it would be published. */
export function pack(folder) {
  build();
  const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'],
  }));
  return join(folder, filename);
}

/** Compiles the package unless that was done since its sources were last changed. */
function build() {
  const modified = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = ['src', 'assets', 'command', 'diagram', 'doctor', 'preflight', 'verify', 'build', 'package-lock.json'].map((path) => join(ROOT, path))
    .flatMap((path) => (statSync(path).isDirectory() ? readdirSync(path, { recursive: true }).map((name) => join(path, name)) : [path]));
  const built = modified(join(ROOT, 'lib/bundle.js'));
  if (sources.some((path) => modified(path) > built)) {
    console.log('compiling the package');
    ['compile', 'bundle'].forEach((task) => execFileSync('npx', ['projen', task], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] }));
  }
}

/** Makes an application: the packed package and its peers where npm would install them, and nothing else. */
export function install(app, archive) {
  const modules = join(app, 'node_modules');
  mkdirSync(app, { recursive: true });
  writeFileSync(join(app, 'package.json'), '{"private":true}\n');
  mkdirSync(join(modules, NAME), { recursive: true });
  execFileSync('tar', ['-xzf', archive, '-C', join(modules, NAME), '--strip-components', '1']);
  PEERS.forEach((peer) => symlinkSync(join(ROOT, 'node_modules', peer), join(modules, peer)));
}

/**
 * Puts a fault into the package that an application has: another text in place of one that a file has once. Scripts are in the package
 * as texts of its code, whose lines may end after some signs.
 */
export function putFault(app, file, text, instead) {
  if (!file.startsWith('lib/')) {
    const whole = readFileSync(join(ROOT, file), 'utf8');
    replaceOnce(app, file.startsWith('src/') ? 'lib/bundle.js' : 'lib/command.js', template(whole), template(replaced(file, whole, text, instead)));
  } else {
    replaceOnce(app, file, new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(/(?:[,;=]|\\[{(])(?=.)/g, '$&\\n?')), instead);
  }
}

/** The path of a script of ours by its name. */
export function scriptFile(name) {
  return ['src', 'doctor'].flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)))
    .find((file) => basename(file) === name);
}

function replaceOnce(app, file, text, instead) {
  const path = join(app, 'node_modules', NAME, file);
  writeFileSync(path, replaced(file, readFileSync(path, 'utf8'), text, instead));
}

function replaced(file, whole, text, instead) {
  const parts = whole.split(text);
  if (parts.length !== 2) {
    throw new Error(`${file} has the text ${parts.length - 1} times: ${text}`);
  }
  return parts.join(instead);
}

/** A text as esbuild writes it between backticks. */
function template(text) {
  return text.replace(/[\\`]|\$\{/g, '\\$&').replace(/[^\0-\x7F]/g, (character) => `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`);
}

/** Makes one plain program of a TypeScript file, less the package and its peers. */
export function bundle(entry, outfile) {
  buildSync({
    entryPoints: [entry], outfile, bundle: true, platform: 'node', target: 'node20', logLevel: 'error', external: [NAME, ...PEERS], sourcemap: 'inline',
  });
}

const SUMMARY = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) [\d.]+$/;

/** Runs a test file, tells each test's outcome with `label` before its name, and counts. */
export async function countTests(file, { label, testNamePatterns }) {
  const counts = { passed: 0, failed: 0 };
  for await (const { type, data } of run({ files: [file], testNamePatterns })) {
    const isFile = data?.name?.endsWith('.cjs');
    if (type === 'test:pass' && !isFile && data.details.type !== 'suite' && data.skip === undefined) {
      counts.passed += 1;
      console.log(`  ok   ${label}${data.name} (${(data.details.duration_ms / 1000).toFixed(1)} s)`);
    } else if (type === 'test:fail' && data.details.type !== 'suite') {
      counts.failed += 1;
      const error = data.details.error.cause ?? data.details.error;
      console.log(`  FAIL ${label}${data.name}\n${error?.stack ?? error}`);
    } else if (type === 'test:diagnostic' && !SUMMARY.test(data.message)) {
      // such as an error after a test's end, for which the file fails and no test does.
      console.log(`       ${label}${data.message}`);
    } else if (type === 'test:stderr') {
      process.stderr.write(data.message);
    } else if (type === 'test:stdout') {
      process.stdout.write(data.message);
    }
  }
  return counts;
}

/** True once a test failed: the rest would tell nothing new of a fault. */
export const FOUND = /^ {2}FAIL .*/m;

/** What tests printed on a package with a fault: one that makes no test fail is a failure. */
export function judge({ what }, output) {
  const [first] = output.match(FOUND) ?? [];
  console.log(first ? `  ok   ${what}: found by ${first.replace('  FAIL ', '')}` : `  FAIL ${what}: no test finds it\n${output}`);
  return first ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * Tells how long a tier took and, last, the count.
 * @returns the exit status
 */
export function conclude(tier, start, { passed, failed }) {
  console.log(`${tier} tier: ${Math.round((Date.now() - start) / 1000)} s`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 || passed === 0 ? 1 : 0;
}
