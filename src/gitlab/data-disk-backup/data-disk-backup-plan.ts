import { GitLabDataDiskBackupOptions } from './gitlab-data-disk-backup';
import { ManagedDiskType } from '../../azure/managed-disk-type';
import { PART_KINDS } from '../../azure/names/part-kinds';
import { resourceGroupName } from '../../azure/private/rules';
import { Rules } from '../../private/rules/rule';
import { integer, oneOf, timeOfDay } from '../../private/rules/scalars';
import { known, Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';

/** As many snapshots of one disk a policy may keep. */
const MAXIMUM_SNAPSHOTS = 450;

export const DATA_DISK_BACKUP: Rules<GitLabDataDiskBackupOptions> = {
  intervalHours: oneOf([1, 2, 4, 6, 8, 12, 24]),
  startTime: timeOfDay('a time of day in UTC such as "02:30"'),
  retentionDays: integer(1, 365),
  deletedRetentionDays: integer(14, 180),
  resourceGroupName: resourceGroupName(),
  vaultName: PART_KINDS.backupVault.rule,
};

/** The shortest that Azure Backup takes for a disk of Premium SSD v2. */
const INTERVAL_OF_V2_HOURS = 12;

/** A data disk's backup with every gap filled that a constant fills. */
export type DataDiskBackupPlan = ReturnType<typeof dataDiskBackupPlan>;

export function dataDiskBackupPlan(options: GitLabDataDiskBackupOptions, type: ManagedDiskType) {
  return {
    ...options,
    intervalHours: options.intervalHours ?? (type === ManagedDiskType.PREMIUM_V2_LRS ? INTERVAL_OF_V2_HOURS : 4),
    startTime: options.startTime ?? '00:00',
    retentionDays: options.retentionDays ?? 7,
    deletedRetentionDays: options.deletedRetentionDays ?? 14,
  };
}

export function checkSnapshotsFit(where: Subject['where'], { intervalHours, retentionDays }: DataDiskBackupPlan, type: ManagedDiskType): void {
  if (type === ManagedDiskType.PREMIUM_V2_LRS && known(intervalHours) && intervalHours < INTERVAL_OF_V2_HOURS) {
    throw new ValidationError(where, {
      prop: 'dataDiskBackup.intervalHours', problem: 'Azure Backup takes snapshots of Premium SSD v2 every 12 or 24 hours', got: intervalHours, remedy: 'give 12 or 24',
    });
  }
  if (known(intervalHours) && known(retentionDays) && retentionDays * 24 / intervalHours > MAXIMUM_SNAPSHOTS) {
    throw new ValidationError(where, {
      prop: 'dataDiskBackup.retentionDays', problem: `more than ${MAXIMUM_SNAPSHOTS} snapshots, one every ${intervalHours} h`, got: retentionDays,
      remedy: `give at most ${Math.floor(MAXIMUM_SNAPSHOTS * intervalHours / 24)}, or a longer intervalHours`,
    });
  }
}
