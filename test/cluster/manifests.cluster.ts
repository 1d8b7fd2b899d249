// The API server takes every object of every example, and knows every field of it. Nothing is made.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parse } from 'yaml';
import { log } from './gitlab/gitlab';
import { manifests, Platform } from './harness/platform';
import { RunnerPodMonitor, RunnerVolume } from 'cdktf-azure-gitlab';

const EXAMPLES = join(process.env.CLUSTER_APP!, 'examples');
const platform = new Platform();

before(async () => {
  await platform.start();
  // the Prometheus Operator's own definition, with all of its fields and patterns.
  await platform.cluster.api.apply(parse(readFileSync(process.env.CLUSTER_POD_MONITORS!, 'utf8')));
  await platform.cluster.until('PodMonitors are known', async () =>
    (await platform.cluster.api.call('GET', '/apis/monitoring.coreos.com/v1/podmonitors')).status === 200);
});
after(() => platform.stop());

for (const name of readdirSync(EXAMPLES)) {
  test(`every object of the example "${name}"`, async () => {
    const objects = exampleObjects(name);
    assert.deepEqual([...new Set(objects.map(({ kind }) => kind))].sort(),
      ['ConfigMap', 'Deployment', 'Namespace', 'NetworkPolicy', 'Role', 'RoleBinding', 'SecretProviderClass', 'ServiceAccount']);
    await accepted(objects);
  });
}

test('every object of a runner with all that makes further objects', async () => {
  const { objects } = platform.manager('everything', {
    jobNamespace: 'everything-jobs',
    podMonitor: RunnerPodMonitor.PROMETHEUS_OPERATOR,
    podDisruptionBudgetEnabled: true,
    volumes: [RunnerVolume.emptyDir('space', '/space', '1Gi'), RunnerVolume.hostPath('node', '/node', '/var/log')],
    kubernetesSettings: { namespace_per_job: true, autoscaler: { max_pause_pods: 2, policy: [{ periods: ['* * * * *'], idle_count: 1 }] } },
  });
  assert.ok(objects.some(({ kind }) => kind === 'ClusterRole') && objects.some(({ kind }) => kind === 'PriorityClass'));
  await accepted(objects);
});

test('a PodMonitor has its labels and interval, selects the manager alone, and is what the operator\'s definition takes', async () => {
  const { objects } = await platform.install('watched', {
    podMonitor: RunnerPodMonitor.PROMETHEUS_OPERATOR, podMonitorLabels: { release: 'prometheus' }, podMonitorIntervalSeconds: 45, prometheusNamespace: 'monitoring',
  });
  const path = '/apis/monitoring.coreos.com/v1/namespaces/watched/podmonitors/gitlab-runner';
  const { body: made } = await platform.cluster.api.call('GET', path);
  assert.equal(made.metadata.labels.release, 'prometheus');
  const [{ interval, port, path: metrics }, ...others] = made.spec.podMetricsEndpoints;
  assert.deepEqual([interval, metrics, others], ['45s', '/metrics', []]);
  const labels = Object.entries(made.spec.selector.matchLabels).map(([name, value]) => `${name}=${value}`).join(',');
  const [pod, ...more] = await platform.list('watched', 'pods', labels);
  assert.deepEqual(more, []);
  const [{ containerPort }] = pod.spec.containers.flatMap(({ ports = [] }: any) => ports).filter(({ name }: any) => name === port);
  const text = await (await fetch(`http://${pod.status.podIP}:${containerPort}${metrics}`)).text();
  assert.match(text, /^gitlab_runner_version_info\{/m);
  const object = objects.find(({ kind }) => kind === 'PodMonitor');
  const wrong = { ...object, spec: { ...object.spec, podMetricsEndpoints: [{ ...object.spec.podMetricsEndpoints[0], interval: '45' }] } };
  await assert.rejects(platform.cluster.api.apply(wrong, { dryRun: true }), /interval.*should match/s);
});

test('a field that Kubernetes does not know is refused, so that this says something', async () => {
  const objects = exampleObjects('complete');
  for (const kind of ['Deployment', 'Role', 'NetworkPolicy', 'SecretProviderClass']) {
    const object = objects.find((candidate) => candidate.kind === kind);
    const place = kind === 'Role' ? 'rules' : 'spec';
    const wrong = { ...object, [place]: kind === 'Role' ? [{ ...object.rules[0], verb: ['get'] }] : { ...object.spec, unknownField: 1 } };
    await assert.rejects(platform.cluster.api.apply(wrong, { dryRun: true }), /field not declared in schema|unknown field/);
  }
});

test('a manager apart from its jobs runs where Pod Security enforces `restricted`, and its jobs where it enforces `baseline`', async () => {
  const manager = await platform.install('apart', { jobNamespace: 'apart-jobs' });
  const level = async (namespace: string) => (await platform.cluster.api.call('GET', `/api/v1/namespaces/${namespace}`)).body.metadata.labels['pod-security.kubernetes.io/enforce'];
  assert.deepEqual([await level('apart'), await level('apart-jobs')], ['restricted', 'baseline']);
  const refusal = async (namespace: string, securityContext = {}) => (await platform.cluster.api.call('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All`, {
    metadata: { generateName: 'try-' }, spec: { containers: [{ name: 'main', image: 'ubuntu:24.04', securityContext }] },
  })).body.message;
  assert.match(await refusal('apart'), /violates PodSecurity "restricted/);
  assert.match(await refusal('apart-jobs', { privileged: true }), /violates PodSecurity "baseline/);
  const job = platform.gitlab.queue(manager.token, { script: ['true'] });
  assert.equal(await platform.finished(job), 'success', log(job));
});

async function accepted(objects: any[]): Promise<void> {
  const namespaces = objects.filter(({ kind }) => kind === 'Namespace');
  // a dry run of a namespace does not make it
  for (const namespace of namespaces) {await platform.cluster.api.apply(namespace);}
  for (const object of objects) {await platform.cluster.api.apply(object, { dryRun: true });}
}

function exampleObjects(name: string): any[] {
  const folder = join(EXAMPLES, name);
  execFileSync(process.execPath, [join(folder, 'main.cjs')], {
    cwd: folder, env: { ...process.env, CDKTF_OUTDIR: join(folder, 'out'), NODE_OPTIONS: '' }, stdio: ['ignore', 'ignore', 'inherit'],
  });
  const stacks = join(folder, 'out/stacks');
  return readdirSync(stacks).flatMap((stack) => manifests(join(stacks, stack)));
}
