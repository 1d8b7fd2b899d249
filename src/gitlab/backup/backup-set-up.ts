import { AzureCloud } from '../../azure/azure-cloud';
import { CloudHosts } from '../../azure/place/cloud-hosts';
import { ServerEndpoint } from '../endpoint/server-endpoint';
import { addressParameters } from '../set-up/bootstrap';
import { flag, SetUpPart } from '../set-up/set-up-part';

/** Where backups go, and when. */
export interface BackupTarget {
  readonly accountName: string;
  readonly containerName: string;
  readonly secretsContainerName: string;
  readonly schedule: string;
  readonly excludedParts: readonly string[];
}

/** A step of its own, so that a backup more or less leaves the other steps alone. Without backups, that of GitLab still takes back the timer of earlier ones. */
export function backupSetUp(backup: BackupTarget | undefined, endpoint: ServerEndpoint, hosts: CloudHosts): SetUpPart {
  return {
    inSteps: { gitlab: { scripts: ['upgrade-backup.sh'], parameters: { BACKUP: flag(backup !== undefined) } } },
    steps: backup && [{
      name: 'backup',
      scripts: ['readiness.sh', 'blob.sh', 'backup-release.sh', 'backup-parts.sh', 'restore.sh'],
      parameters: {
        ...addressParameters(endpoint),
        // as with KEY_VAULT_DOMAIN, the public cloud's is the script's own.
        BLOB_DOMAIN: hosts.cloud === AzureCloud.PUBLIC ? undefined : hosts.blobStorage,
        BACKUP_ACCOUNT: backup.accountName,
        BACKUP_CONTAINER: backup.containerName,
        SECRETS_CONTAINER: backup.secretsContainerName,
        BACKUP_SCHEDULE: backup.schedule,
        EXCLUDED_PARTS: backup.excludedParts.join(','),
      },
      standsAlone: true,
    }],
  };
}
