import { GitLabVersion } from '../../../src/gitlab';
import { GitLabRunnerChartProps, RunnerCache, RunnerSecret } from '../../../src/runner';
import { FEATURE_FLAGS } from '../../../src/runner/config/feature-flags';
import { TOKEN, config, newChart, runner } from '../chart';

const BLOB = RunnerCache.existingAzureBlob({ storageAccountName: 'acme', containerName: 'cache' });
const KEY = RunnerSecret.kubernetesSecret('bucket', 'key');
const FAST = ['CACHE_COMPRESSION_FORMAT=zipzstd', 'CACHE_COMPRESSION_LEVEL=fast', 'CACHE_CONCURRENCY=8', 'CACHE_CHUNK_SIZE=8388608'];
const BY_DEFAULT = { FF_HASH_CACHE_KEYS: true, FF_GIT_URLS_WITHOUT_TOKENS: true };

const rendered = (props: Partial<GitLabRunnerChartProps>) => runner(newChart({ cache: BLOB, ...props }));

describe('caches are packed and moved fast', () => {
  test('wherever they are kept', () => {
    const bucket = RunnerCache.s3({ bucketName: 'ci-cache', serverAddress: 'minio.example.com', accessKeyId: KEY, secretAccessKey: KEY });
    for (const cache of [BLOB, bucket, RunnerCache.gcs({ bucketName: 'ci-cache', credentials: KEY })]) {
      expect(rendered({ cache })).toMatchObject({ environment: FAST, feature_flags: { ...BY_DEFAULT, FF_USE_PARALLEL_CACHE_TRANSFER: true } });
    }
  });

  test('not where nothing is kept', () => {
    for (const cache of [undefined, RunnerCache.none()]) {
      expect(rendered({ cache })).not.toHaveProperty('environment');
      expect(rendered({ cache }).feature_flags).toEqual(BY_DEFAULT);
    }
  });

  test('by what a runner of the version knows, and does not do by itself', () => {
    const of = (version: string) => {
      const { environment, feature_flags: flags } = rendered({ runnerVersion: GitLabVersion.minor(version) });
      return [...environment, ...Object.keys(flags).filter((name) => !Object.hasOwn(BY_DEFAULT, name))];
    };
    expect(of('18.11')).toEqual(['CACHE_COMPRESSION_LEVEL=fast', 'FF_USE_FASTZIP']);
    expect(of('19.2')).toEqual([...FAST.slice(1), 'FF_USE_FASTZIP', 'FF_USE_PARALLEL_CACHE_TRANSFER']);
    expect(of('19.3')).toEqual([...FAST, 'FF_USE_FASTZIP', 'FF_USE_PARALLEL_CACHE_TRANSFER']);
    expect(of('19.4')).toEqual([...FAST, 'FF_USE_PARALLEL_CACHE_TRANSFER']);
  });

  test('by flags that the runner\'s table has, in the versions in which they are set', () => {
    const versions = ['18.11', '19.0', '19.1', '19.2', '19.3', '19.4'];
    for (const version of versions) {
      for (const name of Object.keys(rendered({ runnerVersion: GitLabVersion.minor(version) }).feature_flags)) {
        const { since = '18.0', until } = FEATURE_FLAGS[name];
        expect([name, version, GitLabVersion.minor(version)._reaches(since), until]).toEqual([name, version, true, undefined]);
      }
    }
  });

  test('unless the runner\'s own variables say otherwise', () => {
    const { environment, feature_flags: flags } = rendered({
      environment: { CACHE_COMPRESSION_FORMAT: 'tarzstd', FF_USE_PARALLEL_CACHE_TRANSFER: 'false', CACHE_CONCURRENCY: '', TEAM: 'a' },
    });
    expect(environment).toEqual([
      'CACHE_COMPRESSION_FORMAT=tarzstd', 'CACHE_COMPRESSION_LEVEL=fast', 'CACHE_CONCURRENCY=', 'CACHE_CHUNK_SIZE=8388608', 'FF_USE_PARALLEL_CACHE_TRANSFER=false', 'TEAM=a',
    ]);
    expect(flags).toMatchObject({ FF_USE_PARALLEL_CACHE_TRANSFER: false });
  });

  test('unless its flags do', () => {
    const featureFlags = { FF_USE_PARALLEL_CACHE_TRANSFER: false };
    expect(rendered({ featureFlags }).feature_flags).toEqual({ ...BY_DEFAULT, ...featureFlags });
  });

  test('for each runner of a manager, by its own word', () => {
    const chart = newChart({ cache: BLOB });
    chart.addRunner('other', TOKEN, { environment: { CACHE_COMPRESSION_LEVEL: 'slow' } });
    const level = (entry: any) => entry.environment.filter((line: string) => line.startsWith('CACHE_COMPRESSION_LEVEL='));
    expect(config(chart).runners.flatMap(level)).toEqual(['CACHE_COMPRESSION_LEVEL=fast', 'CACHE_COMPRESSION_LEVEL=slow']);
  });
});
