import { OTHER_NAMES_OF_PRIVATE_ADDRESS } from './other-names';
import { armId } from '../../azure/private/rules';
import { machineAddress } from '../../private/rules/addresses';
import { list } from '../../private/rules/collections';
import { Rules, takeProps } from '../../private/rules/rule';
import { decided, trueOrFalse } from '../../private/rules/scalars';

/** Options of a server without a public address. */
export interface GitLabPrivateAddressOptions {
  /**
   * The server's private IPv4 address. Azure keeps the first four addresses of a subnet and the last.
   * @see https://learn.microsoft.com/azure/virtual-network/ip-services/private-ip-addresses
   * @default - the first free one of a new subnet, such as `10.40.0.4`; required with `AzureSubnet.existing()`
   */
  readonly address?: string;

  /**
   * Whether a new subnet gets a NAT gateway. Without one, `httpProxy` has to be the server's way out.
   * @see https://learn.microsoft.com/azure/nat-gateway/nat-overview
   * @default - true with a new subnet
   */
  readonly natGatewayEnabled?: boolean;

  /**
   * Whether to make a private DNS zone of exactly GitLab's name, linked to the server's virtual network and to `dnsVirtualNetworkIds`. A
   * network with DNS servers of its own does not ask it, and one that has a zone of this name cannot be linked: make the record that an
   * output shows there yourself. Needs `AzureProvider` with `azurermMajor`.
   * @see https://learn.microsoft.com/azure/dns/private-dns-privatednszone
   * @default false
   */
  readonly dnsZoneEnabled?: boolean;

  /**
   * ARM ids of further virtual networks whose machines find GitLab's name in the private DNS zone, such as the cluster's. Needs
   * `dnsZoneEnabled`.
   * @default []
   */
  readonly dnsVirtualNetworkIds?: string[];
}

const PRIVATE_ADDRESS: Rules<GitLabPrivateAddressOptions> = {
  address: machineAddress(),
  natGatewayEnabled: decided(trueOrFalse()),
  dnsZoneEnabled: decided(trueOrFalse()),
  dnsVirtualNetworkIds: list(armId('Microsoft.Network/virtualNetworks')),
};

/**
 * How the server is reached in the network: at a public address, or only from networks connected to its own.
 *
 * @example
 * new SelfHostedGitLab(stack, 'GitLab', {
 *   location: 'koreacentral',
 *   subnet: AzureSubnet.existing('/subscriptions/s/resourceGroups/spoke/providers/Microsoft.Network/virtualNetworks/spoke/subnets/gitlab'),
 *   network: GitLabNetwork.privateAddress({ address: '10.1.0.4' }),
 *   endpoint: GitLabEndpoint.customDomain('gitlab.example.com'),
 * });
 */
export class GitLabNetwork {
  /** A static public address with a name in Azure's domain. It is also the server's way out. */
  static publicAddress(): GitLabNetwork {
    return new GitLabNetwork();
  }

  /**
   * A static private address, and no public one. GitLab needs a domain of your own; its certificate comes from a Key Vault, from a proxy in
   * front, or from a CA created on the server, since Let's Encrypt cannot reach it. This library's runners are let in by the subnet of
   * their nodes. A new subnet gets a NAT gateway; an existing one needs a way out, such as a firewall.
   *
   * A server that has a public address changes in two applies: the first with `afterPublicAddress()`, the second without.
   */
  static privateAddress(options: GitLabPrivateAddressOptions = {}): GitLabNetwork {
    return new GitLabNetwork(takeProps('GitLabNetwork.privateAddress', 'options', options, PRIVATE_ADDRESS, undefined, OTHER_NAMES_OF_PRIVATE_ADDRESS));
  }

  private constructor(
    /** @internal */
    readonly _privateAddress?: GitLabPrivateAddressOptions,
    /** @internal */
    readonly _publicAddressKept: boolean = false,
  ) {}

  /**
   * The same for a server that has had a public address until now. The address stays, detached, because Azure refuses to delete one in use and
   * Terraform deletes it first. The next apply without this call deletes it.
   */
  public afterPublicAddress(): GitLabNetwork {
    return new GitLabNetwork(this._privateAddress, this._privateAddress !== undefined);
  }
}
