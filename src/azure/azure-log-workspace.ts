import { armId } from './private/rules';
import { takeValue } from '../private/rules/rule';
import { integer } from '../private/rules/scalars';

/**
 * The Log Analytics workspace that logs are sent to.
 * @see https://learn.microsoft.com/azure/azure-monitor/logs/log-analytics-workspace-overview
 * @example
 * new AksCluster(stack, 'Recorded', { location: 'koreacentral', logWorkspace: AzureLogWorkspace.create(365) });
 */
export class AzureLogWorkspace {
  /**
   * A new workspace.
   * @param retentionDays how many days it keeps logs, 30 to 730.
   */
  static create(retentionDays: number): AzureLogWorkspace {
    return new AzureLogWorkspace(takeValue('AzureLogWorkspace.create', 'retentionDays', retentionDays, integer(30, 730)));
  }

  /**
   * A workspace that exists, such as one that an `AksCluster` has created (`logAnalyticsWorkspaceId`).
   * @param workspaceId the workspace's ARM id.
   */
  static existing(workspaceId: string): AzureLogWorkspace {
    const id = takeValue('AzureLogWorkspace.existing', 'workspaceId', workspaceId, armId('Microsoft.OperationalInsights/workspaces'));
    return new AzureLogWorkspace(undefined, id);
  }

  private constructor(
    /** @internal */
    public readonly _retentionDays?: number,
    /** @internal */
    public readonly _existingId?: string,
  ) {}
}
