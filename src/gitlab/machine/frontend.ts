import { Lb } from '@cdktf/provider-azurerm/lib/lb';
import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { partName } from '../../azure/names/part-names';
import { Placement } from '../../azure/place/placement';

/** What rules call the address. */
export const FRONTEND_NAME = 'gitlab';

export interface FrontendProps {
  readonly placement: Placement;
  /** What the names of the parts begin with. */
  readonly namePrefix: string;
  /** The public address. Without one, the address is one of the subnet's. */
  readonly publicIpAddressId?: string;
  readonly subnetId: string;
  /** Who may have had the address until now, and gets it back: Azure gives no address to two. */
  readonly after: ITerraformDependable;
}

/** The address of a server of several machines: a load balancer's, whose rules say which machine answers at which port. */
export class Frontend extends Construct {
  public readonly loadBalancerId: string;
  /** The address in the subnet, if it is no public one. */
  public readonly privateIpAddress: string;

  constructor(scope: Construct, id: string, { placement, namePrefix, publicIpAddressId, subnetId, after }: FrontendProps) {
    super(scope, id);
    const address = publicIpAddressId === undefined ? { subnetId, privateIpAddressAllocation: 'Dynamic' } : { publicIpAddressId };
    const balancer = new Lb(this, 'Resource', {
      ...placement,
      name: partName(this, publicIpAddressId === undefined ? 'internalLoadBalancer' : 'externalLoadBalancer', `${namePrefix}-lb`),
      sku: 'Standard',
      frontendIpConfiguration: [{ name: FRONTEND_NAME, ...address }],
      dependsOn: [after],
    });
    this.loadBalancerId = balancer.id;
    this.privateIpAddress = balancer.privateIpAddress;
  }
}
