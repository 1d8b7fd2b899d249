import { isBurstable, parseVmSize, VmSize } from '../../azure/machine/vm-size';
import { vmSize } from '../../azure/private/rules';
import { also, Rule } from '../../private/rules/rule';
import { refusal, Subject } from '../../private/rules/subject';

const FEWEST_VCPUS = 2;

/**
 * The size of nodes for workloads.
 * @see https://learn.microsoft.com/azure/aks/quotas-skus-regions#restricted-vm-sizes-in-aks
 */
export function nodeVmSize(): Rule<string> {
  return also(vmSize(), (subject, size) => refuseSmall(subject, size, parseVmSize(size)!, 2));
}

/** System pools must not run on burstable machines: without credits the cluster's own services starve. */
export function systemNodeVmSize(): Rule<string> {
  return also(vmSize(), (subject, size) => {
    const parsed = parseVmSize(size)!;
    if (isBurstable(parsed)) {
      throw refusal(subject, 'AKS does not allow burstable (B-series) sizes in system pools', size, 'give a size of another series such as "Standard_D2s_v5"');
    }
    refuseSmall(subject, size, parsed, 4, ' in a system pool');
  });
}

function refuseSmall(subject: Subject, size: string, { family, vcpus, memoryGb = Infinity }: VmSize, leastMemoryGb: number, place = ''): void {
  // the number in a size of the G family is a rank.
  const few = vcpus < FEWEST_VCPUS && family !== 'G';
  if (few || memoryGb < leastMemoryGb) {
    throw refusal(subject, `AKS takes no nodes with ${few ? `fewer than ${FEWEST_VCPUS} vCPUs` : `less than ${leastMemoryGb} GiB of memory`}${place}`, size,
      'give a larger size such as "Standard_D2s_v5"');
  }
}
