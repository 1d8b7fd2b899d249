/**
 * Options for snapshots of the data disk by Azure Backup, restored within minutes.
 *
 * A snapshot is crash-consistent: it holds the disk, secrets included, as a power cut would have left it. It stays in the disk's region and
 * does not include what is in object storage. Vault and snapshots are in a separate resource group, where the server's identity has no
 * rights. Removing this option deletes all snapshots, permanently after `deletedRetentionDays`.
 *
 * @see https://learn.microsoft.com/azure/backup/disk-backup-overview
 */
export interface GitLabDataDiskBackupOptions {
  /**
   * Hours between snapshots: 1, 2, 4, 6, 8, 12 or 24; of a disk of Premium SSD v2, 12 or 24.
   * @see https://learn.microsoft.com/azure/backup/disk-backup-support-matrix
   * @default - 4; of a disk of Premium SSD v2, 12
   */
  readonly intervalHours?: number;

  /**
   * The time of day of one of the snapshots, in UTC as `HH:MM`. Azure may start up to two hours later.
   * @default '00:00'
   */
  readonly startTime?: string;

  /**
   * How many days until Azure deletes a snapshot, 1 to 365, with at most 450 snapshots at a time. A change applies to snapshots taken after
   * it.
   * @see https://learn.microsoft.com/azure/backup/disk-backup-overview
   * @default 7
   */
  readonly retentionDays?: number;

  /**
   * How many days Azure Backup can still recover what was deleted from the vault early, 14 to 180. Anybody who can delete snapshots in their
   * resource group can cut this short.
   * @see https://learn.microsoft.com/azure/backup/secure-by-default
   * @default 14
   */
  readonly deletedRetentionDays?: number;

  /**
   * The name of the resource group to create for the vault and the snapshots, not the server's own. Changing it would lose the snapshots,
   * which `preventDestroy` stops.
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
   * @default - made from the construct's path
   */
  readonly resourceGroupName?: string;

  /**
   * The name of the backup vault: 2 to 50 letters, digits and `-`, starting with a letter. Changing it would lose the snapshots, which
   * `preventDestroy` stops.
   * @default - 'gitlab-data-disk', or the name that an AzureNaming has for it
   */
  readonly vaultName?: string;
}
