import { ref, TerraformStack, Token } from 'cdktf';
import { alertsOf, rulesOf, watched } from './watched';
import {
  AlertReceiver, AzureNaming, GitLabEndpoint, HttpProxy, PlatformAlerts, PlatformAlertsProps, SelfHostedGitLab, SelfHostedGitLabProps, WeekDay,
} from '../../src';
import { longestPauseHours } from '../../src/alerts/private/queries';
import { parameters, rb, runCommand } from '../gitlab/server';
import { newStack, resource, resources, synth, TerraformJson } from '../synth';

const LOCATION = 'koreacentral';
const GROUP = 'azurerm_monitor_alert_prometheus_rule_group';

/** A server and what it tells of itself. */
function told(server: Partial<SelfHostedGitLabProps> = {}, props: Partial<PlatformAlertsProps> = {}): TerraformJson {
  const stack = newStack();
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION, dnsLabel: 'acme', ...server });
  new PlatformAlerts(stack, 'Alerts', { gitlab, serverMetricsEnabled: true, receivers: [AlertReceiver.owners()], ...props });
  return synth(stack);
}

const remoteWrite = (json: TerraformJson) => rb(json).filter((line) => line.includes('remote_write'));

describe('what the server sends', () => {
  const json = told();

  test('goes through an endpoint and a rule to a workspace of its own, by a role on that rule alone', () => {
    const [[rule, { data_collection_endpoint_id: endpoint, destinations }]] = Object.entries<any>(resources(json, 'azurerm_monitor_data_collection_rule'));
    const [endpointName] = Object.keys(resources(json, 'azurerm_monitor_data_collection_endpoint'));
    const [workspace] = Object.keys(resources(json, 'azurerm_monitor_workspace'));
    expect(endpoint).toBe(`\${azurerm_monitor_data_collection_endpoint.${endpointName}.id}`);
    expect(destinations.monitor_account[0].monitor_account_id).toBe(`\${azurerm_monitor_workspace.${workspace}.id}`);
    const [publisher, ...others] = Object.values<any>(resources(json, 'azurerm_role_assignment')).filter(({ role_definition_name: name }) => name.includes('Monitoring'));
    expect(others).toEqual([]);
    expect(publisher).toMatchObject({
      role_definition_name: 'Monitoring Metrics Publisher', scope: `\${azurerm_monitor_data_collection_rule.${rule}.id}`,
      principal_id: expect.stringContaining('azurerm_user_assigned_identity.GitLab_Identity_'),
    });
    const [address, ...others2] = remoteWrite(json);
    expect(others2).toEqual([]);
    expect(address).toMatch(new RegExp(`"url" => "[^ ]+azurerm_monitor_data_collection_endpoint\\.${endpointName}\\.metrics_ingestion_endpoint.*/dataCollectionRules/.*`
      + `azurerm_monitor_data_collection_rule\\.${rule}\\.immutable_id.*/streams/Microsoft-PrometheusMetrics/api/v1/write\\?api-version=2023-04-24"`));
  });

  test('is signed by a token in a file, which is neither in the set-up nor in the state', () => {
    expect(remoteWrite(json)[0]).toContain('"authorization" => {"type" => "Bearer", "credentials_file" => "/run/gitlab-metrics/token"}');
    expect(parameters(json, 'Metrics')).toMatchObject({ MONITOR_DOMAIN: 'monitor.azure.com', SCHEME: 'https', IDENTITY_CLIENT_ID: expect.stringContaining('client_id') });
  });

  test('is a step of its own at the end, which runs again for no other', () => {
    expect(runCommand(json, 'Metrics').depends_on).toContain(runCommand(json, 'Runners').address);
    const [attempt] = Object.entries<any>(resources(json, 'terraform_data')).filter(([name]) => name.includes('MetricsAttempt')).map(([, one]) => one);
    expect(attempt.triggers_replace).not.toHaveProperty('after');
  });

  test('comes behind the backup\'s step, and goes by the proxy where there is one', () => {
    const proxied = told({ backup: {}, httpProxy: HttpProxy.at('http://10.0.0.5:3128') });
    expect(runCommand(proxied, 'Metrics').depends_on).toContain(runCommand(proxied, 'Backup').address);
    expect(remoteWrite(proxied)[0]).toContain('"proxy_url" => "http://10.0.0.5:3128"');
    expect(remoteWrite(json)[0]).not.toContain('proxy_url');
  });

  test('is for the cloud that the server is in', () => {
    expect(parameters(told({ location: 'usgovvirginia' }), 'Metrics').MONITOR_DOMAIN).toBe('monitor.azure.us');
  });

  test('is nothing where nobody asks, and the server is the same to the letter', () => {
    const alone = newStack();
    new SelfHostedGitLab(alone, 'GitLab', { location: LOCATION, dnsLabel: 'acme' });
    const quiet = told({}, { serverMetricsEnabled: false });
    const setUp = ({ locals }: TerraformJson) => Object.entries(locals).filter(([name]) => name.startsWith('GitLab_SetUp_'));
    expect(setUp(quiet)).toEqual(setUp(synth(alone)));
    expect(JSON.stringify(quiet)).not.toMatch(/azurerm_monitor_workspace|remote_write|gitlab-metrics/);
  });

  test('also goes where only the apply knows the rest of Prometheus\' settings, unless they name another place', () => {
    const lines = rb(told({ omnibusSettings: { prometheus: Token.asAny(ref('local.prometheus')) as any } }));
    expect(lines.join('\n')).toMatch(/raise "omnibusSettings\.prometheus\.#\{key\}: decided elsewhere; leave it out" if \[.*"remote_write".*\]\.include\?\(key\)/);
    expect(lines.some((line) => line.startsWith('prometheus["remote_write"] = '))).toBe(true);
  });
});

