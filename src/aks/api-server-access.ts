import { Token } from 'cdktf';
import { checkNotEmpty } from '../private/checks';
import { checkCidr } from '../private/cidr';
import { ValidationError } from '../private/validation-error';

const MOST_RANGES = 200;

/**
 * Who can reach the cluster's API server. Reaching it gives no rights: every caller signs in with Entra ID.
 * @see https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges
 * @example
 * new AksCluster(stack, 'Cluster', {
 *   location: 'koreacentral',
 *   apiServerAccess: ApiServerAccess.authorizedIpRanges(['203.0.113.0/24']),
 * });
 */
export class ApiServerAccess {
  /** Anybody can reach it. */
  static publicEndpoint(): ApiServerAccess {
    return new ApiServerAccess(false);
  }

  /**
   * Only these addresses, and the cluster's own nodes. The machine that applies has to be among them.
   * @param ranges at most 200 IPv4 blocks, such as `203.0.113.7/32`; an empty list is refused.
   */
  static authorizedIpRanges(ranges: string[]): ApiServerAccess {
    const where = 'ApiServerAccess.authorizedIpRanges';
    if (Token.isUnresolved(ranges)) {
      return new ApiServerAccess(false, ranges);
    }
    if (!Array.isArray(ranges)) {
      throw new ValidationError(where, { prop: 'ranges', problem: 'not a list', got: ranges, remedy: 'give a list of IPv4 blocks' });
    }
    checkNotEmpty({ where, prop: 'ranges' }, ranges, 'name at least the address that you apply from, or use publicEndpoint()');
    if (ranges.length > MOST_RANGES) {
      throw new ValidationError(where, { prop: 'ranges', problem: 'more than AKS takes', got: ranges.length, remedy: `give at most ${MOST_RANGES}` });
    }
    ranges.forEach((range, index) => {
      if (typeof range !== 'string') {
        throw new ValidationError(where, { prop: `ranges[${index}]`, problem: 'not an IPv4 block', got: range, remedy: 'write an IPv4 block such as "10.0.0.0/16"' });
      }
      checkCidr({ where, prop: `ranges[${index}]` }, range);
    });
    return new ApiServerAccess(false, [...ranges]);
  }

  /**
   * Only from the cluster's virtual network and those joined to it: the machine that applies has to be there, or the manifests go
   * another way. Chosen once: changing to or from it means a new cluster.
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
