import { PrivateEndpoint } from '@cdktf/provider-azurerm/lib/private-endpoint';
import { Construct } from 'constructs';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { partName } from '../names/part-names';
import { privateLinkZone } from '../place/cloud-hosts';
import { Placement } from '../place/placement';
import { StackClouds } from '../place/stack-clouds';
import { standInOwnSubscription } from '../place/subnet-subscription';
import { PrivateEndpoints } from '../private-endpoints';

export interface PrivateAccess {
  readonly placement: Placement;
  /** The resource that the endpoint leads to. */
  readonly targetId: string;
  readonly targetName: string;
  readonly kind: 'vault' | 'blob';
  /** What a platform's naming tells it from the construct's other endpoints by. */
  readonly role: string;
}

/** The way into a resource that the Internet does not reach. */
export function createPrivateEndpoint(scope: Construct, endpoints: PrivateEndpoints, access: PrivateAccess): PrivateEndpoint {
  const { placement, targetId, targetName, kind, role } = access;
  const { _zoneIds: zones, _subnetId: subnetId } = endpoints;
  const byPolicy = zones.vault === undefined;
  const zoneId = zones[kind];
  const wanted = privateLinkZone(StackClouds.of(scope).hosts, kind);
  const prop = `privateEndpoints.${kind}ZoneId`;
  if (!byPolicy && zoneId === undefined) {
    throw new ValidationError(scope, { prop, problem: 'missing', remedy: `give the id of the zone "${wanted}": there is a storage account` });
  }
  if (known(zoneId) && !zoneId.toLowerCase().endsWith(`/${wanted}`)) {
    throw new ValidationError(scope, { prop, problem: 'a zone of another cloud', got: zoneId, remedy: `give the id of the zone "${wanted}"` });
  }
  standInOwnSubscription(scope, 'privateEndpoints.subnetId', subnetId);
  return new PrivateEndpoint(scope, 'Endpoint', {
    ...placement,
    name: partName(scope, 'privateEndpoint', `${targetName}-pep`, role),
    subnetId,
    privateServiceConnection: {
      name: targetName, isManualConnection: false, privateConnectionResourceId: targetId, subresourceNames: [kind],
    },
    privateDnsZoneGroup: zoneId === undefined ? undefined : { name: 'default', privateDnsZoneIds: [zoneId] },
    // else each apply would take away what the policy adds.
    lifecycle: byPolicy ? { ignoreChanges: ['private_dns_zone_group'] } : undefined,
  });
}
