// The server's rules of `PlatformAlerts`.
import { checkQueries, labels, testRules } from './harness/promtool';
import { watched } from './harness/watched';
import { WeekDay } from 'cdktf-azure-gitlab';

/** The window begins with the second hour of the tool's time, which begins at 0. */
const { serverRules, panels } = watched(['ci'], { dayOfWeek: WeekDay.THURSDAY, startTime: '01:00', durationMinutes: 90 });

const OWN = { instance: 'localhost:9100', job: 'node' };
const own = (name: string, values: string, more: { [label: string]: string } = {}) => ({ series: `gitlab_server_${name}{${labels({ ...OWN, ...more })}}`, values });
const collected = (values: string) => own('collected_timestamp_seconds', values);
const PLACE = { ...OWN, device: '/dev/sdc', fstype: 'ext4', mountpoint: '/srv/gitlab' };
const disk = (values: string, place = PLACE) => [
  { series: `node_filesystem_avail_bytes{${labels(place)}}`, values }, { series: `node_filesystem_size_bytes{${labels(place)}}`, values: '100x3000' },
];
const queue = (values: string) => ({ series: `sidekiq_queue_latency_seconds{${labels({ job: 'gitlab_exporter_sidekiq', name: 'default' })}}`, values });
const HOUR = 3600;
const DAY = 24 * HOUR;

checkQueries('the dashboard', panels);
testRules(serverRules, [
  ['a server that tells of itself each five minutes', [collected('0+60x300')], 'MetricsMissing', { 60: [], 290: [] }],
  ['a server that never told', [], 'MetricsMissing', { 29: [], 31: [{}], 61: [], 149: [], 181: [{}] }],
  ['a server that falls silent', [collected('_x160 9600+60x40')], 'MetricsMissing', { 165: [], 199: [], 250: [{}] }],
  ['a timer that stopped while the exporter goes on', [collected('0+60x180 10800x200')], 'MetricsMissing', { 190: [], 220: [], 230: [OWN] }],
  ['a disk with room', disk('40x100'), 'DiskFull', { 60: [] }],
  ['a disk that is nearly full, and enlarged', disk('14x60 60x60'), 'DiskFull', { 20: [], 31: [PLACE], 70: [] }],
  ['another file system', disk('1x60', { ...PLACE, mountpoint: '/boot/efi' }), 'DiskFull', { 50: [] }],
  ['a disk that fills within a day', disk('80-0.04x1600'), 'DiskFull', { 600: [], 1300: [PLACE] }],
  ['a disk that fills within weeks', disk('49-0.001x1600'), 'DiskFull', { 100: [], 1500: [] }],
  ['a disk with room and without inodes', [...disk('60x100'), { series: `node_filesystem_files_free{${labels(PLACE)}}`, values: '20x20 4x40 30x40' },
    { series: `node_filesystem_files{${labels(PLACE)}}`, values: '100x100' }], 'DiskFull', { 40: [], 55: [PLACE], 70: [] }],
  ['an hour of a backup', disk('45x600 30x60 45x600'), 'DiskFull', { 640: [], 700: [], 900: [] }],
  ['a backup of each night', [own('backup_last_success_timestamp_seconds', `0x1500 ${25 * HOUR}x200`)], 'BackupOld', { 1499: [], 1560: [] }],
  ['no backup for a night', [own('backup_last_success_timestamp_seconds', `0x1600 ${26.6 * HOUR}x200`)], 'BackupOld', { 1559: [], 1575: [OWN], 1605: [] }],
  ['never a backup', [own('backup_set_up_timestamp_seconds', '0x1800')], 'BackupOld', { 1500: [], 1575: [OWN] }],
  ['a backup later than the set-up', [own('backup_set_up_timestamp_seconds', '0x1800'), own('backup_last_success_timestamp_seconds', `${2 * HOUR}x1800`)], 'BackupOld', { 1600: [] }],
  ['a patch that failed, and works', [own('task_failed', '0x5 1x40 0x20', { task: 'gitlab-update' })], 'TaskFailed',
    { 10: [], 22: [{ ...OWN, task: 'gitlab-update' }], 50: [] }],
  ['a backup that failed', [own('task_failed', '1x60', { task: 'gitlab-backup' })], 'TaskFailed', { 50: [] }],
  ['a certificate for another month, then for nine days', [own('certificate_not_after_timestamp_seconds', `${30 * DAY}x60 ${9 * DAY}x120 ${90 * DAY}x20`)], 'CertificateSoon',
    { 59: [], 100: [], 125: [OWN], 190: [] }],
  ['a migration that failed and was tried again', [own('migrations_failed', '0x5 1x40 0x20')], 'MigrationFailed', { 5: [], 15: [], 25: [OWN], 50: [] }],
  ['a job that waits for twenty minutes', [own('oldest_pending_job_timestamp_seconds', '0x20'), own('step_working', '0x20')], 'JobsNotTaken', { 20: [] }],
  ['a job that nobody takes, outside of the window', [own('oldest_pending_job_timestamp_seconds', '0x200 _x40'), own('step_working', '0x240')], 'JobsNotTaken',
    { 35: [], 42: [OWN], 61: [], 150: [], 161: [OWN], 215: [] }],
  ['a job that waits while the server is upgraded', [own('oldest_pending_job_timestamp_seconds', '0x240'), own('step_working', '1x200 0x40')], 'JobsNotTaken', { 50: [], 199: [], 215: [OWN] }],
  ['a background job that waits, outside of the window', [queue('0+60x50 10x10 0+60x180')], 'SidekiqStuck', { 35: [], 43: [{ name: 'default' }], 55: [], 110: [], 149: [], 161: [{ name: 'default' }] }],
  ['a background job that waits while the server is backed up', [queue('0+60x100'), own('step_working', '1x45 0x60')], 'SidekiqStuck', { 45: [], 58: [{ name: 'default' }] }],
  ['a restart that is due since a week', [own('reboot_required_timestamp_seconds', '_x9900 0x600')], 'RebootDue', { 10079: [], 10130: [], 10145: [OWN] }],
  ['updates that are not installed', [own('security_updates_pending', '3x13200'), own('packages_changed_timestamp_seconds', '0x13200')], 'UpdatesDue', { 12959: [], 13000: [], 13025: [OWN] }],
  ['no update for long, and none there is', [own('security_updates_pending', '0x13200'), own('packages_changed_timestamp_seconds', '0x13200')], 'UpdatesDue', { 13100: [] }],
]);
