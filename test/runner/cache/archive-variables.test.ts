import { GitLabVersion } from '../../../src/gitlab';
import { GitLabRunnerChartProps, RunnerCache, RunnerSecret } from '../../../src/runner';
import { FEATURE_FLAGS } from '../../../src/runner/config/feature-flags';
import { newChart, runner } from '../chart';

const BLOB = RunnerCache.existingAzureBlob({ storageAccountName: 'acme', containerName: 'cache' });
const KEY = RunnerSecret.kubernetesSecret('bucket', 'key');
const FAST = [
  'CACHE_COMPRESSION_FORMAT=zipzstd', 'CACHE_COMPRESSION_LEVEL=fast', 'FF_USE_PARALLEL_CACHE_TRANSFER=true', 'CACHE_CONCURRENCY=8', 'CACHE_CHUNK_SIZE=8388608',
];

const rendered = (props: Partial<GitLabRunnerChartProps>) => runner(newChart({ cache: BLOB, ...props }));

describe('caches are packed and moved fast', () => {
  test('wherever they are kept', () => {
    const bucket = RunnerCache.s3({ bucketName: 'ci-cache', serverAddress: 'minio.example.com', accessKeyId: KEY, secretAccessKey: KEY });
    for (const cache of [BLOB, bucket, RunnerCache.gcs({ bucketName: 'ci-cache', credentials: KEY })]) {
      expect(rendered({ cache }).environment).toEqual(FAST);
    }
  });

  test('not where nothing is kept', () => {
    for (const cache of [undefined, RunnerCache.none()]) {
      expect(rendered({ cache })).not.toHaveProperty('environment');
    }
  });

  test('by what a runner of the version knows', () => {
    const of = (version: string) => rendered({ runnerVersion: GitLabVersion.minor(version) }).environment;
    expect(of('18.11')).toEqual(['FF_USE_FASTZIP=true', 'CACHE_COMPRESSION_LEVEL=fast']);
    expect(of('19.2')).toEqual(['FF_USE_FASTZIP=true', 'CACHE_COMPRESSION_LEVEL=fast', ...FAST.slice(2)]);
    expect(of('19.3')).toEqual(['FF_USE_FASTZIP=true', ...FAST]);
    expect(of('19.4')).toEqual(FAST);
  });

  test('unless the runner\'s own variables say otherwise', () => {
    const { environment, feature_flags: flags } = rendered({
      environment: { CACHE_COMPRESSION_FORMAT: 'tarzstd', FF_USE_PARALLEL_CACHE_TRANSFER: 'false', CACHE_CONCURRENCY: '', TEAM: 'a' },
    });
    expect(environment).toEqual([
      'CACHE_COMPRESSION_FORMAT=tarzstd', 'CACHE_COMPRESSION_LEVEL=fast', 'FF_USE_PARALLEL_CACHE_TRANSFER=false', 'CACHE_CONCURRENCY=', 'CACHE_CHUNK_SIZE=8388608', 'TEAM=a',
    ]);
    expect(flags).toMatchObject({ FF_USE_PARALLEL_CACHE_TRANSFER: false });
  });

  test('unless its flags do', () => {
    const { environment, feature_flags: flags } = rendered({ featureFlags: { FF_USE_PARALLEL_CACHE_TRANSFER: false } });
    expect(environment).toEqual(FAST.filter((line) => !line.startsWith('FF_')));
    expect(flags).toMatchObject({ FF_USE_PARALLEL_CACHE_TRANSFER: false });
  });

  test('with flags that a job can still change: the runner gives those of config.toml the last word', () => {
    const { environment, feature_flags: flags } = rendered({ runnerVersion: GitLabVersion.minor('19.3') });
    const ofArchives = environment.map((line: string) => line.split('=')[0]).filter((name: string) => name.startsWith('FF_'));
    expect(ofArchives).toEqual(['FF_USE_FASTZIP', 'FF_USE_PARALLEL_CACHE_TRANSFER']);
    for (const name of ofArchives) {
      expect(FEATURE_FLAGS).toHaveProperty(name);
      expect(flags).not.toHaveProperty(name);
    }
  });
});
