// Microsoft.Network: networks, subnets, security groups and rules, public addresses, NAT gateways, interfaces.
// Not checked: routes, DDoS plans, the traffic itself, and whether a SKU exists in a region.
import { checkPublicIp, freeAddress, LOAD_BALANCER, NAT, NIC, prefixes } from './addresses';
import { parentId } from './arm-id';
import { AzureError } from './azure-error';
import { address, contains, overlaps, parseBlock } from './cidr';
import { Arm } from './core';
import { checkPools } from './load-balancer';
import { uuidOf } from './login';
import { Resource } from './resource';

const VNET = 'Microsoft.Network/virtualNetworks';
const SUBNET = `${VNET}/subnets`;
const PEERING = `${VNET}/virtualNetworkPeerings`;
const NSG = 'Microsoft.Network/networkSecurityGroups';
const RULE = `${NSG}/securityRules`;
const PUBLIC_IP = 'Microsoft.Network/publicIPAddresses';
const ROUTES = 'Microsoft.Network/routeTables';

const block = (text: string) => {
  const parsed = parseBlock(text);
  if (!parsed || parsed.size > 29) {
    throw new AzureError(400, 'InvalidCIDRNotation', `the address prefix ${text} has an invalid CIDR notation or host bits`);
  }
  return parsed;
};
const id = (value: any) => (typeof value === 'object' && value ? { id: value.id } : undefined);

