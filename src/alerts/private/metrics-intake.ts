import { MonitorDataCollectionEndpoint } from '@cdktf/provider-azurerm/lib/monitor-data-collection-endpoint';
import { MonitorDataCollectionRule } from '@cdktf/provider-azurerm/lib/monitor-data-collection-rule';
import { MonitorWorkspace } from '@cdktf/provider-azurerm/lib/monitor-workspace';
import { Construct } from 'constructs';
import { partName } from '../../azure/names/part-names';
import { Placement } from '../../azure/place/placement';
import { needResourceProvider } from '../../azure/provider/resource-providers';
import { suffixed } from '../../private/default-name';

const STREAM = 'Microsoft-PrometheusMetrics';
const DESTINATION = 'workspace';
const NO_DOTS = /^[A-Za-z0-9-]*$/;

export interface MetricsIntakeProps {
  readonly placement: Placement;
  readonly namePrefix: string;
  /** What the names end with. */
  readonly suffix: string;
  /** What tells it from another one of the same alerts, for the platform's naming. */
  readonly role?: string;
}

export interface MetricsIntake {
  readonly workspaceId: string;
  readonly collectionRuleId: string;
  /** The address for Prometheus' remote write. */
  readonly writeUrl: string;
}

/** Azure's managed Prometheus: a workspace for metrics, and the way there, which is an endpoint and a rule. */
export function metricsIntake(scope: Construct, { placement, namePrefix, suffix, role }: MetricsIntakeProps): MetricsIntake {
  ['Microsoft.AlertsManagement', 'Microsoft.Monitor'].forEach((name) => needResourceProvider(scope, name));
  const workspaceId = new MonitorWorkspace(scope, 'Workspace', {
    ...placement, name: partName(scope, 'monitorWorkspace', suffixed(namePrefix, suffix, 44, NO_DOTS), role), publicNetworkAccessEnabled: true,
  }).id;
  const endpoint = new MonitorDataCollectionEndpoint(scope, 'Endpoint', {
    ...placement, kind: 'Linux', name: partName(scope, 'dataCollectionEndpoint', suffixed(namePrefix, suffix, 44, NO_DOTS), role), publicNetworkAccessEnabled: true,
  });
  const rule = new MonitorDataCollectionRule(scope, 'Rule', {
    ...placement,
    name: partName(scope, 'dataCollectionRule', suffixed(namePrefix, suffix, 64), role),
    kind: 'Linux',
    dataCollectionEndpointId: endpoint.id,
    dataSources: { prometheusForwarder: [{ name: 'prometheus', streams: [STREAM] }] },
    destinations: { monitorAccount: [{ name: DESTINATION, monitorAccountId: workspaceId }] },
    dataFlow: [{ streams: [STREAM], destinations: [DESTINATION] }],
  });
  return {
    workspaceId,
    collectionRuleId: rule.id,
    writeUrl: `${endpoint.metricsIngestionEndpoint}/dataCollectionRules/${rule.immutableId}/streams/${STREAM}/api/v1/write?api-version=2023-04-24`,
  };
}
