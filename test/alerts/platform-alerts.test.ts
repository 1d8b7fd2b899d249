import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { ref, Token } from 'cdktf';
import { alertsOf, watched } from './watched';
import {
  AksCluster, AlertReceiver, AzureLogWorkspace, AzureNaming, AzureProvider, AzureResourceGroup, GitLabEndpoint, GitLabNetwork,
  KeyVaultSecret, PlatformAlerts,
  SelfHostedGitLab,
} from '../../src';
import { ALERT_RULES } from '../../src/alerts/private/alert-rules';
import { NEEDED } from '../gitlab/application-nodes/served-by-nodes';
import { newStack, resource, resources, synth, warnings } from '../synth';

const RUNBOOKS = join(__dirname, '..', '..', 'docs', 'runbooks');
const VAULT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v';
const WEB_TEST = 'azurerm_application_insights_standard_web_test';
const HOOK = Token.asString(ref('local.hook'));
const OFFICE = ['203.0.113.0/24'];

describe('the alerts of a whole platform', () => {
  const { json, stack } = watched();
  const alerts = alertsOf(json);

  test('are all that there are, and each has a runbook', () => {
    expect([...Object.keys(alerts), 'NodeUnavailable'].sort()).toEqual(Object.keys(ALERT_RULES).sort());
    expect(readdirSync(RUNBOOKS).sort()).toEqual(Object.keys(ALERT_RULES).map((rule) => `${rule}.md`).sort());
  });

  test.each(Object.keys(ALERT_RULES))('%s: the page says what it means, how to look and what to do', (rule) => {
    const page = readFileSync(join(RUNBOOKS, `${rule}.md`), 'utf8');
    expect([...page.matchAll(/^#+ (.*)$/gm)].map(([, title]) => title)).toEqual([rule, 'What it means', 'How to look', 'What to do']);
  });

  test('are on, by a word: Azure takes a rule without one for one that is off', () => {
    const { BudgetExceeded, ...rules } = alerts;
    expect(Object.values(rules).filter(({ enabled }) => enabled !== true)).toEqual([]);
    expect(BudgetExceeded.notification.map(({ enabled }: any) => enabled)).toEqual([true, true, true]);
    expect(Object.values<any>(resources(json, WEB_TEST)).map(({ enabled }) => enabled)).toEqual([true, true]);
    expect(resource(json, 'azurerm_monitor_action_group').enabled).toBe(true);
  });

  test('name their runbook', () => {
    const { BudgetExceeded: _, ...rules } = alerts;
    expect(Object.entries(rules).filter(([rule, { description }]) => !description.endsWith(`/docs/runbooks/${rule}.md`))).toEqual([]);
  });

  test('reach the one action group', () => {
    const [name] = Object.keys(resources(json, 'azurerm_monitor_action_group'));
    const id = `\${azurerm_monitor_action_group.${name}.id}`;
    expect(Object.entries(alerts).filter(([, alert]) => !JSON.stringify(alert.action ?? alert.notification).includes(id))).toEqual([]);
  });

  test('give no warning', () => {
    expect(warnings(stack)).toEqual([]);
  });
});

describe('application nodes', () => {
  const { json } = watched({}, { ...NEEDED, applicationNodes: { count: 2 } });
  const { NodeUnavailable: alert, ...others } = alertsOf(json);

  test('are watched each by itself, by what the load balancer\'s probe says', () => {
    expect(Object.keys(others)).toHaveLength(Object.keys(ALERT_RULES).length - 1);
    const [balancer] = Object.keys(resources(json, 'azurerm_lb'));
    expect(alert).toMatchObject({
      enabled: true, severity: 2, window_size: 'PT15M', scopes: [`\${azurerm_lb.${balancer}.id}`],
      criteria: [{
        metric_namespace: 'Microsoft.Network/loadBalancers', metric_name: 'DipAvailability', aggregation: 'Average', operator: 'LessThan', threshold: 50,
        dimension: [{ name: 'BackendIPAddress', operator: 'Include', values: ['*'] }],
      }],
    });
  });

  test('that are gone are watched no more', () => {
    expect(alertsOf(watched({}, { ...NEEDED, applicationNodes: { count: 0 } }).json).NodeUnavailable).toBeUndefined();
  });
});

describe('the test from outside', () => {
  const tests = (...[props, server]: Parameters<typeof watched>) => Object.values<any>(resources(watched(props, server).json, WEB_TEST))
    .map(({ name, request: { url } }) => `${name} ${url}`).sort();

  test.each([
    ['a domain of its own', {}, ['certificate', 'reachable']],
    ['a name in Azure\'s domain, whose certificate is the server\'s own', { endpoint: GitLabEndpoint.https() }, ['reachable']],
    ['a domain without Let\'s Encrypt', { endpoint: GitLabEndpoint.customDomain('gitlab.example.com', { letsEncrypt: false }) }, ['reachable']],
    ['a certificate from a vault', {
      endpoint: GitLabEndpoint.certificateFromKeyVault('gitlab.example.com', KeyVaultSecret.of(VAULT, 'c')),
    }, ['certificate', 'reachable']],
    ['plain HTTP', { endpoint: GitLabEndpoint.http() }, ['reachable']],
    ['Front Door', { endpoint: GitLabEndpoint.behindFrontDoor('gitlab.example.com', '00000000-0000-0000-0000-000000000001') }, ['certificate', 'reachable']],
    ['another proxy, wherever it is', { endpoint: GitLabEndpoint.behindProxy({ host: 'gitlab.example.com', trustedCidrs: ['10.0.0.0/24'] }) }, []],
    ['web ports for the office alone', { webAllowedCidrs: OFFICE, httpAllowedCidrs: ['0.0.0.0/0'] }, []],
    ['a private address', { network: GitLabNetwork.privateAddress() }, []],
  ])('suits %s', (_, server, expected) => {
    expect(tests({}, server).map((one) => /-(\w+) /.exec(one)![1])).toEqual(expected);
  });

  test('asks for the page to sign in, and for nothing that is on it', () => {
    expect(tests()).toEqual(['certificate', 'reachable'].map((name) => `test-alerts-${name} https://gitlab.example.com/users/sign_in`));
    const requests = Object.values<any>(resources(watched().json, WEB_TEST)).map(({ request }) => request);
    expect(requests.map((request) => request.parse_dependent_requests_enabled)).toEqual([false, false]);
  });

  test('can be asked for where the library cannot know, and left out', () => {
    const endpoint = GitLabEndpoint.behindProxy({ host: 'gitlab.example.com', trustedCidrs: ['10.0.0.0/24'] });
    expect(tests({ outsideTestEnabled: true }, { endpoint })).toHaveLength(2);
    expect(tests({ outsideTestEnabled: true, certificateTestEnabled: false }, { endpoint })).toHaveLength(1);
    expect(tests({ outsideTestEnabled: false })).toEqual([]);
    expect(Object.keys(alertsOf(watched({ outsideTestEnabled: false }).json))).not.toContain('GitLabUnreachable');
  });

  test('comes from places of the government\'s cloud there', () => {
    const stack = newStack();
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'usgovvirginia' });
    new PlatformAlerts(stack, 'Alerts', { gitlab, receivers: [AlertReceiver.owners()] });
    expect(resource(synth(stack), WEB_TEST).geo_locations).toEqual(['usgov-va-azr', 'usgov-phx-azr', 'usgov-tx-azr']);
  });

  test.each([
    [{ outsideTestEnabled: true }, { webAllowedCidrs: OFFICE, httpAllowedCidrs: ['0.0.0.0/0'] },
      'outsideTestEnabled: the Internet does not reach GitLab, got true; leave it out, or open webAllowedCidrs of the server to all (at Test/Alerts)'],
    [{ certificateTestEnabled: true, outsideTestEnabled: false }, {},
      'certificateTestEnabled: there is no test from outside, got true; leave it out, or set outsideTestEnabled to true (at Test/Alerts)'],
    [{ certificateTestEnabled: true }, { endpoint: GitLabEndpoint.http() },
      'certificateTestEnabled: plain HTTP has no certificate, got true; leave it out, or choose another endpoint of the server (at Test/Alerts)'],
  ])('is refused where it cannot be: %j', (props, server, message) => {
    expect(() => watched(props, server)).toThrow(new Error(message));
  });
});

describe('backups', () => {
  test('are watched by what arrives, in a workspace of the alerts\' own beside the audit', () => {
    const { json } = watched();
    const [workspace] = Object.entries<any>(resources(json, 'azurerm_log_analytics_workspace')).filter(([name]) => name.startsWith('Alerts')).map(([name]) => name);
    const setting = Object.values<any>(resources(json, 'azurerm_monitor_diagnostic_setting')).find(({ name }) => name === 'alerts');
    expect(setting).toMatchObject({
      log_analytics_workspace_id: `\${azurerm_log_analytics_workspace.${workspace}.id}`, enabled_log: [{ category: 'StorageWrite' }],
    });
  });

  test.each([[{ auditLogsEnabled: false }], [{ logWorkspace: AzureLogWorkspace.existing('/subscriptions/s/resourceGroups/hub/providers/Microsoft.OperationalInsights/workspaces/hub') }]])(
    'are watched whatever becomes of the audit: %j', (server) => {
      expect(Object.keys(alertsOf(watched({}, server).json))).toEqual(expect.arrayContaining(['BackupFailed', 'BackupMissing']));
    });

  test('that are not made are not missed, and without a test there is no workspace either', () => {
    const { json } = watched({ outsideTestEnabled: false, runners: undefined, serverMetricsEnabled: undefined }, { backup: undefined });
    expect(Object.keys(alertsOf(json)).sort()).toEqual(['BudgetExceeded', 'MachineUnavailable', 'PodsPending', 'ServiceHealth']);
    expect(Object.keys(resources(json, 'azurerm_log_analytics_workspace')).filter((name) => name.startsWith('Alerts'))).toEqual([]);
  });
});

describe('the receivers', () => {
  const group = (...receivers: AlertReceiver[]) => resource(watched({ receivers }).json, 'azurerm_monitor_action_group');

  test('are told by the common schema', () => {
    const { arm_role_receiver: roles, email_receiver: emails, webhook_receiver: webhooks } = group(
      AlertReceiver.owners(), AlertReceiver.email('ops@example.com'), AlertReceiver.webhook(HOOK),
    );
    expect(roles).toEqual([{ name: 'Owner', role_id: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635', use_common_alert_schema: true }]);
    expect(emails).toEqual([{ name: 'ops@example.com', email_address: 'ops@example.com', use_common_alert_schema: true }]);
    expect(webhooks).toEqual([{ name: 'webhook-1', service_uri: '${local.hook}', use_common_alert_schema: true }]);
  });

  test('are told once more by a command, but for a webhook, whose address stays hidden', () => {
    const command = (...receivers: AlertReceiver[]) => Object.entries<any>(watched({ receivers }).json.output)
      .filter(([name]) => name.startsWith('Alerts')).map(([, { value }]) => value.replace(/\$\{[^}]*\}/, 'GROUP'));
    expect(command(AlertReceiver.owners(), AlertReceiver.email('ops@example.com'), AlertReceiver.webhook(HOOK))).toEqual([
      'az monitor action-group test-notifications create --resource-group GROUP --action-group test-alerts --alert-type budget '
      + '--add-actions armrole \'Owner\' 8e3af657-a8ff-443c-a75c-2fe8c4bcb635 usecommonalertschema '
      + '--add-actions email \'ops@example.com\' \'ops@example.com\' usecommonalertschema',
    ]);
    expect(command(AlertReceiver.webhook(HOOK))).toEqual([]);
  });

  test.each<[string, () => unknown, string]>([
    ['nobody', () => watched({ receivers: [] }), 'receivers: empty, got []; give at least 1, each one such as AlertReceiver.owners() (at Test/Alerts)'],
    ['one twice', () => watched({ receivers: [AlertReceiver.owners(), AlertReceiver.owners()] }), 'receivers[1]: given twice'],
    ['no address', () => AlertReceiver.email('ops'), 'emailAddress: not a valid value, got "ops"; give an e-mail address such as "platform@example.com" (at AlertReceiver.email)'],
    ['a webhook in the program', () => AlertReceiver.webhook('https://hooks.example.com/secret'), 'uri: literal text would be written into the configuration, got "(hidden)"; pass a sensitive TerraformVariable\'s stringValue (at AlertReceiver.webhook)'],
  ])('are refused: %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

describe('where they are', () => {
  test('in a group of their own, or in one that exists, with the server\'s tags or others', () => {
    const places = (...[props, server]: Parameters<typeof watched>) => {
      const { MachineUnavailable: { resource_group_name: group, tags } } = alertsOf(watched(props, server).json);
      return { group, tags };
    };
    expect(places({}, { tags: { team: 'platform' } })).toEqual({ group: expect.stringContaining('azurerm_resource_group.Alerts_'), tags: { team: 'platform' } });
    expect(places({ resourceGroup: AzureResourceGroup.existing('watch'), tags: { team: 'watch' } })).toEqual({ group: 'watch', tags: { team: 'watch' } });
  });

  test('the cluster\'s beside the cluster', () => {
    expect(alertsOf(watched().json).PodsPending.resource_group_name).toContain('azurerm_resource_group.Cluster_');
  });

  test('a cluster in another subscription has its own Service Health, and no budget covers both', () => {
    const make = (monthlyBudget?: number) => {
      const stack = newStack();
      const provider = new AzureProvider(stack, 'Other', { alias: 'other', subscriptionId: '00000000-0000-0000-0000-000000000002' });
      const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral' });
      const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral', provider });
      new PlatformAlerts(stack, 'Alerts', { gitlab, cluster, receivers: [AlertReceiver.owners()], monthlyBudget });
      return synth(stack);
    };
    expect(Object.values<any>(resources(make(), 'azurerm_monitor_activity_log_alert')).map(({ provider }) => provider).sort()).toEqual(['azurerm.other', undefined]);
    expect(() => make(600)).toThrow('monthlyBudget: the cluster is in another subscription than the server, and no budget covers two, got 600; '
      + 'leave it out, and make a budget in each (at Test/Alerts)');
  });

  test('the budget counts the nodes, which are in a group that AKS makes', () => {
    const { BudgetExceeded: { filter: { dimension: [{ values }] } } } = alertsOf(watched().json);
    expect(values).toHaveLength(4);
    expect(values[3]).toMatch(/^\$\{azurerm_kubernetes_cluster\.\w+\.node_resource_group\}$/);
  });

  test('with names of a company\'s', () => {
    const stack = newStack();
    AzureNaming.cloudAdoptionFramework({ environment: 'prod', regionAbbreviations: { koreacentral: 'krc' } }).applyTo(stack);
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral' });
    new PlatformAlerts(stack, 'Watch', { gitlab, receivers: [AlertReceiver.owners()] });
    const json = synth(stack);
    const names = ['resource_group', 'monitor_action_group', 'log_analytics_workspace', 'application_insights']
      .flatMap((type) => Object.values<any>(resources(json, `azurerm_${type}`))).map(({ name }) => name).filter((name) => name.includes('watch'));
    expect(names).toEqual(['rg', 'ag', 'log', 'appi'].map((type) => `${type}-watch-prod-krc-001`));
  });

  test('two sets in one program have names of their own', () => {
    const stack = newStack();
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral' });
    const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
    ['One', 'Two'].forEach((id) => new PlatformAlerts(stack, id, { gitlab, cluster, receivers: [AlertReceiver.owners()], monthlyBudget: 600 }));
    expect(() => synth(stack)).not.toThrow();
  });
});
