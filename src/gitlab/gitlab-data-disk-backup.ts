/**
 * Snapshots of the data disk by Azure Backup: several a day, each taken in a moment, all of the server back within minutes whatever its size.
 *
 * A snapshot holds the disk as a power cut would have left it, secrets included, and stays in the disk's region; what object storage holds is not
 * in it. A backup vault takes and deletes them by an identity of its own; the server's has no right to them. Vault and snapshots lie in a
 * resource group of their own. Taking this out of the program deletes all snapshots, for good after `deletedRetentionDays`.
 *
 * @see https://learn.microsoft.com/azure/backup/disk-backup-overview
 */
export interface GitLabDataDiskBackupOptions {
  /**
   * How many hours lie between two snapshots: 1, 2, 4, 6, 8, 12 or 24; others are refused.
   * @see https://learn.microsoft.com/azure/backup/disk-backup-support-matrix
   * @default 4
   */
  readonly intervalHours?: number;

  /**
   * A time of day at which a snapshot is taken, in UTC, such as `'02:30'`; anything else is refused. Azure may begin up to two hours later.
   * @default '00:00'
   */
  readonly startTime?: string;

  /**
   * After how many days Azure deletes a snapshot, 1 to 365; others are refused, and so is what makes more than 450 snapshots, as many as Azure
   * keeps of one disk. A later change counts for the snapshots that come after it.
   * @see https://learn.microsoft.com/azure/backup/disk-backup-overview#how-does-the-disk-backup-scheduling-and-retention-period-work
   * @default 7
   */
  readonly retentionDays?: number;

  /**
   * For how many days more Azure Backup can bring back what was deleted from the vault before its time, 14 to 180; others are refused. Who may
   * delete snapshots in their resource group can end that earlier.
   * @see https://learn.microsoft.com/azure/backup/secure-by-default
   * @default 14
   */
  readonly deletedRetentionDays?: number;

  /**
   * The name of the resource group that is made for the vault and the snapshots, by Azure's rules; others are refused, and so is the server's own.
   * A later change would lose the snapshots, which `preventDestroy` stops.
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
   * @default - made from the construct's path
   */
  readonly resourceGroupName?: string;

  /**
   * The name of the backup vault: 2 to 50 letters, digits and `-`, first a letter; others are refused. A later change would lose the
   * snapshots, which `preventDestroy` stops.
   * @default 'gitlab-data-disk'
   */
  readonly vaultName?: string;
}
