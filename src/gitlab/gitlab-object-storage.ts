import { StorageReplication } from './storage-replication';

/**
 * Blob storage for what GitLab would otherwise put on the data disk: artifacts, logs of finished jobs, LFS, uploads, packages, pages and the
 * like. The account has no keys; GitLab reaches it by a managed identity that opens nothing else, and clients get everything through GitLab.
 * Repositories, the database and the container registry stay on the data disk.
 *
 * Decide at the beginning: what is on the disk stays there and is still found, but what went to Blob storage is out of reach once
 * this is taken out of the program, which destroys the account as well. Backups do not hold it; deleted and overwritten blobs can be brought back.
 * GitLab's processes may lose the account after a day on versions that renew their sign-in badly, so they are restarted each night.
 *
 * @see https://docs.gitlab.com/administration/object_storage/
 */
export interface GitLabObjectStorageOptions {
  /**
   * How many copies Azure keeps. A later change between kinds with and without zones would replace the account.
   * @default StorageReplication.ZRS
   */
  readonly replication?: StorageReplication;

  /**
   * For how many days what was deleted or overwritten can be brought back, 1 to 365; others are refused.
   * @see https://learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview
   * @default 14
   */
  readonly deletedRetentionDays?: number;

  /**
   * The account's name, unique in all of Azure: 3 to 24 lower-case letters and digits; others are refused. A later change would replace
   * the account and lose what is in it, which `preventDestroy` stops.
   * @default - `gitlabobjects` and eight digits that follow from the subscription and the construct's path
   */
  readonly storageAccountName?: string;
}
