import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { TerraformStack, TerraformVariable } from 'cdktf';
import { Azure, OTHER_SUBSCRIPTION_ID, SUBSCRIPTION_ID } from './azure/azure';
import { outcome } from './harness/expectation';
import { synthesise } from './harness/program';
import { Workspace } from './harness/workspace';
import { World } from './harness/world';
import { AksCluster, AlertReceiver, AzureProvider, AzureResourceGroup, GitLabEndpoint, PlatformAlerts, PlatformAlertsProps, SelfHostedGitLab, WeekDay } from 'cdktf-azure-gitlab';

const QUERY = 'Microsoft.Insights/scheduledQueryRules';
const OTHERS = ['actionGroups', 'metricAlerts', 'activityLogAlerts', 'webTests', 'components'].map((type) => `Microsoft.Insights/${type}`);
const month = () => new Date().toISOString().slice(0, 7);
const begun = month();
const world = new World();
let azure: Azure;
let workspace: Workspace;

/** A platform with its alerts, perhaps those of a second server instead. */
function program(props: Partial<PlatformAlertsProps> | undefined, dayOfWeek = WeekDay.SATURDAY, second = false): string {
  return synthesise((stack) => {
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', {
      location: 'koreacentral', backup: {}, endpoint: GitLabEndpoint.customDomain('gitlab.example.com'), tags: { team: 'platform' },
      maintenanceWindow: { dayOfWeek, startTime: '22:00' },
    });
    const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
    if (props) {
      const other = second ? new SelfHostedGitLab(stack, 'Second', {
        location: 'koreacentral', backup: {}, endpoint: GitLabEndpoint.customDomain('second.example.com'), tags: { team: 'platform' },
      }) : undefined;
      new PlatformAlerts(stack, 'Alerts', { gitlab: other ?? gitlab, cluster, receivers: [AlertReceiver.owners()], monthlyBudget: 600, ...props });
    }
  });
}

const named = (type: string) => azure.arm.list(type).map(({ id }) => id.split('/').slice(4).filter((_, index) => ![1, 2, 3].includes(index)).join('/')).sort();

before(async () => {
  azure = await world.azure();
  workspace = world.workspace(azure).load(program(undefined));
  await workspace.applied();
});

test('a platform that is there gets its alerts and keeps all else as it is; the second plan is empty', async () => {
  workspace.load(program({}));
  const plan = outcome(await workspace.plan(), workspace, workspace);
  assert.deepEqual([...new Set(Object.values(plan))], ['create']);
  assert.ok(Object.keys(plan).every((path) => path.startsWith('Alerts/')), JSON.stringify(plan));
  await workspace.applied();
  assert.deepEqual((await workspace.plan()).actions, {});
  assert.deepEqual(named(QUERY), ['BackupFailed', 'BackupMissing', 'CertificateExpiring', 'GitLabUnreachable'].map((rule) => `gitlab-alerts-rg/gitlab-alerts-${rule}`));
  assert.deepEqual(OTHERS.flatMap(named), [
    'gitlab-alerts-rg/gitlab-alerts', 'gitlab-alerts-rg/gitlab-alerts-MachineUnavailable', 'gitlab-cluster-rg/gitlab-alerts-PodsPending',
    'gitlab-alerts-rg/gitlab-alerts-ServiceHealth', 'gitlab-alerts-rg/gitlab-alerts-certificate', 'gitlab-alerts-rg/gitlab-alerts-reachable',
    'gitlab-alerts-rg/gitlab-alerts-tests',
  ]);
});

test('each alert is on, takes itself back and reaches the receivers', () => {
  const [{ id }] = azure.arm.list('Microsoft.Insights/actionGroups');
  const alerts = [QUERY, 'Microsoft.Insights/metricAlerts', 'Microsoft.Insights/activityLogAlerts'].flatMap((type) => azure.arm.list(type));
  assert.equal(alerts.length, 7);
  for (const { name, type, properties } of alerts) {
    assert.equal(properties.enabled, true, name);
    assert.ok(JSON.stringify(properties.actions).toLowerCase().includes(id.toLowerCase()), name);
    assert.ok(properties.autoMitigate || type === 'Microsoft.Insights/activityLogAlerts', name);
  }
  assert.ok(azure.arm.list('Microsoft.Insights/webTests').every(({ properties }) => properties.Enabled));
});

test('the budget starts this month, and counts the four groups of the platform', () => {
  const [{ properties }] = azure.arm.list('Microsoft.Consumption/budgets');
  assert.equal(properties.amount, 600);
  assert.ok([begun, month()].includes(properties.timePeriod.startDate.slice(0, 7)), properties.timePeriod.startDate);
  assert.deepEqual([...properties.filter.dimensions.values].sort(), [
    'MC_gitlab-cluster-rg_gitlab-cluster_koreacentral', 'gitlab-alerts-rg', 'gitlab-cluster-rg', 'gitlab-rg',
  ]);
  assert.deepEqual(Object.values<any>(properties.notifications).map(({ threshold, thresholdType }) => `${thresholdType} ${threshold}`).sort(),
    ['Actual 100', 'Actual 80', 'Forecasted 100']);
});

test('a budget of last month is neither changed nor replaced', async () => {
  const [budget] = azure.arm.list('Microsoft.Consumption/budgets');
  const { startDate } = budget.properties.timePeriod;
  budget.properties.timePeriod.startDate = '2026-01-01T00:00:00Z';
  const { actions } = await workspace.plan();
  budget.properties.timePeriod.startDate = startDate;
  assert.deepEqual(actions, {});
});

