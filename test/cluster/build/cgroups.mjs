import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const CGROUPS = '/sys/fs/cgroup';
/** What the names of a run's cgroups begin with; runs of other names do not meet. */
export const NAME = process.env.CLUSTER_NAME ?? 'cluster-tier';

/** How long processes may take to end that were told to: all of them belong to one that has ended. */
const DYING_SECONDS = 120;

/** Removes what this run made, whose processes have ended or are just about to. */
export async function removeOwnCgroups() {
  for (const end = Date.now() + DYING_SECONDS * 1000; made().some(({ path }) => hasProcess(path)) && Date.now() < end;) {
    await sleep(100);
  }
  removeCgroups();
}

/** Removes what runs left, also those that were cut off. Where a process lives, in any controller, a cluster is at work. */
export function removeCgroups() {
  const folders = made();
  const alive = new Set(folders.filter(({ path }) => hasProcess(path)).map(({ cluster }) => cluster));
  for (const { path } of folders.filter(({ cluster }) => !alive.has(cluster))) {
    spawnSync('find', [path, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';'], { stdio: 'ignore' });
  }
}

/** The cgroups of clusters, in each controller. */
function made() {
  const controllers = existsSync(CGROUPS) ? readdirSync(CGROUPS, { withFileTypes: true }).filter((entry) => entry.isDirectory()) : [];
  return controllers.flatMap(({ name }) => readdirSync(join(CGROUPS, name)).filter((entry) => entry.startsWith(NAME))
    .map((cluster) => ({ cluster, path: join(CGROUPS, name, cluster) })));
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
