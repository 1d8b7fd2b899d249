// Private endpoints as ways to what is closed to the Internet. Not checked: names, routes, and in which subnet an endpoint is.
import { Arm } from '../../apply/azure/core';
import { Resource } from '../../apply/azure/resource';

const ENDPOINT = 'Microsoft.Network/privateEndpoints';

/** Whether a machine in the company's network gets to a vault: it is open, or an endpoint leads to it. */
export function isReachable(arm: Arm, { id, properties }: Resource): boolean {
  return properties.publicNetworkAccess !== 'Disabled' || arm.list(ENDPOINT).some((endpoint) =>
    endpoint.properties.privateLinkServiceConnections.some((one: any) => one.properties.privateLinkServiceId.toLowerCase() === id.toLowerCase()));
}
