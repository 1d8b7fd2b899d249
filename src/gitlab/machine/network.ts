import { NetworkInterface, NetworkInterfaceIpConfiguration } from '@cdktf/provider-azurerm/lib/network-interface';
import { NetworkInterfaceSecurityGroupAssociation } from '@cdktf/provider-azurerm/lib/network-interface-security-group-association';
import { NetworkSecurityGroup } from '@cdktf/provider-azurerm/lib/network-security-group';
import { NetworkSecurityRule } from '@cdktf/provider-azurerm/lib/network-security-rule';
import { PublicIp } from '@cdktf/provider-azurerm/lib/public-ip';
import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Frontend } from './frontend';
import { GitLabNetwork } from './gitlab-network';
import { InsidePriority, PortName, portPriority, RulePriorities } from './rule-priorities';
import { partName } from '../../azure/names/part-names';
import { virtualNetworkOf } from '../../azure/network/existing-subnet';
import { inboundRule, sourceOf } from '../../azure/network/inbound-rule';
import { WayOut } from '../../azure/network/nat-gateway';
import { PrivateNames } from '../../azure/network/private-dns';
import { createSubnet, denyOtherInbound } from '../../azure/network/secured-subnet';
import { belongTo } from '../../azure/place/azure-place';
import { Placement } from '../../azure/place/placement';
import { AzureContext } from '../../azure/provider/azure-context';
import { isOpenToAll } from '../../private/cidr';
import { namedPath } from '../../private/construct-moves';
import { suffixed } from '../../private/default-name';
import { cidr } from '../../private/rules/addresses';
import { listSetting } from '../../private/rules/collections';
import { also } from '../../private/rules/rule';
import { text } from '../../private/rules/scalars';

const ADDRESS = 'an IPv4 address or block such as "20.1.2.3" or "10.0.0.0/16"';

/** Who may be let in beside those of the props. Nobody would be a rule that Azure refuses. */
export const ADDRESS_PREFIXES = listSetting(also(text(ADDRESS, /^(\d{1,3}\.){3}\d{1,3}(\/\d{1,2})?$/), (subject, prefix) => {
  cidr().take(subject, asBlock(prefix));
}), { least: 1, same: asBlock });

/** What interfaces call their address, public or not: one that becomes private is a change in place. */
export const IP_CONFIGURATION = 'public';

function asBlock(prefix: string): string {
  return prefix.includes('/') ? prefix : `${prefix}/32`;
}

/** A port that the network security group lets through. */
export interface OpenPort {
  /** PascalCase; the construct's id, and part of the rule's name. */
  readonly name: PortName;
  readonly port: number;
  /** Blocks, or one of Azure's service tags alone. */
  readonly allowedCidrs: readonly string[];
  /** Whether `allowWebFrom` lets others through to it. */
  readonly shared: boolean;
}

export interface NetworkProps {
  readonly placement: Placement;
  /** What the names of the parts begin with. */
  readonly namePrefix: string;
  readonly dnsLabel: string;
  readonly network: GitLabNetwork;
  /** The address of a server that has no public one. */
  readonly privateAddress?: string;
  readonly subnetId?: string;
  readonly virtualNetworkCidr: string;
  readonly subnetCidr: string;
  readonly ports: readonly OpenPort[];
  readonly firstRulePriority: number;
  readonly preventDestroy: boolean;
  /** Whether clients reach a load balancer in place of the machine's own interface. */
  readonly balanced?: boolean;
}

/** What machines of this server, or Azure itself, are let through to. */
export interface InsideRule {
  readonly name: string;
  readonly priority: InsidePriority;
  readonly ports: readonly number[];
  /** Addresses, or one of Azure's service tags alone. */
  readonly from: readonly string[];
  readonly to?: string;
}

/** Another interface in the server's subnet. */
export interface MachineInterface {
  readonly id: string;
  readonly privateIpAddress: string;
  /** What has to be applied before its machine can be reached. */
  readonly reachable: readonly ITerraformDependable[];
}

