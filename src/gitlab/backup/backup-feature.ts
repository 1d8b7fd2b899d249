import { BACKUP, backupPlan } from './backup-plan';
import { backupSetUp } from './backup-set-up';
import { BackupStorage } from './backup-storage';
import { judgeUpload } from './raw-backup';
import { platformName } from '../../azure/names/part-names';
import { struct } from '../../private/rules/rule';
import { ValidationError } from '../../private/validation-error';
import { Feature } from '../private/feature';

/** The logs of blobs, in Azure's words. */
const BLOB_LOGS = ['StorageRead', 'StorageWrite', 'StorageDelete'];

export const BACKUP_FEATURE = {
  rules: { backup: struct(BACKUP) },
  together(at, { backup, omnibusSettings }) {
    const path: unknown = backup && omnibusSettings?.gitlab_rails?.backup_path;
    if (path !== undefined && path !== null) {
      throw new ValidationError(at('backup').where, {
        prop: 'omnibusSettings.gitlab_rails.backup_path', problem: 'set together with backup', got: path, remedy: 'leave one of the two out',
      });
    }
  },
  plan({ backup: options, omnibusSettings, preventDestroy, privateEndpoints }) {
    const findings = judgeUpload(omnibusSettings ?? {});
    if (!options) {
      return { findings, create: ({ endpoint, hosts }) => ({ setUp: backupSetUp(undefined, endpoint, hosts) }) };
    }
    const backup = backupPlan(options);
    return {
      findings,
      create({ azure, endpoint, hosts, identity, keyUser, placement, server }) {
        const storage = new BackupStorage(server, 'Backup', {
          placement, backup, preventDestroy, privateEndpoints, keyUser,
          role: 'backup',
          accountName: backup.storageAccountName ?? platformName(server, 'storageAccount', 'backup') ?? azure.uniqueName(server, 'gitlabbackup'),
          principalId: identity.principalId,
        });
        return {
          usable: storage.usable,
          logSources: [{ id: 'Backup', targetResourceId: `${storage.accountId}/blobServices/default`, categories: BLOB_LOGS }],
          setUp: backupSetUp(storage.target, endpoint, hosts),
          outputs: [{
            id: 'BackupListCommand',
            description: 'Lists the backups, the latest last. It needs the role "Storage Blob Data Reader" on the storage account.',
            value: `az storage blob list --account-name ${storage.accountName} --container-name ${backup.containerName} `
              + '--auth-mode login --query [].name --output tsv',
          }],
          attributes: {
            backupStorageAccountName: storage.accountName,
            _watchedBackup: {
              accountId: storage.accountId, accountName: storage.accountName, containerName: backup.containerName, schedule: backup.schedule,
            },
          },
        };
      },
    };
  },
} satisfies Feature;
