import { TerraformStack } from 'cdktf';
import {
  AksCluster, AlertReceiver, GitLabEndpoint, KubernetesGitLabRunner, PlatformAlerts, PlatformAlertsProps, SelfHostedGitLab, SelfHostedGitLabProps,
} from '../../src';
import { newStack, synth, TerraformJson } from '../synth';

const TYPES = [
  'azurerm_monitor_metric_alert', 'azurerm_monitor_scheduled_query_rules_alert_v2', 'azurerm_monitor_activity_log_alert', 'azurerm_consumption_budget_subscription',
];

/** A platform with a domain of its own, its backups and its alerts, if nothing else is said. */
export function watched(
  props: Partial<PlatformAlertsProps> = {}, server: Partial<SelfHostedGitLabProps> = {},
): { json: TerraformJson; stack: TerraformStack } {
  const stack = newStack();
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', {
    location: 'koreacentral', backup: {}, endpoint: GitLabEndpoint.customDomain('gitlab.example.com'), ...server,
  });
  const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
  const runner = new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster });
  new PlatformAlerts(stack, 'Alerts', {
    gitlab, cluster, runners: [runner], serverMetricsEnabled: true, receivers: [AlertReceiver.owners()], monthlyBudget: 600, ...props,
  });
  return { stack, json: synth(stack) };
}

/** All alerts of a program, by the names of their runbooks. */
export function alertsOf(json: TerraformJson): { [rule: string]: any } {
  const alone = TYPES.flatMap((type) => Object.values<any>(json.resource[type] ?? {})).map((alert) => [alert.name.split('-').pop(), alert]);
  return Object.fromEntries([...alone, ...rulesOf(json).map((rule) => [rule.alert, { ...rule, description: rule.annotations.runbook_url }])]);
}

/** All rules on metrics, or those of groups whose names end so. */
export function rulesOf(json: TerraformJson, ending = ''): any[] {
  const groups = Object.values<any>(json.resource.azurerm_monitor_alert_prometheus_rule_group ?? {});
  return groups.filter(({ name }) => name.endsWith(ending)).flatMap(({ rule }) => rule);
}