/** The server's place in the network: its subnet, public address, interface, and who gets through to it. */
export class Network extends Construct {
  public readonly interfaceId: string;
  /** The machine's interface, whose address is taken once this is applied. */
  public readonly interface: ITerraformDependable;
  public readonly subnetId: string;
  public readonly privateIpAddress: string;
  /** Where a person or a proxy gets to the machine itself, or to the load balancer in front. */
  public readonly ipAddress: string;
  /** The load balancer in front, if there is one. */
  public readonly frontend?: Frontend;
  /** Not with a private address alone. */
  public readonly publicIpAddress?: string;
  /** Where the machine's own requests come from in the eyes of the Internet, if we make its way out. */
  public readonly egressIpAddress?: string;
  /** What is let through from outside. */
  public readonly ports: readonly OpenPort[];
  /** What has to be applied before the machine gets out. */
  public readonly wayOut: ITerraformDependable[] = [];
  /** What has to be applied before the server can be reached. */
  public readonly reachable: ITerraformDependable[] = [];

  private readonly securityGroup: NetworkSecurityGroup;
  private readonly priorities: RulePriorities;

  constructor(scope: Construct, id: string, private readonly props: NetworkProps) {
    super(scope, id);
    this.priorities = new RulePriorities();
    this.ports = props.ports;
    this.securityGroup = new NetworkSecurityGroup(this, 'SecurityGroup', { ...props.placement, name: partName(this, 'networkSecurityGroup', `${props.namePrefix}-nsg`) });
    props.ports.forEach((port) => this.openPort(port));
    this.reachable.push(denyOtherInbound(this, this.securityGroup));
    const { privateAddress, network } = props;
    const publicIp = privateAddress === undefined || network._publicAddressKept ? this.createPublicIp() : undefined;
    this.subnetId = props.subnetId ?? this.createSubnet();
    if (privateAddress !== undefined) {
      const nic = this.createInterface({ privateIpAddressAllocation: 'Static', privateIpAddress: privateAddress });
      this.interface = nic;
      this.frontend = this.createFrontend(nic);
      [this.interfaceId, this.privateIpAddress, this.ipAddress] = [nic.id, privateAddress, this.frontend?.privateIpAddress ?? privateAddress];
      this.egressIpAddress = this.createWayOut();
    } else {
      const nic = this.createInterface({ privateIpAddressAllocation: 'Dynamic', publicIpAddressId: this.props.balanced ? undefined : publicIp!.id });
      this.interface = nic;
      this.frontend = this.createFrontend(nic, publicIp!.id);
      [this.interfaceId, this.privateIpAddress, this.ipAddress] = [nic.id, nic.privateIpAddress, publicIp!.ipAddress];
      [this.publicIpAddress, this.egressIpAddress] = [publicIp!.ipAddress, publicIp!.ipAddress];
    }
  }

  /** Makes GitLab's name known in this network and in those linked, and nowhere else: a wider zone would hide other names from them. */
  public publishName(host: string): void {
    const { network: { _privateAddress: options }, placement: { resourceGroupName, tags } } = this.props;
    if (!options?.dnsZoneEnabled) {
      return;
    }
    const names = new PrivateNames(this, 'Names', {
      zoneName: host, resourceGroupName, tags, prop: 'network.dnsZoneEnabled',
      virtualNetworkIds: [virtualNetworkOf(this.subnetId), ...options.dnsVirtualNetworkIds ?? []],
    });
    names.addRecord('Address', '@', this.ipAddress);
    this.reachable.push(...names.ready);
  }

  /** Lets some addresses through to the web ports that are not open to all; the rule is made in the scope of whoever asks. */
  public allowWebFrom(scope: Construct, id: string, addressPrefixes: string[]): void {
    const closed = this.props.ports.filter((port) => port.shared && !isOpenToAll(port.allowedCidrs));
    if (closed.length === 0) {
      return;
    }
    AzureContext.of(scope);
    const slot = this.priorities.claim(`${namedPath(scope)}/${id}`);
    belongTo(this.allow(scope, id, {
      name: `AllowWeb${slot}`,
      priority: slot,
      destinationPortRanges: closed.map((port) => String(port.port)),
      sourceAddressPrefixes: addressPrefixes,
    }), this);
  }

  /** Lets machines of this server through to each other, or Azure's probes to them. */
  public allowInside(scope: Construct, id: string, { ports, from, to, ...rule }: InsideRule): void {
    this.reachable.push(this.allow(scope, id, {
      ...rule, ...sourceOf(from), destinationPortRanges: ports.map(String), ...to === undefined ? {} : { destinationAddressPrefix: to },
    }));
  }

