import { MonitorDataCollectionRule } from '@cdktf/provider-azurerm/lib/monitor-data-collection-rule';
import { MonitorDataCollectionRuleAssociation } from '@cdktf/provider-azurerm/lib/monitor-data-collection-rule-association';
import { Construct } from 'constructs';
import { sendLogs } from '../../azure/logs/diagnostic-setting';
import { logWorkspace } from '../../azure/logs/log-workspace';
import { partName } from '../../azure/names/part-names';
import { suffixed } from '../../private/default-name';
import { AksAuditLogs } from '../aks-audit-logs';

/** The names that Azure's agent and portal look for. */
const EXTENSION = 'ContainerInsightsExtension';
const STREAMS = ['Microsoft-ContainerInsights-Group-Default'];
const DESTINATION = 'workspace';

/** The control plane's logs, in Azure's words. */
const AUDIT_CATEGORIES: { readonly [logs in AksAuditLogs]: readonly string[] } = {
  [AksAuditLogs.NONE]: [],
  [AksAuditLogs.CHANGES]: ['kube-audit-admin', 'guard'],
  [AksAuditLogs.ALL]: ['kube-audit', 'guard'],
};

export interface ClusterMonitoringProps {
  readonly name: string;
  readonly location: string;
  readonly resourceGroupName: string;
  readonly tags?: { [key: string]: string };
  /** A workspace that exists; else one is made. */
  readonly logAnalyticsWorkspaceId?: string;
  readonly logRetentionDays: number;
  readonly preventDestroy: boolean;
  /** Whether the containers' logs and metrics go there. */
  readonly containerInsightsEnabled: boolean;
  readonly auditLogs: AksAuditLogs;
}

/** Where the cluster's logs and metrics go. The add-on alone collects nothing: it needs a rule, and the rule bound to the cluster. */
export class ClusterMonitoring extends Construct {
  public readonly workspaceId: string;
  /** The settings of the add-on, if there is to be one. */
  public readonly omsAgent?: { readonly logAnalyticsWorkspaceId: string; readonly msiAuthForMonitoringEnabled: boolean };
  private readonly rule?: MonitorDataCollectionRule;

  constructor(scope: Construct, id: string, private readonly props: ClusterMonitoringProps) {
    super(scope, id);
    const place = { location: props.location, resourceGroupName: props.resourceGroupName, tags: props.tags };
    this.workspaceId = props.logAnalyticsWorkspaceId
      ?? logWorkspace(this, 'Workspace', { ...place, name: props.name, retentionInDays: props.logRetentionDays, preventDestroy: props.preventDestroy });
    if (!props.containerInsightsEnabled) {
      return;
    }
    this.omsAgent = { logAnalyticsWorkspaceId: this.workspaceId, msiAuthForMonitoringEnabled: true };
    this.rule = new MonitorDataCollectionRule(this, 'Rule', {
      name: partName(this, 'dataCollectionRule', suffixed(props.name, '-container-insights', 64)),
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

  /** Binds the rule to the cluster, and has the control plane send its logs. */
  public collectFrom(clusterId: string): void {
    if (this.rule) {
      new MonitorDataCollectionRuleAssociation(this, 'Association', {
        name: EXTENSION,
        targetResourceId: clusterId,
        dataCollectionRuleId: this.rule.id,
      });
    }
    const categories = AUDIT_CATEGORIES[this.props.auditLogs];
    if (categories.length > 0) {
      sendLogs(this, 'Audit', { targetResourceId: clusterId, logAnalyticsWorkspaceId: this.workspaceId, categories, dedicatedTables: true });
    }
  }
}
