// Availability zones: some regions have none, and Azure refuses a resource there that names one.
import { AzureError } from './azure-error';

/** Of the regions that the tests' programs name. */
const WITHOUT_ZONES = ['westus'];

/** Throws if a resource, or a pool of a cluster's, names a zone where there is none. */
export function checkZones(id: string, { location, zones, properties }: any): void {
  const pools: any[] = properties?.agentPoolProfiles ?? [];
  const named = [zones, ...pools.map(({ availabilityZones }) => availabilityZones)].filter((one) => one?.length > 0);
  if (named.length > 0 && WITHOUT_ZONES.includes(location)) {
    throw new AzureError(400, 'LocationNotSupportAvailabilityZones', `The resource '${id}' does not support availability zones at location '${location}'.`);
  }
}
