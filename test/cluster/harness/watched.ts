// The rules and monitors that `PlatformAlerts` gives a platform, as Prometheus takes them.
import assert from 'node:assert/strict';
import { written } from './platform';
import {
  AksCluster, AlertReceiver, GitLabMaintenanceWindow, KubernetesGitLabRunner, PlatformAlerts, SelfHostedGitLab,
} from 'cdktf-azure-gitlab';

const LOCATION = 'koreacentral';

/** A rule of a file of Prometheus'. */
export interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly [name: string]: string };
}

export interface Watched {
  /** Of the runners, and of the server. */
  readonly rules: Rule[];
  readonly serverRules: Rule[];
  /** What Azure asks its own metrics of the cluster. */
  readonly clusterRules: Rule[];
  /** What the dashboard asks of metrics. */
  readonly panels: string[];
  /** The objects beside those of the managers. */
  readonly objects: any[];
}

/** A platform with a manager in each of the namespaces, and its alerts. */
export function watched(namespaces: string[], maintenanceWindow: GitLabMaintenanceWindow): Watched {
  const { objects, resources } = written((stack) => {
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION, maintenanceWindow, backup: {} });
    const cluster = new AksCluster(stack, 'Cluster', { location: LOCATION, jobNodePool: { nodePoolName: 'jobs', maxCount: 3 } });
    const runners = namespaces.map((namespace) => new KubernetesGitLabRunner(stack, namespace, { gitlab, cluster, namespace }));
    new PlatformAlerts(stack, 'Alerts', { gitlab, cluster, runners, serverMetricsEnabled: true, receivers: [AlertReceiver.owners()] });
  });
  const groups = Object.values<any>(resources.azurerm_monitor_alert_prometheus_rule_group);
  const rulesOf = (ending: string): Rule[] => groups.filter(({ name }) => name.endsWith(ending))
    .flatMap(({ rule }) => rule.map(({ alert, expression, annotations, severity, ...others }: any) => ({
      alert, expr: expression, for: others.for.slice(2).toLowerCase(), labels: { severity: `${severity}` }, annotations,
    })));
  const [{ data_json: book }] = Object.values<any>(resources.azurerm_application_insights_workbook);
  const { items }: { items: any[] } = JSON.parse(book);
  return {
    rules: rulesOf('-runners'),
    serverRules: rulesOf('-server'),
    clusterRules: Object.values<any>(resources.azurerm_monitor_metric_alert).filter(({ name }) => name.endsWith('-PodsPending')).map(asRule),
    panels: items.filter(({ content }) => content.queryType === 16).map(({ content: { query } }) => JSON.parse(query).queryText),
    objects: objects.filter(({ metadata }) => metadata.name === 'gitlab-runner-azure-metrics'),
  };
}

/** An alert on a metric that Azure has by itself, and kube-state-metrics by the same name: a value each minute, which Azure adds up. */
function asRule({ name, description, severity, window_size: window, criteria: [criteria] }: any): Rule {
  const { metric_name: metric, aggregation, operator, threshold, dimension } = criteria;
  assert.deepEqual([aggregation, operator], ['Total', 'GreaterThanOrEqual']);
  const by = dimension.map((one: any) => one.name);
  const chosen = dimension.map((one: any) => `${one.name}=~"${one.values.join('|').replaceAll('*', '.*')}"`);
  const minutes = /^PT(\d+)M$/.exec(window)![1];
  return {
    alert: name.split('-').at(-1), expr: `sum by (${by}) (sum_over_time(${metric}{${chosen}}[${minutes}m:1m])) >= ${threshold}`, for: '0m',
    labels: { severity: `${severity}` }, annotations: { description },
  };
}
