// Volumes that are not the node's own: a claim that is made for a job and goes with it, a directory of an NFS server, and what a CSI driver mounts.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { log } from './gitlab/gitlab';
import { NODE_ADDRESS } from './harness/cluster';
import { HOLD, letGo } from './harness/held-jobs';
import { NfsExports } from './harness/nfs';
import { Manager, Platform } from './harness/platform';
import { RunnerVolume } from 'cdktf-azure-gitlab';

const NAME = 'volumes';
const CLASS = 'by-hand';
const platform = new Platform();
const { cluster } = platform;
const nfs = new NfsExports(cluster.folder);
/** Where the one volume lies that a claim can have. */
const disk = join(cluster.folder, 'disk');
let manager: Manager;

before(async () => {
  await platform.start();
  nfs.start();
  writeFileSync(join(nfs.add('/export'), 'shared'), 'of the server\n');
  mkdirSync(disk);
  // in place of a driver that makes volumes: one is there already.
  await make('/apis/storage.k8s.io/v1/storageclasses', { metadata: { name: CLASS }, provisioner: 'kubernetes.io/no-provisioner' });
  await make('/api/v1/persistentvolumes', {
    metadata: { name: 'disk' },
    spec: {
      capacity: { storage: '2Gi' }, accessModes: ['ReadWriteOnce'], storageClassName: CLASS, persistentVolumeReclaimPolicy: 'Retain', hostPath: { path: disk },
    },
  });
  manager = await platform.install(NAME, {
    volumes: [RunnerVolume.ephemeralClaim('work', '/scratch', '1Gi', CLASS)],
    more: {
      shared: { volumes: [RunnerVolume.nfs('share', '/share', NODE_ADDRESS, '/export'), RunnerVolume.nfs('again', '/again', NODE_ADDRESS, '/export', { readOnly: true })] },
      driven: {
        volumes: [RunnerVolume.csi('vault', '/etc/vault', 'secrets-store.csi.k8s.io', { secretProviderClass: 'gitlab-runner-vault-0' }, { readOnly: true, fsType: 'tmpfs' })],
      },
    },
  });
});
after(() => platform.stop());

async function make(path: string, object: object): Promise<void> {
  assert.equal((await cluster.api.call('POST', path, object)).status, 201);
}

const claims = (): Promise<any[]> => platform.list(NAME, 'persistentvolumeclaims');

test('a job has a claim of its own, which is there with its pod and goes with it', async () => {
  const job = platform.gitlab.queue(manager.token, { script: ['echo "of job $CI_JOB_ID" > /scratch/kept', HOLD] });
  const pod = await platform.running(NAME, job);
  const { metadata: { name, uid } } = pod;
  const [claim, ...others] = await claims();
  assert.deepEqual(others, []);
  assert.equal(claim.metadata.name, `${name}-work`);
  assert.deepEqual(claim.metadata.ownerReferences.map((owner: any) => [owner.kind, owner.uid]), [['Pod', uid]]);
  assert.deepEqual([claim.spec.storageClassName, claim.spec.resources.requests, claim.status.phase], [CLASS, { storage: '1Gi' }, 'Bound']);
  letGo(cluster, pod);
  assert.equal(await platform.finished(job), 'success', log(job));
  await cluster.until('the claim is gone', async () => (await claims()).length === 0);
  assert.equal(readFileSync(join(disk, 'kept'), 'utf8'), `of job ${job.id}\n`);
});

test('a directory of an NFS server is at both of its paths, and only one of them can be written to', async () => {
  const job = platform.gitlab.queue(manager.tokens.shared, {
    script: ['cat /share/shared', 'echo "of a job" > /share/written', 'cat /again/written', 'touch /again/refused || echo "not there"'],
  });
  assert.equal(await platform.finished(job), 'success', log(job));
  assert.match(log(job), /^of the server\n.*\n.*\nof a job$/m);
  assert.match(log(job), /^not there$/m);
  assert.ok(existsSync(join(nfs.folder, 'export/written')));
  const mounted = nfs.mounted().map((call) => call.split(' ')[0]);
  assert.deepEqual(mounted, [`${NODE_ADDRESS}:/export`, `${NODE_ADDRESS}:/export`]);
});

test('a driver is asked for its volume with its attributes and a file system', async () => {
  const job = platform.gitlab.queue(manager.tokens.driven, { script: ['ls /etc/vault', HOLD] });
  const pod = await platform.running(NAME, job);
  letGo(cluster, pod);
  const { csi } = pod.spec.volumes.find(({ name }: any) => name === 'vault');
  assert.deepEqual(csi, { driver: 'secrets-store.csi.k8s.io', fsType: 'tmpfs', readOnly: true, volumeAttributes: { secretProviderClass: 'gitlab-runner-vault-0' } });
  assert.equal(await platform.finished(job), 'success', log(job));
  assert.match(log(job), /^token-0$/m);
});
