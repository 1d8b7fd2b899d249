import { LogAnalyticsWorkspace } from '@cdktf/provider-azurerm/lib/log-analytics-workspace';
import { MonitorDataCollectionRule } from '@cdktf/provider-azurerm/lib/monitor-data-collection-rule';
import { MonitorDataCollectionRuleAssociation } from '@cdktf/provider-azurerm/lib/monitor-data-collection-rule-association';
import { Construct } from 'constructs';
import { suffixed } from '../../private/default-name';

/** The names that Azure's agent and portal look for. */
const EXTENSION = 'ContainerInsightsExtension';
const STREAMS = ['Microsoft-ContainerInsights-Group-Default'];
const DESTINATION = 'workspace';

export interface ClusterMonitoringProps {
  readonly name: string;
  readonly location: string;
  readonly resourceGroupName: string;
  readonly tags?: { [key: string]: string };
  /** A workspace that exists; else one is made. */
  readonly logAnalyticsWorkspaceId?: string;
  readonly logRetentionInDays: number;
}

/** Where the cluster's logs and metrics go. The add-on alone collects nothing: it needs a rule, and the rule bound to the cluster. */
export class ClusterMonitoring extends Construct {
  public readonly workspaceId: string;
  private readonly rule: MonitorDataCollectionRule;

  constructor(scope: Construct, id: string, props: ClusterMonitoringProps) {
    super(scope, id);
    const place = { location: props.location, resourceGroupName: props.resourceGroupName, tags: props.tags };
    this.workspaceId = props.logAnalyticsWorkspaceId ?? new LogAnalyticsWorkspace(this, 'Workspace', {
      name: suffixed(props.name, '-logs', 63, /^[A-Za-z0-9-]*$/),
      sku: 'PerGB2018',
      retentionInDays: props.logRetentionInDays,
      // the workspace's keys land in the state whether or not anybody wants them; this makes them useless.
      localAuthenticationEnabled: false,
      ...place,
    }).id;
    this.rule = new MonitorDataCollectionRule(this, 'Rule', {
      name: suffixed(props.name, '-container-insights', 64),
      kind: 'Linux',
      ...place,
      dataSources: {
        extension: [{
          name: EXTENSION,
          extensionName: 'ContainerInsights',
          streams: STREAMS,
          extensionJson: JSON.stringify({
            dataCollectionSettings: { interval: '1m', namespaceFilteringMode: 'Off', enableContainerLogV2: true },
          }),
        }],
      },
      destinations: { logAnalytics: [{ name: DESTINATION, workspaceResourceId: this.workspaceId }] },
      dataFlow: [{ streams: STREAMS, destinations: [DESTINATION] }],
    });
  }

  /** Binds the rule to the cluster. */
  public collectFrom(clusterId: string): void {
    new MonitorDataCollectionRuleAssociation(this, 'Association', {
      name: EXTENSION,
      targetResourceId: clusterId,
      dataCollectionRuleId: this.rule.id,
    });
  }
}
