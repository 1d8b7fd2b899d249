import { NetworkSecurityGroup } from '@cdktf/provider-azurerm/lib/network-security-group';
import { NetworkSecurityRule } from '@cdktf/provider-azurerm/lib/network-security-rule';
import { PublicIp } from '@cdktf/provider-azurerm/lib/public-ip';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import { ITerraformDependable, Token } from 'cdktf';
import { Construct } from 'constructs';
import { assignIdentityRole } from './role-assignment';
import { createSubnet, denyOtherInbound } from '../../azure/private/secured-subnet';
import { isOpenToAll } from '../../private/cidr';

const NETWORK_ROLE = 'Network Contributor';

export interface ClusterNetworkProps {
  readonly name: string;
  readonly location: string;
  readonly resourceGroupName: string;
  readonly tags?: { [key: string]: string };
  /** A subnet that exists; else one is made. */
  readonly subnetId?: string;
  readonly virtualNetworkCidr: string;
  readonly subnetCidr: string;
  readonly podCidr: string;
  /** Who may reach Services of type LoadBalancer. */
  readonly loadBalancerAllowedCidrs: readonly string[];
}

/** The nodes' subnet, the address their traffic leaves from, and the control plane's identity with rights on both. */
export class ClusterNetwork extends Construct {
  public readonly subnetId: string;
  public readonly egressIpId: string;
  public readonly egressIpAddress: string;
  public readonly identityId: string;
  /** The rights that the control plane needs before the cluster is made. */
  public readonly ready: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, props: ClusterNetworkProps) {
    super(scope, id);
    const place = { location: props.location, resourceGroupName: props.resourceGroupName, tags: props.tags };
    this.subnetId = props.subnetId ?? this.createSubnet(props);
    const egressIp = new PublicIp(this, 'EgressIp', { name: `${props.name}-egress`, allocationMethod: 'Static', sku: 'Standard', ...place });
    this.egressIpId = egressIp.id;
    this.egressIpAddress = egressIp.ipAddress;
    const identity = new UserAssignedIdentity(this, 'ControlPlaneIdentity', { name: `${props.name}-control-plane`, ...place });
    this.identityId = identity.id;
    this.ready.push(
      assignIdentityRole(this, 'SubnetRole', NETWORK_ROLE, this.subnetId, identity.principalId),
      assignIdentityRole(this, 'EgressIpRole', NETWORK_ROLE, egressIp.id, identity.principalId),
    );
  }

  /**
   * Pods are a part of the subnet's own traffic: with an overlay they keep their addresses between nodes.
   * @see https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay#network-security-groups
   */
  private createSubnet(props: ClusterNetworkProps): string {
    const { location, resourceGroupName, tags, loadBalancerAllowedCidrs } = props;
    const securityGroup = new NetworkSecurityGroup(this, 'SecurityGroup', { name: `${props.name}-nsg`, location, resourceGroupName, tags });
    const allow = (name: string, priority: number, source: { sourceAddressPrefix?: string; sourceAddressPrefixes?: string[] }) =>
      this.ready.push(new NetworkSecurityRule(this, `Allow${name}`, {
        name: `Allow${name}`,
        priority,
        resourceGroupName,
        networkSecurityGroupName: securityGroup.name,
        direction: 'Inbound',
        access: 'Allow',
        protocol: '*',
        sourcePortRange: '*',
        destinationAddressPrefix: '*',
        destinationPortRange: '*',
        ...source,
      }));
    allow('NodesAndPods', 100, { sourceAddressPrefixes: [props.subnetCidr, props.podCidr] });
    allow('AzureLoadBalancer', 110, { sourceAddressPrefix: 'AzureLoadBalancer' });
    if (isOpenToAll(loadBalancerAllowedCidrs)) {
      allow('Services', 120, { sourceAddressPrefix: '*' });
    } else if (Token.isUnresolved(loadBalancerAllowedCidrs) || loadBalancerAllowedCidrs.length > 0) {
      allow('Services', 120, { sourceAddressPrefixes: loadBalancerAllowedCidrs as string[] });
    }
    this.ready.push(denyOtherInbound(this, securityGroup));
    return createSubnet(this, 'Vnet', {
      location,
      resourceGroupName,
      tags,
      networkName: `${props.name}-vnet`,
      networkCidr: props.virtualNetworkCidr,
      subnetName: 'nodes',
      subnetCidr: props.subnetCidr,
      securityGroup,
    });
  }
}
