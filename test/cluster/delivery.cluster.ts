// `ManifestDelivery.throughServer()`: the script that a machine runs, against the real API server.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Cluster } from './harness/cluster';
import { DeliveryServer } from './harness/delivery-server';

const cluster = new Cluster({ kubebox: process.env.CLUSTER_KUBEBOX!, images: process.env.CLUSTER_IMAGES!, cgroup: process.env.CLUSTER_NAME });
const server = new DeliveryServer('https://10.96.0.1', () => cluster.authority.certificate, cluster.token);

before(async () => {
  await cluster.start();
  await server.start();
});
after(async () => {
  server.stop();
  await cluster.stop();
});

const configMap = (name: string, data: { [key: string]: string } = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'app' }, data });
const deployment = (name: string, command: string[], more: object = {}) => ({
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'app' },
  spec: {
    replicas: 1, selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image: 'ubuntu:24.04', command, ...more }] },
    },
  },
});
const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'app' } };
const kind = {
  apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'toys.example.com' },
  spec: {
    group: 'example.com', scope: 'Cluster', names: { kind: 'Toy', plural: 'toys' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { 'type': 'object', 'x-kubernetes-preserve-unknown-fields': true } } }],
  },
};
const toy = { apiVersion: 'example.com/v1', kind: 'Toy', metadata: { name: 'ball' } };
const SLEEP = ['sleep', '100000'];
/** Ready for a moment, at each start. */
const STUMBLE = ['sh', '-c', 'sleep 2; exit 1'];
const app = [toy, deployment('web', SLEEP), configMap('settings', { colour: 'red', size: 'big' }), configMap('old'), kind, namespace];

const get = async (path: string) => (await cluster.api.call('GET', path)).body;
const inApp = async (resource: string) => (await get(`/api/v1/namespaces/app/${resource}`)).items.map(({ metadata }: any) => metadata.name)
  .filter((name: string) => name !== 'kube-root-ca.crt').sort();
const lastLine = (said: string) => said.split('\n').at(-1);
const delivered = async (release: string, objects: readonly any[], environment = {}) => {
  const said = await server.deliver(release, objects, environment).said;
  assert.equal(lastLine(said), 'exit:0', said);
  return said;
};
const refused = async (release: string, objects: readonly any[], environment = {}) => {
  const said = await server.deliver(release, objects, environment).said;
  assert.equal(lastLine(said), 'exit:1', said);
  return said;
};

test('a server without a role waits for it, then says what it needs', async () => {
  server.token = 'scheduler-token';
  assert.match(await refused('app', app, { PATIENCE_SECONDS: '1' }),
    /^FAILED: https:\/\/10\.96\.0\.1 does not do its work: secrets "release\.app" is forbidden: .*has the role Azure Kubernetes Service RBAC Cluster Admin there\n/);
  const waiting = server.deliver('app', [namespace]);
  await cluster.api.call('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    metadata: { name: 'server' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'system:kube-scheduler' }],
  });
  assert.equal(lastLine(await waiting.said), 'exit:0');
});

test('objects in any order come in the right one, a kind before its objects, and green means ready', async () => {
  assert.match(await delivered('app', app), /^releases\/app: 6 objects are ready, 0 were deleted\n/);
  const { status } = await get('/apis/apps/v1/namespaces/app/deployments/web');
  assert.equal(status.readyReplicas, 1);
  assert.equal((await get('/apis/example.com/v1/toys/ball')).metadata.namespace, undefined);
});

test('what is unchanged is not touched, what is removed goes, fields too', async () => {
  const versionOf = async () => (await get('/apis/apps/v1/namespaces/app/deployments/web')).metadata.generation;
  const before_ = await versionOf();
  await cluster.api.call('PATCH', '/api/v1/namespaces/app/configmaps/settings', { data: { mine: 'kept' } }, { 'content-type': 'application/merge-patch+json' });
  const changed = [...app.filter(({ metadata }) => !['settings', 'old'].includes(metadata.name)), configMap('settings', { colour: 'blue' })];
  assert.match(await delivered('app', changed), /5 objects are ready, 1 were deleted\n/);
  assert.equal(await versionOf(), before_);
  assert.deepEqual(await inApp('configmaps'), ['settings']);
  assert.deepEqual((await get('/api/v1/namespaces/app/configmaps/settings')).data, { colour: 'blue', mine: 'kept' });
  await delivered('app', app);
});

