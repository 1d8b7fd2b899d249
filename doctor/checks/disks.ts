import { onServer, ServerCheck } from './check';
import { Found } from '../../preflight/finding';

/** Parts of a disk in use, in per cent: PostgreSQL stops when its disk is full. */
const NEARLY_FULL = 85;
const FULL = 95;

export const DISKS: ServerCheck = {
  name: 'disk',
  judge({ look, server }) {
    const unmounted = server.isNode ? [] : look.all('unmounted').map(([path]) => path);
    if (unmounted.length > 0) {
      return [{
        state: 'broken', what: `the data disk is not mounted at ${unmounted.join(', ')}`,
        meaning: 'GitLab does not start without it, on purpose; what is on the disk is safe',
        remedy: 'see in the portal that the disk is attached to the machine, then give rerun another value and apply',
      }];
    }
    return look.all('disk').map(([path, used, freeMb, usedInodes]) => verdict(path === '/' ? 'OS disk' : 'data disk', Number(used), Number(freeMb), Number(usedInodes)));
  },
};

function verdict(disk: string, used: number, freeMb: number, usedInodes: number): Found {
  const told = `${disk}: ${used} % full, ${Math.floor(freeMb / 1024)} GB free`;
  const remedy = disk === 'data disk' ? 'raise dataDiskSizeGb and apply: the disk grows while GitLab runs'
    : `clean up: ${onServer('journalctl --vacuum-size=500M; apt-get clean')}; or look for what grows: ${onServer('du -xh --max-depth 2 / | sort -h | tail -n 20')}`;
  if (usedInodes >= FULL) {
    return { state: 'broken', what: `${disk}: ${usedInodes} % of the inodes are used`, meaning: 'no more files can be made, whatever space is free', remedy };
  }
  if (used >= FULL) {
    return { state: 'broken', what: told, meaning: disk === 'data disk' ? 'the database stops when the disk is full, and pushes fail' : 'upgrades, logs and sign-ins fail when it is full', remedy };
  }
  return used >= NEARLY_FULL ? { state: 'warning', what: told, meaning: 'a backup or an upgrade may find no room', remedy } : { state: 'ok', what: told };
}
