// The first-boot tier: the scripts of the packed package on virtual machines with a real systemd, apt, dpkg and disk. `node test/firstboot/run.mjs [name…]`
// runs the test files whose name is or holds one of the words; with `--mutants` it tries the tests themselves, see mutants.mjs. Environment: FIRSTBOOT_TESTS, a pattern
// of test names; FIRSTBOOT_CACHE, where the root file system and the packages of GitLab are kept; FIRSTBOOT_LANES, how many machines run at once;
// FIRSTBOOT_PACKAGE, a package to try instead of packing one; FIRSTBOOT_NAME, FIRSTBOOT_SCRATCH and FIRSTBOOT_FIRST_DEVICE, see build/lanes.mjs.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alone, makeLane, SCRATCH, spawnInLane, sweepLane } from './build/lanes.mjs';
import { prepareRoot } from './build/root.mjs';
import { missingTools, terraform } from './build/tools.mjs';
import { MUTANTS, mutate } from './mutants.mjs';
import { bundle, conclude, countTests, FOUND, install, judge, pack, ROOT } from '../tier.mjs';

const HERE = import.meta.dirname;
const start = Date.now();

if (process.send) {
  await runFile(process.argv[2]);
} else {
  process.exit(await main(process.argv.slice(2)));
}

async function main(words) {
  const missing = missingTools(console.log);
  if (missing.length > 0) {
    console.log(`SKIPPED, there is no ${missing.join(' and no ')}: no script ran`);
    return process.env.CI ? 1 : 0;
  }
  return alone(async () => {
    const root = join(SCRATCH, 'root');
    const packages = prepareRoot(root, resolve(process.env.FIRSTBOOT_CACHE ?? join(ROOT, '.cache/firstboot')), console.log);
    const archive = process.env.FIRSTBOOT_PACKAGE ? resolve(process.env.FIRSTBOOT_PACKAGE) : pack(SCRATCH);
    const mutants = words.includes('--mutants');
    const jobs = mutants ? mutantJobs(words.filter((word) => word !== '--mutants'), archive) : testJobs(words, archive);
    console.log(`everything ready after ${Math.round((Date.now() - start) / 1000)} s`);
    return conclude(mutants ? 'first-boot mutants' : 'first-boot', start, await runJobs(jobs, {
      FIRSTBOOT_ROOT: root, FIRSTBOOT_PACKAGES: packages, FIRSTBOOT_TERRAFORM: terraform(), FIRSTBOOT_REPOSITORY: ROOT, FIRSTBOOT_PACKAGE: archive,
    }));
  });
}

/** An application with the package and its peers as npm would install them. */
function application(name, archive) {
  const app = join(SCRATCH, name);
  install(app, archive);
  return app;
}

function job(app, name) {
  const file = join(app, `${name}.boot.cjs`);
  bundle(join(HERE, `${name}.boot.ts`), file);
  return { name, file, environment: { FIRSTBOOT_APP: app } };
}

function testJobs(words, archive) {
  const app = application('app', archive);
  const names = readdirSync(HERE).filter((file) => file.endsWith('.boot.ts')).map((file) => file.replace(/\.boot\.ts$/, ''));
  // "disk" is not "os-disk"
  const wanted = (name) => words.some((word) => names.includes(word) ? name === word : name.includes(word));
  return names.filter((name) => words.length === 0 || wanted(name)).map((name) => job(app, name));
}

/** One application for each fault. */
function mutantJobs(words, archive) {
  return MUTANTS.filter(([what]) => words.length === 0 || words.some((word) => what.includes(word))).map((mutant, index) => {
    const app = application(`mutant-${index}`, archive);
    mutate(app, mutant);
    return { ...job(app, mutant[1]), mutant: mutant[0] };
  });
}

/** Those that take longest come first. */
function order({ name }) {
  const place = ['kills', 'upgrade', 'outages', 'backup', 'first-boot', 'ends', 'runners', 'replacement', 'disk', 'os-disk', 'certificate'].indexOf(name);
  return place < 0 ? 99 : place;
}

/** A few machines at once: most of the time they wait. */
async function runJobs(jobs, environment) {
  const waiting = [...jobs].sort((a, b) => order(a) - order(b));
  const counts = { passed: 0, failed: 0 };
  const lanes = Math.min(jobs.length, Number(process.env.FIRSTBOOT_LANES ?? 4));
  await Promise.all(Array.from({ length: lanes }, async (_, number) => {
    let lane = makeLane(number);
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const result = await inLane(next, { ...environment, ...lane, ...next.environment });
      counts.passed += result.passed;
      counts.failed += result.failed;
      if (next.mutant) {
        sweepLane(lane);
        lane = makeLane(number);
      }
    }
  }));
  return counts;
}

/** This program again, in a lane. */
function inLane({ file, mutant }, environment) {
  return new Promise((resolve) => {
    let counts;
    let output = '';
    const child = spawnInLane(environment, [fileURLToPath(import.meta.url), file], {
      stdio: ['ignore', ...mutant ? ['pipe', 'pipe'] : ['inherit', 'inherit'], 'ipc'], env: { ...process.env, ...environment, NODE_OPTIONS: '--enable-source-maps' },
    });
    [child.stdout, child.stderr].forEach((stream) => stream?.on('data', (data) => {
      output += data;
      if (FOUND.test(output)) {
        sweepLane(environment);
      }
    }));
    child.on('message', (message) => {
      counts = message;
    });
    child.on('close', () => {
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

async function runFile(file) {
  const label = `${file.split('/').at(-1).replace('.boot.cjs', '')}: `;
  const counts = await countTests([file], { label, concurrency: 1, testNamePatterns: process.env.FIRSTBOOT_TESTS });
  process.send(counts, () => process.disconnect());
}
