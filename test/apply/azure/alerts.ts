// Microsoft.Insights and Microsoft.Consumption: action groups, alerts, tests from outside, budgets.
// Not checked: whether anybody is told (when an alert fires is in alert-evaluation.ts), queries, metrics that are not named here, whether an address is confirmed, costs.
import { AzureError } from './azure-error';
import { Arm } from './core';
import { minutes } from './duration';
import { strings } from './json';

const ACTION_GROUP = 'Microsoft.Insights/actionGroups';
const WORKSPACE = 'Microsoft.OperationalInsights/workspaces';

interface Metric {
  readonly aggregations: readonly string[];
  readonly dimensions: readonly string[];
}

/** The metrics that Azure has of a type by itself, as far as anybody asks, with what its list of supported metrics says of each. */
const METRICS: { readonly [namespace: string]: { readonly [metric: string]: Metric } } = {
  'microsoft.compute/virtualmachines': { VmAvailabilityMetric: { aggregations: ['Average', 'Minimum', 'Maximum'], dimensions: ['Context'] } },
  'microsoft.network/loadbalancers': {
    DipAvailability: { aggregations: ['Average'], dimensions: ['ProtocolType', 'BackendPort', 'FrontendIPAddress', 'FrontendPort', 'BackendIPAddress'] },
  },
  'microsoft.containerservice/managedclusters': { kube_pod_status_phase: { aggregations: ['Total', 'Average'], dimensions: ['phase', 'namespace', 'pod'] } },
};
const FREQUENCIES = ['PT1M', 'PT5M', 'PT15M', 'PT30M', 'PT1H'];
const WINDOWS = [...FREQUENCIES, 'PT6H', 'PT12H', 'P1D'];
const PLACES = ['emea-nl-ams-azr', 'us-va-ash-azr', 'apac-sg-sin-azr'];

