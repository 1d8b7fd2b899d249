import { MonitorMetricAlert, MonitorMetricAlertCriteria } from '@cdktf/provider-azurerm/lib/monitor-metric-alert';
import { Construct } from 'constructs';
import { ALERT_RULES, AlertRuleName, describe } from './alert-rules';

export interface MetricAlertProps {
  readonly resourceGroupName: string;
  readonly tags?: { [name: string]: string };
  /** What the alert's name begins with. */
  readonly namePrefix: string;
  /** What has the metric. */
  readonly targetId: string;
  readonly actionGroupId: string;
  readonly criteria: MonitorMetricAlertCriteria;
}

/** An alert on a metric that Azure has of a resource by itself, over a quarter of an hour: a restart is shorter. */
export function metricAlert(scope: Construct, rule: AlertRuleName, props: MetricAlertProps): void {
  const { severity } = ALERT_RULES[rule];
  new MonitorMetricAlert(scope, rule, {
    name: `${props.namePrefix}-${rule}`,
    resourceGroupName: props.resourceGroupName,
    tags: props.tags,
    description: describe(rule),
    enabled: true,
    autoMitigate: true,
    severity,
    scopes: [props.targetId],
    frequency: 'PT5M',
    windowSize: 'PT15M',
    criteria: [props.criteria],
    action: [{ actionGroupId: props.actionGroupId }],
  });
}
