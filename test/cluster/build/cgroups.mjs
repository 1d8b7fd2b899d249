import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const CGROUPS = '/sys/fs/cgroup';

/** Removes what runs left, also those that were cut off; cgroups with a process in them stay. */
export function removeCgroups() {
  const controllers = existsSync(CGROUPS) ? readdirSync(CGROUPS, { withFileTypes: true }).filter((entry) => entry.isDirectory()) : [];
  for (const { name } of controllers) {
    for (const folder of readdirSync(join(CGROUPS, name)).filter((entry) => entry.startsWith('cluster-tier'))) {
      spawnSync('find', [join(CGROUPS, name, folder), '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';'], { stdio: 'ignore' });
    }
  }
}
