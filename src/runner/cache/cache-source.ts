import { AzureBlobCacheOptions, ExistingAzureBlobCacheOptions } from './runner-cache-options';

/** Where jobs keep their caches. */
export type CacheSource = NewCache | ExistingCache | NoCache;

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

/** No cache. */
export interface NoCache {
  readonly kind: 'none';
}
