import { CacheSource } from './cache-source';
import { GitLabVersion } from '../../gitlab/gitlab-version';

const MEBIBYTE = 2 ** 20;
/** Together with their chunks they fit into the least memory that a helper needs. */
const CHUNKS_AT_ONCE = 8;
const CHUNK_BYTES = 8 * MEBIBYTE;

/** Which runners know something and do not do it by themselves. */
interface Known {
  readonly since?: string;
  readonly until?: string;
}

/** Values by which caches are packed and moved faster than by the runner's own. A job's own variables come before them. */
const VARIABLES: readonly (Known & { readonly name: string; readonly value: string })[] = [
  // each file is compressed by Zstandard, in a zip archive that runners from 16.2 on unpack. tarzstd fails on symbolic links that are there already.
  { name: 'CACHE_COMPRESSION_FORMAT', value: 'zipzstd', since: '19.3' },
  { name: 'CACHE_COMPRESSION_LEVEL', value: 'fast' },
  { name: 'CACHE_CONCURRENCY', value: String(CHUNKS_AT_ONCE), since: '19.0' },
  { name: 'CACHE_CHUNK_SIZE', value: String(CHUNK_BYTES), since: '19.0' },
];

/** Flags for the same; no job can change those, but with CACHE_CONCURRENCY=1 caches are moved in one stream. */
const FLAGS: readonly (Known & { readonly name: string })[] = [
  // an archiver that works on several files at a time.
  { name: 'FF_USE_FASTZIP', until: '19.3' },
  { name: 'FF_USE_PARALLEL_CACHE_TRANSFER', since: '19.0' },
];

/** Variables of jobs that are there by default where caches are kept. */
export function cacheJobVariables(cache: CacheSource, version: GitLabVersion): { [name: string]: string } {
  return Object.fromEntries(needed(VARIABLES, cache, version).map(({ name, value }) => [name, value]));
}

/** Flags that are on by default where caches are kept. */
export function cacheFlags(cache: CacheSource, version: GitLabVersion): { [name: string]: boolean } {
  return Object.fromEntries(needed(FLAGS, cache, version).map(({ name }) => [name, true]));
}

function needed<T extends Known>(all: readonly T[], cache: CacheSource, version: GitLabVersion): readonly T[] {
  return cache.kind === 'none' ? [] : all.filter(({ since = '18.0', until }) => version._reaches(since) && !(until !== undefined && version._isAfter(until)));
}
