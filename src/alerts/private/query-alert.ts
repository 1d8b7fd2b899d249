import { MonitorScheduledQueryRulesAlertV2 } from '@cdktf/provider-azurerm/lib/monitor-scheduled-query-rules-alert-v2';
import { Construct } from 'constructs';
import { ALERT_RULES, AlertRuleName, describe } from './alert-rules';
import { Placement } from '../../azure/place/placement';

export interface QueryAlertProps {
  readonly placement: Placement;
  /** What the alert's name begins with. */
  readonly namePrefix: string;
  readonly workspaceId: string;
  readonly actionGroupId: string;
  /** Gives a row where there is something to tell. */
  readonly query: string;
  /** How often it is asked, and how far it looks back, as ISO 8601 durations. */
  readonly frequency: string;
  readonly window: string;
}

/** An alert that a query of logs gives, and takes back. */
export function queryAlert(scope: Construct, rule: AlertRuleName, props: QueryAlertProps): void {
  const { severity } = ALERT_RULES[rule];
  new MonitorScheduledQueryRulesAlertV2(scope, rule, {
    ...props.placement,
    name: `${props.namePrefix}-${rule}`,
    displayName: rule,
    description: describe(rule),
    enabled: true,
    severity,
    scopes: [props.workspaceId],
    evaluationFrequency: props.frequency,
    windowDuration: props.window,
    criteria: [{
      query: props.query,
      timeAggregationMethod: 'Count',
      operator: 'GreaterThan',
      threshold: 0,
      failingPeriods: { minimumFailingPeriodsToTriggerAlert: 1, numberOfEvaluationPeriods: 1 },
    }],
    autoMitigationEnabled: true,
    workspaceAlertsStorageEnabled: false,
    // the tables come with the first records.
    skipQueryValidation: true,
    action: { actionGroups: [props.actionGroupId] },
  });
}
