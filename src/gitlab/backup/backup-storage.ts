import { StorageManagementPolicy } from '@cdktf/provider-azurerm/lib/storage-management-policy';
import { Construct } from 'constructs';
import { BackupPlan } from './backup-plan';
import { BackupTarget } from './backup-set-up';
import { KeyUser } from '../../azure/access/key-user';
import { Placement } from '../../azure/place/placement';
import { PrivateEndpoints } from '../../azure/private-endpoints';
import { BlobStorage } from '../../azure/storage/blob-storage';
import { secretsContainerOf } from '../private/backup-container';

export interface BackupStorageProps {
  readonly placement: Placement;
  readonly accountName: string;
  readonly role: string;
  readonly backup: BackupPlan;
  readonly preventDestroy: boolean;
  readonly principalId: string;
  readonly privateEndpoints?: PrivateEndpoints;
  readonly keyUser?: KeyUser;
}

/** Where the backups go, and the rule that deletes old ones. */
export class BackupStorage extends BlobStorage {
  /** What the scripts have to know. */
  public readonly target: BackupTarget;

  constructor(scope: Construct, id: string, { backup, ...props }: BackupStorageProps) {
    const secretsContainerName = secretsContainerOf(backup.containerName);
    super(scope, id, {
      ...props,
      containers: { Container: backup.containerName, SecretsContainer: secretsContainerName },
      replication: backup.replication,
      deletedRetentionDays: backup.deletedRetentionDays,
    });
    this.target = { ...backup, accountName: this.accountName, secretsContainerName };
    new StorageManagementPolicy(this, 'Retention', {
      storageAccountId: this.accountId,
      rule: [{
        name: 'delete-old-backups',
        enabled: true,
        filters: { blobTypes: ['blockBlob'], prefixMatch: [`${backup.containerName}/`, `${secretsContainerName}/`] },
        actions: {
          baseBlob: { deleteAfterDaysSinceModificationGreaterThan: backup.retentionDays },
          // a backup that the rule deletes becomes an old version first.
          version: { deleteAfterDaysSinceCreation: backup.retentionDays },
        },
      }],
    });
  }
}
