// The whole way on one machine: one real apply from an empty subscription to a green job. `node test/whole/run.mjs [name…]` runs the test files whose name holds
// one of the words; `--demo` shows it to a person instead, `--keep` leaves all of it up to look around, `--transcript=FILE` writes what is shown into a file.
// Environment: WHOLE_TESTS, a pattern of test names; WHOLE_CACHE, where programs are kept; WHOLE_PACKAGE, a package to try instead of packing one.
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// its machine shares no name, lock or device with the first-boot tier.
Object.assign(process.env, { FIRSTBOOT_NAME: process.env.WHOLE_NAME ?? 'gitlab-whole', FIRSTBOOT_FIRST_DEVICE: process.env.WHOLE_DEVICE ?? '50' });
const { binaries } = await import('../apply/build/binaries.mjs');
const { removeCgroups } = await import('../cluster/build/cgroups.mjs');
const { programs } = await import('../cluster/build/programs.mjs');
const { missingTools: missingClusterTools } = await import('../cluster/build/tools.mjs');
const { alone, makeLane, SCRATCH, spawnInLane, sweep } = await import('../firstboot/build/lanes.mjs');
const { prepareRoot } = await import('../firstboot/build/root.mjs');
const { missingTools: missingMachineTools } = await import('../firstboot/build/tools.mjs');
const { bundle, conclude, countTests, install, pack, ROOT } = await import('../tier.mjs');

const HERE = import.meta.dirname;
const start = Date.now();

const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const demo = options.includes('--demo');

if (process.send) {
  const counts = await countTests(process.argv.slice(2), { concurrency: 1, testNamePatterns: process.env.WHOLE_TESTS });
  process.send(counts, () => process.disconnect());
} else {
  process.exit(await main(process.argv.slice(2).filter((argument) => !options.includes(argument))));
}

async function main(words) {
  const missing = [...missingMachineTools(console.log), ...missingClusterTools()];
  if (missing.length > 0) {
    console.log(`SKIPPED, there is no ${missing.join(' and no ')}: nothing was applied`);
    return process.env.CI ? 1 : 0;
  }
  return alone(async () => {
    const environment = { ...process.env, ...prepare(), ...makeLane(0) };
    const files = readdirSync(HERE).filter((file) => file.endsWith('.whole.ts') && (words.length === 0 || words.some((word) => file.includes(word))));
    const bundled = files.map((file) => bundleTo(environment.APPLY_APP, file));
    console.log(`everything ready after ${Math.round((Date.now() - start) / 1000)} s`);
    return demo ? show(bundleTo(environment.APPLY_APP, 'demo.ts'), environment) : conclude('whole', start, await inLane(bundled, environment));
  }, () => {
    sweep();
    removeCgroups();
  });
}

function bundleTo(app, file) {
  const outfile = join(app, file.replace(/^harness\//, '').replace(/\.ts$/, '.cjs'));
  bundle(join(HERE, file), outfile);
  return outfile;
}

/** All programs, the root file system, and an application with the package and its peers as npm would install them. */
function prepare() {
  const cache = (tier) => resolve(process.env.WHOLE_CACHE ?? join(ROOT, '.cache'), tier);
  const environment = { ...binaries(cache('apply'), console.log), ...programs(cache('cluster'), console.log) };
  const root = join(SCRATCH, 'root');
  const packages = prepareRoot(root, cache('firstboot'), console.log);
  const app = join(SCRATCH, 'app');
  const tmp = join(SCRATCH, 'tmp');
  const home = join(SCRATCH, 'home');
  const bin = join(SCRATCH, 'bin');
  [app, tmp, home, bin].forEach((folder) => mkdirSync(folder, { recursive: true }));
  symlinkSync(join(HERE, '../apply/build/programs/az'), join(bin, 'az'));
  install(app, process.env.WHOLE_PACKAGE ? resolve(process.env.WHOLE_PACKAGE) : pack(app));
  const examples = join(ROOT, 'examples/typescript');
  bundle(join(examples, 'complete/main.ts'), join(app, 'examples/complete/main.cjs'));
  return {
    ...environment,
    APPLY_APP: app, APPLY_HOME: home, APPLY_PROGRAMS: bin, TMPDIR: tmp, NODE_OPTIONS: '--enable-source-maps',
    FIRSTBOOT_ROOT: root, FIRSTBOOT_PACKAGES: packages, FIRSTBOOT_APP: app, FIRSTBOOT_TERRAFORM: environment.APPLY_TERRAFORM,
    WHOLE_NODE: bundleTo(app, 'harness/node.ts'),
  };
}

/** @returns the exit status */
function show(program, environment) {
  const transcript = options.find((option) => option.startsWith('--transcript='))?.split('=')[1];
  const wishes = { ...options.includes('--keep') ? { WHOLE_KEEP: '1' } : {}, ...transcript ? { WHOLE_TRANSCRIPT: resolve(transcript) } : {} };
  return new Promise((ended) => {
    spawnInLane(environment, [program], { stdio: 'inherit', env: { ...environment, ...wishes } })
      .on('close', (status) => ended(status ?? 1));
  });
}

/** This program again, in the lane. */
function inLane(files, environment) {
  return new Promise((resolve) => {
    let counts;
    const child = spawnInLane(environment, [fileURLToPath(import.meta.url), ...files], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: environment,
    });
    child.on('message', (message) => {
      counts = message;
    });
    child.on('close', () => resolve(counts ?? { passed: 0, failed: 1 }));
  });
}
