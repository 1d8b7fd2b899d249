import { subnetId as aSubnetId } from './private/rules';
import { networkCidr } from '../private/rules/addresses';
import { Rules, takeProps, takeValue } from '../private/rules/rule';

/** Options for a new virtual network with one subnet. */
export interface AzureSubnetOptions {
  /**
   * The address space of the virtual network, an IPv4 block from /8 to /29, for a cluster to /28. Choose a block that overlaps no network you
   * may peer with one day.
   * @default - '10.40.0.0/24' for a GitLab server, '10.224.0.0/16' for a cluster
   */
  readonly virtualNetworkCidr?: string;

  /**
   * The address range of the subnet, inside `virtualNetworkCidr`: from /8 to /29, for a cluster from /16 to /28. Azure cannot change it while
   * anything is in the subnet.
   * @default - the whole `virtualNetworkCidr` for a GitLab server, '10.224.0.0/20' for a cluster
   */
  readonly subnetCidr?: string;
}

const SUBNET: Rules<AzureSubnetOptions> = {
  virtualNetworkCidr: networkCidr(8, 29),
  subnetCidr: networkCidr(8, 29),
};

/**
 * The subnet to put machines in.
 *
 * Machines cannot move to another network: Azure rejects a later change, and the apply fails.
 * @see https://learn.microsoft.com/azure/virtual-network/virtual-networks-overview
 * @example
 * new AksCluster(stack, 'Wide', {
 *   location: 'koreacentral',
 *   subnet: AzureSubnet.create({ virtualNetworkCidr: '10.100.0.0/16', subnetCidr: '10.100.0.0/20' }),
 * });
 */
export class AzureSubnet {
  /**
   * A new virtual network with one subnet, which has a network security group.
   * @param options the network's addresses.
   */
  static create(options: AzureSubnetOptions = {}): AzureSubnet {
    return new AzureSubnet(takeProps('AzureSubnet.create', 'options', options, SUBNET));
  }

  /**
   * A subnet that exists. Its network security group and routes stay as they are.
   * @param subnetId the subnet's ARM id.
   */
  static existing(subnetId: string): AzureSubnet {
    const id = takeValue('AzureSubnet.existing', 'subnetId', subnetId, aSubnetId());
    return new AzureSubnet({}, id);
  }

  private constructor(
    /** @internal */
    public readonly _options: AzureSubnetOptions,
    /** @internal */
    public readonly _existingId?: string,
  ) {}
}
