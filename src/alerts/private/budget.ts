import { ConsumptionBudgetSubscription } from '@cdktf/provider-azurerm/lib/consumption-budget-subscription';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { suffixed } from '../../private/default-name';

export interface BudgetProps {
  readonly namePrefix: string;
  readonly subscriptionId: string;
  readonly resourceGroupNames: readonly string[];
  readonly actionGroupId: string;
  /** In the currency of the billing account. */
  readonly monthlyAmount: number;
}

/** The platform's costs, over its groups: Azure has no budget for several but one of the subscription. */
export function budget(scope: Construct, { namePrefix, resourceGroupNames, actionGroupId, ...props }: BudgetProps): void {
  const notification = (threshold: number, thresholdType: string) => ({
    enabled: true, operator: 'GreaterThanOrEqualTo', threshold, thresholdType, contactGroups: [actionGroupId],
  });
  new ConsumptionBudgetSubscription(scope, 'BudgetExceeded', {
    name: suffixed(namePrefix, '-BudgetExceeded', 63),
    subscriptionId: `/subscriptions/${props.subscriptionId}`,
    amount: props.monthlyAmount,
    timeGrain: 'Monthly',
    // Azure refuses months that are over, and another start would be another budget.
    timePeriod: { startDate: Fn.formatdate('YYYY-MM-01\'T\'00:00:00Z', Fn.plantimestamp()) },
    filter: { dimension: [{ name: 'ResourceGroupName', operator: 'In', values: [...resourceGroupNames] }] },
    notification: [notification(80, 'Actual'), notification(100, 'Actual'), notification(100, 'Forecasted')],
    lifecycle: { ignoreChanges: ['time_period'] },
  });
}
