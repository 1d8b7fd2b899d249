import { Construct } from 'constructs';
import { AksCluster, AlertReceiver, AzureRole, KubernetesGitLabRunner, PlatformAlerts, RunnerCache, SelfHostedGitLab } from '../../../src';
import { NAME_RULES } from '../../../src/azure/names/name-rules';
import { defaultNamespace } from '../../../src/runner/private/namespaces';
import { defaultDescription, runnerName } from '../../../src/runner/private/runner-names';
import * as fc from '../../fast-check';
import { newStack, resources, synth, TerraformJson } from '../../synth';

const location = 'koreacentral';

/** A server, a cluster and a runner with all that names are made for, in a scope. */
function platform(scope: Construct, [gitlabId, clusterId, runnerId]: readonly string[]): void {
  const gitlab = new SelfHostedGitLab(scope, gitlabId, { location, backup: {}, dataDiskBackup: {}, objectStorage: {} });
  const cluster = new AksCluster(scope, clusterId, { location });
  const runner = new KubernetesGitLabRunner(scope, runnerId, { gitlab, cluster, cache: RunnerCache.azureBlob() });
  runner.addRunner('second', {});
  runner.grantJobs('Push', AzureRole.ACR_PUSH, '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/acme');
  new PlatformAlerts(scope, `${gitlabId}-alerts`, {
    gitlab, cluster, runners: [runner], serverMetricsEnabled: true, receivers: [AlertReceiver.owners()], monthlyBudget: 600,
  });
}

