import { PrivateDnsARecord } from '@cdktf/provider-azurerm/lib/private-dns-a-record';
import { PrivateDnsZone } from '@cdktf/provider-azurerm/lib/private-dns-zone';
import { PrivateDnsZoneVirtualNetworkLink } from '@cdktf/provider-azurerm/lib/private-dns-zone-virtual-network-link';
import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { known } from '../../private/rules/subject';
import { isSameName } from '../names/same-name';
import { setPrivateDnsZone } from '../provider/azurerm-arguments';

const RECORD_SECONDS = 300;

export interface PrivateNamesProps {
  readonly zoneName: string;
  readonly resourceGroupName: string;
  readonly tags?: { readonly [name: string]: string };
  /** The networks whose machines ask the zone. */
  readonly virtualNetworkIds: readonly string[];
  /** The prop that asked for the zone. */
  readonly prop: string;
}

/** A zone of private DNS, and the networks that see it. */
export class PrivateNames extends Construct {
  public readonly zoneId: string;
  /** What has to be applied before names are found. */
  public readonly ready: ITerraformDependable[] = [];

  private readonly zone: PrivateDnsZone;

  constructor(scope: Construct, id: string, private readonly props: PrivateNamesProps) {
    super(scope, id);
    const { zoneName, resourceGroupName } = props;
    this.zone = new PrivateDnsZone(this, 'Zone', { name: zoneName, resourceGroupName, tags: props.tags });
    this.zoneId = this.zone.id;
    props.virtualNetworkIds
      .filter((network, index) => !props.virtualNetworkIds.slice(0, index).some((earlier) => isSameName(earlier, network)))
      .forEach((network, index) => this.link(network, index));
  }

  public addRecord(id: string, name: string, address: string): void {
    const record = new PrivateDnsARecord(this, id, {
      name, ttl: RECORD_SECONDS, records: [address], zoneName: this.zone.name, resourceGroupName: this.zone.resourceGroupName, tags: this.props.tags,
    });
    setPrivateDnsZone(record, this.zone, 'zone_name', this.props.prop);
    this.ready.push(record);
  }

  /** By the network's name and not by its place in a list, so that another network beside it changes nothing. */
  private link(virtualNetworkId: string, index: number): void {
    const name = known(virtualNetworkId) ? virtualNetworkId.split('/').pop()! : `network-${index}`;
    const taken = this.node.tryFindChild(`Link-${name}`) ? `${name}-${index}` : name;
    const link = new PrivateDnsZoneVirtualNetworkLink(this, `Link-${taken}`, {
      name: taken, virtualNetworkId, privateDnsZoneName: this.zone.name, resourceGroupName: this.zone.resourceGroupName, tags: this.props.tags,
    });
    setPrivateDnsZone(link, this.zone, 'private_dns_zone_name', this.props.prop);
    this.ready.push(link);
  }
}
