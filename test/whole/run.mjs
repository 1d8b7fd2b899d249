// The whole way on one machine: one real apply from an empty subscription to a green job. See ../define-tier.mjs. `--mutants` breaks its
// joints, see joints.mjs.
import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// its machine shares no name, lock or device with the first-boot tier, and its node no cgroup with the cluster tier.
const NAME = process.env.WHOLE_NAME ?? 'gitlab-whole';
Object.assign(process.env, { FIRSTBOOT_NAME: NAME, FIRSTBOOT_FIRST_DEVICE: process.env.WHOLE_DEVICE ?? '50', CLUSTER_NAME: NAME });
const { binaries } = await import('../apply/build/binaries.mjs');
const { removeCgroups } = await import('../cluster/build/cgroups.mjs');
const { programs } = await import('../cluster/build/programs.mjs');
const { missingTools: missingClusterTools } = await import('../cluster/build/tools.mjs');
const { alone, makeLane, SCRATCH, spawnInLane, sweep, sweepLane } = await import('../firstboot/build/lanes.mjs');
const { prepareDatabaseRoot } = await import('../firstboot/build/database-root.mjs');
const { prepareRoot } = await import('../firstboot/build/root.mjs');
const { missingTools: missingMachineTools } = await import('../firstboot/build/tools.mjs');
const { breakJoint, FAULTS, judgeJoint } = await import('./joints.mjs');
const { cacheOf, defineTier } = await import('../define-tier.mjs');
const { bundle, ROOT } = await import('../tier.mjs');

const HERE = import.meta.dirname;

await defineTier({
  program: fileURLToPath(import.meta.url),
  name: 'whole',
  nothing: 'nothing was applied',
  missing: () => [...missingMachineTools(console.log), ...missingClusterTools()],
  lanes: 1,
  lane: {
    // a whole platform leaves addresses, mounts and cgroups that the next would meet.
    oneFile: true,
    make: makeLane,
    sweep(lane) {
      sweepLane(lane);
      removeCgroups();
    },
  },
  spawn: spawnInLane,
  faults: FAULTS,
  put: breakJoint,
  judge: judgeJoint,
  alone: (run) => alone(run, () => {
    sweep();
    removeCgroups();
  }),
  scratch: () => SCRATCH,
  prepare,
  furnish(app) {
    for (const name of ['complete', 'landing-zone']) {
      bundle(join(ROOT, 'examples/typescript', name, 'main.ts'), join(app, 'examples', name, 'main.cjs'));
    }
    return { APPLY_APP: app, FIRSTBOOT_APP: app, WHOLE_NODE: bundled(app, 'harness/node.ts') };
  },
  flags: {
    '--demo': { does: 'shows one way through all of it to a person, instead of the tests', run: show },
    '--keep': { does: 'with --demo: leaves all of it up, to look around' },
    '--transcript=FILE': { does: 'with --demo: writes what is shown into a file' },
  },
});

function bundled(app, source) {
  const file = join(app, source.replace(/^harness\//, '').replace(/\.ts$/, '.cjs'));
  bundle(join(HERE, source), file);
  return file;
}

/** All programs and the root file system. */
function prepare() {
  const environment = { ...binaries(cacheOf('apply'), console.log), ...programs(cacheOf('cluster'), console.log) };
  const root = join(SCRATCH, 'root');
  const packages = prepareRoot(root, cacheOf('firstboot'), console.log);
  const database = join(SCRATCH, 'database-root');
  prepareDatabaseRoot(database, root, cacheOf('firstboot'), console.log);
  const [tmp, home, bin] = ['tmp', 'home', 'bin'].map((name) => join(SCRATCH, name));
  [tmp, home, bin].forEach((folder) => mkdirSync(folder, { recursive: true }));
  symlinkSync(join(HERE, '../apply/build/programs/az'), join(bin, 'az'));
  return {
    ...environment, APPLY_HOME: home, APPLY_PROGRAMS: bin, TMPDIR: tmp,
    FIRSTBOOT_DATABASE_ROOT: database, FIRSTBOOT_ROOT: root, FIRSTBOOT_PACKAGES: packages, FIRSTBOOT_TERRAFORM: environment.APPLY_TERRAFORM,
  };
}

/** @returns the exit status */
function show(work) {
  const options = process.argv.slice(2);
  const transcript = options.find((option) => option.startsWith('--transcript='))?.split('=')[1];
  const { app, environment } = work.application('app');
  const wishes = { ...options.includes('--keep') ? { WHOLE_KEEP: '1' } : {}, ...transcript ? { WHOLE_TRANSCRIPT: resolve(transcript) } : {} };
  const all = { ...process.env, ...work.environment, ...environment, ...makeLane(0), ...wishes };
  return new Promise((ended) => {
    spawnInLane(all, [bundled(app, 'demo.ts')], { stdio: 'inherit', env: all }).on('close', (status) => ended(status ?? 1));
  });
}
