import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Azure } from './azure/azure';
import { outcome } from './harness/expectation';
import { synthesise } from './harness/program';
import { Workspace } from './harness/workspace';
import { World } from './harness/world';
import { AksCluster, AlertReceiver, AzureResourceGroup, KubernetesGitLabRunner, PlatformAlerts, PlatformAlertsProps, SelfHostedGitLab } from 'cdktf-azure-gitlab';

const CHAIN = [
  'Microsoft.Monitor/accounts', 'Microsoft.Insights/dataCollectionEndpoints', 'Microsoft.AlertsManagement/prometheusRuleGroups',
] as const;
const RULES = ['RunnerGone', 'CannotReachGitLab', 'TokenRefused', 'JobsWait', 'PlatformFailures', 'ImagePull', 'PoolAtMax'];
const MONITORS = '/apis/azmonitoring.coreos.com/v1/podmonitors';
const POLICIES = '/apis/networking.k8s.io/v1/networkpolicies';
const world = new World();
let azure: Azure;
let workspace: Workspace;

/** A platform with two managers, of which so many are watched. */
function program(watched: number | undefined, props: Partial<PlatformAlertsProps> = {}): string {
  return synthesise((stack) => {
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral' });
    const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral', tags: { team: 'platform' } });
    const runners = ['ci', 'release'].map((namespace) => new KubernetesGitLabRunner(stack, namespace, { gitlab, cluster, namespace, tags: [namespace] }));
    if (watched !== undefined) {
      new PlatformAlerts(stack, 'Alerts', {
        gitlab, cluster, runners: watched === 0 ? undefined : runners.slice(0, watched), receivers: [AlertReceiver.owners()], ...props,
      });
    }
  });
}

const monitored = async () => {
  const { body } = await world.kubernetes.call('GET', MONITORS);
  return body.items.map(({ metadata }: any) => metadata.namespace).sort();
};
const changes = async (stackFolder: string) => {
  const changed = workspace.fork({ stackFolder });
  return outcome(await changed.plan(), workspace, changed);
};

before(async () => {
  azure = await world.azure();
  workspace = world.workspace(azure).load(program(0));
  await workspace.applied();
});

test('metrics come to a platform that is there, its cluster changed in place; the second plan is empty', async () => {
  workspace.load(program(1));
  const plan = outcome(await workspace.plan(), workspace, workspace);
  assert.deepEqual(plan, {
    'Cluster/Resource': 'update',
    'Alerts/Dashboard': 'create',
    ...Object.fromEntries(['Association', 'Endpoint', 'Monitor-gitlab-ci/Resource', 'Rule', 'Rules', 'Workspace'].map((name) => [`Alerts/Cluster/Metrics/${name}`, 'create'])),
  });
  await workspace.applied();
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('the chain is whole: the add-on, its rule bound to the cluster, the endpoint, the workspace', () => {
  const [[account], [endpoint]] = CHAIN.map((type) => azure.arm.list(type));
  const [cluster] = azure.arm.list('Microsoft.ContainerService/managedClusters');
  assert.equal(cluster.properties.azureMonitorProfile.metrics.enabled, true);
  const rule = azure.arm.list('Microsoft.Insights/dataCollectionRules').find(({ properties }) => properties.dataSources.prometheusForwarder)!;
  assert.equal(rule.properties.dataCollectionEndpointId, endpoint.id);
  assert.deepEqual(rule.properties.destinations.monitoringAccounts.map(({ accountResourceId }: any) => accountResourceId), [account.id]);
  const bound = azure.arm.list('Microsoft.Insights/dataCollectionRuleAssociations').filter(({ properties }) => properties.dataCollectionRuleId === rule.id);
  assert.deepEqual(bound.map(({ id }) => id.toLowerCase().startsWith(cluster.id.toLowerCase())), [true]);
});

test('each rule is on, takes itself back and reaches the receivers', () => {
  const [group] = azure.arm.list(CHAIN[2]);
  const [{ id: actionGroupId }] = azure.arm.list('Microsoft.Insights/actionGroups');
  assert.equal(group.properties.enabled, true);
  assert.deepEqual(group.properties.rules.map(({ alert }: any) => alert), RULES);
  for (const { alert, enabled, severity, resolveConfiguration, actions, annotations } of group.properties.rules) {
    assert.equal(enabled, true, alert);
    assert.ok(severity === 1 || severity === 2, alert);
    assert.equal(resolveConfiguration.autoResolved, true, alert);
    assert.deepEqual(actions.map((one: any) => one.actionGroupId.toLowerCase()), [actionGroupId.toLowerCase()], alert);
    assert.ok(annotations.runbook_url.endsWith(`/docs/runbooks/${alert}.md`), alert);
  }
});

test('the add-on is told of the manager, and let in to its metrics alone', async () => {
  assert.deepEqual(await monitored(), ['ci']);
  const { body } = await world.kubernetes.call('GET', POLICIES);
  const [{ spec }] = body.items.filter(({ metadata }: any) => metadata.name === 'gitlab-runner-azure-metrics');
  assert.deepEqual(spec.ingress, [{
    from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }], ports: [{ port: 9252, protocol: 'TCP' }],
  }]);
});