const CHANGES: readonly [string, Partial<PlatformAlertsProps>, { [path: string]: string }][] = [
  ['receivers', { receivers: [AlertReceiver.owners(), AlertReceiver.email('platform@example.com')] }, { 'Alerts/ActionGroup': 'update' }],
  ['monthlyBudget', { monthlyBudget: 900 }, { 'Alerts/BudgetExceeded': 'update' }],
  ['certificateTestEnabled', { certificateTestEnabled: false }, { 'Alerts/Server/CertificateExpiring': 'delete', 'Alerts/Server/OutsideTest/Certificate': 'delete' }],
  ['outsideTestEnabled', { outsideTestEnabled: false }, {
    'Alerts/Server/CertificateExpiring': 'delete', 'Alerts/Server/GitLabUnreachable': 'delete', 'Alerts/Server/OutsideTest/Certificate': 'delete',
    'Alerts/Server/OutsideTest/Insights': 'delete', 'Alerts/Server/OutsideTest/Reachable': 'delete',
  }],
  ['cluster', { cluster: undefined }, { 'Alerts/BudgetExceeded': 'update', 'Alerts/Cluster/PodsPending': 'delete' }],
  ['tags', { tags: { team: 'others' } }, Object.fromEntries([
    'ActionGroup', 'Cluster/PodsPending', 'ResourceGroup', 'ServiceHealth',
    ...['BackupFailed', 'BackupMissing', 'CertificateExpiring', 'GitLabUnreachable', 'Logs', 'MachineUnavailable',
      'OutsideTest/Certificate', 'OutsideTest/Insights', 'OutsideTest/Reachable'].map((name) => `Server/${name}`),
  ].map((path) => [`Alerts/${path}`, 'update']))],
];

for (const [prop, change, expected] of CHANGES) {
  test(`another value of ${prop} changes what it is about and nothing else`, async () => {
    assert.deepEqual(outcome(await workspace.plan(), workspace, workspace), {});
    const changed = workspace.fork({ stackFolder: program(change) });
    assert.deepEqual(outcome(await changed.plan(), workspace, changed), expected);
  });
}

test('another gitlab, of which only the apply knows the subscription, moves the alerts to that server; nothing else of the first changes', async () => {
  const changed = workspace.fork({ stackFolder: program({}, WeekDay.SATURDAY, true) });
  const plan = Object.entries(outcome(await changed.plan(), workspace, changed));
  assert.deepEqual(plan.filter(([path]) => !path.startsWith('Alerts/') && !path.startsWith('Second/')), []);
  assert.deepEqual(Object.fromEntries(plan.filter(([path]) => path.startsWith('Alerts/'))), {
    'Alerts/BudgetExceeded': 'replace', 'Alerts/Server/BackupFailed': 'update', 'Alerts/Server/BackupLogs': 'replace', 'Alerts/Server/BackupMissing': 'update',
    'Alerts/Server/MachineUnavailable': 'update', 'Alerts/Server/OutsideTest/Certificate': 'update', 'Alerts/Server/OutsideTest/Reachable': 'update',
    'Alerts/ServiceHealth': 'update',
  });
});

test('all of it at once is applied, with another window and a webhook, and gone again', async () => {
  workspace.load(synthesise((stack: TerraformStack) => {
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', {
      location: 'koreacentral', backup: {}, endpoint: GitLabEndpoint.customDomain('gitlab.example.com'), tags: { team: 'platform' },
      maintenanceWindow: { dayOfWeek: WeekDay.SUNDAY, startTime: '03:00' },
    });
    const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
    const hook = new TerraformVariable(stack, 'hook', { sensitive: true, default: 'https://hooks.example.com/x' });
    new PlatformAlerts(stack, 'Alerts', {
      gitlab, cluster, monthlyBudget: 900, tags: { team: 'others' }, certificateTestEnabled: false,
      receivers: [AlertReceiver.webhook(hook.stringValue), AlertReceiver.email('platform@example.com'), AlertReceiver.email('second@example.com')],
    });
  }));
  await workspace.applied();
  assert.deepEqual((await workspace.plan()).actions, {});
  const [{ properties }] = azure.arm.list('Microsoft.Insights/actionGroups');
  const { armRoleReceivers, emailReceivers, webhookReceivers } = properties;
  assert.deepEqual([armRoleReceivers, emailReceivers, webhookReceivers].map((list) => (list ?? []).length), [0, 2, 1]);
  workspace.load(program(undefined));
  await workspace.applied();
  assert.deepEqual([QUERY, ...OTHERS, 'Microsoft.Consumption/budgets'].flatMap((type) => azure.arm.list(type)), []);
});

test('a cluster in another subscription has its alert and its Service Health there', async () => {
  const other = await world.azure();
  const apart = world.workspace(other).load(synthesise((stack) => {
    new AzureProvider(stack, 'Own', { subscriptionId: SUBSCRIPTION_ID });
    const provider = new AzureProvider(stack, 'Other', { alias: 'other', subscriptionId: OTHER_SUBSCRIPTION_ID });
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral' });
    const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral', provider });
    new PlatformAlerts(stack, 'Alerts', { gitlab, cluster, receivers: [AlertReceiver.owners()], resourceGroup: AzureResourceGroup.create('watch') });
  }));
  await apart.applied();
  assert.deepEqual((await apart.plan()).actions, {});
  const where = (type: string) => other.arm.list(`Microsoft.Insights/${type}`).map(({ id }) => [id.split('/')[2] === SUBSCRIPTION_ID ? 'here' : 'there', id.split('/')[4]].join(' ')).sort();
  assert.deepEqual(where('activityLogAlerts'), ['here watch', 'there gitlab-cluster-rg']);
  assert.deepEqual(where('metricAlerts'), ['here watch', 'there gitlab-cluster-rg']);
  assert.deepEqual(where('actionGroups'), ['here watch']);
});
