// The cluster tier: the real gitlab-runner under a real Kubernetes node, from the packed package. See ../define-tier.mjs; with `--bench` it sets the manager beside the
// one of GitLab's own chart, and caches beside those of the runner's own defaults. Environment: CLUSTER_NAME, what the names of its cgroups begin with.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeCgroups, removeOwnCgroups } from './build/cgroups.mjs';
import { programs } from './build/programs.mjs';
import { missingTools } from './build/tools.mjs';
import { FAULTS } from './mutants.mjs';
import { cacheOf, defineTier, endFiles } from '../define-tier.mjs';
import { allowWatchers } from '../programs/watchers.mjs';
import { bundle, ROOT } from '../tier.mjs';

const PROGRAM = fileURLToPath(import.meta.url);

await defineTier({
  program: PROGRAM,
  name: 'cluster',
  nothing: 'no job was run',
  missing: missingTools,
  longest: ['rights', 'alerts', 'faults', 'features'],
  // a benchmark is alone.
  lanes: process.argv.includes('--bench') ? 1 : 3,
  faults: FAULTS,
  alone,
  prepare({ scratch }) {
    mkdirSync(join(scratch, 'tmp'));
    return { ...programs(cacheOf('cluster'), console.log), TMPDIR: join(scratch, 'tmp') };
  },
  furnish(app) {
    const examples = join(ROOT, 'examples/typescript');
    readdirSync(examples).filter((name) => existsSync(join(examples, name, 'main.ts')))
      .forEach((name) => bundle(join(examples, name, 'main.ts'), join(app, 'examples', name, 'main.cjs')));
    return {
      CLUSTER_APP: app, CLUSTER_PROGRAM: PROGRAM, CLUSTER_PAGE: join(ROOT, 'docs/official-chart.md'), CLUSTER_CACHE_PAGE: join(ROOT, 'docs/runner.md'),
      CLUSTER_VALUES: join(ROOT, 'test/docs/values'),
    };
  },
  // each file in namespaces that end, with everything in them, when it does.
  spawn: (_, args, options) => spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc',
    process.execPath, ...args], options),
});

async function alone(run) {
  // the clusters end first: a cgroup with a process in it cannot be removed.
  const leave = async (status) => {
    await endFiles();
    await removeOwnCgroups();
    process.exit(status);
  };
  process.on('SIGINT', () => leave(130)).on('SIGTERM', () => leave(143)).on('SIGHUP', () => leave(129));
  allowWatchers();
  removeCgroups();
  const status = await run();
  await removeOwnCgroups();
  return status;
}
