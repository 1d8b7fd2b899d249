import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CGROUPS = '/sys/fs/cgroup';
/** What the names of a run's cgroups begin with; runs of other names do not meet. */
export const NAME = process.env.CLUSTER_NAME ?? 'cluster-tier';

/** Removes what runs left, also those that were cut off. Where a process lives, in any controller, a cluster is at work. */
export function removeCgroups() {
  const controllers = existsSync(CGROUPS) ? readdirSync(CGROUPS, { withFileTypes: true }).filter((entry) => entry.isDirectory()) : [];
  const folders = controllers.flatMap(({ name }) => readdirSync(join(CGROUPS, name)).filter((entry) => entry.startsWith(NAME))
    .map((cluster) => ({ cluster, path: join(CGROUPS, name, cluster) })));
  const alive = new Set(folders.filter(({ path }) => hasProcess(path)).map(({ cluster }) => cluster));
  for (const { path } of folders.filter(({ cluster }) => !alive.has(cluster))) {
    spawnSync('find', [path, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';'], { stdio: 'ignore' });
  }
}

function hasProcess(folder) {
  try {
    return readFileSync(join(folder, 'cgroup.procs'), 'utf8') !== ''
      || readdirSync(folder, { withFileTypes: true }).some((entry) => entry.isDirectory() && hasProcess(join(folder, entry.name)));
  } catch {
    // it has just gone
    return false;
  }
}
