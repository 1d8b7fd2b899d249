import { AZURE_BLOB_CACHE, EXISTING_AZURE_BLOB_CACHE } from './cache-rules';
import { CacheSource } from './cache-source';
import { AzureBlobCacheOptions, ExistingAzureBlobCacheOptions } from './runner-cache-options';
import { takeProps } from '../../private/rules/rule';

/**
 * Where jobs keep their caches (`cache:` in `.gitlab-ci.yml`). No access key is involved: for each job the manager, with its workload
 * identity, signs URLs for the archives that the job may read and write, valid for the job's time.
 *
 * @see https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runnerscacheazure-section
 * @example
 * new KubernetesGitLabRunner(stack, 'Cached', { gitlab, cluster, cache: RunnerCache.azureBlob({ retentionDays: 14 }) });
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
