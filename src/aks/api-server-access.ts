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
 * Who can reach the cluster's API server. Reaching it gives no rights: every caller signs in with Entra ID.
 * @see https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges
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
    return new ApiServerAccess(false, takeValue('ApiServerAccess.authorizedIpRanges', 'ranges', ranges, RANGES));
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
