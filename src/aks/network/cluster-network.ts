import { NetworkSecurityGroup } from '@cdktf/provider-azurerm/lib/network-security-group';
import { PublicIp } from '@cdktf/provider-azurerm/lib/public-ip';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { assignIdentityRole } from '../../azure/access/role-assignment';
import { AzureRole } from '../../azure/azure-role';
import { partName } from '../../azure/names/part-names';
import { inboundRule, sourceOf } from '../../azure/network/inbound-rule';
import { WayOut } from '../../azure/network/nat-gateway';
import { createSubnet, denyOtherInbound } from '../../azure/network/secured-subnet';
import { suffixed } from '../../private/default-name';
import { AksEgress } from '../aks-egress';

const NETWORK_ROLE = AzureRole.NETWORK_CONTRIBUTOR;

export interface ClusterNetworkProps {
  readonly name: string;
  readonly location: string;
  readonly resourceGroupName: string;
  readonly tags?: { [key: string]: string };
  readonly egress: AksEgress;
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
  public readonly outboundType: string;
  /** Addresses that the load balancer sends from; none where traffic leaves otherwise. */
  public readonly outboundIpIds?: string[];
  /** Where traffic comes from in the eyes of the Internet, if that is known. */
  public readonly egressIpAddress?: string;
  public readonly identityId: string;
  public readonly identityPrincipalId: string;
  /** The rights that the control plane needs before the cluster is made. */
  public readonly ready: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, props: ClusterNetworkProps) {
    super(scope, id);
    const place = { location: props.location, resourceGroupName: props.resourceGroupName, tags: props.tags };
    this.subnetId = props.subnetId ?? this.createSubnet(props);
    const egressIp = props.egress._loadBalancerAddressKept
      ? new PublicIp(this, 'EgressIp', { name: partName(this, 'publicIpAddress', `${props.name}-egress`, 'egress'), allocationMethod: 'Static', sku: 'Standard', ...place })
      : undefined;
    this.outboundType = props.egress._outboundType;
    if (props.egress._outboundType === 'loadBalancer') {
      [this.outboundIpIds, this.egressIpAddress] = [[egressIp!.id], egressIp!.ipAddress];
    } else {
      this.egressIpAddress = this.createWayOut(props);
    }
    const identity = new UserAssignedIdentity(this, 'ControlPlaneIdentity', { name: partName(this, 'identity', `${props.name}-control-plane`), ...place });
    [this.identityId, this.identityPrincipalId] = [identity.id, identity.principalId];
    this.ready.push(assignIdentityRole(this, 'SubnetRole', NETWORK_ROLE, this.subnetId, identity.principalId));
    if (egressIp) {
      this.ready.push(assignIdentityRole(this, 'EgressIpRole', NETWORK_ROLE, egressIp.id, identity.principalId));
    }
  }

  /** A NAT gateway of our own, if the network is; AKS asks whether the subnet has one before it makes the cluster. */
  private createWayOut({ egress, name, location, resourceGroupName, tags, subnetId }: ClusterNetworkProps): string | undefined {
    if (subnetId !== undefined || egress._outboundType !== 'userAssignedNATGateway') {
      return egress._outboundIpAddress;
    }
    const wayOut = new WayOut(this, 'WayOut', { placement: { location, resourceGroupName, tags }, namePrefix: name, subnetId: this.subnetId });
    this.ready.push(...wayOut.ready);
    return wayOut.ipAddress;
  }

  /**
   * Pods are a part of the subnet's own traffic: with an overlay they keep their addresses between nodes.
   * @see https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay#network-security-groups
   */
  private createSubnet(props: ClusterNetworkProps): string {
    const { location, resourceGroupName, tags, loadBalancerAllowedCidrs } = props;
    const securityGroup = new NetworkSecurityGroup(this, 'SecurityGroup', { name: partName(this, 'networkSecurityGroup', `${props.name}-nsg`), location, resourceGroupName, tags });
    const allow = (name: string, priority: number, source: ReturnType<typeof sourceOf>) => this.ready.push(
      inboundRule(this, `Allow${name}`, securityGroup, { name: `Allow${name}`, priority, resourceGroupName, destinationPortRange: '*', ...source }));
    allow('NodesAndPods', 100, { sourceAddressPrefixes: [props.subnetCidr, props.podCidr] });
    allow('AzureLoadBalancer', 110, { sourceAddressPrefix: 'AzureLoadBalancer' });
    const services = sourceOf(loadBalancerAllowedCidrs);
    if (services) {
      allow('Services', 120, services);
    }
    this.ready.push(denyOtherInbound(this, securityGroup));
    return createSubnet(this, 'Vnet', {
      location,
      resourceGroupName,
      tags,
      networkName: partName(this, 'virtualNetwork', suffixed(props.name, '-vnet', 64)),
      networkCidr: props.virtualNetworkCidr,
      subnetName: partName(this, 'subnet', 'nodes'),
      subnetCidr: props.subnetCidr,
      securityGroup,
    });
  }
}