export function addNetwork(arm: Arm): void {
  arm.references.push(
    { key: /(^|\.)subnet\.id$/, type: SUBNET, near: true },
    { key: /(^|\.)networkSecurityGroup\.id$/, type: NSG, near: true },
    { key: /(^|\.)publicIPAddress\.id$/, type: PUBLIC_IP, near: true },
    { key: /(^|\.)outboundIPs\.publicIPs\.id$/, type: PUBLIC_IP },
    { key: /(^|\.)networkInterfaces\.id$/, type: NIC, near: true },
    { key: /(^|\.)vnetSubnetID$/, type: SUBNET, near: true },
    { key: /(^|\.)publicIpAddresses\.id$/, type: PUBLIC_IP, near: true },
    { key: /(^|\.)natGateway\.id$/, type: NAT, near: true },
    { key: /(^|\.)routeTable\.id$/, type: ROUTES, near: true },
    { key: /(^|\.)remoteVirtualNetwork\.id$/, type: VNET },
  );
  arm.add(
    {
      type: VNET,
      slow: true,
      exclusive: true,
      guarded: true,
      check({ id: vnet, body }) {
        const present = arm.list(SUBNET, `${vnet}/`);
        const wanted: any[] = body.properties.subnets ?? present;
        for (const subnet of present.filter(({ name }) => !wanted.some((other) => other.name === name))) {
          if (users(arm, subnet.id).length > 0) {
            throw new AzureError(400, 'InUseSubnetCannotBeDeleted', `the subnet ${subnet.name} is in use and cannot be deleted`);
          }
        }
        const spaces = body.properties.addressSpace.addressPrefixes.map(block);
        wanted.forEach((subnet, index) => checkSubnet(arm, { id: `${vnet}/subnets/${subnet.name}`, body: subnet, spaces, siblings: wanted.slice(0, index) }));
      },
      // a request that names subnets names all that there are to be
      fill(resource) {
        const wanted: any[] | undefined = resource.properties.subnets;
        delete resource.properties.subnets;
        resource.properties.subscriptionId = undefined;
        if (wanted) {
          arm.list(SUBNET, `${resource.id}/`).filter(({ name }) => !wanted.some((other) => other.name === name)).forEach((gone) => arm.remove(gone.id));
          wanted.forEach(({ name, properties }) => arm.provision(`${resource.id}/subnets/${name}`, { properties }));
        }
      },
      view(resource) {
        resource.properties.subnets = arm.list(SUBNET, `${resource.id}/`).map((subnet) => arm.view(subnet));
        resource.properties.virtualNetworkPeerings = arm.list(PEERING, `${resource.id}/`).map((peering) => arm.view(peering));
        return resource;
      },
    },
    {
      type: SUBNET,
      slow: true,
      exclusive: true,
      guarded: true,
      check({ id: subnet, body }) {
        const vnet = arm.find(parentId(subnet))!;
        const siblings = arm.list(SUBNET, `${vnet.id}/`).filter((sibling) => sibling.id.toLowerCase() !== subnet.toLowerCase());
        checkSubnet(arm, { id: subnet, body, spaces: vnet.properties.addressSpace.addressPrefixes.map(block), siblings });
      },
      fill(resource) {
        resource.properties = {
          privateEndpointNetworkPolicies: 'Disabled', privateLinkServiceNetworkPolicies: 'Enabled', delegations: [], serviceEndpoints: [],
          ...resource.properties, networkSecurityGroup: id(resource.properties.networkSecurityGroup), ipConfigurations: undefined,
        };
      },
      view(resource) {
        const used = users(arm, resource.id);
        resource.properties.ipConfigurations = used.length > 0 ? used.map((user) => ({ id: `${user.id}/ipConfigurations/x` })) : undefined;
        return resource;
      },
    },
    {
      type: PEERING,
      slow: true,
      exclusive: true,
      check({ id: own, body }) {
        const space = (network: string) => arm.find(network)!.properties.addressSpace.addressPrefixes.map(block);
        if (space(body.properties.remoteVirtualNetwork.id).some((one: any) => space(parentId(own)).some((other: any) => overlaps(one, other)))) {
          throw new AzureError(400, 'VnetAddressSpacesOverlap', `${own} cannot be made: the address spaces of the two networks overlap`);
        }
      },
      fill(resource) {
        const remote = arm.find(resource.properties.remoteVirtualNetwork.id)!.properties.addressSpace;
        resource.properties = { peeringState: 'Initiated', peeringSyncLevel: 'FullyInSync', ...resource.properties, remoteVirtualNetworkAddressSpace: remote };
      },
    },
    {
      type: NSG,
      slow: true,
      guarded: true,
      fill(resource) {
        delete resource.properties.securityRules;
      },
      view(resource) {
        resource.properties.securityRules = arm.list(RULE, `${resource.id}/`).map((rule) => arm.view(rule));
        return resource;
      },
    },
    {
      type: RULE,
      slow: true,
      check({ id: rule, body }) {
        const { priority, direction } = body.properties;
        if (!(priority >= 100 && priority <= 4096)) {
          throw new AzureError(400, 'SecurityRuleInvalidPriority', `priority ${priority} is not within 100 to 4096`);
        }
        const other = arm.list(RULE, `${parentId(rule)}/`).find((sibling) => sibling.id.toLowerCase() !== rule.toLowerCase()
          && sibling.properties.priority === priority && sibling.properties.direction === direction);
        if (other) {
          throw new AzureError(400, 'SecurityRuleConflict', `the rules ${other.name} and ${rule.split('/').pop()} have the same priority ${priority}`);
        }
        const sources = body.properties.sourceAddressPrefixes ?? [];
        for (const source of [...sources, body.properties.sourceAddressPrefix].filter((text) => /^\d/.test(text ?? ''))) {
          const [ip, size = '32'] = source.split('/');
          if (!parseBlock(`${ip}/32`) || !(Number(size) <= 32)) {
            throw new AzureError(400, 'SecurityRuleInvalidAddressPrefix', `${source} is no address prefix`);
          }
        }
      },
    },
    {
      type: PUBLIC_IP,
      slow: true,
      guarded: true,
      check({ id: own, body }) {
        const label = body.properties.dnsSettings?.domainNameLabel;
        if (body.sku?.name === 'Basic') {
          throw new AzureError(400, 'IPv4BasicSkuPublicIpCountLimitReached', 'basic addresses cannot be made any more');
        }
        if (label && !/^[a-z][a-z0-9-]{1,61}[a-z0-9]$/.test(label)) {
          throw new AzureError(400, 'InvalidDomainNameLabel', `the domain name label ${label} is invalid`);
        }
        const taken = arm.list(PUBLIC_IP).find((other) => label && other.id.toLowerCase() !== own.toLowerCase()
          && other.location === body.location && other.properties.dnsSettings?.domainNameLabel === label);
        if (taken) {
          throw new AzureError(400, 'DnsRecordInUse', `the DNS record ${label}.${body.location}.cloudapp.azure.com is already used by another address`);
        }
      },
      fill(resource, _, before) {
        const label = resource.properties.dnsSettings?.domainNameLabel;
        resource.properties.ipAddress = before?.properties.ipAddress ?? address(0x14000000 + parseInt(uuidOf(resource.id).slice(0, 5), 16));
        resource.properties.dnsSettings = label && { ...resource.properties.dnsSettings, fqdn: `${label}.${resource.location}.cloudapp.azure.com` };
        resource.properties.idleTimeoutInMinutes ??= 4;
        resource.properties.publicIPAddressVersion ??= 'IPv4';
        resource.properties.ddosSettings ??= { protectionMode: 'VirtualNetworkInherited' };
        resource.sku = { tier: 'Regional', ...resource.sku };
      },
    },
    { type: ROUTES, slow: true, guarded: true },
    {
      type: NAT,
      slow: true,
      guarded: true,
      check({ id: own, body }) {
        for (const { id: publicIp } of body.properties.publicIpAddresses ?? []) {
          if (arm.find(publicIp)?.sku?.name !== body.sku?.name) {
            throw new AzureError(400, 'NatGatewayPublicIpSkuMismatch', `${publicIp} is not of the gateway's kind`);
          }
          checkPublicIp(arm, own, publicIp);
        }
      },
      fill(resource) {
        resource.properties.idleTimeoutInMinutes ??= 4;
        resource.properties.resourceGuid ??= uuidOf(resource.id);
      },
    },
    {
      type: NIC,
      slow: true,
      guarded: true,
      check({ body, before, id: own }) {
        const machine = arm.list('Microsoft.Compute/virtualMachines').find((vm) => JSON.stringify(vm.properties.networkProfile).toLowerCase().includes(own.toLowerCase()));
        const vnet = (resource: any) => parentId(resource.properties.ipConfigurations[0].properties.subnet.id).toLowerCase();
        if (before && machine && vnet(before) !== vnet(body)) {
          throw new AzureError(400, 'NetworkInterfaceCannotMoveToAnotherVirtualNetwork', `${own} is that of a machine and cannot move to another network`);
        }
        for (const configuration of body.properties.ipConfigurations) {
          checkPublicIp(arm, own, configuration.properties.publicIPAddress?.id);
          checkStaticAddress(arm, own, configuration.properties);
        }
        checkPools(arm, own, body);
      },
      fill(resource, _, before) {
        resource.properties.ipConfigurations = resource.properties.ipConfigurations.map((configuration: any, index: number) => ({
          ...configuration,
          id: `${resource.id}/ipConfigurations/${configuration.name}`,
          properties: {
            privateIPAddressVersion: 'IPv4',
            primary: index === 0,
            ...configuration.properties,
            privateIPAddress: chosenAddress(configuration) ?? before?.properties.ipConfigurations[index]?.properties.privateIPAddress
              ?? freeAddress(arm, configuration.properties.subnet.id),
          },
        }));
        resource.properties.macAddress ??= '00-0D-3A-00-00-01';
        resource.properties.dnsSettings = { dnsServers: [], appliedDnsServers: [], internalDomainNameSuffix: 'x.internal.cloudapp.net', ...resource.properties.dnsSettings };
      },
      view(resource) {
        const vm = arm.list('Microsoft.Compute/virtualMachines')
          .find((machine) => JSON.stringify(machine.properties.networkProfile ?? {}).toLowerCase().includes(resource.id.toLowerCase()));
        resource.properties.virtualMachine = vm && { id: vm.id };
        return resource;
      },
    },
  );
}

