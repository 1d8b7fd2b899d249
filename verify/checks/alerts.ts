import { Check } from './check';
import { readStacks } from '../../command/stacks';
import { AzureResource, azureResources } from '../../preflight/resources';
import { NotYet } from '../patience';
import { demand, Platform } from '../platform';
import { synthesise } from '../program';

/** Rules of alerts, by their types in the program, and the API that tells of one. */
const RULES: { readonly [type: string]: string } = {
  azurerm_monitor_metric_alert: '2018-03-01',
  azurerm_monitor_scheduled_query_rules_alert_v2: '2023-12-01',
  azurerm_monitor_alert_prometheus_rule_group: '2023-03-01',
  azurerm_monitor_activity_log_alert: '2020-10-01',
};
const FIRED_API = '2019-03-01';
const PENDING = 'PodsPending';

/** A pod that no node fits, so that no node is made for it either. */
const POD = {
  metadata: { name: 'verify-pending', namespace: 'default' },
  spec: { nodeSelector: { verify: 'nowhere' }, containers: [{ name: 'pause', image: 'mcr.microsoft.com/oss/kubernetes/pause:3.9' }] },
};
const PODS = '/api/v1/namespaces/default/pods';

export const ALERTS_ADDED: Check = {
  claim: 'alerts-added',
  needs: ['job-runner-test'],
  doing: 'an apply that adds the alerts, which changes the cluster and takes some minutes',
  async run(platform) {
    const { folder, terraform, az } = platform;
    folder.change({ alerts: true });
    await synthesise(folder);
    await terraform.apply(folder.stack);
    const all = (await Promise.all(rulesOf(platform).map(async ({ type, id, name }) => {
      const { properties } = await az.get(id!, RULES[type]);
      return switches(name!, properties);
    }))).flat();
    const off = all.filter(({ on }) => !on).map(({ rule }) => rule);
    demand(all.length > 0, 'there is no rule');
    demand(off.length === 0, `switched off: ${off.join(', ')}`);
    return `${all.length} rules: ${all.map(({ rule }) => rule).join(', ')}`;
  },
};

export const ALERT_FIRES: Check = {
  claim: 'alert-fires',
  needs: ['alerts-added'],
  doing: 'making a pod that cannot start, and waiting for its alert; the Owners of the subscription get an e-mail',
  async run(platform) {
    const kubernetes = await platform.kubernetes();
    await kubernetes.call('POST', PODS, POD);
    try {
      await platform.patience.until('the alert', 40, async () => (await conditions(platform)).includes('Fired') || undefined);
    } finally {
      await (await platform.kubernetes()).call('DELETE', `${PODS}/${POD.metadata.name}`);
    }
    await platform.patience.until('the alert to be taken back', 40, async () => {
      if ((await conditions(platform)).includes('Fired')) {
        throw new NotYet('it fires still');
      }
      return true;
    });
  },
};

function rulesOf({ folder }: Platform): AzureResource[] {
  return azureResources(readStacks(folder.synthesised), folder.notes.subscriptionId).filter(({ type }) => type in RULES);
}

/** Whether each rule is on: a group of them has many, which are off where nothing is said. */
function switches(name: string, { enabled, rules }: any): { readonly rule: string; readonly on: boolean }[] {
  return rules === undefined ? [{ rule: name.split('-').at(-1)!, on: enabled === true }]
    : rules.map((one: any) => ({ rule: one.alert, on: enabled === true && one.enabled === true }));
}

/** What Azure says of each time that the alert has fired. */
async function conditions({ az, subscriptionId, folder }: Platform): Promise<string[]> {
  const { value } = await az.get(`/subscriptions/${subscriptionId}/providers/Microsoft.AlertsManagement/alerts`, FIRED_API, { timeRange: '1d' });
  const all: any[] = value.map(({ properties }: any) => properties.essentials);
  const own = new RegExp(`\\b${folder.notes.name}\\S*-${PENDING}$`, 'i');
  return all.filter(({ alertRule }) => own.test(alertRule)).map(({ monitorCondition }) => monitorCondition);
}
