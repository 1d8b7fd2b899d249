/** What a VM size's name tells, by Azure's naming rules. */
export interface VmSize {
  readonly family: string;
  readonly vcpus: number;
  /** The vCPUs of the size it is made of: sizes with fewer vCPUs have the memory and disks of that. */
  readonly ofVcpus: number;
  /** GiB; undefined for families that GitLab has no use for. */
  readonly memoryGb?: number;
  /** The lower-case letters: `s` for premium storage, `p` for Arm64, `d` for a disk of its own, `l` for little memory and so on. */
  readonly features: string;
  /** What else the machine has, such as `T4`. */
  readonly accelerator?: string;
  /** 1 where the name has none. */
  readonly version: number;
}

const B_V1_MEMORY: { readonly [size: string]: number } = {
  '1ls': 0.5, '1s': 1, '1ms': 2, '2s': 4, '2ms': 8, '4ms': 16, '8ms': 32, '12ms': 48, '16ms': 64, '20ms': 80,
};

// up to version 2 the digit of the D family is a rank: vCPUs and memory of each.
const D_V2: { readonly [rank: number]: readonly [number, number] } = {
  1: [1, 3.5], 2: [2, 7], 3: [4, 14], 4: [8, 28], 5: [16, 56], 11: [2, 14], 12: [4, 28], 13: [8, 56], 14: [16, 112], 15: [20, 140],
};

const SIZE = /^Standard_([A-Z]+)(\d{1,3})(?:-(\d{1,3}))?([a-z]*)((?:_(?!v\d)[A-Za-z][A-Za-z0-9]*)*)(?:_v(\d{1,2}))?$/;

/**
 * Reads a size such as `Standard_D4as_v5`; undefined if it is not written that way.
 * @see https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions
 */
export function parseVmSize(size: string): VmSize | undefined {
  const match = SIZE.exec(size);
  if (!match) {
    return undefined;
  }
  // "DS2_v2" is the old spelling of "D2s_v2"; the same for the other capital S families.
  const [, letters, digits, constrained, lower, parts, suffix] = match;
  const capitalS = /^(D|G|L)S$/.test(letters);
  const family = capitalS ? letters[0] : letters;
  const features = capitalS ? `s${lower}` : lower;
  const version = Number(suffix ?? 1);
  const accelerator = parts.slice(1) || undefined;
  if (family === 'D' && version <= 2) {
    const [vcpus, memoryGb] = D_V2[Number(digits)] ?? [Number(digits), undefined];
    return { family, vcpus: Number(constrained ?? vcpus), ofVcpus: vcpus, memoryGb, features, accelerator, version };
  }
  const perVcpu = memoryPerVcpu(family, features, version);
  const memoryGb = family === 'B' && version === 1 ? B_V1_MEMORY[`${digits}${lower}`] : perVcpu && perVcpu * Number(digits);
  return { family, vcpus: Number(constrained ?? digits), ofVcpus: Number(digits), memoryGb, features, accelerator, version };
}

function memoryPerVcpu(family: string, features: string, version: number): number | undefined {
  const has = (letter: string) => features.includes(letter);
  switch (family) {
    case 'B': return has('t') ? 0.5 : has('l') ? 2 : 4;
    case 'D': return has('l') ? 2 : 4;
    case 'F': return version < 6 || has('l') ? 2 : has('m') ? 8 : 4;
    case 'E': case 'L': return 8;
    default: return undefined;
  }
}

/** Slowed down once its CPU credits are spent. */
export function isBurstable(size: VmSize): boolean {
  return size.family === 'B';
}

/** Premium disks attach to it. */
export function takesPremiumDisks(size: VmSize): boolean {
  return size.features.includes('s');
}

/** Its processors are Arm64. */
export function isArm64(size: VmSize): boolean {
  return size.features.includes('p');
}

/**
 * It starts images of generation 2 with Secure Boot and a virtual TPM.
 * @see https://learn.microsoft.com/azure/virtual-machines/trusted-launch#virtual-machines-sizes
 */
export function takesTrustedLaunch(size: VmSize): boolean {
  if (['A', 'DC', 'EC', 'M', 'NP'].includes(size.family)) {
    return false;
  }
  if (isArm64(size) && size.family !== 'B') {
    return size.version >= 6;
  }
  return takesPremiumDisks(size) || size.version >= 4;
}
