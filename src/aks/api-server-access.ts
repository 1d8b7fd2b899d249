import { cidr } from '../private/rules/addresses';
import { listSetting } from '../private/rules/collections';
import { also, takeValue } from '../private/rules/rule';
import { ValidationError } from '../private/validation-error';

const RANGES = also(listSetting(cidr(), { most: 200 }), ({ where, prop }, ranges) => {
  if (ranges.length === 0) {
    throw new ValidationError(where, {
      prop, problem: 'empty', got: ranges, remedy: 'name at least the address that you apply from, or use publicEndpoint()',
    });
  }
});

/**
 * Who can reach the cluster's API server. Reaching it grants no rights: every caller signs in with Entra ID.
 * @see https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges
 * @example
 * new AksCluster(stack, 'Cluster', {
 *   location: 'koreacentral',
 *   apiServerAccess: ApiServerAccess.authorizedIpRanges(['203.0.113.0/24']),
 * });
 */
export class ApiServerAccess {
  /** Anybody can reach the API server. */
  static publicEndpoint(): ApiServerAccess {
    return new ApiServerAccess(false);
  }

  /**
   * Only these addresses and the cluster's own nodes. The machine that runs `terraform apply` must be among them.
   * @param ranges 1 to 200 IPv4 CIDR blocks, such as `203.0.113.7/32`.
   */
  static authorizedIpRanges(ranges: string[]): ApiServerAccess {
    return new ApiServerAccess(false, takeValue('ApiServerAccess.authorizedIpRanges', 'ranges', ranges, RANGES));
  }

  /**
   * Only the cluster's virtual network and networks connected to it. Either run `terraform apply` from there, or deliver manifests another
   * way. Switching to or from it would replace the cluster.
   * @see https://learn.microsoft.com/azure/aks/private-clusters
   */
  static privateEndpoint(): ApiServerAccess {
    return new ApiServerAccess(true);
  }

  private constructor(
    /** @internal */
    readonly _privateCluster: boolean,
    /** @internal */
    readonly _ranges?: string[],
  ) {}
}
