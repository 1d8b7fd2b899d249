import { MonitorActivityLogAlert } from '@cdktf/provider-azurerm/lib/monitor-activity-log-alert';
import { Construct } from 'constructs';
import { describe } from './alert-rules';

export interface ServiceHealthProps {
  readonly resourceGroupName: string;
  readonly tags?: { [name: string]: string };
  readonly namePrefix: string;
  readonly subscriptionId: string;
  readonly actionGroupId: string;
}

/** What Azure tells a subscription of its own faults and plans: such an alert is no question to a region, so it has none. */
export function serviceHealthAlert(scope: Construct, props: ServiceHealthProps): void {
  new MonitorActivityLogAlert(scope, 'ServiceHealth', {
    name: `${props.namePrefix}-ServiceHealth`,
    resourceGroupName: props.resourceGroupName,
    location: 'global',
    tags: props.tags,
    description: describe('ServiceHealth'),
    enabled: true,
    scopes: [`/subscriptions/${props.subscriptionId}`],
    criteria: {
      category: 'ServiceHealth',
      // services and regions are left out: Azure tells a subscription only what it is affected by.
      serviceHealth: { events: ['Incident', 'Maintenance', 'ActionRequired', 'Security'] },
    },
    action: [{ actionGroupId: props.actionGroupId }],
  });
}
