import { TerraformStack } from 'cdktf';
import { alertsOf, rulesOf, watched } from './watched';
import {
  AksCluster, AksNodePool, AlertReceiver, AzureProvider, IAksCluster, KubernetesGitLabRunner, PlatformAlerts, RunnerPodMonitor, SelfHostedGitLab,
} from '../../src';
import { newStack, resource, resources, synth, TerraformJson } from '../synth';

const GROUP = 'azurerm_monitor_alert_prometheus_rule_group';
const ASSOCIATION = 'azurerm_monitor_data_collection_rule_association';
const only = (json: TerraformJson, type: string) => Object.entries<any>(resources(json, type)).filter(([name]) => name.startsWith('Alerts_'));

interface Parts {
  readonly stack: TerraformStack;
  readonly gitlab: SelfHostedGitLab;
  readonly cluster: AksCluster;
  readonly runner: KubernetesGitLabRunner;
}

/** A platform with its alerts of what a test makes of it. */
function program(build: (parts: Parts) => void, options: { podMonitor?: RunnerPodMonitor; location?: string } = {}): TerraformJson {
  const stack = newStack();
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral' });
  const cluster = new AksCluster(stack, 'Cluster', { location: options.location ?? 'koreacentral' });
  const runner = new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, podMonitor: options.podMonitor });
  build({ stack, gitlab, cluster, runner });
  return synth(stack);
}

const alerts = ({ stack, gitlab, cluster, runner }: Parts, id = 'Alerts', of: IAksCluster | undefined = cluster, runners = [runner]) =>
  new PlatformAlerts(stack, id, { gitlab, cluster: of, runners, receivers: [AlertReceiver.owners()] });

describe('the way of the metrics', () => {
  const { json } = watched({ serverMetricsEnabled: undefined });

  test('the cluster has the add-on, in place, and a rule that is bound to it by an endpoint', () => {
    expect(resource(json, 'azurerm_kubernetes_cluster').monitor_metrics).toEqual({});
    const [[rule, { data_collection_endpoint_id: endpoint, destinations }]] = only(json, 'azurerm_monitor_data_collection_rule');
    const [[endpointName]] = only(json, 'azurerm_monitor_data_collection_endpoint');
    const [[workspace]] = only(json, 'azurerm_monitor_workspace');
    expect(endpoint).toBe(`\${azurerm_monitor_data_collection_endpoint.${endpointName}.id}`);
    expect(destinations.monitor_account[0].monitor_account_id).toBe(`\${azurerm_monitor_workspace.${workspace}.id}`);
    const [[, association]] = only(json, ASSOCIATION);
    expect(association.data_collection_rule_id).toBe(`\${azurerm_monitor_data_collection_rule.${rule}.id}`);
  });

  test('all of it is where the cluster is', () => {
    const there = program(alerts, { location: 'westeurope' });
    const places = ['azurerm_monitor_workspace', 'azurerm_monitor_data_collection_endpoint', 'azurerm_monitor_data_collection_rule', GROUP]
      .flatMap((type) => only(there, type)).map(([, { location }]) => location);
    expect(places).toEqual(['westeurope', 'westeurope', 'westeurope', 'westeurope']);
  });

  test('its resource providers are registered for whoever wants it', () => {
    const registered = ({ provider }: TerraformJson) => provider.azurerm[0].resource_providers_to_register;
    expect(registered(json)).toEqual(expect.arrayContaining(['Microsoft.AlertsManagement', 'Microsoft.Monitor']));
    expect(registered(watched({ runners: undefined, serverMetricsEnabled: false }).json)).not.toContain('Microsoft.Monitor');
  });

  test('without runners there is none, and no add-on', () => {
    const { json: none } = watched({ runners: undefined, serverMetricsEnabled: false });
    expect(resource(none, 'azurerm_kubernetes_cluster').monitor_metrics).toBeUndefined();
    expect(Object.keys(resources(none, GROUP))).toEqual([]);
  });

  test('the add-on is told of a manager by a release of its own, after the manager\'s; the rules come last', () => {
    const [[monitor, { depends_on: before }]] = only(json, 'helm_release');
    const [[association]] = only(json, ASSOCIATION);
    expect(before).toEqual(expect.arrayContaining([expect.stringMatching(/^helm_release\.Runner_/)]));
    const [[, group]] = only(json, GROUP);
    expect(group.depends_on).toEqual(expect.arrayContaining([`${ASSOCIATION}.${association}`, `helm_release.${monitor}`]));
  });

  test('a manager that has Azure\'s monitor already gets no second one', () => {
    expect(only(program(alerts, { podMonitor: RunnerPodMonitor.AZURE_MONITOR }), 'helm_release')).toEqual([]);
    expect(only(program(alerts, { podMonitor: RunnerPodMonitor.PROMETHEUS_OPERATOR }), 'helm_release')).toHaveLength(1);
  });
});

