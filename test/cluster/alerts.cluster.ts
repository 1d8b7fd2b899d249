// The alerts of `PlatformAlerts` in the real Prometheus, on the metrics of the real runner while something breaks. Minutes are two seconds.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { log } from './gitlab/gitlab';
import { NODE } from './harness/cluster';
import { Manager, Platform } from './harness/platform';
import { Prometheus } from './harness/prometheus';
import { StateMetrics } from './harness/state-metrics';
import { watched } from './harness/watched';
import { lastRefusal } from '../../doctor/manager-log';
import { WeekDay } from 'cdktf-azure-gitlab';

const NAME = 'alerts';
const DAYS = [WeekDay.SUNDAY, WeekDay.MONDAY, WeekDay.TUESDAY, WeekDay.WEDNESDAY, WeekDay.THURSDAY, WeekDay.FRIDAY, WeekDay.SATURDAY];
const platform = new Platform();
const { cluster, gitlab } = platform;
const prometheus = new Prometheus(cluster);
const stateMetrics = new StateMetrics(cluster);
let manager: Manager;
let queries: string[];

before(async () => {
  await platform.start();
  manager = await platform.install(NAME);
  // no window of these days has now in it.
  const { rules, clusterRules, objects, panels } = watched([NAME], { dayOfWeek: DAYS[(new Date().getUTCDay() + 3) % 7], startTime: '00:00' });
  queries = panels.filter((query) => /gitlab_runner_|kube_/.test(query));
  for (const object of objects) {await cluster.api.apply(object);}
  await prometheus.start([...rules, ...clusterRules], objects.filter(({ kind }) => kind === 'PodMonitor'), await stateMetrics.start());
});
after(async () => {
  await prometheus.stop();
  stateMetrics.stop();
  await platform.stop();
});

/** Waits until just these alerts fire. */
async function fires(...alerts: string[]): Promise<void> {
  let firing: string[] = [];
  await cluster.until(() => `${alerts.join(', ') || 'nothing'} fires, but ${firing.join(', ') || 'nothing'}`, async () => {
    firing = await prometheus.firing();
    return JSON.stringify(firing) === JSON.stringify(alerts) || undefined;
  });
}

/** What three jobs at once end as: the rules count what happens within minutes, which are short here. */
async function threeEnded(...options: Parameters<typeof gitlab.queue>): Promise<string[]> {
  return Promise.all([1, 2, 3].map(() => ended(...options)));
}

async function ended(...options: Parameters<typeof gitlab.queue>): Promise<string> {
  const job = gitlab.queue(...options);
  const state = await platform.finished(job);
  return `${state} ${job.failureReason ?? ''}`.trim() || log(job);
}

async function scale(replicas: number): Promise<void> {
  const path = `/apis/apps/v1/namespaces/${NAME}/deployments/gitlab-runner`;
  await cluster.api.call('PATCH', path, { spec: { replicas } }, { 'content-type': 'application/merge-patch+json' });
}

test('the manager\'s metrics arrive, with the labels that the rules ask for, and a job that goes well fires nothing', async () => {
  await cluster.until('metrics arrive', async () => (await prometheus.query(`gitlab_runner_version_info{namespace="${NAME}"}`)).length === 1 || undefined);
  assert.equal(await ended(manager.token, { script: ['true'] }), 'success');
  await fires();
});

test('what the dashboard asks has an answer, where there is anything to tell', async () => {
  // no job has failed.
  const silent = queries.filter((query) => query.includes('failed_jobs'));
  assert.equal(queries.length - silent.length, 4);
  for (const query of queries) {
    await cluster.until(query, async () => (await prometheus.query(query)).length > 0 === !silent.includes(query) || undefined);
  }
});

test('of what kube-state-metrics tells, that arrives which Azure keeps', async () => {
  assert.ok((await stateMetrics.told()).some((line) => line.startsWith(`kube_node_created{node="${NODE}"}`)));
  await cluster.until('the node arrives', async () => (await prometheus.query(`kube_node_info{node="${NODE}",kubelet_version=~"v1.+"}`)).length === 1 || undefined);
  assert.deepEqual(await prometheus.query('kube_node_created'), []);
});

