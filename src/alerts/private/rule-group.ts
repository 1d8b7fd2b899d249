import {
  MonitorAlertPrometheusRuleGroup, monitorAlertPrometheusRuleGroupRuleToTerraform,
} from '@cdktf/provider-azurerm/lib/monitor-alert-prometheus-rule-group';
import { ITerraformDependable, Lazy } from 'cdktf';
import { Construct } from 'constructs';
import { ALERT_RULES, runbookOf } from './alert-rules';
import { MetricRule } from './metric-rules';
import { Placement } from '../../azure/place/placement';
import { suffixed } from '../../private/default-name';
import { waitFor } from '../../private/dependencies';

export interface RuleGroupProps {
  /** The workspace's. */
  readonly placement: Placement;
  readonly namePrefix: string;
  readonly workspaceId: string;
  readonly actionGroupId: string;
  /** What the group's name ends with. */
  readonly suffix: string;
  readonly description: string;
  /** The cluster whose series count; without it all of the workspace's do. */
  readonly cluster?: { readonly id: string; readonly name: string };
  /** All that there are once the program is complete. */
  readonly rules: () => MetricRule[];
  /** What has to be there before its absence is worth an alert. */
  readonly waitFor: readonly ITerraformDependable[];
}

/** Rules that Azure asks its Prometheus of each minute. Everything is stated: what is left out of a rule is off. */
export function ruleGroup(scope: Construct, id: string, props: RuleGroupProps): void {
  const action = [{ actionGroupId: props.actionGroupId }];
  const rule = ({ alert, expression, minutes }: MetricRule) => monitorAlertPrometheusRuleGroupRuleToTerraform({
    alert,
    expression,
    for: `PT${minutes}M`,
    severity: ALERT_RULES[alert].severity,
    enabled: true,
    annotations: { summary: ALERT_RULES[alert].summary, runbook_url: runbookOf(alert) },
    labels: {},
    action,
    alertResolution: { autoResolved: true, timeToResolve: 'PT5M' },
  });
  const group = new MonitorAlertPrometheusRuleGroup(scope, id, {
    ...props.placement,
    name: suffixed(props.namePrefix, props.suffix, 260),
    description: props.description,
    ruleGroupEnabled: true,
    interval: 'PT1M',
    scopes: [props.workspaceId, ...props.cluster ? [props.cluster.id] : []],
    clusterName: props.cluster?.name,
    rule: Lazy.anyValue({ produce: () => props.rules().map(rule) }),
  });
  waitFor(group, props.waitFor);
}