  /** An interface for another machine of this server. */
  public addInterface(scope: Construct, id: string, name: string): MachineInterface {
    const nic = new NetworkInterface(scope, id, {
      ...this.props.placement, name, ipConfiguration: [{ name: IP_CONFIGURATION, subnetId: this.subnetId, privateIpAddressAllocation: 'Dynamic' }],
      // Azure could give it the address that the server's own machine is to have.
      dependsOn: [this.interface],
    });
    return { id: nic.id, privateIpAddress: nic.privateIpAddress, reachable: this.secure(scope, `${id}Security`, nic) };
  }

  private openPort(port: OpenPort): void {
    const source = sourceOf(port.allowedCidrs);
    if (source) {
      const name = `Allow${port.name}`;
      const priority = portPriority(this.props.firstRulePriority, port.name);
      this.reachable.push(this.allow(this, name, { ...source, name, priority, destinationPortRange: String(port.port) }));
    }
  }

  private allow(scope: Construct, id: string, rule: Omit<Parameters<typeof inboundRule>[3], 'resourceGroupName'>): NetworkSecurityRule {
    return inboundRule(scope, id, this.securityGroup, { ...rule, resourceGroupName: this.props.placement.resourceGroupName, protocol: 'Tcp' });
  }

  private createPublicIp(): PublicIp {
    return new PublicIp(this, 'PublicIp', {
      ...this.props.placement,
      name: partName(this, 'publicIpAddress', `${this.props.namePrefix}-ip`),
      sku: 'Standard',
      allocationMethod: 'Static',
      domainNameLabel: this.props.dnsLabel,
      // people write the address into their DNS.
      lifecycle: { preventDestroy: this.props.preventDestroy },
    });
  }

  private createSubnet(): string {
    const { namePrefix, placement } = this.props;
    return createSubnet(this, 'VirtualNetwork', {
      ...placement,
      networkName: partName(this, 'virtualNetwork', suffixed(namePrefix, '-vnet', 64)),
      networkCidr: this.props.virtualNetworkCidr,
      subnetName: partName(this, 'subnet', 'gitlab'),
      subnetCidr: this.props.subnetCidr,
      securityGroup: this.securityGroup,
    });
  }

  /** A subnet of our own has no address of Azure's to leave by; somebody else's has its own way. */
  private createWayOut(): string | undefined {
    const { network, placement, namePrefix, subnetId } = this.props;
    if (subnetId !== undefined || network._privateAddress?.natGatewayEnabled === false) {
      return undefined;
    }
    const wayOut = new WayOut(this, 'WayOut', { placement, namePrefix, subnetId: this.subnetId });
    this.wayOut.push(...wayOut.ready);
    return wayOut.ipAddress;
  }

  private createFrontend(nic: NetworkInterface, publicIpAddressId?: string): Frontend | undefined {
    const { balanced, namePrefix, placement } = this.props;
    return balanced ? new Frontend(this, 'Frontend', { placement, namePrefix, publicIpAddressId, subnetId: this.subnetId, after: nic }) : undefined;
  }

  private createInterface(address: Pick<NetworkInterfaceIpConfiguration, 'privateIpAddressAllocation' | 'privateIpAddress' | 'publicIpAddressId'>): NetworkInterface {
    const nic = new NetworkInterface(this, 'Interface', {
      ...this.props.placement,
      name: partName(this, 'networkInterface', `${this.props.namePrefix}-nic`),
      ipConfiguration: [{
        name: IP_CONFIGURATION, subnetId: this.subnetId, ...address,
      }],
    });
    this.reachable.push(...this.secure(this, 'InterfaceSecurity', nic));
    return nic;
  }

  /** Somebody else's subnet keeps its own rules. */
  private secure(scope: Construct, id: string, nic: NetworkInterface): ITerraformDependable[] {
    return this.props.subnetId === undefined ? [] : [
      new NetworkInterfaceSecurityGroupAssociation(scope, id, { networkInterfaceId: nic.id, networkSecurityGroupId: this.securityGroup.id }),
    ];
  }
}
