// Who has which address, public or of a subnet: each belongs to one alone.
import { AzureError } from './azure-error';
import { address, parseBlock } from './cidr';
import { Arm } from './core';
import { Resource } from './resource';

export const NIC = 'Microsoft.Network/networkInterfaces';
export const NAT = 'Microsoft.Network/natGateways';
export const LOAD_BALANCER = 'Microsoft.Network/loadBalancers';

/** Refuses a public address that another resource has. */
export function checkPublicIp(arm: Arm, own: string, publicIp: string | undefined): void {
  const user = publicIp && publicIpUser(arm, publicIp, own);
  if (user) {
    throw new AzureError(400, 'PublicIPAddressInUse', `${publicIp} is that of ${user}`);
  }
}

function publicIpUser(arm: Arm, publicIp: string, except: string): string | undefined {
  return [NIC, NAT, LOAD_BALANCER, 'Microsoft.ContainerService/managedClusters'].flatMap((type) => arm.list(type))
    .find((user) => user.id.toLowerCase() !== except.toLowerCase() && JSON.stringify(user.properties).toLowerCase().includes(`"${publicIp.toLowerCase()}"`))?.id;
}

export const prefixes = (subnet: Resource | { properties: any }): string[] => subnet.properties.addressPrefixes ?? [subnet.properties.addressPrefix];

/** The first address of a subnet that nobody has. */
export function freeAddress(arm: Arm, subnet: string): string {
  const configurations = [NIC, LOAD_BALANCER].flatMap((type) => arm.list(type))
    .flatMap(({ properties }) => properties.ipConfigurations ?? properties.frontendIPConfigurations);
  const taken = configurations.map((one: any) => one.properties.privateIPAddress);
  let next = parseBlock(prefixes(arm.find(subnet)!)[0])!.first + 4;
  while (taken.includes(address(next))) {
    next += 1;
  }
  return address(next);
}
