import { AzureBlobCacheOptions, ExistingAzureBlobCacheOptions, GcsCacheOptions, S3CacheOptions } from './runner-cache-options';
import { SecretsFrom } from '../secret/secret-from';

/** Where jobs keep their caches. */
export type CacheSource = NewCache | ExistingCache | S3Cache | GcsCache | NoCache;

/** A storage account that is made. */
export interface NewCache {
  readonly kind: 'new';
  readonly options: AzureBlobCacheOptions;
}

/** A storage account that is there. */
export interface ExistingCache {
  readonly kind: 'existing';
  readonly options: ExistingAzureBlobCacheOptions;
}

/** A bucket of Amazon S3, or of a server with the same API. */
export interface S3Cache {
  readonly kind: 's3';
  readonly options: Omit<S3CacheOptions, 'accessKeyId' | 'secretAccessKey'>;
  readonly secrets: SecretsFrom;
}

/** A bucket of Google Cloud Storage. */
export interface GcsCache {
  readonly kind: 'gcs';
  readonly options: Omit<GcsCacheOptions, 'credentials'>;
  readonly secrets: SecretsFrom;
}

/** No cache. */
export interface NoCache {
  readonly kind: 'none';
}

/** The secrets of a cache by what they are for. */
export function cacheSecrets(cache: CacheSource): SecretsFrom {
  return cache.kind === 's3' || cache.kind === 'gcs' ? cache.secrets : {};
}