describe('the rules', () => {
  const { json } = watched({ serverMetricsEnabled: undefined });

  test('and their group are on, by a word, and state everything else', () => {
    expect(only(json, GROUP)[0][1]).toMatchObject({ rule_group_enabled: true, interval: 'PT1M' });
    expect(rulesOf(json).map(({ enabled }) => enabled)).toEqual(Array(7).fill(true));
    for (const rule of rulesOf(json)) {
      expect(Object.keys(rule).sort()).toEqual(['action', 'alert', 'alert_resolution', 'annotations', 'enabled', 'expression', 'for', 'labels', 'severity']);
      expect(rule.alert_resolution).toEqual({ auto_resolved: true, time_to_resolve: 'PT5M' });
    }
  });

  test('look at one cluster by its name and id', () => {
    const [[, { scopes, cluster_name: name }]] = only(json, GROUP);
    expect(scopes).toEqual([expect.stringContaining('azurerm_monitor_workspace.'), expect.stringContaining('azurerm_kubernetes_cluster.')]);
    expect(name).toBe('test-cluster');
  });

  test('name each manager\'s namespace', () => {
    const expression = alertsOf(json).RunnerGone.expression;
    expect(expression).toMatch(/^absent\(gitlab_runner_version_info\{namespace="[a-z-]+"\}\)$/);
  });

  const pools = (build: (parts: Parts) => void) => rulesOf(program((parts) => {
    alerts(parts);
    build(parts);
  })).filter(({ alert }) => alert === 'PoolAtMax').map(({ expression }) => [...expression.matchAll(/aks-(\w+)-.*? >= (\d+)/g)].map(([, pool, most]) => `${pool} ${most}`));

  test('know the pools that the autoscaler makes larger, whenever and wherever they are added', () => {
    expect(pools(({ stack, cluster }) => {
      cluster.addNodePool('Later', { nodePoolName: 'later', maxCount: 9 });
      new AksNodePool(stack, 'Elsewhere', cluster, { nodePoolName: 'elsewhere', minCount: 1, maxCount: 2 });
      cluster.addNodePool('Fixed', { nodePoolName: 'fixed', nodeCount: 2 });
      cluster.addNodePool('Same', { nodePoolName: 'same', minCount: 2, maxCount: 2 });
    })).toEqual([[expect.stringMatching(/^\w+ 5$/), 'later 9', 'elsewhere 2']]);
  });

  test('are none of pools where none grows', () => {
    const stack = newStack();
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral' });
    const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral', jobNodePoolEnabled: false });
    alerts({ stack, gitlab, cluster, runner: new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster }) });
    expect(rulesOf(synth(stack)).map(({ alert }) => alert)).not.toContain('PoolAtMax');
  });
});

describe('runners are refused', () => {
  test.each<[string, (parts: Parts) => void, string]>([
    ['without a cluster', ({ stack, gitlab, runner }) => new PlatformAlerts(stack, 'Alerts', { gitlab, runners: [runner], receivers: [AlertReceiver.owners()] }),
      'runners: no cluster is watched, got "Test/Runner"; give cluster too (at Test/Alerts)'],
    ['on another cluster', (parts) => alerts(parts, 'Alerts', new AksCluster(parts.stack, 'Other', { location: 'koreacentral' })),
      'runners: not on the cluster Test/Other, got "Test/Runner"; give each cluster a PlatformAlerts of its own, with its runners (at Test/Alerts)'],
    ['on a cluster that exists', ({ stack, gitlab }) => {
      const cluster = AksCluster.fromAksClusterAttributes(stack, 'Imported', { clusterName: 'c', resourceGroupName: 'g' });
      const runner = new KubernetesGitLabRunner(stack, 'There', { gitlab, cluster });
      new PlatformAlerts(stack, 'Alerts', { gitlab, cluster, runners: [runner], receivers: [AlertReceiver.owners()] });
    }, 'runners: nothing here can switch on the metrics of a cluster that exists already, got "Test/There"; leave it out, and set podMonitor of the runner to '
      + 'RunnerPodMonitor.AZURE_MONITOR if the cluster has the add-on (at Test/Alerts)'],
    ['in two sets of one cluster', (parts) => {
      alerts(parts);
      alerts(parts, 'Second');
    }, 'runners: another PlatformAlerts has the metrics of this cluster already, got "Test/Cluster"; name all runners of a cluster in one of them (at Test/Second/Cluster/Metrics)'],
    ['twice', (parts) => alerts(parts, 'Alerts', parts.cluster, [parts.runner, parts.runner]), 'runners[1]: given twice'],
  ])('%s', (_, build, message) => {
    expect(() => program(build)).toThrow(message);
  });
});

test('a cluster in another subscription has all of it there', () => {
  const stack = newStack();
  const provider = new AzureProvider(stack, 'Other', { alias: 'other', subscriptionId: '00000000-0000-0000-0000-000000000002' });
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral' });
  const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral', provider });
  alerts({ stack, gitlab, cluster, runner: new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster }) });
  const json = synth(stack);
  const providers = ['azurerm_monitor_workspace', 'azurerm_monitor_data_collection_endpoint', 'azurerm_monitor_data_collection_rule', ASSOCIATION, GROUP]
    .flatMap((type) => only(json, type)).map(([, one]) => one.provider);
  expect(providers).toEqual(Array(5).fill('azurerm.other'));
});
