import { AZURE_BLOB_CACHE, EXISTING_AZURE_BLOB_CACHE, GCS_CACHE, refuseWrongBucket, S3_CACHE } from './cache-rules';
import { CacheSource } from './cache-source';
import { AzureBlobCacheOptions, ExistingAzureBlobCacheOptions, GcsCacheOptions, S3CacheOptions } from './runner-cache-options';
import { takeProps } from '../../private/rules/rule';
import { placesOf } from '../secret/runner-secret-rules';

/**
 * Where jobs keep their caches (`cache:` in `.gitlab-ci.yml`). Jobs get no key: the manager signs URLs for the archives that each may read
 * and write, valid for the job's time. In Azure it does so with its workload identity, and there is no access key at all.
 * @see https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runnerscache-section
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

  /**
   * An existing bucket of Amazon S3, or of a server with the same API such as MinIO. An archive can have up to 5 GB.
   * @see https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runnerscaches3-section
   */
  static s3(options: S3CacheOptions): RunnerCache {
    const { accessKeyId, secretAccessKey, ...rest } = takeProps('RunnerCache.s3', 'options', options, S3_CACHE, refuseWrongBucket);
    return new RunnerCache({ kind: 's3', options: rest, secrets: accessKeyId && secretAccessKey ? placesOf({ accessKeyId, secretAccessKey }) : {} });
  }

  /**
   * An existing bucket of Google Cloud Storage.
   * @see https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runnerscachegcs-section
   */
  static gcs(options: GcsCacheOptions): RunnerCache {
    const { credentials, ...rest } = takeProps('RunnerCache.gcs', 'options', options, GCS_CACHE);
    return new RunnerCache({ kind: 'gcs', options: rest, secrets: placesOf({ credentials }) });
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
