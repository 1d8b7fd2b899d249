// What becomes of jobs when something breaks under them. Minutes are shortened: GitLab is away for one and not for five, graces are seconds.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Job, log } from './gitlab/gitlab';
import { NODE } from './harness/cluster';
import { HOLD, letGo } from './harness/held-jobs';
import { Manager, ManagerOptions, Platform } from './harness/platform';

const platform = new Platform();
const { cluster, gitlab } = platform;
const { api } = cluster;
const NAME = 'faults';
const OPTIONS: ManagerOptions = { podDisruptionBudgetEnabled: true, environment: { GENERATION: 'first' } };
let manager: Manager;
let systemId: string | undefined;

before(async () => {
  await platform.start();
  manager = await platform.install(NAME, OPTIONS);
  const job = await passes();
  systemId = job.systemId;
});
after(() => platform.stop());

afterEach(async () => {
  await platform.nothingLeft(NAME);
});

/** A job that ends well, under the manager's one system id. */
async function passes(): Promise<Job> {
  const job = gitlab.queue(manager.token, { script: ['true'] });
  assert.equal(await platform.finished(job), 'success', log(job));
  assert.equal(job.systemId, systemId ?? job.systemId);
  return job;
}

/** A job that is at its script, which takes so many seconds. */
async function running(seconds: number, timeoutSeconds?: number, { token }: Manager = manager): Promise<Job> {
  return atScript(`sleep ${seconds}`, token, timeoutSeconds);
}

async function atScript(command: string, token = manager.token, timeoutSeconds?: number): Promise<Job> {
  const job = gitlab.queue(token, { script: [command, 'echo "finished $GENERATION"'], timeoutSeconds });
  await cluster.until('the job runs', async () => log(job).includes(`$ ${command}`));
  return job;
}

async function succeeds(job: Job): Promise<void> {
  assert.equal(await platform.finished(job), 'success', log(job));
  assert.match(log(job), /^finished first$/m);
}

async function eventsOf(namespace: string, podUid: string): Promise<any[]> {
  return (await api.call('GET', `/api/v1/namespaces/${namespace}/events?fieldSelector=involvedObject.uid=${podUid}`)).body.items;
}

/** Deletes a manager's pod while a job runs; once that is done nothing of the pod is left, and Kubernetes has nothing to complain of. */
async function deleted({ namespace }: Manager, job: Job): Promise<void> {
  const [{ metadata: { name, uid } }] = await platform.managerPods(namespace);
  // a slow kubelet may have complained at the pod's start
  const earlier = new Set((await eventsOf(namespace, uid)).map(({ metadata }) => metadata.uid));
  await api.call('DELETE', `/api/v1/namespaces/${namespace}/pods/${name}`);
  await succeeds(job);
  await cluster.until('the pod is gone', async () => !(await platform.managerPods(namespace)).some(({ metadata }) => metadata.uid === uid));
  const items = await cluster.until('an event tells of the stop', async () => {
    const later = (await eventsOf(namespace, uid)).filter(({ metadata }) => !earlier.has(metadata.uid));
    return later.some(({ reason }) => reason === 'Killing') && later;
  });
  // a probe may find the port closed already
  assert.deepEqual(items.filter(({ type, reason }) => type === 'Warning' && reason !== 'Unhealthy').map(({ reason, message }) => `${reason}: ${message}`), []);
}

async function toldToStop(old: Manager): Promise<void> {
  await cluster.until('the old manager was told to stop', async () => (await platform.log(old)).includes('Starting graceful shutdown'));
}

async function restarts(): Promise<number[]> {
  return (await platform.managerPods(NAME)).map(({ status }) => status.containerStatuses[0].restartCount);
}

test('a deleted manager finishes its job, and its successor is known to GitLab by the same system id', async () => {
  await deleted(manager, await running(12));
  await passes();
  await platform.rolledOut(NAME);
});

test('so it does where the image has a stop signal of its own, as GitLab\'s has', async () => {
  const other = await platform.install('signalled', { ...OPTIONS, managerImage: 'registry.gitlab.com/gitlab-org/gitlab-runner:entrypoint-v19.4.0' });
  await deleted(other, await running(12, undefined, other));
});

test('GitLab goes away while a job runs: the job goes on, its whole log arrives, the manager neither restarts nor becomes unready', async () => {
  const job = await running(20);
  const pods = await platform.managerPods(NAME);
  await gitlab.stop();
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(1000)) {
    const [pod] = await platform.managerPods(NAME);
    assert.ok(pod.status.containerStatuses[0].ready, 'the manager is not ready');
  }
  await gitlab.start();
  await succeeds(job);
  await passes();
  assert.deepEqual((await platform.managerPods(NAME)).map(({ metadata }) => metadata.uid), pods.map(({ metadata }) => metadata.uid));
  assert.deepEqual(await restarts(), [0]);
});

