import { Quantity } from './finding';
import { MachineCounts, Machines } from './machines';
import { AzureResource } from './resources';
import { parseVmSize } from '../src/azure/machine/vm-size';

/** The name that Azure has no family of: sizes that this cannot read. */
const UNREAD = 'sizes unknown before the apply';

/** Where something is whose location is a variable, say. */
export const SOMEWHERE = 'a location unknown before the apply';

/** What the program asks for of one thing: as the apply makes it, with a node for CI jobs, and at its largest, while all pools are upgraded. */
export interface Amounts {
  readonly what: string;
  readonly location: string;
  /** Where the program names one. */
  readonly subscriptionId?: string;
  readonly first: Quantity;
  readonly working: Quantity;
  readonly most: Quantity;
}

/** The family whose quota a size counts against, after Azure's custom of naming them; Azure itself has the last word. */
export function familyOf(size: string): string | undefined {
  const parsed = parseVmSize(size);
  if (!parsed) {
    return undefined;
  }
  const { family, features, version } = parsed;
  const suffix = version > 1 ? `v${version}` : '';
  // sizes with more memory, or less, are in the family of the others.
  return `standard${family}${features.replace(/[mt]/g, '').toUpperCase()}${suffix}Family`;
}

export function vcpusOf(size: string): number | undefined {
  return parseVmSize(size)?.vcpus;
}

/** Sums that need no answer of Azure's. */
export function quantities(resources: readonly AzureResource[], machines: readonly Machines[]): Amounts[] {
  const sums = new Map<string, { what: string; location: string; subscriptionId?: string; unit: string; amounts: [number, number, number] }>();
  const add = ({ subscriptionId }: AzureResource, what: string, location: string, unit: string, ...amounts: [number, number, number]) => {
    const key = [subscriptionId, location, what].join('\n');
    const sum = sums.get(key) ?? { what, location, subscriptionId, unit, amounts: [0, 0, 0] };
    amounts.forEach((amount, index) => { sum.amounts[index] += amount; });
    sums.set(key, sum);
  };
  for (const { resource, size, counts, location = SOMEWHERE, osDiskGb, spot } of machines) {
    if (counts) {
      const numbers = (each: number): [number, number, number] => [counts.first * each, counts.working * each, largest(counts) * each];
      const vcpus = size === undefined ? undefined : vcpusOf(size);
      add(resource, vcpus === undefined ? UNREAD : spot ? 'spot' : familyOf(size!)!, location, vcpus === undefined ? 'machines' : 'vCPU', ...numbers(vcpus ?? 1));
      add(resource, 'OS disks', location, 'GB', ...numbers(osDiskGb ?? 0));
    }
  }
  for (const resource of resources) {
    const { type, values, known, count, location = SOMEWHERE } = resource;
    const each = type === 'azurerm_managed_disk' ? known.number(values.disk_size_gb) : type === 'azurerm_public_ip' ? 1 : undefined;
    if (each !== undefined && count !== undefined) {
      const [what, unit] = type === 'azurerm_public_ip' ? ['public IP addresses', 'addresses'] : ['data disks', 'GB'];
      add(resource, what, location, unit, each * count, each * count, each * count);
    }
  }
  return [...sums.values()].map(({ what, location, subscriptionId, unit, amounts: [first, working, most] }) => ({
    what, location, ...subscriptionId === undefined ? {} : { subscriptionId },
    first: { amount: first, unit }, working: { amount: working, unit }, most: { amount: most, unit },
  }));
}

function largest({ most, mostSurge }: MachineCounts): number {
  return most + mostSurge;
}
