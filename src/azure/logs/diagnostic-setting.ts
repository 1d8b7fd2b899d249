import { MonitorDiagnosticSetting } from '@cdktf/provider-azurerm/lib/monitor-diagnostic-setting';
import { Construct } from 'constructs';

export interface DiagnosticSettingProps {
  /**
   * What tells it from others of the same target.
   * @default 'audit'
   */
  readonly name?: string;
  /** What writes the logs. */
  readonly targetResourceId: string;
  readonly logAnalyticsWorkspaceId: string;
  /** Which of the target's logs, in Azure's words. */
  readonly categories: readonly string[];
  /** Whether to ask for tables of the target's own. Where Azure gives no choice it tells none back, and every plan would ask again. */
  readonly dedicatedTables?: boolean;
}

/** What writes logs about who read or changed it. */
export interface LogSource {
  /** The id of the setting's construct, in PascalCase. */
  readonly id: string;
  readonly targetResourceId: string;
  readonly categories: readonly string[];
}

/** Sends logs of a resource to a workspace. */
export function sendLogs(scope: Construct, id: string, props: DiagnosticSettingProps): MonitorDiagnosticSetting {
  return new MonitorDiagnosticSetting(scope, id, {
    name: props.name ?? 'audit',
    targetResourceId: props.targetResourceId,
    logAnalyticsWorkspaceId: props.logAnalyticsWorkspaceId,
    logAnalyticsDestinationType: props.dedicatedTables ? 'Dedicated' : undefined,
    enabledLog: props.categories.map((category) => ({ category })),
  });
}
