// What node pools are for: GPUs as a resource of the node, another runtime class, another architecture, and room that is kept free for jobs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { App, TerraformStack } from 'cdktf';
import { log } from './gitlab/gitlab';
import { HOLD, letGo } from './harness/held-jobs';
import { Manager, Platform } from './harness/platform';
import { AksNodePool } from 'cdktf-azure-gitlab';

const platform = new Platform();
const { cluster } = platform;
const RUNTIME_CLASS = 'kata-vm-isolation';
let manager: Manager;

before(async () => {
  await platform.start();
  await patchNode('', { metadata: { labels: { pool: 'special' } } });
  // as a device plugin would.
  await patchNode('/status', { status: { capacity: { 'nvidia.com/gpu': '1' } } });
  // AKS has it for the runtime of its nodes; here it is the one runtime there is.
  const made = await cluster.api.call('POST', '/apis/node.k8s.io/v1/runtimeclasses', {
    metadata: { name: RUNTIME_CLASS }, handler: 'runc', overhead: { podFixed: { memory: '16Mi' } },
  });
  assert.equal(made.status, 201);
  const stack = new TerraformStack(new App(), 'pools');
  const nodePool = AksNodePool.fromAksNodePoolAttributes(stack, 'Sandboxed', {
    nodePoolName: 'sandboxed', nodeSelector: { pool: 'special' }, podSandboxingEnabled: true,
  });
  const arm = AksNodePool.fromAksNodePoolAttributes(stack, 'Arm', { nodePoolName: 'arm', nodeSelector: { pool: 'special' }, vmSize: 'Standard_D4ps_v6' });
  manager = await platform.install('pools', { concurrent: 4, gpus: 1, more: { sandboxed: { nodePool }, arm: { nodePool: arm }, intel: { nodeSelector: { 'kubernetes.io/arch': 'amd64' } } } });
});
after(() => platform.stop());

test('a job with a GPU has it in its build container, and the next one waits for it', async () => {
  const first = platform.gitlab.queue(manager.token, { script: [HOLD] });
  const pod = await platform.running('pools', first);
  const gpus = Object.fromEntries([...pod.spec.initContainers ?? [], ...pod.spec.containers].map(({ name, resources }: any) =>
    [name, [resources.requests?.['nvidia.com/gpu'], resources.limits?.['nvidia.com/gpu'], resources.requests?.cpu]]));
  assert.deepEqual(gpus.build, ['1', '1', '50m']);
  assert.deepEqual(gpus.helper.slice(0, 2), [undefined, undefined]);
  const second = platform.gitlab.queue(manager.token, { script: ['true'] });
  const waiting = await cluster.until('the second job\'s pod waits', async () => {
    const found = await platform.podOf('pools', second);
    return found?.status.conditions?.some(({ type, status }: any) => type === 'PodScheduled' && status === 'False') && found;
  });
  assert.match(JSON.stringify(waiting.status.conditions), /Insufficient nvidia\.com\/gpu/);
  letGo(cluster, pod);
  assert.equal(await platform.finished(first), 'success', log(first));
  assert.equal(await platform.finished(second), 'success', log(second));
});

test('a job on a pool with virtual machines for pods asks for its runtime class', async () => {
  const job = platform.gitlab.queue(manager.tokens.sandboxed, { script: [HOLD] });
  const pod = await platform.running('pools', job);
  letGo(cluster, pod);
  assert.equal(pod.spec.runtimeClassName, RUNTIME_CLASS);
  assert.deepEqual(pod.spec.overhead, { memory: '16Mi' });
  assert.equal(pod.spec.nodeSelector.pool, 'special');
  assert.equal(await platform.finished(job), 'success', log(job));
});

test('a job on a pool of Arm64 has the helper for its nodes and waits for one, while a job for x86-64 runs here', async () => {
  const job = platform.gitlab.queue(manager.tokens.arm, { script: ['true'] });
  const waiting = await cluster.until('the pod for another architecture waits', async () => {
    const found = await platform.podOf('pools', job);
    return found?.status.conditions?.some(({ type, status }: any) => type === 'PodScheduled' && status === 'False') && found;
  });
  assert.match(JSON.stringify(waiting.status.conditions), /didn't match Pod's node affinity\/selector/);
  assert.equal(waiting.spec.nodeSelector['kubernetes.io/arch'], 'arm64');
  assert.match(helperOf(waiting.spec), /gitlab-runner-helper:arm64-v/);
  const here = platform.gitlab.queue(manager.tokens.intel, { script: [HOLD] });
  const pod = await platform.running('pools', here);
  letGo(cluster, pod);
  assert.match(helperOf(pod.spec), /gitlab-runner-helper:x86_64-v/);
  assert.equal(await platform.finished(here), 'success', log(here));
  job.canceling = true;
  assert.equal(await platform.finished(job), 'failed', log(job));
});

test('room is kept for a job with its helper and service, which takes it, and it is made again', async () => {
  const { body: node } = await cluster.api.call('GET', '/api/v1/nodes/node1');
  // so much that no two jobs fit on the node.
  const cpu = Math.floor(milli(node.status.allocatable.cpu) * 0.6);
  const warm = await platform.install('warm', {
    buildResources: { cpuRequest: `${cpu - 100}m`, memoryRequest: '40Mi' },
    helperResources: { cpuRequest: '60m', memoryRequest: '32Mi' },
    serviceResources: { cpuRequest: '40m', memoryRequest: '24Mi' },
    warmCapacity: { policies: [{ jobs: 1 }], servicesPerJob: 1 },
  });
  const [room] = await cluster.until('room is kept', async () => {
    const pods = (await pauses()).filter(({ status }) => status.phase === 'Running');
    return pods.length === 1 && pods;
  });
  assert.deepEqual(room.spec.containers[0].resources.requests, { cpu: `${cpu}m`, memory: '96Mi' });
  assert.equal(room.spec.priority, -1);

  const job = platform.gitlab.queue(warm.token, { script: [HOLD], services: [{ name: 'ubuntu:24.04', command: ['sleep', '3600'] }] });
  const pod = await platform.running('warm', job);
  const requests = pod.spec.containers.map(({ resources }: any) => [resources.requests.cpu, resources.requests.memory]);
  assert.deepEqual(requests.sort(), [['40m', '24Mi'], ['60m', '32Mi'], [`${cpu - 100}m`, '40Mi']].sort());
  const pods = await pauses();
  assert.ok(!pods.some(({ metadata }) => metadata.uid === room.metadata.uid), 'the room was taken');
  assert.ok(pods.every(({ status }) => status.phase === 'Pending'), 'what keeps room waits for another node');
  letGo(cluster, pod);
  assert.equal(await platform.finished(job), 'success', log(job));
  await cluster.until('room is kept again', async () => (await pauses()).some(({ status }) => status.phase === 'Running'));
});

/** The image of the container that fetches, caches and uploads. */
const helperOf = (spec: any): string => spec.containers.find(({ name }: any) => name === 'helper').image;

/** The pods that keep room. */
const pauses = (): Promise<any[]> => platform.list('warm', 'pods', 'runner.gitlab.com/pause-pod=true');

async function patchNode(part: string, patch: object): Promise<void> {
  const { status } = await cluster.api.call('PATCH', `/api/v1/nodes/node1${part}`, patch, { 'content-type': 'application/merge-patch+json' });
  assert.equal(status, 200);
}

function milli(quantity: string): number {
  return quantity.endsWith('m') ? Number(quantity.slice(0, -1)) : Number(quantity) * 1000;
}
