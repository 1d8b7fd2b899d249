import { Construct } from 'constructs';
import { logPanels, Panel, serverPanels } from './dashboard-panels';
import { metricAlert } from './metric-alert';
import { OutsideTest } from './outside-test';
import { backupFailedQuery, backupMissingQuery, certificateQuery, unreachableQuery } from './queries';
import { queryAlert } from './query-alert';
import { ServerMetrics } from './server-metrics';
import { sendLogs } from '../../azure/logs/diagnostic-setting';
import { logWorkspace } from '../../azure/logs/log-workspace';
import { Placement } from '../../azure/place/placement';
import { StackClouds } from '../../azure/place/stack-clouds';
import { WatchedBackup } from '../../gitlab/private/watched-server';
import { SelfHostedGitLab } from '../../gitlab/self-hosted-gitlab';

/** As long as Azure keeps records without a charge of their own. */
const RETENTION_DAYS = 30;

export interface ServerAlertsProps {
  readonly placement: Placement;
  readonly namePrefix: string;
  readonly actionGroupId: string;
  readonly gitlab: SelfHostedGitLab;
  readonly metricsEnabled: boolean;
  readonly outsideTestEnabled: boolean;
  readonly certificateTestEnabled: boolean;
}

/** The alerts of one server. What they look at is in a workspace of their own, since a rule has to be in its workspace's region. */
export class ServerAlerts extends Construct {
  /** What there is to show of the server. */
  public readonly panels: Panel[] = [];

  constructor(scope: Construct, id: string, private readonly props: ServerAlertsProps) {
    super(scope, id);
    const { gitlab, placement, namePrefix, actionGroupId } = props;
    const { resourceGroupName, tags } = placement;
    metricAlert(this, 'MachineUnavailable', {
      namePrefix, actionGroupId, resourceGroupName, tags,
      targetId: gitlab.virtualMachineId,
      criteria: {
        metricNamespace: 'Microsoft.Compute/virtualMachines', metricName: 'VmAvailabilityMetric', aggregation: 'Average', operator: 'LessThan', threshold: 0.5,
      },
    });
    const { loadBalancerId } = gitlab._watched;
    if (loadBalancerId !== undefined) {
      metricAlert(this, 'NodeUnavailable', {
        namePrefix, actionGroupId, resourceGroupName, tags,
        targetId: loadBalancerId,
        criteria: {
          metricNamespace: 'Microsoft.Network/loadBalancers', metricName: 'DipAvailability', aggregation: 'Average', operator: 'LessThan', threshold: 50,
          // each node by itself.
          dimension: [{ name: 'BackendIPAddress', operator: 'Include', values: ['*'] }],
        },
      });
    }
    if (props.metricsEnabled) {
      const { workspaceId } = new ServerMetrics(this, 'Metrics', { placement, namePrefix, actionGroupId, gitlab });
      this.panels.push(...serverPanels(workspaceId));
    }
    if (props.outsideTestEnabled || gitlab._watchedBackup) {
      const workspaceId = logWorkspace(this, 'Logs', { ...placement, name: namePrefix, retentionInDays: RETENTION_DAYS, preventDestroy: false });
      const testName = props.outsideTestEnabled ? this.watchFromOutside(workspaceId) : undefined;
      this.panels.push(...logPanels(workspaceId, testName, gitlab._watchedBackup));
      if (gitlab._watchedBackup) {
        this.watchBackups(workspaceId, gitlab._watchedBackup);
      }
    }
  }

  /** @returns the name of the test that tells whether GitLab is there */
  private watchFromOutside(workspaceId: string): string {
    const { placement, namePrefix, actionGroupId, gitlab, certificateTestEnabled } = this.props;
    const test = new OutsideTest(this, 'OutsideTest', {
      placement, namePrefix, workspaceId, certificateTestEnabled, gitlabUrl: gitlab.gitlabUrl, cloud: StackClouds.of(this).hosts.cloud,
    });
    const common = { placement, namePrefix, actionGroupId, workspaceId };
    queryAlert(this, 'GitLabUnreachable', {
      ...common, query: unreachableQuery(test.testName, gitlab._watched.maintenanceWindow), frequency: 'PT5M', window: 'PT15M',
    });
    if (test.certificateTestName !== undefined) {
      queryAlert(this, 'CertificateExpiring', {
        ...common, query: certificateQuery(test.testName, test.certificateTestName), frequency: 'PT1H', window: 'PT1H',
      });
    }
    return test.testName;
  }

  private watchBackups(logAnalyticsWorkspaceId: string, backup: WatchedBackup): void {
    const { placement, namePrefix, actionGroupId } = this.props;
    sendLogs(this, 'BackupLogs', {
      name: 'alerts', targetResourceId: `${backup.accountId}/blobServices/default`, logAnalyticsWorkspaceId, categories: ['StorageWrite'],
    });
    const common = { placement, namePrefix, actionGroupId, workspaceId: logAnalyticsWorkspaceId, window: 'P2D' };
    queryAlert(this, 'BackupMissing', { ...common, query: backupMissingQuery(backup), frequency: 'PT1H' });
    queryAlert(this, 'BackupFailed', { ...common, query: backupFailedQuery(backup), frequency: 'PT15M' });
  }
}
