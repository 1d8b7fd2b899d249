import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { activityLogAlert, budget, metricAlert, READINGS, Sample } from './azure/alert-evaluation';
import { Azure, OTHER_SUBSCRIPTION_ID, SUBSCRIPTION_ID } from './azure/azure';
import { Resource } from './azure/resource';
import { synthesise } from './harness/program';
import { World } from './harness/world';
import { AksCluster, AlertReceiver, AzureProvider, GitLabDatabase, GitLabEndpoint, PlatformAlerts, SelfHostedGitLab } from 'cdktf-azure-gitlab';

/** How long each alert is played, in minutes. */
const PLAYED = 180;
const world = new World();
let azure: Azure;

before(async () => {
  azure = await world.azure();
  await world.workspace(azure).load(synthesise((stack) => {
    new AzureProvider(stack, 'Azure', { azurermMajor: 5 });
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', {
      location: 'koreacentral', endpoint: GitLabEndpoint.customDomain('gitlab.example.com', { letsEncrypt: false }),
      database: GitLabDatabase.azurePostgresql(), objectStorage: {}, applicationNodes: { count: 2 },
    });
    const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
    new PlatformAlerts(stack, 'Alerts', { gitlab, cluster, receivers: [AlertReceiver.owners()], outsideTestEnabled: false, monthlyBudget: 600 });
  })).applied();
});

/** The rule as it is stored. */
function rule(type: string, name: string): Resource {
  const found = azure.arm.list(type).filter((one) => one.name.endsWith(`-${name}`));
  assert.equal(found.length, 1, name);
  return found[0];
}

/** A metric from minute 1 on, of which spans have other values, or none. */
function metric(usual: number, spans: readonly (readonly [first: number, last: number, value: number | undefined])[], dimensions?: Sample['dimensions']): Sample[] {
  return Array.from({ length: PLAYED }, (_, index) => index + 1).flatMap((minute) => {
    const span = spans.find(([first, last]) => minute >= first && minute <= last);
    const value = span ? span[2] : usual;
    return value === undefined ? [] : [{ minute, value, dimensions }];
  });
}

const METRIC_ALERTS = 'Microsoft.Insights/metricAlerts';

/** What an alert tells, in each reading of what no document says. */
const played = (name: string, samples: readonly Sample[]) => READINGS.map((reading) => metricAlert(
  rule(METRIC_ALERTS, name), samples, PLAYED, reading,
).map(({ minute, condition, series }) => `${condition} ${minute} ${series}`.trim()));
const inBoth = (...told: string[]) => [told, told];

test('MachineUnavailable fires when the machine is away for most of a quarter of an hour, and is taken back twenty minutes after it is there', () => {
  assert.deepEqual(played('MachineUnavailable', metric(1, [[61, 80, 0]])), inBoth('Fired 70', 'Resolved 100'));
});

test('MachineUnavailable is told once of a machine that stays away, and again of the next time', () => {
  assert.deepEqual(played('MachineUnavailable', metric(1, [[61, PLAYED, 0]])), inBoth('Fired 70'));
  assert.deepEqual(played('MachineUnavailable', metric(1, [[21, 40, 0], [101, 120, 0]])), inBoth('Fired 30', 'Resolved 60', 'Fired 110', 'Resolved 140'));
});

test('a restart of seven minutes, a machine that somebody stopped and one that is fine are no alert', () => {
  assert.deepEqual(played('MachineUnavailable', metric(1, [[64, 70, 0]])), inBoth());
  assert.deepEqual(played('MachineUnavailable', metric(1, [[61, PLAYED, undefined]])), inBoth());
  assert.deepEqual(played('MachineUnavailable', metric(1, [])), inBoth());
});

const node = (address: string, ...spans: Parameters<typeof metric>[1]) => ['80', '22'].flatMap((BackendPort) => metric(100, spans, {
  BackendIPAddress: address, BackendPort, FrontendIPAddress: '20.39.0.1', FrontendPort: BackendPort, ProtocolType: 'Tcp',
}));

test('NodeUnavailable names the node that does not answer, beside one that does, and is taken back', () => {
  assert.deepEqual(played('NodeUnavailable', [...node('10.0.0.5', [61, 80, 0]), ...node('10.0.0.6')]), inBoth('Fired 70 10.0.0.5', 'Resolved 100 10.0.0.5'));
});

