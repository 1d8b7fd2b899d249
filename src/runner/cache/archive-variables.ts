import { CacheSource } from './cache-source';
import { GitLabVersion } from '../../gitlab/gitlab-version';

const MEBIBYTE = 2 ** 20;
/** Beside each other they fit into a helper's least memory, 250 MiB. */
const CHUNKS_AT_ONCE = 8;

/** Each variable with the runners that need it and know it: others would ignore it. */
const VARIABLES: readonly { readonly name: string; readonly value: string; readonly since?: string; readonly until?: string }[] = [
  // the zip archiver that works on several files at once, and by default from 19.4 on.
  { name: 'FF_USE_FASTZIP', value: 'true', until: '19.3' },
  // each file compressed by Zstandard, in a zip archive that every runner from 16.2 on unpacks. Unlike tarzstd, it replaces symbolic links that are there already.
  { name: 'CACHE_COMPRESSION_FORMAT', value: 'zipzstd', since: '19.3' },
  { name: 'CACHE_COMPRESSION_LEVEL', value: 'fast' },
  { name: 'FF_USE_PARALLEL_CACHE_TRANSFER', value: 'true', since: '19.0' },
  { name: 'CACHE_CONCURRENCY', value: String(CHUNKS_AT_ONCE), since: '19.0' },
  { name: 'CACHE_CHUNK_SIZE', value: String(8 * MEBIBYTE), since: '19.0' },
];

/**
 * Variables of jobs by which their caches are packed and moved faster than by the runner's own defaults. Flags are among them, and not among the flags of
 * config.toml, as those a job could not change.
 * @param flags given by their own prop, which has the last word.
 */
export function archiveVariables(cache: CacheSource, version: GitLabVersion, flags: { readonly [name: string]: boolean } = {}): { [name: string]: string } {
  if (cache.kind === 'none') {
    return {};
  }
  const needed = VARIABLES.filter(({ name, since = '18.0', until }) =>
    version._reaches(since) && !(until !== undefined && version._isAfter(until)) && flags[name] === undefined);
  return Object.fromEntries(needed.map(({ name, value }) => [name, value]));
}
