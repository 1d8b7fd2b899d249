// The rules and monitors that `PlatformAlerts` gives a platform, as Prometheus takes them.
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
    panels: items.filter(({ content }) => content.queryType === 16).map(({ content: { query } }) => JSON.parse(query).queryText),
    objects: objects.filter(({ metadata }) => metadata.name === 'gitlab-runner-azure-metrics'),
  };
}
