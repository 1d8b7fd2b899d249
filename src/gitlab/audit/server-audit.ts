import { Construct } from 'constructs';
import { LogSource, sendLogs } from '../../azure/logs/diagnostic-setting';
import { logWorkspace } from '../../azure/logs/log-workspace';
import { Placement } from '../../azure/place/placement';

export interface ServerAuditProps {
  readonly placement: Placement;
  readonly machineName: string;
  /** A workspace that exists; else one is made. */
  readonly logAnalyticsWorkspaceId?: string;
  readonly logRetentionDays: number;
  readonly preventDestroy: boolean;
  readonly logSources: readonly LogSource[];
}

/** Has it recorded who reads and changes the secrets and the backups. */
export class ServerAudit extends Construct {
  constructor(scope: Construct, id: string, props: ServerAuditProps) {
    super(scope, id);
    const logAnalyticsWorkspaceId = props.logAnalyticsWorkspaceId
      ?? logWorkspace(this, 'Logs', {
        ...props.placement, name: props.machineName, retentionInDays: props.logRetentionDays, preventDestroy: props.preventDestroy,
      });
    props.logSources.forEach(({ id: source, ...target }) => sendLogs(this, source, { ...target, logAnalyticsWorkspaceId }));
  }
}
