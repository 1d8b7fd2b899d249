// What the cluster's people have made before: service accounts, a priority, a Secret for a private registry. The manager and its jobs use it, and make none beside it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { log } from './gitlab/gitlab';
import { HOLD, letGo } from './harness/held-jobs';
import { Manager, Platform } from './harness/platform';
import { PRIVATE_REGISTRY } from './harness/registry';

const NAME = 'accounts';
const PASSWORD = Buffer.from('puller:s3cr3t').toString('base64');
const platform = new Platform();
let manager: Manager;

before(async () => {
  await platform.start();
  platform.cluster.registry.credentials = PASSWORD;
  const { api } = platform.cluster;
  await api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAME } });
  for (const name of ['boss', 'builder']) {
    await api.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: NAME } });
  }
  await api.apply({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'urgent' }, value: 1000 });
  await api.apply({
    apiVersion: 'v1', kind: 'Secret', metadata: { name: 'mirror', namespace: NAME }, type: 'kubernetes.io/dockerconfigjson',
    stringData: { '.dockerconfigjson': JSON.stringify({ auths: { [PRIVATE_REGISTRY]: { auth: PASSWORD } } }) },
  });
  manager = await platform.install(NAME, {
    managerServiceAccount: { name: 'boss', creationEnabled: false },
    jobServiceAccount: { name: 'builder', creationEnabled: false },
    managerImage: `${PRIVATE_REGISTRY}/gitlab-org/gitlab-runner:alpine-v19.4.0`,
    managerImagePullSecrets: ['mirror'],
    imagePullSecrets: ['mirror'],
    managerPriorityClassName: 'urgent',
    priorityClassName: 'urgent',
    managerPodAnnotations: { 'example.com/owner': 'ci' },
  });
});
after(() => platform.stop());

test('a job runs under an account that was there, by a manager under another, and both pull with a Secret that was there', async () => {
  const job = platform.gitlab.queue(manager.token, { script: [HOLD], image: `${PRIVATE_REGISTRY}/library/ubuntu:24.04` });
  const pod = await platform.running(NAME, job);
  letGo(platform.cluster, pod);
  assert.equal(await platform.finished(job), 'success', log(job));
  const [{ metadata, spec }] = await platform.managerPods(NAME);
  assert.deepEqual([spec.serviceAccountName, spec.priority, metadata.annotations['example.com/owner']], ['boss', 1000, 'ci']);
  assert.deepEqual([pod.spec.serviceAccountName, pod.spec.priority], ['builder', 1000]);
  const accounts = (await platform.list(NAME, 'serviceaccounts')).filter((account) => account.metadata.name !== 'default');
  // those of ours give no token to pods.
  assert.deepEqual(accounts.map((account) => [account.metadata.name, account.automountServiceAccountToken]).sort(), [['boss', undefined], ['builder', undefined]]);
});
