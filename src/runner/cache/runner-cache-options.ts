import { PrivateEndpoints } from '../../azure/private-endpoints';


/** Options for a new storage account for the jobs' caches, created by `KubernetesGitLabRunner`. */
export interface AzureBlobCacheOptions {
  /**
   * The storage account's name, unique in all of Azure: 3 to 24 lower-case letters and digits. Changing it empties the cache.
   * @default - `cache` and eight digits derived from the subscription and the construct's path
   */
  readonly storageAccountName?: string;

  /**
   * The name of the blob container: 3 to 63 lower-case letters, digits and hyphens. Changing it empties the cache.
   * @default 'runner-cache'
   */
  readonly containerName?: string;

  /**
   * How many days after its last change a cache is deleted, 1 to 3650.
   * @default 14
   */
  readonly retentionDays?: number;

  /**
   * A private endpoint for the storage account, which is then closed to the Internet. Jobs reach it if the zone is linked to the cluster's network
   * and `jobNetwork` lets them reach the endpoint's subnet.
   * @default - none: who has a role or a signature reaches it from everywhere
   */
  readonly privateEndpoints?: PrivateEndpoints;

  /**
   * Whether all runners of the manager share caches. If false, each has its own, which a new token empties.
   * @default true
   */
  readonly shared?: boolean;
}

/** Options for a cache in an existing storage account. */
export interface ExistingAzureBlobCacheOptions {
  /** The storage account's name. */
  readonly storageAccountName: string;

  /** The name of the blob container. */
  readonly containerName: string;

  /**
   * The storage account's ARM id. If given, `KubernetesGitLabRunner` grants the manager's identity the role `Storage Blob Data Contributor`
   * on the account.
   * @default - none: the manager's identity has that role already
   */
  readonly storageAccountId?: string;

  /**
   * The domain of the blob endpoint, without the account's name.
   * @default - that of the cluster's cloud; for a chart without `KubernetesGitLabRunner` `blob.core.windows.net`
   */
  readonly storageDomain?: string;

  /**
   * Whether all runners that use the container share caches. If false, each has its own, which a new token empties.
   * @default true
   */
  readonly shared?: boolean;
}

