// A cache on Azure Blob: the manager signs for each job what it may read and write, with its managed identity. No key is anywhere, and jobs have no identity.
// And one on Google Cloud Storage, for which it signs with a key file from a Secret.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Job, log } from './gitlab/gitlab';
import { Azure } from './harness/azure';
import { GOOGLE_HOST, GoogleBucket } from './harness/google-bucket';
import { Manager, Platform } from './harness/platform';
import { RunnerCache, RunnerSecret } from 'cdktf-azure-gitlab';

const NAME = 'cached';
const CONTAINER = 'runner-cache';
/** A runner with a word of its own about archives. */
const OTHER = 'other';
/** What archives begin with. */
const ZIP = 'PK\x03\x04';
const ZSTANDARD = '\x28\xb5\x2f\xfd';
/** Numbers of methods in zip archives. */
const DEFLATE = 8;
const ZIP_ZSTANDARD = 93;
const platform = new Platform({ policies: true });
const google = new GoogleBucket('ci-cache');
const azure = new Azure(platform.cluster, { [GOOGLE_HOST]: google });
/** A manager whose cache is Google's. */
const GOOGLE = 'google';
let manager: Manager;

before(async () => {
  await platform.start();
  await azure.start();
  await azure.trustedIn(NAME);
  manager = await platform.install(NAME, { cache: RunnerCache.azureBlob(), more: { [OTHER]: { environment: { CACHE_COMPRESSION_FORMAT: 'tarzstd' } } } });
  azure.apply(manager.resources);
});
after(async () => {
  azure.stop();
  await platform.stop();
});

async function run(script: string[], key = 'k', { token = manager.token, variables = {} }: { token?: string; variables?: { [key: string]: string } } = {}): Promise<Job> {
  const job = platform.gitlab.queue(token, {
    script, cache: [{ key, paths: ['kept'], policy: 'pull-push', when: 'on_success', untracked: false }],
    variables: Object.entries(variables).map(([name, value]) => ({ key: name, value, public: true })),
  });
  assert.equal(await platform.finished(job), 'success', log(job));
  return job;
}

const PROGRAM = 'kept/program';

/** How the archive that was written last is packed: what it begins with and, in a zip archive, the method for the program. */
function newest(): { readonly magic: string; readonly method?: number } {
  const archive = [...azure.blobs.blobs.values()].at(-1)!;
  const magic = archive.toString('latin1', 0, 4);
  // a file's name is 22 bytes after its method.
  return magic === ZIP ? { magic, method: archive.readUInt16LE(archive.indexOf(PROGRAM) - 22) } : { magic };
}

const COMPARE = `cmp /bin/busybox ${PROGRAM} && echo "the same"`;
const WRITE = `mkdir -p kept && cp /bin/busybox ${PROGRAM} && head -c 20000000 /dev/urandom > kept/noise`;

test('what a job keeps is there for the next one', async () => {
  const first = await run(['mkdir -p kept', 'echo "of the first job" > kept/file']);
  assert.equal(azure.blobs.list(CONTAINER).length, 1, `${log(first)}\n${await platform.log(manager)}`);
  const second = await run(['cat kept/file']);
  assert.match(log(second), /^of the first job$/m);
});

test('a job has no identity and nothing that opens another blob than its own', async () => {
  const job = await run(['env | grep -E "^AZURE|SAS" || echo "no identity"', 'mkdir -p kept', 'echo 2 > kept/file'], 'other');
  assert.match(log(job), /^no identity$/m);
  assert.equal(azure.blobs.list(CONTAINER).length, 2);
  assert.deepEqual(azure.signed.filter((line) => line.endsWith('refused') && !line.startsWith('HEAD')), []);
});

test('a cache is packed by Zstandard, and moved in several pieces at a time', async () => {
  const first = await run([WRITE, 'sha256sum kept/*'], 'large');
  assert.deepEqual(newest(), { magic: ZIP, method: ZIP_ZSTANDARD });
  const second = await run(['sha256sum kept/*'], 'large');
  assert.match(log(second), /^Downloading cache from .* \(parallel\)/m);
  const sums = (job: Job) => log(job).match(/^[0-9a-f]{64} {2}kept\/.*$/mg);
  assert.equal(sums(first)?.length, 2);
  assert.deepEqual(sums(second), sums(first));
});

test('a job packs its cache as its own variables say, and all others unpack it', async () => {
  const own = { CACHE_COMPRESSION_FORMAT: 'zip', CACHE_CONCURRENCY: '1' };
  await run([WRITE], 'before', { variables: own });
  assert.deepEqual(newest(), { magic: ZIP, method: DEFLATE });
  assert.doesNotMatch(log(await run([COMPARE], 'before', { variables: own })), /\(parallel\)/);
  const after_ = await run([COMPARE, 'echo new > kept/new'], 'before');
  assert.match(log(after_), /^the same$/m);
  assert.deepEqual(newest(), { magic: ZIP, method: ZIP_ZSTANDARD });
});

test('a runner packs caches as its own variables say', async () => {
  const token = manager.tokens[OTHER];
  await run([WRITE], 'tar', { token });
  assert.deepEqual(newest(), { magic: ZSTANDARD });
  assert.match(log(await run([COMPARE], 'tar')), /^the same$/m);
});

test('a bucket of Google Cloud opens for what the manager signs with a key file, which is nowhere else', async () => {
  const file = google.newKeyFile();
  await azure.trustedIn(GOOGLE);
  await platform.cluster.api.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key', namespace: GOOGLE }, stringData: { 'key.json': file } });
  const { token, objects } = await platform.install(GOOGLE, { cache: RunnerCache.gcs({ bucketName: google.name, credentials: RunnerSecret.kubernetesSecret('key', 'key.json') }) });
  const first = await run(['mkdir -p kept', 'echo "of the first job" > kept/file', 'env'], 'k', { token });
  assert.equal(google.objects.size, 1, log(first));
  assert.match(log(await run(['cat kept/file'], 'k', { token })), /^of the first job$/m);
  assert.deepEqual(google.requests.filter((request) => request.endsWith('refused')), []);
  assert.ok(!log(first).includes('PRIVATE KEY') && !JSON.stringify(objects).includes('PRIVATE KEY'));
  google.newKeyFile();
  assert.match(log(await run(['test -e kept/file || echo "nothing kept"'], 'k', { token })), /^nothing kept$/m);
  assert.ok(google.requests.at(-1)?.endsWith('refused'));
});

test('without the role, or an identity that Entra ID trusts, nothing is kept and jobs go on', async () => {
  const kept = azure.blobs.list(CONTAINER);
  for (const [of, with_] of [[() => azure.contributors.clear(), /AuthorizationPermissionMismatch/], [() => azure.federated.clear(), /AADSTS700213/]] as const) {
    of();
    const job = await run(['test -e kept/file || echo "nothing kept"'], 'k');
    assert.match(log(job), /^nothing kept$/m);
    await platform.cluster.until(`the manager tells of ${with_}`, async () => with_.test(await platform.log(manager)));
  }
  assert.deepEqual(azure.blobs.list(CONTAINER), kept);
});
