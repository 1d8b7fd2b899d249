import { StorageReplication } from './storage-replication';

/**
 * What a backup may leave out, in GitLab's words. The database and the repositories are always in it.
 *
 * @see https://docs.gitlab.com/administration/backup_restore/backup_gitlab/#excluding-specific-data-from-the-backup
 */
export enum GitLabBackupPart {
  /** What CI jobs left, and the logs of finished jobs. */
  ARTIFACTS = 'artifacts',
  /** The logs of running jobs. */
  BUILDS = 'builds',
  /** The secure files of projects. */
  CI_SECURE_FILES = 'ci_secure_files',
  /** Differences of merge requests that are not in the database. */
  EXTERNAL_DIFFS = 'external_diffs',
  /** Large files of git. */
  LFS = 'lfs',
  /** The package registry. */
  PACKAGES = 'packages',
  /** The content of GitLab Pages. */
  PAGES = 'pages',
  /** The images of the container registry. */
  REGISTRY = 'registry',
  /** States that Terraform keeps in GitLab. */
  TERRAFORM_STATE = 'terraform_state',
  /** Attachments and avatars. */
  UPLOADS = 'uploads',
}

/**
 * Backups of the whole server, with its configuration and its secrets, to a storage account that is made for them.
 *
 * The account has no keys: the server writes by its managed identity, which can replace and delete backups but not what Azure keeps of
 * replaced and deleted ones. Secrets lie in a container of their own, so that whoever may read the one cannot read the other.
 * What object storage holds is never part of a backup. Taking the backup out of the program destroys the account with all backups.
 *
 * @see https://docs.gitlab.com/administration/backup_restore/
 */
export interface GitLabBackupOptions {
  /**
   * When a backup is made, in UTC: hours and minutes, before them the days of the week if not every day, such as `'02:30'`, `'02,14:30'`,
   * `'Mon..Fri 03:00'` or `'Sat,Sun 04:00'`. Anything else is refused. A run that was missed is made up for when the machine is up again.
   * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.time.html#Calendar%20Events
   * @default '02:30'
   */
  readonly schedule?: string;

  /**
   * After how many days Azure deletes a backup, 1 to 3650; others are refused.
   * @see https://learn.microsoft.com/azure/storage/blobs/lifecycle-management-overview
   * @default 14
   */
  readonly retentionDays?: number;

  /**
   * For how many days more a deleted backup can be brought back, whoever deleted it, 1 to 365; others are refused.
   * @see https://learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview
   * @default 14
   */
  readonly deletedRetentionDays?: number;

  /**
   * What backups leave out. Anything else than `GitLabBackupPart` is refused.
   * @default []
   */
  readonly excludedParts?: GitLabBackupPart[];

  /**
   * How many copies Azure keeps. A later change between kinds with and without zones would replace the account.
   * @default StorageReplication.ZRS
   */
  readonly replication?: StorageReplication;

  /**
   * The account's name, unique in all of Azure: 3 to 24 lower-case letters and digits; others are refused. A later change would replace
   * the account and lose its backups, which `preventDestroy` stops.
   * @default - `gitlabbackup` and eight digits that follow from the subscription and the construct's path
   */
  readonly storageAccountName?: string;

  /**
   * The container of the backups: 3 to 55 lower-case letters, digits and single hyphens; others are refused. The container of the secrets has the same
   * name with `-secrets` behind it. A later change would lose the backups, which `preventDestroy` stops.
   * @default 'gitlab-backups'
   */
  readonly containerName?: string;
}