const CHANGES: readonly [string, () => string, { [path: string]: string }][] = [
  ['another runner', () => program(2), { 'Alerts/Cluster/Metrics/Monitor-gitlab-release/Resource': 'create', 'Alerts/Cluster/Metrics/Rules': 'update' }],
  ['serverMetricsEnabled', () => program(1, { serverMetricsEnabled: true }), {
    ...Object.fromEntries(['Endpoint', 'Publisher', 'Rule', 'Rules', 'Workspace'].map((name) => [`Alerts/Server/Metrics/${name}`, 'create'])),
    'Alerts/Dashboard': 'update',
    ...Object.fromEntries(['Gitlab', 'GitlabAttempt', 'Runners', 'RunnersAttempt'].map((name) => [`GitLab/SetUp/${name}`, 'replace'])),
    'GitLab/SetUp/Metrics': 'create', 'GitLab/SetUp/MetricsAttempt': 'create',
  }],
  ['tags', () => program(1, { tags: { team: 'others' } }), Object.fromEntries([
    'ActionGroup', 'Cluster/PodsPending', 'Dashboard', 'ResourceGroup', 'Server/MachineUnavailable', 'Server/GitLabUnreachable', 'Server/Logs', 'Server/OutsideTest/Insights',
    'Server/OutsideTest/Reachable', 'ServiceHealth', ...['Endpoint', 'Rule', 'Rules', 'Workspace'].map((name) => `Cluster/Metrics/${name}`),
  ].map((path) => [`Alerts/${path}`, 'update']))],
  ['resourceGroup', () => program(1, { resourceGroup: AzureResourceGroup.create('watch') }), {
    'Alerts/Cluster/Metrics/Rules': 'update', 'Alerts/Cluster/PodsPending': 'update',
    ...Object.fromEntries(['ActionGroup', 'Dashboard', 'ResourceGroup', 'Server/GitLabUnreachable', 'Server/Logs', 'Server/MachineUnavailable', 'Server/OutsideTest/Insights',
      'Server/OutsideTest/Reachable', 'ServiceHealth'].map((name) => [`Alerts/${name}`, 'replace'])),
  }],
];

for (const [what, changed, expected] of CHANGES) {
  test(`another value changes what it is about and nothing else: ${what}`, async () => {
    assert.deepEqual(await changes(changed()), expected);
  });
}

test('the server\'s metrics come too, to a workspace of their own, by a role on their rule; the second plan is empty', async () => {
  workspace.load(program(1, { serverMetricsEnabled: true }));
  await workspace.applied();
  assert.deepEqual((await workspace.plan()).actions, {});
  const account = azure.arm.list(CHAIN[0]).find(({ name }) => name.includes('server'))!;
  const rule = azure.arm.list('Microsoft.Insights/dataCollectionRules').find(({ name }) => name.includes('server'))!;
  assert.deepEqual(rule.properties.destinations.monitoringAccounts.map(({ accountResourceId }: any) => accountResourceId), [account.id]);
  const group = azure.arm.list(CHAIN[2]).find(({ name }) => name.endsWith('-server'))!;
  assert.deepEqual([group.properties.scopes, group.properties.clusterName || 'none'], [[account.id], 'none']);
  assert.ok(group.properties.rules.every(({ enabled }: any) => enabled === true));
  const roles = azure.arm.list('Microsoft.Authorization/roleAssignments').filter(({ id }) => id.toLowerCase().startsWith(rule.id.toLowerCase()));
  assert.equal(roles.length, 1);
  const [{ properties: { serializedData } }] = azure.arm.list('Microsoft.Insights/workbooks');
  assert.equal(JSON.parse(serializedData).items.filter(({ content }: any) => content.queryType === 16).length, 15);
});

test('without runners the cluster loses the add-on, and all of it is gone', async () => {
  workspace.load(program(2));
  await workspace.applied();
  assert.deepEqual(await monitored(), ['ci', 'release']);
  workspace.load(program(0));
  await workspace.applied();
  assert.deepEqual((await workspace.plan()).actions, {});
  assert.deepEqual([...CHAIN, 'Microsoft.Insights/workbooks'].flatMap((type) => azure.arm.list(type)), []);
  assert.deepEqual(await monitored(), []);
  const [cluster] = azure.arm.list('Microsoft.ContainerService/managedClusters');
  assert.notEqual(cluster.properties.azureMonitorProfile?.metrics?.enabled, true);
});
