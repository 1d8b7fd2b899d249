import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { assignIdentityRole } from '../../azure/access/role-assignment';
import { spreadingTime } from '../../azure/access/spreading-time';
import { AzureRole } from '../../azure/azure-role';
import { virtualNetworkOf } from '../../azure/network/existing-subnet';
import { ApiServerAccess } from '../api-server-access';

/** Roles at what is somebody else's inherit from no group of ours, and take as long as Azure says at most. */
const SPREADING_SECONDS = 300;
const ZONE_ROLE = AzureRole.of('Private DNS Zone Contributor');

export interface PrivateApiServerProps {
  readonly access: ApiServerAccess;
  /** The control plane's identity. */
  readonly principalId: string;
  /** The nodes' subnet. */
  readonly subnetId: string;
}

/** The rights by which the control plane puts its API server into a zone or a subnet, before the cluster is made: AKS checks them first. */
export class PrivateApiServer extends Construct {
  public readonly ready: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, { access, principalId, subnetId }: PrivateApiServerProps) {
    super(scope, id);
    const { dnsZoneId, subnetId: apiSubnetId } = access._private;
    const roles = [
      ...dnsZoneId === undefined ? [] : [
        assignIdentityRole(this, 'ZoneRole', ZONE_ROLE, dnsZoneId, principalId),
        // AKS links the zone to the network.
        assignIdentityRole(this, 'NetworkRole', AzureRole.NETWORK_CONTRIBUTOR, virtualNetworkOf(subnetId), principalId),
      ],
      ...apiSubnetId === undefined ? [] : [assignIdentityRole(this, 'SubnetRole', AzureRole.NETWORK_CONTRIBUTOR, apiSubnetId, principalId)],
    ];
    if (roles.length > 0) {
      this.ready.push(spreadingTime(this, SPREADING_SECONDS, roles));
    }
  }
}
