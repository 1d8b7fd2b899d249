import { NatGateway } from '@cdktf/provider-azurerm/lib/nat-gateway';
import { NatGatewayPublicIpAssociation } from '@cdktf/provider-azurerm/lib/nat-gateway-public-ip-association';
import { PublicIp } from '@cdktf/provider-azurerm/lib/public-ip';
import { SubnetNatGatewayAssociation } from '@cdktf/provider-azurerm/lib/subnet-nat-gateway-association';
import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { partName } from '../names/part-names';
import { Placement } from '../place/placement';

export interface WayOutProps {
  readonly placement: Placement;
  /** What the names of the parts begin with. */
  readonly namePrefix: string;
  readonly subnetId: string;
}

/** A NAT gateway by which the machines of a subnet reach the Internet, and by which nobody reaches them. */
export class WayOut extends Construct {
  public readonly ipAddress: string;
  /** What has to be applied before a machine gets out. */
  public readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, { placement, namePrefix, subnetId }: WayOutProps) {
    super(scope, id);
    const address = new PublicIp(this, 'Address', { ...placement, name: partName(this, 'publicIpAddress', `${namePrefix}-nat-ip`, 'nat'), sku: 'Standard', allocationMethod: 'Static' });
    const gateway = new NatGateway(this, 'Gateway', { ...placement, name: partName(this, 'natGateway', `${namePrefix}-nat`), skuName: 'Standard' });
    const addressed = new NatGatewayPublicIpAssociation(this, 'GatewayAddress', { natGatewayId: gateway.id, publicIpAddressId: address.id });
    // a gateway without an address is refused for a cluster, and leads nowhere.
    const joined = new SubnetNatGatewayAssociation(this, 'Subnet', { natGatewayId: gateway.id, subnetId, dependsOn: [addressed] });
    this.ipAddress = address.ipAddress;
    this.ready = [addressed, joined];
  }
}
