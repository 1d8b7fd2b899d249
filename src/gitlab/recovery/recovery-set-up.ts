import { AzureCloud } from '../../azure/azure-cloud';
import { CloudHosts } from '../../azure/place/cloud-hosts';
import { ServerEndpoint } from '../endpoint/server-endpoint';
import { secretsContainerOf } from '../private/backup-container';
import { addressParameters } from '../set-up/bootstrap';
import { FeatureStep, SetUpPart } from '../set-up/set-up-part';

/** The backup to begin with, and the release that the server is to have. */
export interface RecoverySource {
  readonly accountName: string;
  readonly containerName: string;
  readonly secondary: boolean;
  readonly backup: string;
  readonly edition: string;
  readonly version: string;
}

/** A step that chooses the backup before GitLab is installed, since its version is the one to install, and one that restores it before there are runners. */
export function recoverySetUp(source: RecoverySource, endpoint: ServerEndpoint, hosts: CloudHosts, serverVaultName: string): SetUpPart {
  const place = {
    BLOB_DOMAIN: hosts.cloud === AzureCloud.PUBLIC ? undefined : hosts.blobStorage,
    BACKUP_ACCOUNT: `${source.accountName}${source.secondary ? '-secondary' : ''}`,
    BACKUP_CONTAINER: source.containerName,
    SECRETS_CONTAINER: secretsContainerOf(source.containerName),
    BACKUP_NAME: source.backup,
    EDITION: source.edition,
    VERSION: source.version,
  };
  const choice: FeatureStep = { name: 'backup-choice', scripts: ['blob.sh', 'backup-release.sh', 'backup-parts.sh', 'chosen-backup.sh'], parameters: place, aside: true };
  const recovery: FeatureStep = {
    name: 'recovery',
    scripts: ['readiness.sh', 'blob.sh', 'backup-release.sh', 'backup-parts.sh', 'chosen-backup.sh', 'restore.sh', 'vault-files.sh', 'gitlab-secrets.sh'],
    parameters: { ...place, ...addressParameters(endpoint), SERVER_VAULT: serverVaultName },
    aside: true,
  };
  return { stepsBeforeGitlab: () => [choice], stepsBeforeRunners: [recovery] };
}