export function addAlerts(arm: Arm): void {
  arm.references.push(
    { key: /(^|\.)actionGroupId$/, type: ACTION_GROUP },
    { key: /(^|\.)(actionGroups|contactGroups)$/, type: ACTION_GROUP },
    { key: /^properties\.WorkspaceResourceId$/, type: WORKSPACE },
  );
  arm.add(
    {
      type: ACTION_GROUP,
      stateless: true,
      check({ body: { location, properties } }) {
        const receivers = Object.entries<any>(properties).filter(([name]) => name.endsWith('Receivers')).flatMap(([, list]) => list ?? []);
        refuse(location.toLowerCase() !== 'global', 'an action group for Service Health is global');
        refuse(!(properties.groupShortName?.length <= 12), 'a short name has at most 12 characters');
        refuse(new Set(receivers.map(({ name }) => name.toLowerCase())).size < receivers.length, 'two receivers have one name');
      },
    },
    {
      type: 'Microsoft.Insights/metricAlerts',
      created: 200,
      stateless: true,
      check({ body: { location, properties } }) {
        refuse(location.toLowerCase() !== 'global', 'a metric alert is global');
        refuse(!FREQUENCIES.includes(properties.evaluationFrequency) || !WINDOWS.includes(properties.windowSize), 'no such frequency or window');
        refuse(minutes(properties.windowSize) < minutes(properties.evaluationFrequency), 'the window is shorter than the frequency');
        const [target] = properties.scopes.map((scope: string) => existing(arm, scope));
        for (const { metricNamespace, metricName, timeAggregation, dimensions = [] } of properties.criteria.allOf) {
          const metric = METRICS[metricNamespace.toLowerCase()]?.[metricName];
          refuse(metricNamespace.toLowerCase() !== target.type.toLowerCase() || !metric, `Couldn't find a metric named ${metricName} of ${target.type}`);
          refuse(!metric.aggregations.includes(timeAggregation), `${metricName} has no ${timeAggregation}`);
          refuse(!dimensions.every(({ name, values }: any) => metric.dimensions.includes(name) && values.length > 0), `${metricName} has no such dimension`);
        }
      },
    },
    {
      type: 'Microsoft.Insights/scheduledQueryRules',
      stateless: true,
      check({ body: { location, properties } }) {
        refuse(properties.scopes.length !== 1, 'a query has one scope');
        const workspace = existing(arm, properties.scopes[0]);
        refuse(workspace.location !== location, `the rule is in ${location}, and its workspace in ${workspace.location}`);
        refuse(minutes(properties.windowSize) < minutes(properties.evaluationFrequency) || minutes(properties.windowSize) > 2880, 'the window does not fit the frequency');
        refuse(properties.autoMitigate && properties.muteActionsDuration !== undefined, 'autoMitigate and muteActionsDuration exclude one another');
      },
    },
    {
      type: 'Microsoft.Insights/workbooks',
      stateless: true,
      check({ id, body: { kind, properties } }) {
        refuse(!/\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id), 'the name of a workbook is a UUID');
        refuse(kind !== 'shared' || !properties.displayName, 'a workbook is shared, and has a name for people');
        const { items } = JSON.parse(properties.serializedData);
        items.flatMap(({ content }: any) => content.crossComponentResources ?? []).forEach((asked: string) => existing(arm, asked));
      },
    },
    {
      type: 'Microsoft.Insights/activityLogAlerts',
      stateless: true,
      check({ body: { location, properties } }) {
        refuse(location.toLowerCase() !== 'global', 'Service Health is told of in no region');
        refuse(!properties.scopes.every((scope: string) => arm.subscriptions.has(scope.split('/')[2])), 'no such subscription');
        refuse(!strings(properties.condition).some(({ value }) => value === 'ServiceHealth'), 'no category');
      },
    },
    {
      type: 'Microsoft.Insights/components',
      created: 200,
      stateless: true,
      fill(resource, _, before) {
        resource.properties = {
          RetentionInDays: 90, IngestionMode: 'LogAnalytics', ...before?.properties, ...resource.properties,
          // no secret: whoever knows it may send records, and read none.
          InstrumentationKey: '00000000-0000-0000-0000-00000000001c', ConnectionString: 'InstrumentationKey=00000000-0000-0000-0000-00000000001c',
          AppId: '00000000-0000-0000-0000-00000000001d', ApplicationId: resource.name,
        };
      },
      actions: {
        currentbillingfeatures: (component, _, body) => {
          component.properties.Billing = body?.DataVolumeCap ? body : component.properties.Billing
            ?? { CurrentBillingFeatures: ['Basic'], DataVolumeCap: { Cap: 100, ResetTime: 0, StopSendNotificationWhenHitCap: false } };
          return component.properties.Billing;
        },
      },
    },
    {
      type: 'Microsoft.Insights/webTests',
      created: 200,
      check({ body: { kind, tags, properties } }) {
        const components = Object.keys(tags ?? {}).filter((name) => name.startsWith('hidden-link:')).map((name) => name.slice('hidden-link:'.length));
        refuse(components.length !== 1 || kind !== 'standard', 'a test belongs to one component');
        existing(arm, components[0]);
        refuse(![300, 600, 900].includes(properties.Frequency), 'the frequency is 300, 600 or 900 seconds');
        refuse(!properties.Locations.every(({ Id }: any) => PLACES.includes(Id)), 'no such place');
        refuse(properties.ValidationRules?.SSLCheck && !properties.Request.RequestUrl.startsWith('https:'), 'plain HTTP has no certificate');
      },
    },
    {
      type: 'Microsoft.Consumption/budgets',
      stateless: true,
      check({ body: { properties: { amount, timePeriod, notifications } }, before }) {
        const thisMonth = `${new Date().toISOString().slice(0, 7)}-01T00:00:00Z`;
        refuse(!(amount > 0), 'the amount is greater than 0');
        refuse(!/-01T00:00:00Z$/.test(timePeriod.startDate), 'a budget starts at the first day of a month');
        refuse(!before && timePeriod.startDate < thisMonth, 'a budget starts in no month that is over');
        refuse(!Object.values<any>(notifications).every(({ contactEmails, contactGroups }) => [...contactEmails ?? [], ...contactGroups ?? []].length > 0), 'a notification is for somebody');
      },
    },
  );
}

export function refuse(wrong: unknown, reason: string): void {
  if (wrong) {
    throw new AzureError(400, 'BadRequest', reason);
  }
}

export function existing(arm: Arm, id: string) {
  const found = arm.find(id);
  if (!found) {
    throw new AzureError(404, 'ResourceNotFound', `${id} was not found`);
  }
  return found;
}
