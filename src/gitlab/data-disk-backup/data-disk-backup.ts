import { DataProtectionBackupInstanceDisk } from '@cdktf/provider-azurerm/lib/data-protection-backup-instance-disk';
import { DataProtectionBackupPolicyDisk } from '@cdktf/provider-azurerm/lib/data-protection-backup-policy-disk';
import { DataProtectionBackupVault } from '@cdktf/provider-azurerm/lib/data-protection-backup-vault';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { Fn, Op, Token } from 'cdktf';
import { Construct } from 'constructs';
import { DataDiskBackupPlan } from './data-disk-backup-plan';
import { spreadingTime } from '../../azure/access/spreading-time';
import { Placement } from '../../azure/place/placement';
import { known } from '../../private/rules/subject';

/** What Azure Backup names for a role of a vault to count. What comes earlier is not refused, but stays in a state of error. */
const SPREADING_SECONDS = 900;

export interface DataDiskBackupProps {
  readonly placement: Placement;
  readonly backup: DataDiskBackupPlan;
  readonly vaultName: string;
  readonly resourceGroupName: string;
  readonly diskId: string;
  readonly preventDestroy: boolean;
}

/** The vault that has snapshots of the data disk taken and deleted, and the resource group that they lie in. */
export class DataDiskBackup extends Construct {
  public readonly vaultId: string;
  public readonly resourceGroupName: string;

  constructor(scope: Construct, id: string, { placement, backup, vaultName, resourceGroupName, diskId, preventDestroy }: DataDiskBackupProps) {
    super(scope, id);
    const { location, tags } = placement;
    const lifecycle = { preventDestroy };
    // nothing here refers to the server's group: the policy's way of being replaced passes on to all that it refers to.
    const group = new ResourceGroup(this, 'ResourceGroup', {
      name: resourceGroupName, location, tags, lifecycle,
    });
    const vault = new DataProtectionBackupVault(this, 'Vault', {
      name: vaultName,
      resourceGroupName: group.name,
      location,
      tags,
      // the vault only manages: Azure copies no snapshot into it, so its own redundancy counts for nothing.
      datastoreType: 'VaultStore',
      redundancy: 'LocallyRedundant',
      // on for good could never be undone, and immutability does not cover snapshots.
      softDelete: 'On',
      retentionDurationInDays: backup.deletedRetentionDays,
      identity: { type: 'SystemAssigned' },
      lifecycle,
    });
    const principal = { principalId: vault.identity.principalId, principalType: 'ServicePrincipal' };
    const spread = spreadingTime(this, SPREADING_SECONDS, [
      new RoleAssignment(this, 'DiskReader', { ...principal, roleDefinitionName: 'Disk Backup Reader', scope: diskId }),
      new RoleAssignment(this, 'SnapshotContributor', { ...principal, roleDefinitionName: 'Disk Snapshot Contributor', scope: group.id }),
    ]);
    new DataProtectionBackupInstanceDisk(this, 'Resource', {
      name: 'data-disk',
      location,
      vaultId: vault.id,
      diskId,
      snapshotResourceGroupName: group.name,
      backupPolicyId: this.createPolicy(vault, backup).id,
      dependsOn: [spread],
      lifecycle,
    });
    this.vaultId = vault.id;
    this.resourceGroupName = group.name;
  }

  /** Azure changes no policy. Another one gets another name, is there before the disk is assigned to it, and only then does the old one go. */
  private createPolicy(vault: DataProtectionBackupVault, backup: DataDiskBackupPlan): DataProtectionBackupPolicyDisk {
    const { intervalHours, startTime, retentionDays } = backup;
    const clock = known(startTime) ? startTime.replace(':', '') : Fn.replace(startTime, ':', '');
    return new DataProtectionBackupPolicyDisk(this, 'Policy', {
      name: `every-${digits(intervalHours)}h-from-${clock}-for-${digits(retentionDays)}d`,
      vaultId: vault.id,
      // the day that it is counted from has to be some day that is over.
      backupRepeatingTimeIntervals: [`R/2026-01-01T${startTime}:00+00:00/${period(intervalHours)}`],
      defaultRetentionDuration: `P${digits(retentionDays)}D`,
      lifecycle: { createBeforeDestroy: true },
    });
  }
}

/** A number within a text: cdktf does not find its token there behind a hyphen. */
function digits(value: number): string {
  return known(value) ? `${value}` : Token.asString(Fn.tostring(value));
}

/** Azure knows hours and a day. */
function period(hours: number): string {
  if (known(hours)) {
    return hours === 24 ? 'P1D' : `PT${hours}H`;
  }
  return Token.asString(Fn.conditional(Op.eq(hours, 24), 'P1D', Fn.format('PT%sH', [hours])));
}
