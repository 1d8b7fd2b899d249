import { trialOf } from './offer';
import { Found } from '../finding';
import { clusterOf, Machines, uncounted } from '../machines';
import { familyOf, vcpusOf } from '../quantities';
import { answered, Azure, byPlace, Check } from '../question';

/** What is still to be made of one size. */
interface Need {
  readonly counter: string;
  readonly first: number;
  readonly working: number;
  readonly upgraded: number;
  readonly most: number;
}

/** vCPU of the whole region, and of low-priority (Spot) machines, are counters beside those of the families. */
const REGIONAL = 'cores';
const SPOT = 'lowPriorityCores';

export const QUOTA: Check = {
  name: 'quota',
  async run({ azure, resources, machines }) {
    const places = byPlace(machines, ({ resource, location }) => [resource.subscriptionId, location]);
    const unplaced = machines.filter(({ resource, location, counts, size }) => !resource.subscriptionId || !location || !counts || !size)
      .map(({ resource }) => `${resource.path.join('/')}: only the apply knows its size, its place or how many there are`);
    const others = uncounted(resources).map(({ path, type }) => `${path.join('/')}: the machines of ${type} are not counted`);
    const found = await Promise.all(places.map(({ place: [subscription, location], all }) =>
      answered(`vCPU in ${location}`, () => inOnePlace(azure, subscription, location, all))));
    return [...found.flat(), ...[...unplaced, ...others].map((what): Found => ({ state: 'unknown', what }))];
  },
};

async function inOnePlace(azure: Azure, subscription: string, location: string, machines: readonly Machines[]): Promise<Found[]> {
  const [{ value: usages }, skus, trial] = await Promise.all([
    azure.az.get(`/subscriptions/${subscription}/providers/Microsoft.Compute/locations/${location}/usages`, '2024-07-01'),
    azure.skus(subscription, location),
    // that Azure does not tell is the offer's finding.
    azure.subscription(subscription).then(({ subscriptionPolicies }) => trialOf(subscriptionPolicies?.quotaId), () => undefined),
  ]);
  const needs: Need[] = [];
  for (const { resource, size, counts, spot } of machines.filter((one) => one.size && one.counts)) {
    const sku = skus.find(({ name }) => name.toLowerCase() === size!.toLowerCase());
    const vcpus = Number(sku?.capabilities?.find(({ name }: any) => name === 'vCPUs')?.value ?? vcpusOf(size!) ?? 0);
    // what is there has been counted by Azure: the nodes that the pool starts with, and for a pool that is there the one that jobs need.
    const made = await azure.exists(resource) || (resource.type === 'azurerm_kubernetes_cluster_node_pool' && await existsPool(azure, resource, machines));
    const { first, working, most, surge, mostSurge } = counts!;
    const still = (number: number, there: number) => (number - (made ? there : 0)) * vcpus;
    const need = {
      first: still(first, first), working: still(working, working), upgraded: still(first + surge, first), most: still(most + mostSurge, working),
    };
    const family = sku?.family ?? familyOf(size!);
    needs.push(...(spot ? [{ counter: SPOT, ...need }] : [{ counter: family ?? size!, ...need }, { counter: REGIONAL, ...need }]));
  }
  return [...new Set(needs.map(({ counter }) => counter.toLowerCase()))].map((counter) => compare(counter, location, needs, usages, trial));
}

/** A pool has no id of its own in the list of resources: it is taken for made if its cluster is. */
async function existsPool(azure: Azure, pool: Machines['resource'], machines: readonly Machines[]): Promise<boolean> {
  const cluster = clusterOf(pool, machines.map(({ resource }) => resource));
  return cluster !== undefined && azure.exists(cluster);
}

function compare(counter: string, location: string, needs: readonly Need[], usages: readonly any[], trial: string | undefined): Found {
  const of = needs.filter((need) => need.counter.toLowerCase() === counter);
  const sum = (number: keyof Need) => of.reduce((total, need) => total + (need[number] as number), 0);
  const [first, working, upgraded, most] = [sum('first'), sum('working'), sum('upgraded'), sum('most')];
  const usage = usages.find(({ name }) => name.value.toLowerCase() === counter);
  const name = counter === REGIONAL ? 'all families' : counter === SPOT.toLowerCase() ? 'Spot machines' : of[0].counter;
  const need = { amount: working, unit: 'vCPU' };
  if (!usage) {
    return { state: 'unanswered', what: `${name} in ${location}: ${working} vCPU needed, but Azure lists no quota of that name`, need };
  }
  const free = Number(usage.limit) - Number(usage.currentValue);
  const have = { amount: free, unit: 'vCPU' };
  const told = `${name} in ${location}: ${working} vCPU needed, ${free} of ${usage.limit} free`;
  const raise = (enough: number) => `${trial ? `upgrade the subscription to pay-as-you-go, as ${trial} keeps its quotas, and ` : ''}raise the quota "${usage.name.localizedValue ?? usage.name.value}" of ${location} to ${Number(usage.currentValue) + enough} or more `
    + '(portal: Quotas, Compute)';
  if (working > free) {
    return {
      state: 'refused', need, have,
      what: first > free ? told : `${told}: the apply passes, but no node for CI jobs can start`,
      remedy: `${raise(working)}, or take fewer or smaller machines`,
    };
  }
  if (upgraded > free) {
    return { state: 'warning', need, have, what: `${told}; an upgrade of the nodes needs ${upgraded}`, remedy: raise(upgraded) };
  }
  return most > free
    ? { state: 'warning', need, have, what: `${told}; at their largest, all upgraded at once, the pools need ${most}`, remedy: `${raise(most)}, or lower maxCount` }
    : { state: 'ok', need, have, what: told };
}
