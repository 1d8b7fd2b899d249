import { PublicIp } from '@cdktf/provider-azurerm/lib/public-ip';
import { Subnet } from '@cdktf/provider-azurerm/lib/subnet';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import { VirtualNetwork } from '@cdktf/provider-azurerm/lib/virtual-network';
import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { assignIdentityRole } from './role-assignment';
import { suffixed } from '../../private/default-name';

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
}

/** The nodes' subnet, the address their traffic leaves from, and the control plane's identity with rights on both. */
export class ClusterNetwork extends Construct {
  public readonly subnetId: string;
  public readonly egressIpId: string;
  public readonly egressIpAddress: string;
  public readonly identityId: string;
  /** The rights that the control plane needs before the cluster is made. */
  public readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ClusterNetworkProps) {
    super(scope, id);
    const place = { location: props.location, resourceGroupName: props.resourceGroupName, tags: props.tags };
    this.subnetId = props.subnetId ?? this.subnet(props).id;
    const egressIp = new PublicIp(this, 'EgressIp', { name: `${props.name}-egress`, allocationMethod: 'Static', sku: 'Standard', ...place });
    this.egressIpId = egressIp.id;
    this.egressIpAddress = egressIp.ipAddress;
    const identity = new UserAssignedIdentity(this, 'ControlPlaneIdentity', { name: `${props.name}-control-plane`, ...place });
    this.identityId = identity.id;
    this.ready = [
      assignIdentityRole(this, 'SubnetRole', NETWORK_ROLE, this.subnetId, identity.principalId),
      assignIdentityRole(this, 'EgressIpRole', NETWORK_ROLE, egressIp.id, identity.principalId),
    ];
  }

  private subnet(props: ClusterNetworkProps): Subnet {
    const network = new VirtualNetwork(this, 'Vnet', {
      name: suffixed(props.name, '-vnet', 64),
      location: props.location,
      resourceGroupName: props.resourceGroupName,
      addressSpace: [props.virtualNetworkCidr],
      tags: props.tags,
    });
    return new Subnet(this, 'Subnet', {
      name: 'nodes',
      resourceGroupName: props.resourceGroupName,
      virtualNetworkName: network.name,
      addressPrefixes: [props.subnetCidr],
    });
  }
}
