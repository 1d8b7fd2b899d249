import { VmSize } from './vm-size';

interface Series {
  readonly family: string;
  readonly upToVersion: number;
  /** One to take instead. */
  readonly successor: string;
}

/**
 * When Microsoft takes sizes out of service. It closes them to new subscriptions before.
 * @see https://learn.microsoft.com/azure/virtual-machines/sizes/retirement/retired-sizes-list
 */
const RETIREMENTS: readonly (Series & { readonly date: string })[] = [
  { family: 'A', upToVersion: 2, date: '2028-11-15', successor: 'Standard_D4s_v5' },
  { family: 'B', upToVersion: 1, date: '2028-11-15', successor: 'Standard_B4as_v2' },
  { family: 'D', upToVersion: 2, date: '2028-05-01', successor: 'Standard_D4s_v5' },
  { family: 'F', upToVersion: 2, date: '2028-11-15', successor: 'Standard_F4as_v6' },
  { family: 'G', upToVersion: 1, date: '2028-11-15', successor: 'Standard_E8s_v5' },
  { family: 'L', upToVersion: 1, date: '2028-05-01', successor: 'Standard_L8s_v3' },
  { family: 'L', upToVersion: 2, date: '2028-11-15', successor: 'Standard_L8s_v3' },
];

/** What it has taken out of service. Sizes that name their accelerator are of later series. */
const RETIRED: readonly Series[] = [
  { family: 'A', upToVersion: 1, successor: 'Standard_D4s_v5' },
  { family: 'NC', upToVersion: 3, successor: 'Standard_NC4as_T4_v3' },
  { family: 'ND', upToVersion: 1, successor: 'Standard_NC24ads_A100_v4' },
  { family: 'NV', upToVersion: 4, successor: 'Standard_NV6ads_A10_v5' },
];

/** When a size goes out of service, and one to take instead; undefined for those that stay. */
export function retirementOf(size: VmSize): { readonly date: string; readonly successor: string } | undefined {
  return RETIREMENTS.find((series) => isOf(series, size));
}

/** What to take instead of a size that nobody gets any more; undefined for all others. */
export function successorOfRetired(size: VmSize): string | undefined {
  return size.accelerator === undefined ? RETIRED.find((series) => isOf(series, size))?.successor : undefined;
}

function isOf({ family, upToVersion }: Series, size: VmSize): boolean {
  return size.family === family && size.version <= upToVersion;
}
