import { VmSize } from './vm-size';

/** GiB for each vCPU, the largest of cache, temporary disk and NVMe disks, of which an ephemeral OS disk takes one kind. */
interface LocalDisk {
  readonly families: readonly string[];
  readonly versions: readonly number[];
  /** Letters that the size has. */
  readonly having?: string;
  readonly gibPerVcpu: number;
}

/**
 * Families whose local disks grow with their vCPUs.
 * @see https://learn.microsoft.com/azure/virtual-machines/sizes/overview
 */
const LOCAL_DISKS: readonly LocalDisk[] = [
  { families: ['B'], versions: [1], gibPerVcpu: 8 },
  { families: ['D', 'E'], versions: [3], having: 's', gibPerVcpu: 25 },
  { families: ['D', 'E'], versions: [4], having: 'a', gibPerVcpu: 25 },
  { families: ['D', 'E'], versions: [4, 5], having: 'd', gibPerVcpu: 37.5 },
  { families: ['D', 'E'], versions: [6], having: 'd', gibPerVcpu: 55 },
  { families: ['F'], versions: [2], having: 's', gibPerVcpu: 16 },
  { families: ['L'], versions: [3], having: 's', gibPerVcpu: 10 },
];
/** Families in whose names a `d` tells of a local disk, from the version that began with it. */
const NAMED_BY_D: { readonly [family: string]: number } = { D: 4, E: 4, F: 6, FX: 2, DC: 3, EC: 4 };
const DS_V2 = { gibPerVcpu: 43, memoryPerVcpu: 3.5 };

/**
 * How large an ephemeral OS disk can be.
 * @returns 0 for sizes without a local disk, undefined for those of which this is not known.
 */
export function localDiskGib(size: VmSize): number | undefined {
  if (hasNone(size)) {
    return 0;
  }
  const { family, version, features, ofVcpus, memoryGb } = size;
  if (family === 'D' && version === 2 && features.includes('s')) {
    return memoryGb === DS_V2.memoryPerVcpu * ofVcpus ? DS_V2.gibPerVcpu * ofVcpus : undefined;
  }
  // sizes with the fastest disks have others than the rest of their family.
  const known = features.includes('b') && version > 5 ? undefined : LOCAL_DISKS.find(({ families, versions, having = '' }) =>
    families.includes(family) && versions.includes(version) && features.includes(having));
  return known && known.gibPerVcpu * ofVcpus;
}

function hasNone({ family, version, features }: VmSize): boolean {
  if (family === 'B') {
    return version >= 2;
  }
  // the fourth version of AMD's sizes has a local disk without saying so.
  const unsaid = ['D', 'E'].includes(family) && version === 4 && features.includes('a');
  return version >= (NAMED_BY_D[family] ?? Infinity) && !features.includes('d') && !unsaid;
}
