import { onServer, ServerCheck } from './check';
import { duration } from '../server-look';

/** One a day, and some time to make it. */
const OLD_SECONDS = 26 * 3600;

export const BACKUP: ServerCheck = {
  name: 'backup',
  judge: ({ look }) => {
    const [service, timer, at] = look.one('backup') ?? ['none'];
    if (service === 'none') {
      return [{
        state: 'warning', what: 'nothing backs this server up', meaning: 'with the disk all of GitLab would be lost', remedy: 'set backup: {} on SelfHostedGitLab and apply',
      }];
    }
    const last = at === 'never' ? 'none has been made yet' : `the last one is ${duration(look.ageSeconds(at))} old`;
    const again = onServer('systemctl start --no-block gitlab-backup');
    if (service === 'failed') {
      return [{
        state: 'broken', what: `the last backup failed; ${at === 'never' ? 'none has been made yet' : `the last good one is ${duration(look.ageSeconds(at))} old`}`,
        meaning: 'what was done since then would be lost with the disk', remedy: `read why: ${onServer('journalctl -u gitlab-backup -n 30 --no-pager')}; then ${again}`,
      }];
    }
    if (timer !== 'active') {
      return [{
        state: 'broken', what: `the timer of the backups does not run; ${last}`, meaning: 'no more backups are made', remedy: 'give rerun another value and apply',
      }];
    }
    if (service === 'activating') {
      return [{ state: 'ok', what: `a backup is being made; ${last}` }];
    }
    if (at === 'never') {
      return [{ state: 'warning', what: 'no backup has been made yet', meaning: 'the first one comes at the time of backup.schedule', remedy: `make one now: ${again}` }];
    }
    return [look.ageSeconds(at) > OLD_SECONDS ? {
      state: 'broken', what: `the last backup is ${duration(look.ageSeconds(at))} old`, meaning: 'there should be one each day; the server may have been off',
      remedy: `make one now: ${again}; read what became of it: ${onServer('journalctl -u gitlab-backup -n 30 --no-pager')}`,
    } : { state: 'ok', what: `backup: ${last}` }];
  },
};
