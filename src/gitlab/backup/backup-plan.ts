import { GitLabBackupOptions, GitLabBackupPart } from './gitlab-backup';
import { storageAccountName } from '../../azure/private/rules';
import { StorageReplication } from '../../azure/storage-replication';
import { list } from '../../private/rules/collections';
import { Rules } from '../../private/rules/rule';
import { integer, oneOf, text } from '../../private/rules/scalars';
import { backupContainerName } from '../private/backup-container';

const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const HOUR = '(?:[01]\\d|2[0-3])';
const SCHEDULE = new RegExp(`^(?:${DAY}(?:(?:,|\\.\\.)${DAY})* )?${HOUR}(?:,${HOUR})*:[0-5]\\d$`);

export const BACKUP: Rules<GitLabBackupOptions> = {
  schedule: text('days of the week, if not every day, and a time in UTC, such as "02:30" or "Mon..Fri 03:00"', SCHEDULE),
  retentionDays: integer(1, 3650),
  deletedRetentionDays: integer(1, 365),
  excludedParts: list(oneOf(Object.values(GitLabBackupPart))),
  replication: oneOf(Object.values(StorageReplication)),
  storageAccountName: storageAccountName(),
  containerName: backupContainerName(),
};

/** A backup with every gap filled that a constant fills. */
export type BackupPlan = ReturnType<typeof backupPlan>;

export function backupPlan(options: GitLabBackupOptions) {
  return {
    ...options,
    schedule: options.schedule ?? '02:30',
    retentionDays: options.retentionDays ?? 14,
    deletedRetentionDays: options.deletedRetentionDays ?? 14,
    excludedParts: options.excludedParts ?? [],
    replication: options.replication ?? StorageReplication.ZRS,
    containerName: options.containerName ?? 'gitlab-backups',
  };
}
