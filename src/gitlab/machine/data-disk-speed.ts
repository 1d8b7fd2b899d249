import { Construct } from 'constructs';
import { ManagedDiskType } from '../../azure/managed-disk-type';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';

/** What every disk of Premium SSD v2 has without being asked. */
export const LEAST_IOPS = 3000;
export const LEAST_MEGABYTES_PER_SECOND = 125;

const IOPS_PER_GB = 500;
const IOPS_PER_MEGABYTE = 4;

export interface DataDiskSpeed {
  readonly zone?: string;
  readonly dataDiskType: ManagedDiskType;
  readonly dataDiskSizeGb: number;
  readonly dataDiskIops?: number;
  readonly dataDiskMegabytesPerSecond?: number;
}

/** Refuses what Azure would: the speed of Premium SSD v2 is chosen within what the disk's size allows, that of the other types is not chosen at all. */
export function checkDataDiskSpeed(scope: Construct, props: DataDiskSpeed): void {
  const { zone, dataDiskType, dataDiskSizeGb, dataDiskIops, dataDiskMegabytesPerSecond } = props;
  const refuse = (prop: keyof DataDiskSpeed, problem: string, remedy: string) => {
    throw new ValidationError(scope, { prop, problem, got: props[prop], remedy });
  };
  if (dataDiskType !== ManagedDiskType.PREMIUM_V2_LRS) {
    for (const prop of ['dataDiskIops', 'dataDiskMegabytesPerSecond'] as const) {
      if (props[prop] !== undefined) {
        refuse(prop, `the size decides for a disk of type ${dataDiskType}`, 'leave it out, or give a new server dataDiskType ManagedDiskType.PREMIUM_V2_LRS');
      }
    }
    return;
  }
  if (zone === undefined) {
    refuse('dataDiskType', 'only a machine in a zone takes a disk of this type', 'give zone too, such as "1", or ManagedDiskType.PREMIUM_LRS');
  }
  const mostIops = dataDiskSizeGb * IOPS_PER_GB;
  if (known(dataDiskIops) && known(dataDiskSizeGb) && dataDiskIops > mostIops) {
    refuse('dataDiskIops', `too many for a disk of ${dataDiskSizeGb} GB`, `give at most ${mostIops}, or a larger dataDiskSizeGb`);
  }
  const iops = dataDiskIops ?? LEAST_IOPS;
  if (known(dataDiskMegabytesPerSecond) && known(iops) && dataDiskMegabytesPerSecond * IOPS_PER_MEGABYTE > iops) {
    refuse('dataDiskMegabytesPerSecond', `too many for ${iops} IOPS`,
      `give at most ${Math.floor(iops / IOPS_PER_MEGABYTE)}, or dataDiskIops of at least ${dataDiskMegabytesPerSecond * IOPS_PER_MEGABYTE}`);
  }
}
