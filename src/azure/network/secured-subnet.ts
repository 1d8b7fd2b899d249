import { NetworkSecurityGroup } from '@cdktf/provider-azurerm/lib/network-security-group';
import { NetworkSecurityRule } from '@cdktf/provider-azurerm/lib/network-security-rule';
import { VirtualNetwork } from '@cdktf/provider-azurerm/lib/virtual-network';
import { Construct } from 'constructs';
import { inboundRule } from './inbound-rule';

/** The lowest priority that Azure takes. */
const LAST_PRIORITY = 4096;

/**
 * Terraform's JSON syntax wants every argument of a subnet, and ignores one that the provider does not have: 4.81 has
 * `service_endpoints`, 5.x `service_endpoint`. A `dynamic` block would need none of them, but Checkov stops reading at the first one.
 */
const UNUSED_ARGUMENTS = {
  id: null,
  delegation: [],
  private_endpoint_network_policies: 'Disabled',
  private_link_service_network_policies_enabled: true,
  route_table_id: null,
  service_endpoint: [],
  service_endpoints: [],
  service_endpoint_policy_ids: [],
};

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
  network.addOverride('subnet', [{
    ...UNUSED_ARGUMENTS,
    name: props.subnetName,
    address_prefixes: [props.subnetCidr],
    security_group: props.securityGroup.id,
    // what leaves has an address of its own; Azure no longer lends one to new networks, but azurerm still asks for it.
    default_outbound_access_enabled: false,
  }]);
  return `${network.id}/subnets/${props.subnetName}`;
}

/** Without this rule Azure lets in the whole virtual network, and every network that is peered with it. */
export function denyOtherInbound(scope: Construct, securityGroup: NetworkSecurityGroup): NetworkSecurityRule {
  return inboundRule(scope, 'DenyOtherInbound', securityGroup, {
    name: 'DenyOtherInbound',
    priority: LAST_PRIORITY,
    resourceGroupName: securityGroup.resourceGroupName,
    access: 'Deny',
    sourceAddressPrefix: '*',
    destinationPortRange: '*',
  });
}
