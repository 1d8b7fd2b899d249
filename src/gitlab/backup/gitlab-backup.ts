import { StorageReplication } from '../../azure/storage-replication';

/**
 * Parts that a backup can leave out, by GitLab's names. The database and the repositories are always included.
 *
 * @see https://docs.gitlab.com/administration/backup_restore/backup_gitlab/#excluding-specific-data-from-the-backup
 */
export enum GitLabBackupPart {
  /** CI job artifacts, and the logs of finished jobs. */
  ARTIFACTS = 'artifacts',
  /** The logs of running jobs. */
  BUILDS = 'builds',
  /** The projects' secure files. */
  CI_SECURE_FILES = 'ci_secure_files',
  /** Merge request diffs that are stored outside the database. */
  EXTERNAL_DIFFS = 'external_diffs',
  /** Git LFS objects. */
  LFS = 'lfs',
  /** The package registry. */
  PACKAGES = 'packages',
  /** The content of GitLab Pages. */
  PAGES = 'pages',
  /** Container registry images. */
  REGISTRY = 'registry',
  /** Terraform states kept in GitLab. */
  TERRAFORM_STATE = 'terraform_state',
  /** Attachments and avatars. */
  UPLOADS = 'uploads',
}

/**
 * Options for backups of the whole server to a storage account created for them.
 *
 * The account has no access keys: the server writes with its managed identity, which can overwrite and delete backups, but not the copies
 * that Azure keeps of them. Secrets are in a separate container, so that read access to one gives none to the other. Backups never include
 * what is in object storage. Removing this option destroys the account with all backups.
 *
 * @see https://docs.gitlab.com/administration/backup_restore/
 */
export interface GitLabBackupOptions {
  /**
   * When to back up, in UTC: `'02:30'`, `'02,14:30'`, `'Mon..Fri 03:00'`, `'Sat,Sun 04:00'` and the like. A missed run is made up for once
   * the VM is running again.
   * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.time.html#Calendar%20Events
   * @default '02:30'
   */
  readonly schedule?: string;

  /**
   * How many days until Azure deletes a backup, 1 to 3650.
   * @default 14
   */
  readonly retentionDays?: number;

  /**
   * How many days a deleted backup can still be recovered, whoever deleted it, 1 to 365.
   * @see https://learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview
   * @default 14
   */
  readonly deletedRetentionDays?: number;

  /**
   * The parts that backups leave out.
   * @default []
   */
  readonly excludedParts?: GitLabBackupPart[];

  /**
   * The storage account's redundancy. Only RA-GRS and RA-GZRS can be read while the region is down, which is when backups are needed.
   * @see https://learn.microsoft.com/azure/storage/common/storage-redundancy
   * @default StorageReplication.ZRS
   */
  readonly replication?: StorageReplication;

  /**
   * The storage account's name, unique in all of Azure: 3 to 24 lower-case letters and digits. Changing it would lose the backups, which
   * `preventDestroy` stops.
   * @default - `gitlabbackup` and eight digits derived from the subscription and the construct's path
   */
  readonly storageAccountName?: string;

  /**
   * The name of the blob container for backups: 3 to 55 lower-case letters, digits and single hyphens. The one for secrets has `-secrets`
   * appended. Changing it would lose the backups, which `preventDestroy` stops.
   * @default 'gitlab-backups'
   */
  readonly containerName?: string;
}
