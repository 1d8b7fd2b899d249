import { Construct } from 'constructs';
import { sendLogs } from '../../azure/private/diagnostic-setting';
import { logWorkspace } from '../../azure/private/log-workspace';
import { Placement } from '../../azure/private/placement';

/** The logs of each kind of resource, in Azure's words. */
const VAULT_LOGS = ['AuditEvent'];
const BLOB_LOGS = ['StorageRead', 'StorageWrite', 'StorageDelete'];

export interface ServerAuditProps {
  readonly placement: Placement;
  readonly machineName: string;
  /** A workspace that exists; else one is made. */
  readonly logAnalyticsWorkspaceId?: string;
  readonly logRetentionDays: number;
  readonly serverVaultId: string;
  readonly runnerVaultId: string;
  readonly backupAccountId?: string;
}

/** Has it recorded who reads and changes the secrets and the backups. */
export class ServerAudit extends Construct {
  constructor(scope: Construct, id: string, props: ServerAuditProps) {
    super(scope, id);
    const logAnalyticsWorkspaceId = props.logAnalyticsWorkspaceId
      ?? logWorkspace(this, 'Logs', { ...props.placement, name: props.machineName, retentionInDays: props.logRetentionDays });
    const send = (target: string, targetResourceId: string, categories: readonly string[]) =>
      sendLogs(this, target, { targetResourceId, logAnalyticsWorkspaceId, categories });
    send('ServerVault', props.serverVaultId, VAULT_LOGS);
    send('RunnerVault', props.runnerVaultId, VAULT_LOGS);
    if (props.backupAccountId !== undefined) {
      send('Backup', `${props.backupAccountId}/blobServices/default`, BLOB_LOGS);
    }
  }
}
