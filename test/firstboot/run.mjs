// The first-boot tier: the scripts of the packed package on virtual machines with a real systemd, apt, dpkg and disk. See ../define-tier.mjs. Environment:
// FIRSTBOOT_NAME, FIRSTBOOT_SCRATCH and FIRSTBOOT_FIRST_DEVICE, see build/lanes.mjs.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alone, makeLane, SCRATCH, spawnInLane, sweepLane } from './build/lanes.mjs';
import { prepareDatabaseRoot } from './build/database-root.mjs';
import { prepareMonitoring } from './build/monitoring.mjs';
import { prepareRoot } from './build/root.mjs';
import { missingTools, terraform } from './build/tools.mjs';
import { FAULTS } from './mutants.mjs';
import { cacheOf, defineTier } from '../define-tier.mjs';
import { ROOT } from '../tier.mjs';

await defineTier({
  program: fileURLToPath(import.meta.url),
  name: 'firstboot',
  suffix: 'boot',
  nothing: 'no script ran',
  missing: () => missingTools(console.log),
  longest: ['application-nodes-upgrade', 'application-nodes-load', 'application-nodes-chain', 'move-database', 'recovery', 'recovery-kills', 'updates', 'kills', 'cut-updates', 'upgrade', 'outages', 'backup', 'moving-in', 'first-boot', 'ends', 'runners', 'replacement', 'sign-in', 'resize', 'disk', 'os-disk', 'certificate'],
  // a few machines at once, since most of the time they wait; a benchmark is alone.
  lanes: process.argv.includes('--bench') ? 1 : 4,
  lane: { make: makeLane, sweep: sweepLane },
  spawn: spawnInLane,
  faults: FAULTS,
  alone,
  scratch: () => SCRATCH,
  prepare() {
    const root = join(SCRATCH, 'root');
    const packages = prepareRoot(root, cacheOf('firstboot'), console.log);
    const database = join(SCRATCH, 'database-root');
    prepareDatabaseRoot(database, root, cacheOf('firstboot'), console.log);
    prepareMonitoring(root, cacheOf('firstboot'), console.log);
    return { FIRSTBOOT_DATABASE_ROOT: database, FIRSTBOOT_ROOT: root, FIRSTBOOT_PACKAGES: packages, FIRSTBOOT_TERRAFORM: terraform(), FIRSTBOOT_REPOSITORY: ROOT };
  },
  furnish: (app) => ({ FIRSTBOOT_APP: app, FIRSTBOOT_SCALE_PAGE: join(ROOT, 'docs/scale.md') }),
});
