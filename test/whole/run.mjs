// The whole way on one machine: one real apply from an empty subscription to a green job. `node test/whole/run.mjs [name…]` runs the test files whose name holds
// one of the words; `--demo` shows it to a person instead, `--keep` leaves all of it up to look around, `--transcript=FILE` writes what is shown into a file;
// `--joints` tries the tests themselves, see joints.mjs.
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
const { alone, makeLane, SCRATCH, spawnInLane, sweep, sweepLane } = await import('../firstboot/build/lanes.mjs');
const { prepareRoot } = await import('../firstboot/build/root.mjs');
const { missingTools: missingMachineTools } = await import('../firstboot/build/tools.mjs');
const { breakJoint, JOINTS, judgeJoint } = await import('./joints.mjs');
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
    const prepared = { ...process.env, ...prepare() };
    console.log(`everything ready after ${Math.round((Date.now() - start) / 1000)} s`);
    if (options.includes('--joints')) {
      return conclude('whole joints', start, await breakJoints(words, prepared));
    }
    const environment = { ...prepared, ...application('app'), ...makeLane(0) };
    if (demo) {
      return show(bundleTo(environment.APPLY_APP, 'demo.ts'), environment);
    }
    const files = readdirSync(HERE).filter((file) => file.endsWith('.whole.ts') && (words.length === 0 || words.some((word) => file.includes(word))));
    return conclude('whole', start, await inLane(files.map((file) => bundleTo(environment.APPLY_APP, file)), environment));
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

/** All programs and the root file system. */
function prepare() {
  const cache = (tier) => resolve(process.env.WHOLE_CACHE ?? join(ROOT, '.cache'), tier);
  const environment = { ...binaries(cache('apply'), console.log), ...programs(cache('cluster'), console.log) };
  const root = join(SCRATCH, 'root');
  const packages = prepareRoot(root, cache('firstboot'), console.log);
  const tmp = join(SCRATCH, 'tmp');
  const home = join(SCRATCH, 'home');
  const bin = join(SCRATCH, 'bin');
  [tmp, home, bin].forEach((folder) => mkdirSync(folder, { recursive: true }));
  symlinkSync(join(HERE, '../apply/build/programs/az'), join(bin, 'az'));
  return {
    ...environment,
    APPLY_HOME: home, APPLY_PROGRAMS: bin, TMPDIR: tmp, NODE_OPTIONS: '--enable-source-maps',
    FIRSTBOOT_ROOT: root, FIRSTBOOT_PACKAGES: packages, FIRSTBOOT_TERRAFORM: environment.APPLY_TERRAFORM,
  };
}

/** An application with the package and its peers as npm would install them, and the example. @returns the environment that names it */
function application(name) {
  const app = join(SCRATCH, name);
  install(app, process.env.WHOLE_PACKAGE ? resolve(process.env.WHOLE_PACKAGE) : pack(SCRATCH));
  bundle(join(ROOT, 'examples/typescript/complete/main.ts'), join(app, 'examples/complete/main.cjs'));
  return { APPLY_APP: app, FIRSTBOOT_APP: app, WHOLE_NODE: bundleTo(app, 'harness/node.ts') };
}

/** One after the other, each from an empty subscription. */
async function breakJoints(names, prepared) {
  const counts = { passed: 0, failed: 0 };
  for (const joint of JOINTS.filter(([name]) => names.length === 0 || names.includes(name))) {
    const environment = { ...prepared, ...application(`broken-${joint[0]}`), ...makeLane(0), WHOLE_TESTS: 'one apply' };
    breakJoint(environment.APPLY_APP, joint);
    let output = '';
    await inLane([bundleTo(environment.APPLY_APP, 'platform.whole.ts')], environment, (text) => {
      output += text;
    });
    counts[judgeJoint(joint, output) ? 'passed' : 'failed'] += 1;
    sweepLane(environment);
    removeCgroups();
  }
  return counts;
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

/** This program again, in the lane; what it prints goes to `heard`, if there is one. */
function inLane(files, environment, heard) {
  return new Promise((resolve) => {
    let counts;
    const output = heard ? 'pipe' : 'inherit';
    const child = spawnInLane(environment, [fileURLToPath(import.meta.url), ...files], { stdio: ['ignore', output, output, 'ipc'], env: environment });
    [child.stdout, child.stderr].forEach((stream) => stream?.on('data', heard));
    child.on('message', (message) => {
      counts = message;
    });
    child.on('close', () => resolve(counts ?? { passed: 0, failed: 1 }));
  });
}
