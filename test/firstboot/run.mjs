// The first-boot tier: the scripts of the packed package on virtual machines with a real systemd, apt, dpkg and disk. `node test/firstboot/run.mjs [name…]`
// runs the test files whose name holds one of the words. Environment: FIRSTBOOT_TESTS, a pattern of test names; FIRSTBOOT_CACHE, where the root file system
// and the packages are kept; FIRSTBOOT_LANES, how many machines run at once.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lock, makeLane, SCRATCH, sweep, unlock } from './build/lanes.mjs';
import { packageRepository } from './build/packages.mjs';
import { rootArchive, unpackRoot } from './build/root.mjs';
import { missingTools, terraform } from './build/tools.mjs';
import { bundle, conclude, countTests, install, pack, ROOT } from '../tier.mjs';

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
  const other = lock();
  if (other) {
    console.log(`the tier runs already, as process ${other}`);
    return 1;
  }
  const leave = (code) => {
    sweep();
    unlock();
    process.exit(code);
  };
  process.on('SIGINT', () => leave(130)).on('SIGTERM', () => leave(143)).on('SIGHUP', () => leave(129));
  try {
    sweep();
    const environment = prepare();
    const files = bundled(words);
    console.log(`everything ready after ${seconds()} s`);
    return await runFiles(files, environment);
  } finally {
    sweep();
    unlock();
  }
}

function seconds() {
  return Math.round((Date.now() - start) / 1000);
}

/** The root file system, the packages, and an application with the package and its peers as npm would install them. */
function prepare() {
  const cache = resolve(process.env.FIRSTBOOT_CACHE ?? join(ROOT, '.cache/firstboot'));
  const archive = rootArchive(cache, console.log);
  const repository = packageRepository(cache, console.log);
  unpackRoot(archive, join(SCRATCH, 'root'), repository);
  const app = join(SCRATCH, 'app');
  mkdirSync(app, { recursive: true });
  install(app, pack(app));
  writeFileSync(join(app, 'package.json'), '{"private":true}\n');
  return {
    FIRSTBOOT_ROOT: join(SCRATCH, 'root'), FIRSTBOOT_PACKAGES: repository.folder, FIRSTBOOT_APP: app, FIRSTBOOT_TERRAFORM: terraform(), FIRSTBOOT_REPOSITORY: ROOT,
  };
}

function bundled(words) {
  const files = readdirSync(HERE).filter((file) => file.endsWith('.boot.ts') && (words.length === 0 || words.some((word) => file.includes(word))));
  return files.map((file) => {
    const outfile = join(SCRATCH, 'app', file.replace(/\.ts$/, '.cjs'));
    bundle(join(HERE, file), outfile);
    return outfile;
  });
}

/** Those that take longest come first. */
function order(file) {
  const place = ['kills', 'outages', 'upgrade', 'first-boot', 'backup', 'replacement', 'certificate'].findIndex((name) => file.endsWith(`/${name}.boot.cjs`));
  return place < 0 ? 99 : place;
}

/** A few machines at once: most of the time they wait. */
async function runFiles(files, environment) {
  const waiting = [...files].sort((a, b) => order(a) - order(b));
  const counts = { passed: 0, failed: 0 };
  const lanes = Math.min(files.length, Number(process.env.FIRSTBOOT_LANES ?? 4));
  await Promise.all(Array.from({ length: lanes }, async (_, number) => {
    const lane = makeLane(number);
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const result = await inLane(file, { ...environment, ...lane });
      counts.passed += result.passed;
      counts.failed += result.failed;
    }
  }));
  return conclude('first-boot', start, counts);
}

/** This program again, in the lane's network namespace: what the tests listen on is what the machine reaches. */
function inLane(file, environment) {
  return new Promise((resolve) => {
    let counts;
    const child = spawn('nsenter', [`--net=/run/netns/${environment.FIRSTBOOT_LANE}`, process.execPath, fileURLToPath(import.meta.url), file], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: { ...process.env, ...environment, NODE_OPTIONS: '--enable-source-maps' },
    });
    child.on('message', (message) => {
      counts = message;
    });
    child.on('close', () => {
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