test('a rotated token is taken up without a restart, while a job runs', async () => {
  const job = await running(20);
  const token = `${manager.token}-2`;
  platform.writeToken(NAME, token);
  gitlab.replaceRunner(manager.token, token);
  manager = { ...manager, token };
  await passes();
  await succeeds(job);
  assert.deepEqual(await restarts(), [0]);
});

test('the API server restarts while a job runs: the job goes on', async () => {
  const job = await running(20);
  await cluster.kill('apiserver');
  await sleep(3000);
  await cluster.startAgain('apiserver');
  await succeeds(job);
  assert.deepEqual(await restarts(), [0]);
  await passes();
});

test('a drained node keeps the pods of jobs, moves the manager, which finishes its jobs, and takes none until it is back', async () => {
  const job = await atScript(HOLD);
  const [jobPod] = await platform.jobPods(NAME);
  const cordon = (unschedulable: boolean) => api.call('PATCH', `/api/v1/nodes/${NODE}`, { spec: { unschedulable } }, { 'content-type': 'application/merge-patch+json' });
  const evict = async ({ metadata }: any) => (await api.call('POST', `/api/v1/namespaces/${NAME}/pods/${metadata.name}/eviction`,
    { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: metadata.name } })).status;
  await cordon(true);
  try {
    assert.deepEqual(await Promise.all((await platform.jobPods(NAME)).map(evict)), [429]);
    assert.deepEqual(await Promise.all((await platform.managerPods(NAME)).map(evict)), [201]);
    await toldToStop(manager);
    letGo(cluster, jobPod);
    await succeeds(job);
    const waiting = gitlab.queue(manager.token, { script: ['true'] });
    await sleep(5000);
    assert.deepEqual(waiting.states, []);
    await cordon(false);
    assert.equal(await platform.finished(waiting), 'success', log(waiting));
    assert.equal(waiting.systemId, systemId);
  } finally {
    await cordon(false);
  }
  await platform.rolledOut(NAME);
});

test('a registry that cannot be reached fails the job for that reason; the next one passes when it is back', async () => {
  await cluster.registry.stop();
  const job = gitlab.queue(manager.token, { script: ['true'] });
  try {
    assert.equal(await platform.finished(job), 'failed');
    assert.equal(job.failureReason, 'runner_external_dependency_failure', log(job));
    assert.match(log(job), /connection refused/);
  } finally {
    await cluster.registry.startAgain();
  }
  await passes();
});

test('a full quota fails the job for that reason; the next one passes when there is room', async () => {
  const makeRoom = await platform.fill(NAME);
  const job = gitlab.queue(manager.token, { script: ['true'] });
  assert.equal(await platform.finished(job), 'failed');
  assert.equal(job.failureReason, 'runner_system_failure', log(job));
  assert.match(log(job), /exceeded quota: full/);
  await makeRoom();
  await passes();
});

test('a killed manager starts again under the same system id; the job it had is lost, and its pod ends at the job\'s time-out', async () => {
  const job = await running(300, 60);
  const [pod] = await platform.managerPods(NAME);
  cluster.killContainer(pod.status.containerStatuses[0].containerID.replace('containerd://', ''));
  await cluster.until('the manager started again', async () => (await restarts())[0] === 1);
  await passes();
  assert.deepEqual([...new Set(job.states)], ['running']);
  const ended = await cluster.until('the pod is ended', async () => (await platform.jobPods(NAME)).find(({ status, metadata }) =>
    metadata.annotations['job.runner.gitlab.com/id'] === String(job.id) && status.phase === 'Failed'));
  assert.equal(ended.status.reason, 'DeadlineExceeded');
  // nobody removes the object: Kubernetes does when there are very many
  await api.call('DELETE', `/api/v1/namespaces/${NAME}/pods/${ended.metadata.name}`);
});

test('a changed configuration rolls the manager out: the old one finishes its job, the new one takes the next', async () => {
  const job = await atScript(HOLD);
  const [jobPod] = await platform.jobPods(NAME);
  const { token } = manager;
  const changed = platform.manager(NAME, { ...OPTIONS, environment: { GENERATION: 'second' } });
  // the vault has the rotated token still
  platform.writeToken(NAME, token);
  for (const object of changed.objects) {await api.apply(object);}
  await cluster.until('the new manager is ready and the old one stops', async () => {
    const pods = await platform.managerPods(NAME);
    const [old, young] = [true, false].map((going) => pods.filter(({ metadata }) => Boolean(metadata.deletionTimestamp) === going));
    return old.length === 1 && young.length === 1 && young[0].status.containerStatuses?.[0].ready;
  });
  await toldToStop(changed);
  const next = gitlab.queue(token, { script: ['echo "generation $GENERATION"'] });
  assert.equal(await platform.finished(next), 'success', log(next));
  assert.match(log(next), /^generation second$/m);
  assert.equal(next.systemId, systemId);
  letGo(cluster, jobPod);
  await succeeds(job);
  await platform.rolledOut(NAME);
});
