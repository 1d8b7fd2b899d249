// Secrets that the program only names: of a vault and of Kubernetes, for jobs, registries and a bucket. None is in the ConfigMap or in a pod's spec.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Job, log } from './gitlab/gitlab';
import { Bucket } from './harness/bucket';
import { HOLD, letGo } from './harness/held-jobs';
import { Manager, Platform, VAULT_ID } from './harness/platform';
import { PRIVATE_REGISTRY } from './harness/registry';
import { KeyVaultSecret, RunnerCache, RunnerSecret } from 'cdktf-azure-gitlab';

const NAME = 'secrets';
const KEY = { id: 'AKIAEXAMPLE', secret: 'a/b+c="d\\e' };
const PASSWORD = Buffer.from('puller:s3cr3t').toString('base64');
const platform = new Platform();
const bucket = new Bucket(platform.cluster, 'ci-cache', KEY);
const ofVault = (name: string) => RunnerSecret.keyVaultSecret(KeyVaultSecret.of(VAULT_ID, name));
let manager: Manager;

before(async () => {
  await platform.start();
  await bucket.start();
  platform.cluster.registry.credentials = PASSWORD;
  Object.entries({
    'signing-key': 'of the vault',
    'registries': JSON.stringify({ auths: { [PRIVATE_REGISTRY]: { auth: PASSWORD } } }),
    'cache-key': KEY.secret,
  }).forEach(([name, text]) => platform.writeSecret(name, text));
  await platform.cluster.api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAME } });
  for (const [name, key, value] of [['npm', 'token', 'of the cluster'], ['bucket', 'id', KEY.id], ['authority', 'ca.crt', platform.cluster.authority.certificate]]) {
    await platform.cluster.api.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: NAME }, stringData: { [key]: value } });
  }
  manager = await platform.install(NAME, {
    environmentSecrets: { SIGNING_KEY: ofVault('signing-key'), NPM_TOKEN: RunnerSecret.kubernetesSecret('npm', 'token') },
    registryCredentials: ofVault('registries'),
    caCertificateSecret: RunnerSecret.kubernetesSecret('authority', 'ca.crt'),
    cache: RunnerCache.s3({
      bucketName: bucket.name, serverAddress: bucket.serverAddress, region: 'us-east-1', tlsEnabled: false,
      accessKeyId: RunnerSecret.kubernetesSecret('bucket', 'id'), secretAccessKey: ofVault('cache-key'),
    }),
  });
});
after(async () => {
  bucket.stop();
  await platform.stop();
});

async function run(spec: Parameters<typeof platform.gitlab.queue>[1], state = 'success'): Promise<Job> {
  const job = platform.gitlab.queue(manager.token, spec);
  assert.equal(await platform.finished(job), state, `${log(job)}\n${await platform.log(manager)}`);
  return job;
}

const PRINT = { script: ['echo "signing: $SIGNING_KEY, npm: $NPM_TOKEN"'] };

test('secrets are variables of the build container alone, and the pod has references', async () => {
  const job = platform.gitlab.queue(manager.token, { script: [...PRINT.script, HOLD] });
  const pod = await platform.running(NAME, job);
  letGo(platform.cluster, pod);
  assert.equal(await platform.finished(job), 'success', log(job));
  assert.match(log(job), /^signing: of the vault, npm: of the cluster$/m);
  assert.doesNotMatch(JSON.stringify(pod.spec), /of the (vault|cluster)/);
  const holders = pod.spec.containers.filter(({ env = [] }: any) => env.some(({ name }: any) => name === 'SIGNING_KEY'));
  assert.deepEqual(holders.map(({ name }: any) => name), ['build']);
});

test('a job\'s own variable comes before one of the secrets, which are variables of the build', async () => {
  const job = await run({ ...PRINT, variables: [{ key: 'NPM_TOKEN', value: 'its own', public: true }] });
  assert.match(log(job), /^signing: of the vault, npm: its own$/m);
});

test('a secret that changes in the vault is another one for the next job', async () => {
  platform.writeSecret('signing-key', 'a newer one');
  await platform.cluster.until('the copy is new', async () => {
    const [copy] = await platform.list(NAME, 'secrets', 'secrets-store.csi.k8s.io/managed=true');
    return Object.values<string>(copy.data).some((text) => Buffer.from(text, 'base64').toString() === 'a newer one');
  });
  assert.match(log(await run(PRINT)), /^signing: a newer one, npm: of the cluster$/m);
});

test('an image of a private registry is pulled with credentials that only the manager mounts', async () => {
  const image = `${PRIVATE_REGISTRY}/library/ubuntu:24.04`;
  const job = await run({ script: ['cat /home/gitlab-runner/.docker/config.json || echo "not in jobs"'], image });
  assert.match(log(job), /^not in jobs$/m);
  platform.cluster.registry.credentials = 'another';
  try {
    assert.match(log(await run({ script: ['true'], image }, 'failed')), /private\.example\.com|image pull failed/);
  } finally {
    platform.cluster.registry.credentials = PASSWORD;
  }
});

test('what a job keeps in a bucket is there for the next one, and no key is in a ConfigMap or a job', async () => {
  const cache = [{ key: 'k', paths: ['kept'], policy: 'pull-push' as const, when: 'on_success' as const, untracked: false }];
  const first = await run({ script: ['mkdir -p kept', 'echo "of the first job" > kept/file', 'env'], cache });
  assert.equal(bucket.objects().length, 1, log(first));
  assert.match(log(await run({ script: ['cat kept/file'], cache })), /^of the first job$/m);
  assert.ok(!log(first).includes(KEY.secret));
  assert.ok(!JSON.stringify(manager.objects).includes(KEY.secret) && !JSON.stringify(manager.objects).includes(KEY.id));
});
