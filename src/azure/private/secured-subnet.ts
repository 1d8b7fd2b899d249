import { NetworkSecurityGroup } from '@cdktf/provider-azurerm/lib/network-security-group';
import { NetworkSecurityRule } from '@cdktf/provider-azurerm/lib/network-security-rule';
import { VirtualNetwork } from '@cdktf/provider-azurerm/lib/virtual-network';
import { Construct } from 'constructs';

/** The lowest priority that Azure takes. */
const LAST_PRIORITY = 4096;

export interface SecuredSubnetProps {
  readonly location: string;
  readonly resourceGroupName: string;
  readonly tags?: { [name: string]: string };
  readonly networkName: string;
  readonly networkCidr: string;
  readonly subnetName: string;
  readonly subnetCidr: string;
  readonly securityGroup: NetworkSecurityGroup;
}

/**
 * A virtual network with one subnet. The network security group is part of the subnet's own request: where a policy refuses
 * subnets without one, an association afterwards comes too late. Only this spelling is the same in azurerm 4.81 and 5.x, and a
 * live subnet cannot move to a resource of its own.
 * @returns the subnet's id
 */
export function createSubnet(scope: Construct, id: string, props: SecuredSubnetProps): string {
  const network = new VirtualNetwork(scope, id, {
    location: props.location,
    resourceGroupName: props.resourceGroupName,
    tags: props.tags,
    name: props.networkName,
    addressSpace: [props.networkCidr],
  });
  // a plain list would have to name every argument, and 4.81 and 5.x do not have the same ones.
  network.addOverride('dynamic.subnet', {
    for_each: [props.subnetName],
    content: {
      name: props.subnetName,
      address_prefixes: [props.subnetCidr],
      security_group: props.securityGroup.id,
      // what leaves has an address of its own; Azure no longer lends one to new networks, but azurerm still asks for it.
      default_outbound_access_enabled: false,
    },
  });
  return `${network.id}/subnets/${props.subnetName}`;
}

/** Without this rule Azure lets in the whole virtual network, and every network that is peered with it. */
export function denyOtherInbound(scope: Construct, securityGroup: NetworkSecurityGroup): NetworkSecurityRule {
  return new NetworkSecurityRule(scope, 'DenyOtherInbound', {
    name: 'DenyOtherInbound',
    priority: LAST_PRIORITY,
    resourceGroupName: securityGroup.resourceGroupName,
    networkSecurityGroupName: securityGroup.name,
    direction: 'Inbound',
    access: 'Deny',
    protocol: '*',
    sourceAddressPrefix: '*',
    sourcePortRange: '*',
    destinationAddressPrefix: '*',
    destinationPortRange: '*',
  });
}