test('what does not become ready is told with its cause, and everything is as it was', async () => {
  const broken = [...app.filter(({ metadata }) => metadata.name !== 'web'), deployment('web', STUMBLE), configMap('new')];
  const said = await refused('app', broken, { TIMEOUT_SECONDS: '45' });
  assert.match(said, /^FAILED: not ready in time: Deployment app\/web \([01] of 1 ready, 1 of them new, main ended with 1\); the release is as it was before\n/);
  assert.deepEqual(await inApp('configmaps'), ['old', 'settings']);
  const { spec } = await get('/apis/apps/v1/namespaces/app/deployments/web');
  assert.deepEqual(spec.template.spec.containers[0].command, SLEEP);
  await delivered('app', app);
});

test('a first delivery that fails leaves nothing', async () => {
  const said = await refused('first', [configMap('first'), { ...configMap('wrong'), kind: 'Secret', type: 'Opaque', data: { a: 'not base64!' } }]);
  assert.match(said, /^FAILED: the cluster refuses Secret app\/wrong: .*base64.*; what was made of it is deleted\n/);
  assert.deepEqual(await inApp('configmaps'), ['old', 'settings']);
});

test('a field or a kind that the cluster does not know is refused, with nothing done', async () => {
  assert.match(await refused('app', [...app, { ...configMap('typo'), dataa: {} }]), /unknown field "\.dataa"|field not declared in schema/);
  assert.match(await refused('app', [...app, { apiVersion: 'example.com/v1', kind: 'Doll', metadata: { name: 'doll' } }]),
    /^FAILED: the cluster knows no Doll of example\.com\/v1; deliver what defines it first\n/);
  assert.deepEqual(await inApp('configmaps'), ['old', 'settings']);
});

test('what belongs to others is not taken over, and what Helm is deleting is waited for', async () => {
  await cluster.api.apply(configMap('theirs', { a: 'b' }));
  assert.match(await refused('app', [...app, configMap('theirs')]),
    /^FAILED: ConfigMap app\/theirs is there already, and not by this release but by somebody else; delete it, or take it out of the chart\n/);
  assert.match(await refused('other', [configMap('settings')]), /not by this release but by releases\/app; /);
  const helms = configMap('helms');
  await cluster.api.apply({ ...helms, metadata: { ...helms.metadata, annotations: { 'meta.helm.sh/release-name': 'app' } } });
  const run = server.deliver('app', [...app, configMap('helms', { c: 'd' })]);
  setTimeout(() => void cluster.api.call('DELETE', '/api/v1/namespaces/app/configmaps/helms'), 3000);
  assert.equal(lastLine(await run.said), 'exit:0');
  assert.deepEqual((await get('/api/v1/namespaces/app/configmaps/helms')).data, { c: 'd' });
  assert.deepEqual((await get('/api/v1/namespaces/app/configmaps/theirs')).data, { a: 'b' });
});

test('a machine that dies in between: the next run knows what is there', async () => {
  const slow = [...app, deployment('slow', SLEEP, { readinessProbe: { exec: { command: ['false'] } } }), configMap('half')];
  const run = server.deliver('app', slow);
  await cluster.until('half of it is there', async () => (await inApp('configmaps')).includes('half'));
  run.child.kill('SIGKILL');
  await run.said;
  assert.match(await delivered('app', app), /6 objects are ready, \d were deleted\n/);
  assert.deepEqual(await inApp('configmaps'), ['old', 'settings', 'theirs']);
  assert.equal((await cluster.api.call('GET', '/apis/apps/v1/namespaces/app/deployments/slow')).status, 404);
});

test('an API server that is away for a while is waited for', async () => {
  await cluster.kill('apiserver');
  const run = server.deliver('app', app);
  await cluster.startAgain('apiserver');
  assert.equal(lastLine(await run.said), 'exit:0');
});

test('a release that is taken out of the stack goes, what is not its own stays', async () => {
  await delivered('second', [configMap('second')]);
  await delivered('foreign', [configMap('foreign')], { OWNER: 'another' });
  const said = await server.sweep(['releases/app']).said;
  assert.match(said, /^releases\/second: no longer wanted, 1 objects were deleted\nexit:0$/);
  assert.deepEqual(await inApp('configmaps'), ['foreign', 'old', 'settings', 'theirs']);
  assert.equal((await cluster.api.call('GET', '/api/v1/namespaces/releases/secrets/release.second')).status, 404);
  assert.match(await server.sweep([]).said, /^releases\/app: no longer wanted, 6 objects were deleted\nexit:0$/);
  assert.equal(await server.sweep([]).said, 'exit:0');
});
