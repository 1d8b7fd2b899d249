// Microsoft.DataProtection: backup vaults, their policies for disks, and disks put under them. A disk's first snapshot is there at once.
// What is refused is what Microsoft's documentation says, with the codes that users report; those for a vault that is not empty and for a disk that
// is soft-deleted are not among them. Not checked: schedules, expiry, jobs, restores, immutability, soft-deleted vaults, and how soon Azure lets go of a policy.
import { parentId } from './arm-id';
import { hasRole } from './authorization';
import { AzureError } from './azure-error';
import { Arm } from './core';
import { uuidOf } from './login';
import { Resource } from './resource';

const VAULT = 'Microsoft.DataProtection/backupVaults';
const POLICY = `${VAULT}/backupPolicies`;
const INSTANCE = `${VAULT}/backupInstances`;
const DELETED = `${VAULT}/deletedBackupInstances`;

/** @param spreadMs how long a role takes to count */
export function addDataProtection(arm: Arm, spreadMs: () => number): void {
  const invalid = () => {
    throw new AzureError(400, 'BMSUserErrorInvalidInput', 'The User input provided for the call is invalid');
  };
  /** What the vault may not do with a disk and its snapshots. */
  const missing = ({ id, properties }: { id: string; properties: any }): string | undefined => {
    const principal = arm.find(parentId(id))?.identity?.principalId;
    if (!hasRole(arm, principal, ['Disk Backup Reader'], properties.dataSourceInfo.resourceID, spreadMs())) {
      return 'UserErrorDiskBackupDiskOrMSIPermissionsNotPresent';
    }
    return hasRole(arm, principal, ['Disk Snapshot Contributor'], snapshotGroup(properties), spreadMs())
      ? undefined : 'UserErrorDiskBackupSnapshotRGOrMSIPermissionsNotPresent';
  };
  arm.add(
    {
      type: VAULT,
      slow: true,
      check({ path, body }) {
        const { retentionDurationInDays: days } = body.properties.securitySettings.softDeleteSettings;
        if (!/^[A-Za-z][A-Za-z0-9-]{1,49}$/.test(path.names[0]) || !(days >= 14 && days <= 180)) {invalid();}
      },
      fill(resource) {
        resource.identity = { ...resource.identity, principalId: uuidOf(`${resource.id} identity`), tenantId: uuidOf('tenant') };
      },
      checkDelete({ id }) {
        if ([POLICY, INSTANCE, DELETED].some((type) => arm.list(type, `${id}/`).length > 0)) {
          throw new AzureError(400, 'UserErrorVaultNotEmpty', 'Cannot delete the Backup vault as there are existing backup instances or backup policies in the vault. '
            + 'Delete all backup instances and backup policies that are present in the vault and then try deleting the vault.');
        }
      },
    },
    {
      type: POLICY,
      created: 200,
      stateless: true,
      check({ path, body }) {
        const [interval] = body.properties.policyRules.flatMap(({ trigger }: any) => trigger?.schedule.repeatingTimeIntervals ?? []);
        const [, hours = 24] = /^R\/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00\/(?:PT(1|2|4|6|8|12)H|P1D)$/.exec(interval) ?? invalid()!;
        const [days] = body.properties.policyRules.flatMap(({ lifecycles }: any) => lifecycles ?? []).map(({ deleteAfter }: any) => /^P(\d+)D$/.exec(deleteAfter.duration)?.[1]);
        if (!/^[A-Za-z0-9-]{3,150}$/.test(path.names.at(-1)!) || !(days >= 1 && days * 24 / Number(hours) <= 450)) {invalid();}
      },
      checkDelete({ id }) {
        if (arm.list(INSTANCE).some(({ properties }) => properties.policyInfo.policyId.toLowerCase() === id.toLowerCase())) {
          throw new AzureError(400, 'UserErrorDppPolicyObjectInUse',
            'Cannot delete the backup policy as one or more backup instances have been configured for protection with this policy.');
        }
      },
    },
    {
      type: INSTANCE,
      slow: true,
      check({ id, body: { properties } }) {
        [properties.dataSourceInfo.resourceID, properties.policyInfo.policyId, snapshotGroup(properties)].forEach((needed) => arm.checkReady(needed));
        const disk = properties.dataSourceInfo.resourceID.toLowerCase();
        const other = [...arm.list(INSTANCE), ...arm.list(DELETED, `${parentId(id)}/`)]
          .find((one) => one.id.toLowerCase() !== id.toLowerCase() && one.properties.dataSourceInfo.resourceID.toLowerCase() === disk);
        if (other) {
          throw new AzureError(400, 'UserErrorDppDatasourceAlreadyHasBackupInstance',
            'The disk you are trying to configure backup is already being protected. Disk is already associated with a backup instance in a Backup vault.');
        }
      },
      // what lacks a role is taken all the same, and ends in a state of error.
      fill(resource, _, before) {
        const code = missing(resource);
        const status = code ? 'ProtectionError' : 'ProtectionConfigured';
        Object.assign(resource.properties, {
          objectType: 'BackupInstance', currentProtectionState: status, protectionStatus: { status, ...code ? { errorDetails: { code } } : {} },
        });
        if (!code && !before) {
          const { resourceID, resourceName, resourceLocation: location } = resource.properties.dataSourceInfo;
          arm.put(`${snapshotGroup(resource.properties)}/providers/Microsoft.Compute/snapshots/AzureBackup_${resourceName}`, {
            location, properties: { incremental: true, creationData: { createOption: 'Copy', sourceResourceId: resourceID } },
          });
        }
      },
      checkDelete(resource) {
        const code = missing(resource);
        if (code) {
          throw new AzureError(400, code, 'the vault\'s identity has lost a role that it needs to delete snapshots');
        }
      },
      gone({ id, name, properties }) {
        if (arm.find(parentId(id))) {
          arm.put(`${parentId(id)}/deletedBackupInstances/${name}`, { properties });
        }
      },
    },
    { type: DELETED, stateless: true },
  );
}

/** What Azure does when the days are over for which it keeps what was deleted. */
export function endSoftDelete(arm: Arm): void {
  arm.list(DELETED).forEach(({ id, properties }: Resource) => {
    arm.remove(id);
    [...arm.stored.keys()].filter((key) => key.startsWith(`${snapshotGroup(properties).toLowerCase()}/providers/microsoft.compute/snapshots/`)).forEach((key) => arm.remove(key));
  });
}

function snapshotGroup({ policyInfo }: any): string {
  return policyInfo.policyParameters.dataStoreParametersList[0].resourceGroupId;
}
