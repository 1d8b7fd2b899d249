import { publicAddress } from '../private/rules/addresses';
import { takeOptional } from '../private/rules/rule';

/**
 * How traffic leaves a cluster. A change from `loadBalancer()` interrupts it, and brings another address.
 * @see https://learn.microsoft.com/azure/aks/egress-outboundtype
 * @example
 * new AksCluster(stack, 'Cluster', {
 *   location: 'koreacentral',
 *   subnet: AzureSubnet.existing('/subscriptions/s/resourceGroups/spoke/providers/Microsoft.Network/virtualNetworks/spoke/subnets/nodes'),
 *   egress: AksEgress.routed('203.0.113.7'),
 * });
 */
export class AksEgress {
  /** Through the cluster's load balancer, with a public address of its own. Azure refuses it in a subnet that has a NAT gateway. */
  static loadBalancer(): AksEgress {
    return new AksEgress('loadBalancer');
  }

  /**
   * Through a NAT gateway, which has ports for many more connections than a load balancer. A new subnet gets one with a public address; an existing
   * subnet must have one.
   * @param outboundIpAddress the public address of the gateway of a subnet that exists, where it is known.
   * @see https://learn.microsoft.com/azure/aks/nat-gateway
   */
  static natGateway(outboundIpAddress?: string): AksEgress {
    return new AksEgress('userAssignedNATGateway', takeOptional('AksEgress.natGateway', 'outboundIpAddress', outboundIpAddress, publicAddress()));
  }

  /**
   * By the routes of a subnet that exists, through a firewall or another appliance. No public address is created. The route must exist before the
   * cluster, and the firewall must let through what nodes need.
   * @param outboundIpAddress the firewall's public address, which the Internet sees.
   * @see https://learn.microsoft.com/azure/aks/egress-udr
   */
  static routed(outboundIpAddress?: string): AksEgress {
    return new AksEgress('userDefinedRouting', takeOptional('AksEgress.routed', 'outboundIpAddress', outboundIpAddress, publicAddress()));
  }

  private constructor(
    /** @internal */
    readonly _outboundType: 'loadBalancer' | 'userAssignedNATGateway' | 'userDefinedRouting',
    /** @internal */
    readonly _outboundIpAddress?: string,
    /** @internal */
    readonly _loadBalancerAddressKept: boolean = _outboundType === 'loadBalancer',
  ) {}

  /**
   * The same for a cluster whose traffic has left through its load balancer until now. The load balancer's address stays, unused, because Azure
   * refuses to delete one in use and Terraform deletes it first. The next apply without this call deletes it.
   */
  public afterLoadBalancer(): AksEgress {
    return new AksEgress(this._outboundType, this._outboundIpAddress, true);
  }
}
