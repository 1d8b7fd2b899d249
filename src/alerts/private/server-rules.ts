import { MetricRule, outside } from './metric-rules';
import { longestPauseHours } from './queries';
import { GitLabMaintenanceWindow } from '../../gitlab/machine/gitlab-maintenance-window';

const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3600;
/** Backups do not take equally long. */
const BACKUP_GRACE_HOURS = 2;
const CERTIFICATE_DAYS = 14;
const REBOOT_DAYS = 7;
/** A week, which is how often the server installs them by itself, and some time for that. */
const UPDATE_DAYS = 9;
const WAITING_SECONDS = 1800;
/** Slow queues have jobs of a quarter of an hour. */
const STUCK_SECONDS = 1800;
/** A timer of the server's tells each five minutes. */
const SILENT_SECONDS = 900;

export interface WatchedServerRules {
  /** When backups are due, if there are any. */
  readonly backupSchedule?: string;
  readonly window: Required<GitLabMaintenanceWindow>;
}

/** What the server tells of itself. All series of its workspace are its own. */
export function serverRules({ backupSchedule, window }: WatchedServerRules): MetricRule[] {
  const own = (name: string) => `gitlab_server_${name}`;
  const since = (name: string) => `time() - ${own(`${name}_timestamp_seconds`)}`;
  const filesystem = (what: string, range = '') => `node_filesystem_${what}{mountpoint=~"/|/srv/gitlab"}${range}`;
  const free = `${filesystem('avail_bytes')} / ${filesystem('size_bytes')}`;
  const working = `on () ${own('step_working')} == 1`;
  const awake = `on () ${outside(window)}`;
  return [
    {
      // a machine that is off tells nothing either.
      alert: 'MetricsMissing',
      expression: `(absent(${own('collected_timestamp_seconds')}) or ${since('collected')} > ${SILENT_SECONDS}) and ${awake}`,
      minutes: 30,
    },
    {
      // what a backup takes for an hour is no trend, so a day has to show it, and half of the disk to be taken. Many small files take inodes before space.
      alert: 'DiskFull',
      expression: `${free} < 0.15 or (${free} < 0.5 and predict_linear(${filesystem('avail_bytes', '[1d]')}, ${2 * DAY_SECONDS}) < 0)`
        + ` or ${filesystem('files_free')} / ${filesystem('files')} < 0.05`,
      minutes: 30,
    },
    ...backupSchedule === undefined ? [] : [{
      alert: 'BackupOld',
      // where there has been none, since somebody asked for them.
      expression: `time() - (${own('backup_last_success_timestamp_seconds')} or ${own('backup_set_up_timestamp_seconds')})`
        + ` > ${(longestPauseHours(backupSchedule) + BACKUP_GRACE_HOURS) * HOUR_SECONDS}`,
      minutes: 10,
    } as const],
    // what failed of backups is told by what arrives.
    { alert: 'TaskFailed', expression: `${own('task_failed')}{task!="gitlab-backup"} == 1`, minutes: 15 },
    { alert: 'CertificateSoon', expression: `${own('certificate_not_after_timestamp_seconds')} - time() < ${CERTIFICATE_DAYS * DAY_SECONDS}`, minutes: 60 },
    { alert: 'MigrationFailed', expression: `${own('migrations_failed')} > 0`, minutes: 15 },
    {
      alert: 'JobsNotTaken',
      expression: `(${since('oldest_pending_job')} > ${WAITING_SECONDS} unless ${working}) and ${awake}`,
      minutes: 10,
    },
    {
      alert: 'SidekiqStuck',
      expression: `(max by (name) (sidekiq_queue_latency_seconds) > ${STUCK_SECONDS} unless ${working}) and ${awake}`,
      minutes: 10,
    },
    { alert: 'RebootDue', expression: `${since('reboot_required')} > ${REBOOT_DAYS * DAY_SECONDS}`, minutes: 60 },
    {
      alert: 'UpdatesDue',
      expression: `${own('security_updates_pending')} > 0 and ${since('packages_changed')} > ${UPDATE_DAYS * DAY_SECONDS}`,
      minutes: 60,
    },
  ];
}
