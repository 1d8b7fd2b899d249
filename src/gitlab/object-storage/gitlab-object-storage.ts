import { StorageReplication } from '../../azure/storage-replication';

/**
 * Options for Blob storage, which holds artifacts, logs of finished jobs, LFS objects, uploads, packages, Pages and the like. Repositories,
 * the database and the container registry stay on the data disk. The account has no access keys: GitLab uses a managed identity that opens
 * nothing else, and clients get everything through GitLab.
 *
 * Decide at the beginning: what is already on the disk stays there. Backups do not include the account, and removing this option destroys
 * it with everything in it. GitLab's processes are restarted each night, since some versions lose their sign-in after a day.
 *
 * @see https://docs.gitlab.com/administration/object_storage/
 */
export interface GitLabObjectStorageOptions {
  /**
   * The storage account's redundancy.
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
   * The storage account's name, unique in all of Azure: 3 to 24 lower-case letters and digits. Changing it would lose the account's
   * contents, which `preventDestroy` stops.
   * @default - `gitlabobjects` and eight digits derived from the subscription and the construct's path
   */
  readonly storageAccountName?: string;
}
