// The API server takes every object of every example, and knows every field of it. Nothing is made.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { log } from './gitlab/gitlab';
import { manifests, Platform } from './harness/platform';
import { RunnerPodMonitor, RunnerVolume } from 'cdktf-azure-gitlab';

const EXAMPLES = join(process.env.CLUSTER_APP!, 'examples');
const platform = new Platform();

before(() => platform.start());
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
  await accepted(objects.filter(({ kind }) => kind !== 'PodMonitor'));
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
