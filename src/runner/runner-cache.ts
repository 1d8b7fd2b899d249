import { AZURE_BLOB_CACHE, EXISTING_AZURE_BLOB_CACHE } from './private/cache-rules';
import { CacheSource } from './private/cache-source';
import { takeProps } from '../private/rules/rule';

/** A storage account that `KubernetesGitLabRunner` makes for the jobs' caches. */
export interface AzureBlobCacheOptions {
  /**
   * The account's name, unique in all of Azure: 3 to 24 lower-case letters and digits; others are refused. Changing it empties the cache.
   * @default - `cache` and eight digits that follow from the subscription and the construct's path
   */
  readonly storageAccountName?: string;

  /**
   * The container's name: 3 to 63 lower-case letters, digits and hyphens; others are refused. Changing it empties the cache.
   * @default 'runner-cache'
   */
  readonly containerName?: string;

  /**
   * After how many days without a change a cache is deleted, 1 to 3650; others are refused.
   * @default 14
   */
  readonly expirationDays?: number;

  /**
   * Whether all runners of the manager share caches. Otherwise each has its own, which a new token empties.
   * @default true
   */
  readonly shared?: boolean;
}

/** A storage account that is there already. */
export interface ExistingAzureBlobCacheOptions {
  /** The account's name. */
  readonly storageAccountName: string;

  /** The container's name. */
  readonly containerName: string;

  /**
   * The account's ARM id. With it `KubernetesGitLabRunner` gives the manager's identity the role `Storage Blob Data Contributor` on the account.
   * @default - none: the manager's identity has that role already
   */
  readonly storageAccountId?: string;

  /**
   * The host that containers are under, without the account's name.
   * @default 'blob.core.windows.net'
   */
  readonly storageDomain?: string;

  /**
   * Whether all runners that use the container share caches. Otherwise each has its own, which a new token empties.
   * @default true
   */
  readonly shared?: boolean;
}

/**
 * Where jobs keep their caches (`cache:` in `.gitlab-ci.yml`). No key is involved: the manager, by its workload identity, signs for each job what it
 * may read and write, one archive each, for the job's time.
 *
 * @see https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runnerscacheazure-section
 */
export class RunnerCache {
  /**
   * A new storage account without keys, emptied of old caches by a rule. Only `KubernetesGitLabRunner` can make one.
   */
  static azureBlob(options: AzureBlobCacheOptions = {}): RunnerCache {
    return new RunnerCache({ kind: 'new', options: takeProps('RunnerCache.azureBlob', 'options', options, AZURE_BLOB_CACHE) });
  }

  /** A container in a storage account that is there already. */
  static existingAzureBlob(options: ExistingAzureBlobCacheOptions): RunnerCache {
    return new RunnerCache({
      kind: 'existing', options: takeProps('RunnerCache.existingAzureBlob', 'options', options, EXISTING_AZURE_BLOB_CACHE),
    });
  }

  /** No cache that outlives a job. */
  static none(): RunnerCache {
    return new RunnerCache({ kind: 'none' });
  }

  /** @internal */
  public readonly _source: CacheSource;

  private constructor(source: CacheSource) {
    this._source = source;
  }
}
