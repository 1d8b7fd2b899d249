import { CLOUDS, privateLinkZone } from './place/cloud-hosts';
import { armId, subnetId as aSubnetId } from './private/rules';
import { also, Rule, takeOptional, takeValue } from '../private/rules/rule';
import { ValidationError } from '../private/validation-error';

/**
 * Private endpoints for Key Vaults and storage accounts, which are then closed to the Internet. Clients keep their public names, which private DNS
 * zones lead to the endpoints.
 * @see https://learn.microsoft.com/azure/private-link/private-endpoint-overview
 * @example
 * const privateEndpoints = PrivateEndpoints.dnsByPolicy(
 *   '/subscriptions/s/resourceGroups/spoke/providers/Microsoft.Network/virtualNetworks/spoke/subnets/endpoints',
 * );
 * new SelfHostedGitLab(stack, 'Closed', { location: 'koreacentral', privateEndpoints });
 */
export class PrivateEndpoints {
  /**
   * Endpoints whose names are put into zones by Azure Policy, as in Microsoft's landing zones. What the policy does to an endpoint, a later apply
   * leaves as it is.
   * @param subnetId the ARM id of the subnet for the endpoints.
   */
  static dnsByPolicy(subnetId: string): PrivateEndpoints {
    return new PrivateEndpoints(takeValue('PrivateEndpoints.dnsByPolicy', 'subnetId', subnetId, aSubnetId()), {});
  }

  /**
   * Endpoints whose names are put into zones that exist, linked to the networks of the server and of the cluster.
   * @param subnetId the ARM id of the subnet for the endpoints.
   * @param vaultZoneId the ARM id of the private DNS zone `privatelink.vaultcore.azure.net`.
   * @param blobZoneId the ARM id of the private DNS zone `privatelink.blob.core.windows.net`. Only needed where there is a storage account.
   */
  static dnsZones(subnetId: string, vaultZoneId: string, blobZoneId?: string): PrivateEndpoints {
    const where = 'PrivateEndpoints.dnsZones';
    return new PrivateEndpoints(takeValue(where, 'subnetId', subnetId, aSubnetId()), {
      vault: takeValue(where, 'vaultZoneId', vaultZoneId, zone('vault')), blob: takeOptional(where, 'blobZoneId', blobZoneId, zone('blob')),
    });
  }

  private constructor(
    /** @internal */
    readonly _subnetId: string,
    /** @internal none where a policy says which. */
    readonly _zoneIds: { readonly vault?: string; readonly blob?: string },
  ) {}
}

function zone(kind: 'vault' | 'blob'): Rule<string> {
  return also(armId('Microsoft.Network/privateDnsZones'), ({ where, prop }, id) => {
    const names = CLOUDS.map((cloud) => privateLinkZone(cloud, kind));
    if (!names.includes(id.split('/').pop()!.toLowerCase())) {
      throw new ValidationError(where, { prop, problem: 'a zone of another name', got: id, remedy: `give the id of the zone "${names[0]}"` });
    }
  });
}
