import { IConstruct } from 'constructs';
import { checkStorageAccountName } from './azure-names';
import { OmnibusSettings } from './gitlab-rb';
import { checkInteger, checkList, checkOneOf, checkPattern, checkType, known, Subject } from '../../private/checks';
import { ValidationError } from '../../private/validation-error';
import { GitLabBackupOptions, GitLabBackupPart } from '../gitlab-backup';
import { StorageReplication } from '../storage-replication';

/** A backup with every gap filled that a constant fills. */
export type BackupPlan = ReturnType<typeof backupPlan>;

export function backupPlan(options: GitLabBackupOptions) {
  return {
    storageAccountName: options.storageAccountName ?? undefined,
    schedule: options.schedule ?? '02:30',
    retentionDays: options.retentionDays ?? 14,
    deletedRetentionDays: options.deletedRetentionDays ?? 14,
    excludedParts: options.excludedParts ?? [],
    replication: options.replication ?? StorageReplication.ZRS,
    containerName: options.containerName ?? 'gitlab-backups',
  };
}

const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const HOUR = '(?:[01]\\d|2[0-3])';
const SCHEDULE = new RegExp(`^(?:${DAY}(?:(?:,|\\.\\.)${DAY})* )?${HOUR}(?:,${HOUR})*:[0-5]\\d$`);

export function checkBackup(where: IConstruct, options: GitLabBackupOptions | undefined, settings: OmnibusSettings | undefined): void {
  const of = (prop: string): Subject => ({ where, prop: `backup.${prop}` });
  checkType({ where, prop: 'backup' }, options, 'object');
  checkPattern(of('schedule'), options?.schedule, SCHEDULE, 'days of the week, if not every day, and a time in UTC, such as "02:30" or "Mon..Fri 03:00"');
  checkInteger(of('retentionDays'), options?.retentionDays, 1, 3650);
  checkInteger(of('deletedRetentionDays'), options?.deletedRetentionDays, 1, 365);
  checkList(of('excludedParts'), options?.excludedParts, (subject, part) => checkOneOf(subject, part, Object.values(GitLabBackupPart)));
  if (options?.excludedParts && !known(options.excludedParts)) {
    throw new ValidationError(where, {
      prop: 'backup.excludedParts', problem: 'a list that only the apply knows', got: 'a token', remedy: 'give a list whose elements may be tokens',
    });
  }
  checkOneOf(of('replication'), options?.replication, Object.values(StorageReplication));
  checkStorageAccountName(of('storageAccountName'), options?.storageAccountName);
  // the secrets' container needs room for its ending.
  checkPattern(of('containerName'), options?.containerName, /^(?=.{3,55}$)[a-z0-9]+(-[a-z0-9]+)*$/,
    '3 to 55 lower-case letters, digits and single "-", not at an end');
  const folder = options && settings?.gitlab_rails?.backup_path;
  if (folder !== undefined && folder !== null) {
    throw new ValidationError(where, {
      prop: 'omnibusSettings.gitlab_rails.backup_path', problem: 'set together with backup', got: folder, remedy: 'leave one of the two out',
    });
  }
}
