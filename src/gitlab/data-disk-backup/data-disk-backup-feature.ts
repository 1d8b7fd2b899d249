import { DataDiskBackup } from './data-disk-backup';
import { checkSnapshotsFit, DATA_DISK_BACKUP, dataDiskBackupPlan } from './data-disk-backup-plan';
import { partName, platformName } from '../../azure/names/part-names';
import { isSameName } from '../../azure/names/same-name';
import { defaultName } from '../../private/default-name';
import { struct } from '../../private/rules/rule';
import { ValidationError } from '../../private/validation-error';
import { Feature } from '../private/feature';

export const DATA_DISK_BACKUP_FEATURE = {
  rules: { dataDiskBackup: struct(DATA_DISK_BACKUP) },
  together(at, { dataDiskBackup, resourceGroup }) {
    const group = dataDiskBackup?.resourceGroupName;
    if (isSameName(group, resourceGroup?._name)) {
      throw new ValidationError(at('dataDiskBackup').where, {
        prop: 'dataDiskBackup.resourceGroupName', problem: 'the server\'s resource group', got: group,
        remedy: 'give another name: snapshots that Azure keeps would keep the server\'s group from being deleted',
      });
    }
  },
  plan({ dataDiskBackup: options, dataDiskType, preventDestroy }) {
    if (!options) {
      return {};
    }
    const backup = dataDiskBackupPlan(options, dataDiskType);
    return {
      check: (scope) => checkSnapshotsFit(scope, backup, dataDiskType),
      createForMachine({ placement, server, azure }, { dataDiskId }) {
        const { resourceGroupName, vaultId } = new DataDiskBackup(server, 'DataDiskBackup', {
          placement, backup, preventDestroy,
          vaultName: backup.vaultName ?? partName(server, 'backupVault', 'gitlab-data-disk'),
          resourceGroupName: backup.resourceGroupName ?? platformName(server, 'resourceGroup', 'snapshots') ?? defaultName(server, 90, '-datadiskbackup-rg'),
          diskId: dataDiskId,
        });
        return {
          outputs: [{
            id: 'SnapshotListCommand',
            description: 'Lists the snapshots of the data disk, the latest last.',
            value: `az snapshot list --resource-group ${resourceGroupName}${azure.cliSubscription} --query "sort_by([], &timeCreated)[].[timeCreated, name]" --output tsv`,
          }],
          attributes: { dataDiskBackupVaultId: vaultId },
        };
      },
    };
  },
} satisfies Feature;
