import { Check } from './check';
import { nextJobSucceeds } from '../jobs';
import { NotYet } from '../patience';
import { demand, Platform } from '../platform';
import { synthesise } from '../program';

const FILE = 'verify.txt';
const [BEFORE, AFTER] = ['before the backup', 'after the backup'];
const BACKUP_NAME = /^[0-9TZ]+-[\d.]+-[ce]e$/;

/** Begins a backup, and tells of the last one. */
const BACK_UP = 'systemctl start --no-block gitlab-backup.service';
const BACKED_UP = 'systemctl show --property=ActiveState --property=Result gitlab-backup.service; '
  + 'journalctl --unit gitlab-backup --output=cat --no-pager --lines=40 | sed -n \'s/.*the backup \\([^ ]*\\) is in the storage account.*/backup \\1/p\' | tail -n 1';

/** What docs/restore.md has people run. */
const restoreOf = (backup: string, account: string) =>
  `systemd-run --unit=gitlab-restore --property=RemainAfterExit=yes /bin/bash /usr/local/lib/gitlab-server/backup.sh restore ${backup} ${account} overwrite`;
const RESTORED = 'journalctl _SYSTEMD_INVOCATION_ID=$(systemctl show --property=InvocationID --value gitlab-restore) --output=cat --lines=40';

/** The backup that was made, for those who restore it. */
const made = new WeakMap<Platform, string>();

export const BACKUP: Check = {
  claim: 'backup',
  needs: ['https'],
  doing: 'a backup',
  async run(platform) {
    const gitlab = await platform.gitlab();
    const project = await platform.projectId();
    await platform.patience.until('GitLab to take a file', 5, () => gitlab.commit(project, FILE, BEFORE));
    await platform.onServer(BACK_UP);
    const name = await platform.patience.until('the backup', 30, async () => {
      const told = await platform.onServer(BACKED_UP);
      demand(!told.includes('ActiveState=failed'), 'the unit gitlab-backup failed; see its journal on the server');
      if (!told.includes('ActiveState=inactive')) {
        throw new NotYet('it is at work');
      }
      return /^backup (\S+)$/m.exec(told)?.[1];
    });
    demand(BACKUP_NAME.test(name), 'its name is not one of a backup');
    made.set(platform, name);
  },
};

export const RESTORE: Check = {
  claim: 'restore',
  needs: ['backup'],
  doing: 'changing a file, and restoring the backup',
  async run(platform) {
    const gitlab = await platform.gitlab();
    const [project, { account }] = [await platform.projectId(), await platform.outputs()];
    await platform.patience.until('GitLab to take a file', 5, () => gitlab.commit(project, FILE, AFTER));
    await platform.onServer(restoreOf(made.get(platform)!, account));
    const last = await platform.patience.until('the restore', 60, async () => {
      const lines = (await platform.onServer(RESTORED)).trim().split('\n');
      const end = /^exit:(\d+)$/.exec(lines.at(-1)!.trim())?.[1];
      if (end === undefined) {
        throw new NotYet(lines.at(-1)!.slice(0, 100));
      }
      return { end, why: lines.at(-2) ?? '' };
    });
    demand(last.end === '0', `the restore failed: ${last.why}`);
    const content = await platform.patience.until('GitLab to answer again', 15, () => gitlab.read(project, FILE));
    demand(content.trim() === BEFORE, `the file holds "${content.trim().slice(0, 40)}"`);
  },
};

export const APPLY_AFTER_RESTORE: Check = {
  claim: 'apply-after-restore',
  needs: ['restore', 'job-runner-test'],
  doing: 'an apply with another rerun, which brings the vaults up to date',
  async run(platform) {
    const { folder, terraform } = platform;
    folder.change({ rerun: 'after the restore' });
    await synthesise(folder);
    await terraform.apply(folder.stack);
    await nextJobSucceeds(platform, 'a restore');
  },
};