describe('the rules of the server', () => {
  test('look at its workspace and no cluster, and are on by a word', () => {
    const [group] = Object.values<any>(resources(told({ backup: {} }), GROUP));
    expect(group).toMatchObject({ rule_group_enabled: true, scopes: [expect.stringContaining('azurerm_monitor_workspace.')], location: LOCATION });
    expect(group).not.toHaveProperty('cluster_name');
    expect(group.rule.map(({ enabled }: any) => enabled)).toEqual(Array(10).fill(true));
  });

  test('are beside those of the runners, in a group and a workspace of their own', () => {
    const { json } = watched();
    expect(Object.values<any>(resources(json, GROUP)).map(({ name }) => name).sort()).toEqual(['test-alerts-runners', 'test-alerts-server']);
    expect(Object.values<any>(resources(json, 'azurerm_monitor_workspace')).map(({ name }) => name).sort()).toEqual(['test-alerts-metrics', 'test-alerts-server-metrics']);
    expect(rulesOf(json, '-runners')).toHaveLength(7);
    expect(rulesOf(json, '-server')).toHaveLength(10);
  });

  test('have names of the platform\'s own that differ', () => {
    const stack = newStack();
    AzureNaming.cloudAdoptionFramework({ environment: 'prod', regionAbbreviations: { koreacentral: 'krc' } }).applyTo(stack);
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION });
    new PlatformAlerts(stack, 'Alerts', { gitlab, serverMetricsEnabled: true, receivers: [AlertReceiver.owners()] });
    expect(resource(synth(stack), 'azurerm_monitor_workspace').name).toMatch(/^amw-.*server/);
  });

  test('say nothing of backups that nobody makes', () => {
    expect(Object.keys(alertsOf(told()))).not.toContain('BackupOld');
    expect(Object.keys(alertsOf(told({ backup: {} })))).toContain('BackupOld');
  });

  test.each<[string, number]>([
    ['02:30', 24], ['Sun 03:00', 168], ['Mon..Fri 02:30', 72], ['02,14:30', 12], ['Mon,Thu 01:00', 96], ['Sat 01,23:00', 146],
  ])('know how long %s leaves between two backups: %d hours', (schedule, hours) => {
    expect(longestPauseHours(schedule)).toBe(hours);
    expect(alertsOf(told({ backup: { schedule } })).BackupOld.expression).toContain(`> ${(hours + 2) * 3600}`);
  });

  test('are quiet in the window, where GitLab is away', () => {
    const alerts = alertsOf(told({ maintenanceWindow: { dayOfWeek: WeekDay.SUNDAY, startTime: '01:00', durationMinutes: 90 } }));
    const inWindow = Object.keys(alerts).filter((name) => alerts[name].expression?.includes('day_of_week()'));
    expect(inWindow).toEqual(['MetricsMissing', 'JobsNotTaken', 'SidekiqStuck']);
  });
});

describe('a server\'s metrics are refused', () => {
  const two = () => {
    const stack = newStack();
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION });
    ['Alerts', 'Second'].forEach((id) => new PlatformAlerts(stack, id, { gitlab, serverMetricsEnabled: true, receivers: [AlertReceiver.owners()] }));
  };
  const elsewhere = () => {
    const stack = newStack();
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION, endpoint: GitLabEndpoint.customDomain('gitlab.example.com') });
    new PlatformAlerts(new TerraformStack(stack.node.root as any, 'other'), 'Alerts', { gitlab, serverMetricsEnabled: true, receivers: [AlertReceiver.owners()] });
  };

  test.each<[string, () => void, string]>([
    ['where memory is low', () => told({ vmSize: 'Standard_D2s_v5' }), 'lowMemoryTuningEnabled: GitLab\'s own Prometheus is off where memory is low, got true; choose a larger '
      + 'vmSize, or set omnibusSettings.prometheus_monitoring.enable to true (at Test/GitLab)'],
    ['where monitoring is off', () => told({ omnibusSettings: { prometheus_monitoring: { enable: false } } }),
      'omnibusSettings.prometheus_monitoring.enable: the alerts need GitLab\'s own Prometheus and its exporters, got false; leave it out (at Test/GitLab)'],
    ['where the node exporter is off', () => told({ omnibusSettings: { node_exporter: { enable: false } } }),
      'omnibusSettings.node_exporter.enable: the alerts need GitLab\'s own Prometheus and its exporters, got false; leave it out (at Test/GitLab)'],
    ['where they go elsewhere already', () => told({ omnibusSettings: { prometheus: { remote_write: [{ url: 'https://mimir.example.com' }] } } }),
      'omnibusSettings.prometheus.remote_write: takes the place of what sends the metrics to Azure'],
    ['twice', two, 'serverMetricsEnabled: another PlatformAlerts has the metrics of this server already, got "Test/GitLab"; set it in one of them (at Test/Second/Server/Metrics)'],
    ['from another stack', elsewhere, 'serverMetricsEnabled: the server is in another stack, and each would have to be applied before the other'],
  ])('%s', (_, build, message) => {
    expect(build).toThrow(message);
  });

  test('but not where memory is low and somebody wants Prometheus', () => {
    expect(remoteWrite(told({ vmSize: 'Standard_D2s_v5', omnibusSettings: { prometheus_monitoring: { enable: true } } }))).toHaveLength(1);
  });
});