// what Azure's page and AKS's say of each type's names.
const LEGAL: { readonly [type: string]: RegExp } = {
  azurerm_resource_group: /^[\w.()-]{0,89}[\w()-]$/,
  azurerm_linux_virtual_machine: /^[A-Za-z0-9]([A-Za-z0-9-]{0,62}[A-Za-z0-9])?$/,
  azurerm_kubernetes_cluster: /^[A-Za-z0-9]([\w-]{0,61}[A-Za-z0-9])?$/,
  azurerm_kubernetes_cluster_node_pool: /^[a-z][a-z0-9]{0,11}$/,
  azurerm_user_assigned_identity: /^[A-Za-z0-9][\w-]{2,127}$/,
  azurerm_data_protection_backup_vault: /^[A-Za-z][A-Za-z0-9-]{1,49}$/,
  azurerm_managed_disk: /^\w[\w.-]{0,78}\w$/,
  azurerm_maintenance_configuration: /^[A-Za-z0-9][\w.-]{0,78}\w$/,
  azurerm_virtual_network: /^[A-Za-z0-9][\w.-]{0,62}\w$/,
  azurerm_network_security_group: /^[A-Za-z0-9][\w.-]{0,78}\w$/,
  azurerm_network_interface: /^[A-Za-z0-9][\w.-]{0,78}\w$/,
  azurerm_public_ip: /^[A-Za-z0-9][\w.-]{0,78}\w$/,
  azurerm_log_analytics_workspace: /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/,
  azurerm_monitor_data_collection_rule: /^[A-Za-z0-9][\w.-]{0,62}\w$/,
  azurerm_network_security_rule: /^[A-Za-z0-9][\w.-]{0,78}\w$/,
  azurerm_application_insights: /^[\w.()-]{0,259}[\w()-]$/,
  azurerm_application_insights_standard_web_test: /^[\w.()-]{0,259}[\w()-]$/,
  azurerm_application_insights_workbook: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  azurerm_consumption_budget_subscription: /^[\w-]{1,63}$/,
  azurerm_monitor_action_group: /^[\w.()-]{0,259}[\w()-]$/,
  azurerm_monitor_workspace: /^[A-Za-z0-9][A-Za-z0-9-]{2,42}[A-Za-z0-9]$/,
  azurerm_monitor_data_collection_endpoint: /^[A-Za-z0-9][A-Za-z0-9-]{1,42}[A-Za-z0-9]$/,
  azurerm_monitor_alert_prometheus_rule_group: /^[^:@/#{}%&+*<>?]{1,260}$/,
  azurerm_monitor_activity_log_alert: /^[\w.()-]{0,259}[\w()-]$/,
  azurerm_monitor_metric_alert: /^[\w.()-]{0,259}[\w()-]$/,
  azurerm_monitor_scheduled_query_rules_alert_v2: /^[\w.()-]{0,259}[\w()-]$/,
  azurerm_storage_container: /^(?!.*--)[a-z0-9][a-z0-9-]{2,62}$/,
  helm_release: /^(?=.{1,53}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
};

/** The names that a type's resources have, those with a part that only the apply knows left out: vaults and accounts have eight digits of it. */
const names = (json: TerraformJson, type: string): string[] => Object.values(resources(json, type)).map(({ name }) => name).filter((name) => !name.includes('${'));

function checkLegal(json: TerraformJson): void {
  for (const [type, pattern] of Object.entries(LEGAL)) {
    expect(names(json, type).length).toBeGreaterThan(0);
    names(json, type).forEach((name) => expect({ type, name, legal: pattern.test(name) }).toEqual({ type, name, legal: true }));
  }
  for (const { name, location: region, resource_group_name: group, node_resource_group: nodes } of Object.values(resources(json, 'azurerm_kubernetes_cluster'))) {
    const [, groupId] = /azurerm_resource_group\.([\w-]+)\.name/.exec(group)!;
    expect((nodes ?? `MC_${resources(json, 'azurerm_resource_group')[groupId].name}_${name}_${region}`).length).toBeLessThanOrEqual(80);
  }
  for (const block of [...Object.values(json.resource), ...Object.values(json.data), json.locals, json.output]) {
    Object.keys(block).forEach((name) => expect(name).toMatch(/^[A-Za-z_][\w-]*$/));
  }
}

test.each(['Größe', '2nd', '-a', 'a b', 'a.b', 'a"b', '東京', '😀', 'x'.repeat(300), 'a\u0000b', '\ud800', 'ıI'])('a platform goes by the name %j', (id) => {
  const stack = newStack();
  platform(new Construct(stack, id), [id, `${id}2`, `${id}3`]);
  platform(stack, [`${id}4`, `${id}5`, `${id}6`]);
  checkLegal(synth(stack));
});

const id = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
  fc.stringMatching(/^[A-Za-z0-9._-]{1,90}$/),
).filter((text) => !(text in {}) && !/^(Azure|ManifestsChart)$/.test(text));

test('a platform goes by any name', () => {
  fc.assert(fc.property(fc.uniqueArray(id, { minLength: 4, maxLength: 4, selector: (text) => text.replaceAll('/', '--').toLowerCase() }), ([scope, ...ids]) => {
    const stack = newStack();
    platform(new Construct(stack, scope), ids);
    checkLegal(synth(stack));
  }), { numRuns: 15, endOnFailure: true });
});

test('look-alikes share no name, in Azure, on the cluster, or in Terraform', () => {
  const stack = newStack('s');
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location });
  const cluster = new AksCluster(stack, 'Shared', { location });
  const lookAlikes = ['a-b', 'a_b', 'a.b', 'a b', 'ab', 'a--b', 'b', 'a-B'].map((name): [Construct, string] => [stack, name]);
  const all = [...lookAlikes, [new Construct(stack, 'a'), 'b'], [new Construct(stack, 'A'), 'c'], [new Construct(stack, 'a-c'), 'b']] as [Construct, string][];
  const runners = all.map(([scope, name]) => {
    new AksCluster(scope, `${name}-cluster`, { location });
    cluster.addNodePool(`${scope.node.path}:${name}`);
    return new KubernetesGitLabRunner(scope, name, { gitlab, cluster });
  });
  const json = synth(stack);
  const namespaces = runners.map((runner) => runner.chart.managerNamespace);
  expect(new Set(namespaces).size).toBe(all.length);
  for (const type of ['azurerm_resource_group', 'azurerm_kubernetes_cluster', 'azurerm_user_assigned_identity', 'helm_release']) {
    const lower = names(json, type).map((name) => name.toLowerCase());
    expect(lower.length).toBeGreaterThanOrEqual(all.length);
    expect(new Set(lower).size).toBe(lower.length);
  }
  expect(Object.keys(resources(json, 'azurerm_kubernetes_cluster'))).toHaveLength(all.length + 1);
  const wanted = Object.values<any>(json.locals).map((local) => local.WANTED_JSON).find((text) => text !== undefined);
  expect(new Set([...wanted.matchAll(/"marker":"([^"]+)"/g)].map(([, marker]) => marker)).size).toBe(all.length);
});

test('a name stays, whatever else is in the program and in which order', () => {
  const of = (ids: string[]): { [id: string]: any } => {
    const stack = newStack('s');
    const made = ids.map((name): [string, AksCluster] => [name, new AksCluster(stack, name, { location })]);
    synth(stack);
    return Object.fromEntries(made.map(([name, { clusterName }]) => [name, clusterName]));
  };
  const together = of(['a-b', 'a_b', 'ab', 'Größe']);
  expect(of(['Größe', 'ab', 'a_b', 'a-b'])).toEqual(together);
  Object.entries(together).forEach(([name, clusterName]) => expect(of([name])).toEqual({ [name]: clusterName }));
});

test('namespaces are named after the id where only one runner of the stack can have it', () => {
  const stack = newStack('gitlab');
  const named = (scope: Construct, name: string) => defaultNamespace(new Construct(scope, name));
  expect(['Runner', 'GpuRunner', 'GitLab', 'Runner2'].map((name) => named(stack, name))).toEqual(['gitlab-runner', 'gitlab-gpu-runner', 'gitlab', 'gitlab-runner2']);
  expect(['Gpu-Runner', '東京', 'x'.repeat(80)].map((name) => named(stack, name))).toEqual([
    expect.stringMatching(/^gitlab-gpu-runner-[0-9a-f]{8}$/), expect.stringMatching(/^gitlab-[0-9a-f]{8}$/), expect.stringMatching(/^gitlab-x{47}-[0-9a-f]{8}$/),
  ]);
  expect(named(new Construct(stack, 'Team'), 'Runner')).toMatch(/^gitlab-runner-[0-9a-f]{8}$/);
});

test('what GitLab\'s server and the manager\'s log call a runner', () => {
  expect(runnerName('gitlab/Runner/gpu')).toBe('gitlab-Runner-gpu');
  expect(runnerName('gitlab/Runner-gpu')).toMatch(/^gitlab-runner-gpu-[0-9a-f]{8}$/);
  expect(runnerName('gitlab/Größe')).toMatch(/^gitlab-gr-e-[0-9a-f]{8}$/);
  expect(defaultDescription('gitlab/Größe')).toBe('gitlab/Größe');
  expect(defaultDescription(`a\nb\ud800${'😀'.repeat(2000)}`)).toBe('😀'.repeat(1024));
  expect(defaultDescription('a\nb\ud800')).toBe('a b ');
});

test('every type that names are compared for is checked here, has a name with eight digits of the apply, one that is always the same, or the user\'s', () => {
  const types = [...new Set(NAME_RULES.map(({ type }) => type))];
  const random = [
    'azurerm_key_vault', 'azurerm_postgresql_flexible_server', 'azurerm_storage_account', 'azurerm_data_protection_backup_policy_disk',
    'azurerm_data_protection_backup_instance_disk',
  ];
  const constant = ['azurerm_container_registry_cache_rule', 'azurerm_container_registry_credential_set'];
  const given = ['azurerm_private_dns_zone'];
  expect(types.filter((type) => !(type in LEGAL)).sort()).toEqual([...random, ...constant, ...given].sort());
});
