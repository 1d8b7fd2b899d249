import { SubnetUse, usesOf } from './subnet-uses';
import { AzureError } from '../az-errors';
import { Found } from '../finding';
import { answered, Azure, byPlace, Check } from '../question';

const API = '2024-05-01';
/** Azure keeps the first four addresses of a subnet, and the last. */
const KEPT = 5;
const ABSENT = ['NotFound', 'ResourceNotFound', 'ResourceGroupNotFound'];
const AKS = 'Microsoft.ContainerService/managedClusters';

type Problem = Pick<Found, 'what' | 'remedy'> & { readonly state?: 'warning' };

/** Subnets that somebody else has made: whether they are such that Azure takes what the program puts there. */
export const SUBNETS: Check = {
  name: 'subnet',
  async run({ azure, resources, program, machines }) {
    const uses = byPlace(usesOf(resources, program, machines), ({ id }) => [id.toLowerCase()]);
    return (await Promise.all(uses.map(({ all }) => answered(named(all[0].id), () => verdict(azure, all), 'the Reader role there')))).flat();
  },
};

async function verdict(azure: Azure, uses: readonly SubnetUse[]): Promise<Found[]> {
  const [{ id }] = uses;
  const subnet = await azure.az.get(id, API).catch((error) => {
    if (error instanceof AzureError && ABSENT.includes(error.code)) {
      return undefined;
    }
    throw error;
  });
  if (subnet === undefined) {
    return [{ state: 'refused', what: `${named(id)}: is not there`, remedy: `have it made first, or correct the id: ${id}` }];
  }
  const problems = [
    ...room(subnet.properties, uses), ...uses.flatMap((use) => judged(subnet.properties, use)),
    ...await place(azure, uses), ...(await Promise.all(uses.map((use) => taken(azure, subnet.properties, use)))).flat(),
  ];
  const found = [...new Map(problems.map((problem) => [problem.what, problem])).values()];
  return found.length === 0 ? [{ state: 'ok', what: `${named(id)}: takes what the program puts there` }]
    : found.map(({ what, ...rest }): Found => ({ state: 'refused', what: `${named(id)}: ${what}`, ...rest }));
}

function judged({ delegations = [], routeTable, natGateway, ...properties }: any, { what, outboundType, address }: SubnetUse): Problem[] {
  const services: string[] = delegations.map((one: any) => one.properties.serviceName);
  const wanted = what === 'the API server' ? [AKS] : [];
  const isDelegated = what !== 'a private endpoint' && services.join().toLowerCase() !== wanted.join().toLowerCase();
  return [
    ...isDelegated ? [{
      what: services.length > 0 ? `is delegated to ${services.join(', ')}, where ${what} cannot be` : `is not delegated to ${AKS}, as ${what} asks for`,
      remedy: services.length > 0 ? 'give another subnet' : 'have it delegated',
    }] : [],
    ...outboundType === 'userDefinedRouting' && !routeTable ? [{
      what: 'has no route table, which AKS asks for with AksEgress.routed()', remedy: 'have one associated that leads 0.0.0.0/0 to a firewall, or choose another egress',
    }] : [],
    ...outboundType === 'userAssignedNATGateway' && !natGateway ? [{
      what: 'has no NAT gateway, which AKS asks for with AksEgress.natGateway()', remedy: 'have one associated, or choose another egress',
    }] : [],
    ...outboundType === 'loadBalancer' && natGateway ? [{
      what: 'has a NAT gateway, beside which AKS takes no load balancer as the way out', remedy: 'set egress to AksEgress.natGateway()',
    }] : [],
    ...address !== undefined && !prefixesOf(properties).some((prefix) => isWithin(prefix, address)) ? [{
      what: `has ${prefixesOf(properties).join(' and ')}, and not ${address}`, remedy: 'give an address of the subnet',
    }] : [],
  ];
}

function room(properties: any, uses: readonly SubnetUse[]): Problem[] {
  const wanted = uses.reduce((sum, { nodes = 0 }) => sum + nodes, 0);
  const free = prefixesOf(properties).reduce((sum, prefix) => sum + sizeOf(prefix) - KEPT, 0);
  return wanted <= free ? [] : [{
    state: 'warning', what: `has room for ${free} nodes, and the pools at their largest, while they are upgraded, have ${wanted}`, remedy: 'give a larger subnet, or lower maxCount',
  }];
}

/** Where its network is, if that may be asked. */
async function place(azure: Azure, uses: readonly SubnetUse[]): Promise<Problem[]> {
  const { location = undefined } = await azure.az.get(networkOf(uses[0].id), API).catch(() => ({}));
  const elsewhere = uses.find((use) => location !== undefined && use.location !== undefined && use.location !== location.toLowerCase());
  return elsewhere === undefined ? [] : [{
    what: `is in ${location}, and ${elsewhere.what} would be in ${elsewhere.location}`, remedy: 'give a subnet of the same region, or another location',
  }];
}

/** An address that somebody else has already; one's own of an earlier apply is no matter. */
async function taken(azure: Azure, properties: any, { id, resource, address }: SubnetUse): Promise<Problem[]> {
  if (address === undefined || !prefixesOf(properties).some((prefix) => isWithin(prefix, address)) || await azure.exists(resource)) {
    return [];
  }
  const { available } = await azure.az.get(`${networkOf(id)}/CheckIPAddressAvailability`, API, { ipAddress: address });
  return available ? [] : [{ what: `${address} is taken, or kept by Azure`, remedy: 'give another address' }];
}

function prefixesOf({ addressPrefixes, addressPrefix }: any): string[] {
  return (addressPrefixes ?? [addressPrefix]).filter((prefix: string) => /^[\d.]+\/\d+$/.test(prefix));
}

function sizeOf(prefix: string): number {
  return 2 ** (32 - Number(prefix.split('/')[1]));
}

function isWithin(prefix: string, address: string): boolean {
  const [network, block] = [prefix.split('/')[0], address].map((text) => Math.floor(text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) / sizeOf(prefix)));
  return network === block;
}

function networkOf(subnetId: string): string {
  return subnetId.split('/').slice(0, -2).join('/');
}

function named(id: string): string {
  return `subnet ${id.split('/').at(-1)} of ${networkOf(id).split('/').at(-1)}`;
}
