import { isArm64, isBurstable, takesPremiumDisks, VmSize } from './vm-size';

const WITH_GPU = ['NC', 'ND', 'NV'];
/** Accelerators by AMD. */
const OF_AMD = /^(MI\d|V710)/;
const CONFIDENTIAL = ['DC', 'EC'];

/** It has GPUs that NVIDIA's driver and device plugin know. */
export function hasNvidiaGpu({ family, features, accelerator = '', version }: VmSize): boolean {
  const amd = OF_AMD.test(accelerator) || (family === 'NV' && version === 4 && features.includes('a'));
  return WITH_GPU.includes(family) && !amd;
}

/**
 * False where virtual machines cannot run inside it, or it starts no image of generation 2, as far as the name tells.
 * @see https://learn.microsoft.com/azure/virtual-machines/sizes/overview
 */
export function mayNestVirtualMachines(size: VmSize): boolean {
  const { family, features, version } = size;
  if (isArm64(size) || isBurstable(size) || [...WITH_GPU, ...CONFIDENTIAL, 'A'].includes(family)) {
    return false;
  }
  if (!['D', 'E'].includes(family)) {
    return true;
  }
  return version > 4 || (version === 4 ? !features.includes('a') : version === 3 && takesPremiumDisks(size));
}