interface WantedSubnet {
  readonly id: string;
  readonly body: any;
  readonly spaces: any[];
  readonly siblings: any[];
}

function checkSubnet(arm: Arm, { id: subnet, body, spaces, siblings }: WantedSubnet): void {
  for (const own of prefixes(body).map(block)) {
    if (!spaces.some((space) => contains(space, own))) {
      throw new AzureError(400, 'NetcfgInvalidSubnet', `the subnet ${prefixes(body)} is not within its network`);
    }
    const other = siblings.find((sibling) => prefixes(sibling).some((prefix) => overlaps(block(prefix), own)));
    if (other) {
      throw new AzureError(400, 'NetcfgSubnetRangesOverlap', `the subnet ${prefixes(body)} overlaps ${other.name}`);
    }
  }
  const before = arm.find(subnet);
  if (before && JSON.stringify(prefixes(before)) !== JSON.stringify(prefixes(body)) && users(arm, subnet).length > 0) {
    throw new AzureError(400, 'InUseSubnetCannotBeUpdated', `the subnet ${subnet} is in use and its prefix cannot change`);
  }
}

function chosenAddress({ properties }: any): string | undefined {
  return properties.privateIPAllocationMethod === 'Static' ? properties.privateIPAddress : undefined;
}

/** An address that somebody chose lies in the subnet, is none of Azure's own, and nobody else's. */
function checkStaticAddress(arm: Arm, own: string, { privateIPAllocationMethod, privateIPAddress, subnet }: any): void {
  if (privateIPAllocationMethod !== 'Static') {
    return;
  }
  const wanted = parseBlock(`${privateIPAddress}/32`);
  const [space] = prefixes(arm.find(subnet.id)!).map(block);
  if (!wanted || !contains(space, wanted)) {
    throw new AzureError(400, 'PrivateIPAddressNotInSubnet', `${privateIPAddress} is not within ${subnet.id}`);
  }
  const offset = wanted.first - space.first;
  if (offset < 4 || wanted.first === space.last) {
    throw new AzureError(400, 'PrivateIPAddressInReservedRange', `${privateIPAddress} is one that Azure keeps`);
  }
  const taken = arm.list(NIC).find((nic) => nic.id.toLowerCase() !== own.toLowerCase()
    && nic.properties.ipConfigurations.some(({ properties }: any) => properties.privateIPAddress === privateIPAddress));
  if (taken) {
    throw new AzureError(400, 'PrivateIPAddressIsAllocated', `${privateIPAddress} is that of ${taken.id}`);
  }
}

/** Who stands in a subnet. */
function users(arm: Arm, subnet: string): Resource[] {
  const named = (resource: Resource) => JSON.stringify(resource.properties).toLowerCase().includes(`"${subnet.toLowerCase()}"`);
  return [NIC, LOAD_BALANCER, 'Microsoft.ContainerService/managedClusters/agentPools'].flatMap((type) => arm.list(type)).filter(named);
}
