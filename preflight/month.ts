import { Quantity } from './finding';
import { Machines } from './machines';
import { SOMEWHERE, vcpusOf } from './quantities';
import { AzureResource, blocks } from './resources';

/** As many hours as Azure's prices count in a month. */
const MONTH_HOURS = 730;

/** What a month of one thing comes to: with the autoscaler at its least, and at its most. */
export interface Month {
  readonly what: string;
  /** Where the program names one. */
  readonly subscriptionId?: string;
  readonly least: Quantity;
  readonly most: Quantity;
}

/** What Azure bills by the hour, by the GB and by the piece. Prices are not told: they differ by contract, place and day. */
export function monthOf(resources: readonly AzureResource[], machines: readonly Machines[]): Month[] {
  const months = new Map<string, { what: string; subscriptionId?: string; unit: string; least: number; most: number }>();
  const add = ({ subscriptionId }: AzureResource, what: string, unit: string, least: number, most = least) => {
    const key = [subscriptionId, what].join('\n');
    const month = months.get(key) ?? { what, subscriptionId, unit, least: 0, most: 0 };
    months.set(key, { ...month, least: month.least + least, most: month.most + most });
  };
  for (const { resource, size, counts, location = SOMEWHERE, osDiskGb, spot } of machines) {
    const vcpus = size === undefined ? undefined : vcpusOf(size);
    if (counts && vcpus !== undefined) {
      add(resource, `${size}${spot ? ' as Spot' : ''} in ${location}`, 'vCPU hours', counts.first * vcpus * MONTH_HOURS, counts.most * vcpus * MONTH_HOURS);
    }
    if (counts && osDiskGb !== undefined && !isEphemeral(resource)) {
      add(resource, `OS disks in ${location}`, 'GB', counts.first * osDiskGb, counts.most * osDiskGb);
    }
  }
  for (const resource of resources.filter(({ count }) => count !== undefined)) {
    const { type, values, known, location, count } = resource;
    const place = location ?? SOMEWHERE;
    if (type === 'azurerm_managed_disk') {
      add(resource, `data disks in ${place}`, 'GB', (known.number(values.disk_size_gb) ?? 0) * count!);
    } else if (type === 'azurerm_public_ip') {
      add(resource, `public IP addresses in ${place}`, 'addresses', count!);
    } else if (type === 'azurerm_application_insights_standard_web_test') {
      add(resource, 'tests from outside', 'executions', runs(resource) * count!);
    } else if (type === 'azurerm_consumption_budget_subscription') {
      add(resource, 'monthlyBudget, which warns and stops nothing', 'of your currency', known.number(values.amount) ?? 0);
    }
  }
  return [...months.values()].map(({ what, subscriptionId, unit, least, most }) => ({
    what, ...subscriptionId === undefined ? {} : { subscriptionId }, least: { amount: least, unit }, most: { amount: most, unit },
  }));
}

/** Such disks are the machine's own, and cost nothing. */
function isEphemeral({ values }: AzureResource): boolean {
  return [values, ...blocks(values.default_node_pool)].some(({ os_disk_type: type }: any) => type === 'Ephemeral');
}

/** From each place, every so many seconds. */
function runs({ values, known }: AzureResource): number {
  return values.enabled === false ? 0 : (values.geo_locations?.length ?? 0) * MONTH_HOURS * 3600 / (known.number(values.frequency) ?? 300);
}
