import { ManagedDisk } from '@cdktf/provider-azurerm/lib/managed-disk';
import { VirtualMachineDataDiskAttachment } from '@cdktf/provider-azurerm/lib/virtual-machine-data-disk-attachment';
import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { GitLabMaintenanceWindow } from './gitlab-maintenance-window';
import { keyKept, linuxMachine, LinuxMachineProps } from './linux-machine';
import { Patching } from './patching';
import { ManagedDiskType } from '../../azure/managed-disk-type';
import { partName } from '../../azure/names/part-names';

/** Where the machine finds its data disk. */
export const DATA_DISK_LUN = 0;

export interface VirtualMachineProps extends Omit<LinuxMachineProps, 'role' | 'kept'> {
  readonly dataDiskSizeGb: number;
  readonly dataDiskType: ManagedDiskType;
  readonly dataDiskIops?: number;
  readonly dataDiskMegabytesPerSecond?: number;
  readonly maintenanceWindow: Required<GitLabMaintenanceWindow>;
  readonly preventReplacement: boolean;
}

/** The machine and the disk that outlives it. */
export class VirtualMachine extends Construct {
  public readonly machineId: string;
  public readonly dataDiskId: string;
  public readonly attachment: ITerraformDependable;

  constructor(scope: Construct, id: string, private readonly props: VirtualMachineProps) {
    super(scope, id);
    const machine = linuxMachine(this, 'Resource', { ...props, preventDestroy: props.preventDestroy && props.preventReplacement });
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
        preventDestroy: props.preventDestroy,
        ignoreChanges: ['create_option', 'source_resource_id', ...keyKept(props.diskEncryptionSetId, 'disk_encryption_set_id')],
      },
    });
  }
}
