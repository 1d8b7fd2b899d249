import { StorageReplication } from '../../azure/storage-replication';

/**
 * Options for Blob storage, which holds what GitLab would otherwise keep on the data disk: artifacts, logs of finished jobs, LFS objects,
 * uploads, packages, Pages and the like.
 *
 * The account has no access keys: GitLab uses a managed identity that opens nothing else, and clients get everything through GitLab. Repositories, the
 * database and the container registry stay on the data disk.
 *
 * Decide at the beginning. What is already on the disk stays there. Removing this option destroys the account and everything in it. Backups do not
 * include it; deleted and overwritten blobs can be recovered. GitLab's processes are restarted each night, since some versions lose their sign-in
 * after a day.
 *
 * @see https://docs.gitlab.com/administration/object_storage/
 */
export interface GitLabObjectStorageOptions {
  /**
   * The storage account's redundancy. Changing between zone-redundant kinds (ZRS, GZRS, RA-GZRS) and others would replace the account, which
   * `preventDestroy` stops.
   * @default StorageReplication.ZRS
   */
  readonly replication?: StorageReplication;

  /**
   * How many days deleted or overwritten blobs can be recovered, 1 to 365.
   * @see https://learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview
   * @default 14
   */
  readonly deletedRetentionDays?: number;

  /**
   * The storage account's name, unique in all of Azure: 3 to 24 lower-case letters and digits. Changing it would replace the account and
   * lose its contents, which `preventDestroy` stops.
   * @default - `gitlabobjects` and eight digits derived from the subscription and the construct's path
   */
  readonly storageAccountName?: string;
}
