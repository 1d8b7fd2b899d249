import { Found } from '../finding';
import { answered, Azure, byPlace, Check } from '../question';
import { AzureResource } from '../resources';

/** What a network's resources are called, and by which counters of Azure's: the first that lacks room decides. */
const COUNTED: { readonly [type: string]: { readonly what: string; readonly counters: readonly string[] } } = {
  azurerm_public_ip: { what: 'public IP addresses', counters: ['PublicIPAddresses', 'StandardSkuPublicIpAddresses'] },
  azurerm_lb: { what: 'load balancers', counters: ['StandardSkuLoadBalancers', 'LoadBalancers'] },
  azurerm_nat_gateway: { what: 'NAT gateways', counters: ['NatGateways'] },
  azurerm_private_endpoint: { what: 'private endpoints', counters: ['PrivateEndpoints'] },
};

export const NETWORK_QUOTA: Check = {
  name: 'network',
  async run({ azure, resources }) {
    const counted = resources.filter(({ type }) => type in COUNTED);
    const places = byPlace(counted, ({ subscriptionId, location }) => [subscriptionId, location]);
    const found = await Promise.all(places.map(({ place: [subscription, location], all }) =>
      answered(`network quotas in ${location}`, () => inOnePlace(azure, subscription, location, all))));
    return found.flat();
  },
};

async function inOnePlace(azure: Azure, subscription: string, location: string, resources: readonly AzureResource[]): Promise<Found[]> {
  const { value: usages } = await azure.az.get(`/subscriptions/${subscription}/providers/Microsoft.Network/locations/${location}/usages`, '2024-05-01');
  return Promise.all(byPlace(resources, ({ type }) => [type]).map(async ({ place: [type], all }): Promise<Found> => {
    const { what, counters } = COUNTED[type];
    const there = await Promise.all(all.map((one) => azure.exists(one)));
    const amount = all.reduce((sum, { count = 1 }, index) => sum + (there[index] ? 0 : count), 0);
    const listed = usages.filter(({ name }: any) => counters.some((counter) => counter.toLowerCase() === name.value.toLowerCase()));
    const free = (usage: any) => Number(usage.limit) - Number(usage.currentValue);
    const [tightest] = [...listed].sort((one, other) => free(one) - free(other));
    const need = { amount, unit: what };
    const told = `${what} in ${location}: ${amount} needed`;
    if (!tightest) {
      return { state: 'unknown', what: `${told}; Azure lists no quota of them`, need };
    }
    const have = { amount: free(tightest), unit: what };
    return amount <= have.amount ? { state: 'ok', what: `${told}, ${have.amount} of ${tightest.limit} free`, need, have } : {
      state: 'refused', what: `${told}, ${have.amount} of ${tightest.limit} free`, need, have,
      remedy: `raise the quota "${tightest.name.localizedValue ?? tightest.name.value}" of ${location} to ${Number(tightest.currentValue) + amount} or more (portal: Quotas, Networking)`,
    };
  }));
}
