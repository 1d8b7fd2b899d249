import { LinuxVirtualMachine } from '@cdktf/provider-azurerm/lib/linux-virtual-machine';
import { ManagedDisk } from '@cdktf/provider-azurerm/lib/managed-disk';
import { VirtualMachineDataDiskAttachment } from '@cdktf/provider-azurerm/lib/virtual-machine-data-disk-attachment';
import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { GitLabMaintenanceWindow } from './gitlab-maintenance-window';
import { Patching } from './patching';
import { ManagedDiskType } from '../../azure/managed-disk-type';
import { partName, platformName } from '../../azure/private/part-names';
import { Placement } from '../../azure/private/placement';
import { SshPublicKey } from '../../azure/ssh-public-key';
import { UbuntuImage } from '../../azure/ubuntu-image';

/** Where the machine finds its data disk. */
export const DATA_DISK_LUN = 0;

export interface VirtualMachineProps {
  readonly placement: Placement;
  readonly name: string;
  readonly size: string;
  readonly zone?: string;
  readonly image: UbuntuImage;
  readonly adminUsername: string;
  readonly sshPublicKey: SshPublicKey;
  readonly osDiskSizeGb: number;
  readonly osDiskType: ManagedDiskType;
  readonly dataDiskSizeGb: number;
  readonly dataDiskType: ManagedDiskType;
  readonly dataDiskIops?: number;
  readonly dataDiskMegabytesPerSecond?: number;
  readonly interfaceId: string;
  readonly identityIds: string[];
  /** What the identities may do, which has to have spread before the first script asks for it. */
  readonly roles: ITerraformDependable[];
  readonly maintenanceWindow: Required<GitLabMaintenanceWindow>;
  readonly hostEncryptionEnabled?: boolean;
  readonly diskEncryptionSetId?: string;
  readonly preventDestroy: boolean;
  readonly preventReplacement: boolean;
}

/** The machine and the disk that outlives it. */
export class VirtualMachine extends Construct {
  public readonly machineId: string;
  public readonly dataDiskId: string;
  public readonly attachment: ITerraformDependable;

  constructor(scope: Construct, id: string, private readonly props: VirtualMachineProps) {
    super(scope, id);
    const machine = this.createMachine();
    const disk = this.createDataDisk();
    this.machineId = machine.id;
    this.dataDiskId = disk.id;
    this.attachment = new VirtualMachineDataDiskAttachment(this, 'DataDiskAttachment', {
      virtualMachineId: machine.id,
      managedDiskId: disk.id,
      lun: DATA_DISK_LUN,
      caching: 'None',
    });
    new Patching(this, 'Patching', {
      placement: props.placement, machineName: props.name, machineId: machine.id, window: props.maintenanceWindow,
    });
  }

  private createMachine(): LinuxVirtualMachine {
    const { props } = this;
    return new LinuxVirtualMachine(this, 'Resource', {
      ...props.placement,
      name: props.name,
      size: props.size,
      zone: props.zone,
      networkInterfaceIds: [props.interfaceId],
      adminUsername: props.adminUsername,
      disablePasswordAuthentication: true,
      adminSshKey: [{ username: props.adminUsername, publicKey: props.sshPublicKey._expression }],
      // unnamed unless a platform's naming has a name: it is a reason more to replace the machine.
      osDisk: {
        name: platformName(this, 'osDisk'), caching: 'ReadWrite', storageAccountType: props.osDiskType, diskSizeGb: props.osDiskSizeGb,
        diskEncryptionSetId: props.diskEncryptionSetId,
      },
      sourceImageReference: {
        publisher: props.image.publisher, offer: props.image.offer, sku: props.image.sku, version: props.image.version,
      },
      secureBootEnabled: true,
      vtpmEnabled: true,
      encryptionAtHostEnabled: props.hostEncryptionEnabled,
      identity: { type: 'UserAssigned', identityIds: props.identityIds },
      patchMode: 'AutomaticByPlatform',
      patchAssessmentMode: 'AutomaticByPlatform',
      rebootSetting: 'IfRequired',
      // Azure's own schedule would come at any hour: the window of `Patching` takes its place.
      bypassPlatformSafetyChecksOnUserScheduleEnabled: true,
      bootDiagnostics: {},
      // bounds the run commands together with their own time limits.
      extensionsTimeBudget: 'PT2H',
      dependsOn: props.roles,
      lifecycle: {
        preventDestroy: props.preventDestroy && props.preventReplacement,
        // azure refuses another key on a machine that exists, and a file may differ from one person's home to the next.
        ignoreChanges: ['admin_ssh_key', ...this.keysKept('os_disk[0].disk_encryption_set_id')],
      },
    });
  }

  private createDataDisk(): ManagedDisk {
    const { props } = this;
    const zonal = !props.dataDiskType.endsWith('_ZRS');
    return new ManagedDisk(this, 'DataDisk', {
      ...props.placement,
      name: partName(this, 'dataDisk', `${props.name}-data`, 'data'),
      createOption: 'Empty',
      storageAccountType: props.dataDiskType,
      diskSizeGb: props.dataDiskSizeGb,
      diskIopsReadWrite: props.dataDiskIops,
      diskMbpsReadWrite: props.dataDiskMegabytesPerSecond,
      zone: zonal ? props.zone : undefined,
      diskEncryptionSetId: props.diskEncryptionSetId,
      // nobody downloads the disk past the machine.
      networkAccessPolicy: 'DenyAll',
      publicNetworkAccessEnabled: false,
      // a disk made from a snapshot may take this one's place under its name: where it came from is no reason to replace it.
      lifecycle: {
        preventDestroy: props.preventDestroy, ignoreChanges: ['create_option', 'source_resource_id', ...this.keysKept('disk_encryption_set_id')],
      },
    });
  }

  /** Azure never goes back to its own keys, and the provider stops the machine before it says so: without a set, disks keep the one they have. */
  private keysKept(argument: string): string[] {
    return this.props.diskEncryptionSetId === undefined ? [argument] : [];
  }
}
