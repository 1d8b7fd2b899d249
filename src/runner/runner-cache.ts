import { AZURE_BLOB_CACHE, EXISTING_AZURE_BLOB_CACHE } from './private/cache-rules';
import { CacheSource } from './private/cache-source';
import { takeProps } from '../private/rules/rule';

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
  readonly expirationDays?: number;

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
   * @default 'blob.core.windows.net'
   */
  readonly storageDomain?: string;

  /**
   * Whether all runners that use the container share caches. If false, each has its own, which a new token empties.
   * @default true
   */
  readonly shared?: boolean;
}

/**
 * Where jobs keep their caches (`cache:` in `.gitlab-ci.yml`). No access key is involved: for each job the manager, with its workload
 * identity, signs URLs for the archives that the job may read and write, valid for the job's time.
 *
 * @see https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runnerscacheazure-section
 * @example
 * new KubernetesGitLabRunner(stack, 'Cached', { gitlab, cluster, cache: RunnerCache.azureBlob({ expirationDays: 14 }) });
 */
export class RunnerCache {
  /** A new storage account without access keys, in which a lifecycle rule deletes old caches. Available with `KubernetesGitLabRunner` only. */
  static azureBlob(options: AzureBlobCacheOptions = {}): RunnerCache {
    return new RunnerCache({ kind: 'new', options: takeProps('RunnerCache.azureBlob', 'options', options, AZURE_BLOB_CACHE) });
  }

  /** A container in an existing storage account. */
  static existingAzureBlob(options: ExistingAzureBlobCacheOptions): RunnerCache {
    return new RunnerCache({
      kind: 'existing', options: takeProps('RunnerCache.existingAzureBlob', 'options', options, EXISTING_AZURE_BLOB_CACHE),
    });
  }

  /** No cache beyond a job. */
  static none(): RunnerCache {
    return new RunnerCache({ kind: 'none' });
  }

  /** @internal */
  public readonly _source: CacheSource;

  private constructor(source: CacheSource) {
    this._source = source;
  }
}
