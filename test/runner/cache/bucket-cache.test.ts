import { GitLabVersion, KeyVaultSecret, RunnerCache, RunnerSecret, S3CacheOptions } from '../../../src';
import { synth } from '../../synth';
import { config, newChart, pod, runner, wrong } from '../chart';
import { applied, joinExisting, roles, VAULT } from '../joined';

const KEYS = { accessKeyId: RunnerSecret.kubernetesSecret('s3', 'accesskey'), secretAccessKey: RunnerSecret.kubernetesSecret('s3', 'secretkey') };
const s3 = (options: Partial<S3CacheOptions> = {}): RunnerCache => RunnerCache.s3({ bucketName: 'ci-cache', ...KEYS, ...options });
const gcs = (more: object = {}): RunnerCache => RunnerCache.gcs({ bucketName: 'ci-cache', credentials: RunnerSecret.kubernetesSecret('gcs', 'key.json'), ...more });

describe('RunnerCache.s3()', () => {
  test('has its keys by marks alone, which the sidecar replaces', () => {
    const chart = newChart({ cache: s3({ serverAddress: 'minio.example.com:9000', region: 'us-east-1', pathStyleEnabled: true }) });
    expect(runner(chart).cache).toEqual({
      Type: 's3',
      Shared: true,
      s3: {
        ServerAddress: 'minio.example.com:9000',
        BucketName: 'ci-cache',
        BucketLocation: 'us-east-1',
        AuthenticationType: 'access-key',
        AccessKey: '@value:/secrets/cache-accesskeyid/cache-accesskeyid@',
        SecretKey: '@value:/secrets/cache-secretaccesskey/cache-secretaccesskey@',
        PathStyle: true,
      },
    });
    const { spec } = pod(chart);
    expect(spec.volumes).toContainEqual({ name: 'cache-accesskeyid', secret: { secretName: 's3', items: [{ key: 'accesskey', path: 'cache-accesskeyid' }] } });
    expect(spec.initContainers[0].volumeMounts).toContainEqual({ name: 'cache-secretaccesskey', mountPath: '/secrets/cache-secretaccesskey', readOnly: true });
    expect(JSON.stringify(spec.containers)).not.toContain('cache-');
  });

  test('takes its keys from a vault, which is opened to the manager', () => {
    const { stack, runner: made } = joinExisting({
      cache: s3({ accessKeyId: RunnerSecret.keyVaultSecret(KeyVaultSecret.of(VAULT, 'id')), secretAccessKey: RunnerSecret.keyVaultSecret(KeyVaultSecret.of(VAULT, 'key')) }),
    });
    const json = synth(stack);
    expect(roles(json)).toEqual([`Key Vault Secrets User: ${VAULT}`]);
    expect(applied(json, 'SecretProviderClass').spec).not.toHaveProperty('secretObjects');
    expect(config(made.chart).runners[0].cache.s3.SecretKey).toBe('@value:/secrets/vault-0/cache-secretaccesskey@');
  });

  test('is of all the manager\'s runners, with what runnerSettings adds', () => {
    const chart = newChart({ cache: s3({ shared: false, tlsEnabled: false }), runnerSettings: { cache: { Path: 'team' } } });
    expect(runner(chart).cache).toMatchObject({ Type: 's3', Shared: false, Path: 'team', s3: { Insecure: true } });
  });

  test('is encrypted by a key', () => {
    expect(runner(newChart({ cache: s3({ serverSideEncryption: 'KMS', kmsKeyId: 'alias/ci' }) })).cache.s3)
      .toMatchObject({ ServerSideEncryption: 'KMS', ServerSideEncryptionKeyID: 'alias/ci' });
    expect(() => s3({ serverSideEncryption: 'KMS' })).toThrow('kmsKeyId: missing for KMS, got nothing; give the key\'s id, alias or ARN (at RunnerCache.s3)');
    expect(() => s3({ serverSideEncryption: 'S3', kmsKeyId: 'k' })).toThrow(/^kmsKeyId: has no effect, got "k"/);
    expect(() => s3({ kmsKeyId: 'k' })).toThrow(/^kmsKeyId: has no effect/);
  });

  test('has the manager\'s own credentials without keys, and no secret is mounted for it', () => {
    const chart = newChart({ cache: RunnerCache.s3({ bucketName: 'ci-cache', region: 'eu-west-1' }) });
    expect(runner(chart).cache.s3).toEqual({ BucketName: 'ci-cache', BucketLocation: 'eu-west-1', AuthenticationType: 'iam' });
    expect(pod(chart).spec.volumes.filter(({ name }: any) => name.startsWith('cache-'))).toEqual([]);
  });

  test('of another server has its names, and its word for an encryption', () => {
    expect(runner(newChart({ cache: s3({ serverAddress: 's3.example.com', bucketName: 'Runner_Cache', region: 'RegionOne', serverSideEncryption: 'AES256' }) })).cache.s3)
      .toMatchObject({ BucketName: 'Runner_Cache', BucketLocation: 'RegionOne', ServerSideEncryption: 'AES256' });
  });

  test('has the rest of its settings by their names', () => {
    const rest = { RoleARN: 'arn:aws:iam::123456789012:role/cache', DualStack: false, AssumeRoleMaxConcurrency: -1 };
    expect(runner(newChart({ cache: s3(), runnerSettings: { cache: { s3: rest } } })).cache.s3).toMatchObject({ BucketName: 'ci-cache', AuthenticationType: 'access-key', ...rest });
    expect(() => newChart({ cache: gcs(), runnerSettings: { cache: { s3: rest } } })).toThrow(/^runnerSettings\.cache\.s3: has no effect without a bucket of S3, got /);
    expect(() => newChart({ cache: s3(), runnerSettings: { cache: { s3: { SecretKey: 'x' } } } }))
      .toThrow('runnerSettings.cache.s3.SecretKey: a secret that would be stored in a ConfigMap and in the Terraform state, got "(hidden)"; use the prop cache, RunnerCache.s3() (at ci)');
  });

  test('signs what foreign servers know, with runners that would not by themselves', () => {
    const names = (cache: RunnerCache, runnerVersion?: GitLabVersion) =>
      pod(newChart({ cache, runnerVersion })).spec.containers[0].env.map(({ name }: any) => name);
    const foreign = s3({ serverAddress: 'minio.example.com' });
    expect(names(foreign, GitLabVersion.of('18.11.0'))).toEqual(['AWS_REQUEST_CHECKSUM_CALCULATION', 'AWS_RESPONSE_CHECKSUM_VALIDATION', 'HOME']);
    expect(names(foreign)).toEqual(['HOME']);
    expect(names(s3(), GitLabVersion.of('18.11.0'))).toEqual(['HOME']);
  });

  test.each([
    [{ bucketName: 'A' }, /^bucketName: /],
    [{ bucketName: 'a..b' }, /^bucketName: /],
    [{ serverAddress: 'https://minio.example.com' }, /^serverAddress: .* give a host without a scheme such as "minio.example.com:9000"/],
    [{ serverAddress: 'minio.example.com/path' }, /^serverAddress: /],
    [{ region: 'EU' }, /^region: /],
    [{ secretAccessKey: wrong('AKIA') }, /^secretAccessKey: not a RunnerSecret, got "\(hidden\)"/],
    [{ region: 'RegionOne' }, /^region: not a name of Amazon's, got "RegionOne"; give a region such as "eu-central-1", or serverAddress if it is another's \(at RunnerCache.s3\)$/],
    [{ bucketName: 'Runner_Cache' }, /^bucketName: not a name of Amazon's, got "Runner_Cache"; give a bucket such as "ci-cache", or serverAddress if it is another's/],
    [{ secretAccessKey: undefined }, /^secretAccessKey: missing beside the other half of the access key, got nothing; give both, or none for the manager's own credentials/],
    [{ accessKeyId: undefined }, /^accessKeyId: missing beside the other half/],
    [{ serverSideEncryption: 'aws:kms' }, /^kmsKeyId: missing for aws:kms/],
  ])('%j', (options: any, message) => {
    expect(() => s3(options)).toThrow(message);
  });

  test('of a vault is not for a chart', () => {
    expect(() => newChart({ cache: s3({ accessKeyId: RunnerSecret.keyVaultSecret(KeyVaultSecret.of(VAULT, 'id')) }) })).toThrow(/^cache: a chart has no identity that may read a vault/);
  });
});

describe('RunnerCache.gcs()', () => {
  test('has its key file next to config.toml', () => {
    const chart = newChart({ cache: gcs({ universeDomain: 'apis-s3ns.fr' }) });
    expect(runner(chart).cache).toEqual({
      Type: 'gcs', Shared: true, gcs: { BucketName: 'ci-cache', UniverseDomain: 'apis-s3ns.fr', CredentialsFile: '@copy:/secrets/cache-credentials/cache-credentials@' },
    });
    expect(pod(chart).spec.volumes).toContainEqual({ name: 'cache-credentials', secret: { secretName: 'gcs', items: [{ key: 'key.json', path: 'cache-credentials' }] } });
  });

  test('knows other clouds from runner 18.9 on', () => {
    expect(() => newChart({ cache: gcs({ universeDomain: 'apis-s3ns.fr' }), runnerVersion: GitLabVersion.of('18.8.0') }))
      .toThrow('cache: universeDomain is not known to runner 18.8, got "apis-s3ns.fr"; take runner 18.9 or later');
    expect(() => newChart({ cache: gcs(), runnerVersion: GitLabVersion.of('18.8.0') })).not.toThrow();
  });
});