test('nodes that rest for seven minutes, one after the other or together, are no alert', () => {
  assert.deepEqual(played('NodeUnavailable', [...node('10.0.0.5', [61, 67, 0]), ...node('10.0.0.6', [68, 74, 0])]), inBoth());
  assert.deepEqual(played('NodeUnavailable', [...node('10.0.0.5', [61, 67, 0]), ...node('10.0.0.6', [61, 67, 0])]), inBoth());
});

const pod = (name: string, first: number, last: number, phase = 'Pending') => metric(0, [[first, last, 1]], { phase, namespace: 'gitlab-runner', pod: name })
  .filter(({ value }) => value > 0);

test('PodsPending names a pod that waits for eight minutes; many short waits and pods that run are none', () => {
  const [skipped, healthy] = played('PodsPending', [...pod('stuck', 61, 80), ...pod('other', 62, 66)]);
  assert.deepEqual(healthy, ['Fired 70 Pending gitlab-runner stuck', 'Resolved 100 Pending gitlab-runner stuck']);
  assert.deepEqual(skipped, healthy.slice(0, 1), 'whether a pod that is gone is taken back, no document says');
  assert.deepEqual(played('PodsPending', Array.from({ length: 30 }, (_, index) => pod(`job-${index}`, 60 + index, 66 + index)).flat()), inBoth());
  assert.deepEqual(played('PodsPending', pod('runs', 1, PLAYED, 'Running')), inBoth());
});

/** An event of the activity log, in the fields that its schema has. */
const event = (incidentType: string, other: object = {}) => ({
  category: 'ServiceHealth', subscriptionId: SUBSCRIPTION_ID, level: 'Warning', status: 'Active', operationName: `Microsoft.ServiceHealth/${incidentType.toLowerCase()}/action`,
  properties: { incidentType, title: 'Virtual Machines', region: 'Korea Central', service: 'Virtual Machines', trackingId: 'AAAA-111' }, ...other,
});

test('ServiceHealth tells of incidents, maintenance, advice that asks for something and security; of nothing else, and of no other subscription', () => {
  const tells = (one: object) => activityLogAlert(rule('Microsoft.Insights/activityLogAlerts', 'ServiceHealth'), one);
  assert.deepEqual(['Incident', 'Maintenance', 'ActionRequired', 'Security'].map((type) => tells(event(type))), [true, true, true, true]);
  assert.deepEqual(['Informational', 'AssistedRecovery'].map((type) => tells(event(type))), [false, false]);
  assert.equal(tells(event('Incident', { subscriptionId: OTHER_SUBSCRIPTION_ID })), false);
  assert.deepEqual(['Administrative', 'ResourceHealth', 'Security'].map((category) => tells(event('Incident', { category }))), [false, false, false]);
});

const NODES = 'MC_gitlab-cluster-rg_gitlab-cluster_koreacentral';

test('BudgetExceeded tells once each of 80 %, of 100 % and of a forecast of 100 %, of what the four groups of the platform cost', () => {
  const told = (...days: [actual: { [group: string]: number }, forecast: { [group: string]: number }][]) => budget(
    azure.arm.list('Microsoft.Consumption/budgets')[0], days.map(([actual, forecast]) => ({ actual, forecast })),
  );
  assert.deepEqual(told([{ 'gitlab-rg': 300, [NODES]: 179 }, { 'gitlab-rg': 599 }]), []);
  assert.deepEqual(told([{ 'somebody-else': 9000 }, { 'somebody-else': 9000 }]), []);
  assert.deepEqual(told([{ 'gitlab-rg': 300, [NODES]: 180 }, {}]), ['Actual 80']);
  assert.deepEqual(told([{}, { 'gitlab-rg': 400, 'gitlab-cluster-rg': 100, 'gitlab-alerts-rg': 100 }]), ['Forecasted 100']);
  const month = [100, 300, 480, 500, 600, 700].map((cost): [object, object] => [{ 'GITLAB-RG': cost }, { 'gitlab-rg': cost * 1.2 }]) as [{}, {}][];
  assert.deepEqual(told(...month), ['Actual 80', 'Forecasted 100', 'Actual 100']);
});