test('a pool has as many nodes as it may: PoolAtMax until it has one less, also where a node is made new in place', async () => {
  const nodes = [0, 1, 2].map((index) => `aks-jobs-12345678-vmss00000${index}`);
  // nobody ever gives them work.
  for (const name of nodes) {await cluster.api.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: { unschedulable: true } });}
  await fires('PoolAtMax');
  const [last, ...others] = nodes;
  await cluster.api.call('DELETE', `/api/v1/nodes/${last}`);
  await fires();
  const nodeInfo = { ...(await cluster.api.call('GET', `/api/v1/nodes/${NODE}`)).body.status.nodeInfo, kubeletVersion: 'v9.9.9' };
  await cluster.api.call('PATCH', `/api/v1/nodes/${others[0]}/status`, { status: { nodeInfo } }, { 'content-type': 'application/merge-patch+json' });
  await cluster.until('the version arrives', async () => (await prometheus.query('kube_node_info{kubelet_version="v9.9.9"}')).length === 1 || undefined);
  assert.deepEqual((await prometheus.query('count(kube_node_info{node=~"aks-jobs-.+"})')).map(({ value }) => value), ['2']);
  for (const name of others) {await cluster.api.call('DELETE', `/api/v1/nodes/${name}`);}
});

test('a pod finds no room: PodsPending until it is gone', async () => {
  const pod = {
    apiVersion: 'v1', kind: 'Pod', metadata: { name: 'large', namespace: NAME },
    spec: { automountServiceAccountToken: false, containers: [{ name: 'main', image: 'ubuntu:24.04', resources: { requests: { cpu: '1000' } } }] },
  };
  await cluster.api.apply(pod);
  await fires('PodsPending');
  await cluster.api.call('DELETE', `/api/v1/namespaces/${NAME}/pods/large`);
  await fires();
});

test('GitLab goes away: CannotReachGitLab until it is back', async () => {
  await gitlab.stop();
  await fires('CannotReachGitLab');
  await cluster.until('doctor sees it in the log', async () => lastRefusal(await platform.log(manager, '&timestamps=true'))?.forbidden === false || undefined);
  await gitlab.start();
  await fires();
});

test('jobs have waited long: JobsWait until they no longer do', async () => {
  assert.equal(await ended(manager.token, { script: ['true'], queuedSeconds: 1 }), 'success');
  await cluster.until('JobsWait fires', async () => {
    assert.equal(await ended(manager.token, { script: ['true'], queuedSeconds: 1200 }), 'success');
    return (await prometheus.firing()).includes('JobsWait') || undefined;
  });
  await fires();
});

test('a full quota: PlatformFailures after the third job, none of an earlier one or of a script', async () => {
  await platform.nothingLeft(NAME);
  assert.equal(await ended(manager.token, { script: ['false'] }), 'failed script_failure');
  const makeRoom = await platform.fill(NAME);
  assert.deepEqual(await threeEnded(manager.token, { script: ['true'] }), Array(3).fill('failed runner_system_failure'));
  await fires('PlatformFailures');
  await makeRoom();
  await fires();
});

test('an image that is not there: ImagePull after the third job', async () => {
  assert.deepEqual(await threeEnded(manager.token, { script: ['true'], image: 'registry.example.com/absent:1' }), Array(3).fill('failed runner_configuration_error'));
  await fires('ImagePull');
  await fires();
});

test('no manager is left: RunnerGone until one is back', async () => {
  await scale(0);
  await fires('RunnerGone');
  await scale(1);
  await platform.rolledOut(NAME);
  await fires();
});

test('GitLab refuses the token: TokenRefused until the vault has another', async () => {
  const token = 'glrt-another-that-differs';
  gitlab.replaceRunner(manager.token, token);
  await fires('TokenRefused');
  await cluster.until('doctor sees it in the log', async () => lastRefusal(await platform.log(manager, '&timestamps=true'))?.forbidden === true || undefined);
  platform.writeToken(NAME, token);
  manager = { ...manager, token };
  assert.equal(await ended(token, { script: ['true'] }), 'success');
  await fires();
});
