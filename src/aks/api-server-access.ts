import { apiServerZone } from './network/api-server-zone';
import { armId, subnetId as aSubnetId } from '../azure/private/rules';
import { publicCidr } from '../private/rules/addresses';
import { listSetting } from '../private/rules/collections';
import { also, Rule, Rules, takeProps, takeValue } from '../private/rules/rule';
import { decided, trueOrFalse } from '../private/rules/scalars';
import { known, refusal } from '../private/rules/subject';
import { ValidationError } from '../private/validation-error';

/** By this AKS means the cluster's own way out alone. */
const NOBODY_ELSE = '0.0.0.0/32';
/** AKS takes 200, two of which may be the cluster's own and that of a server that delivers manifests. */
const MOST_RANGES = 198;

const RANGES = also(listSetting(publicCidr(NOBODY_ELSE), { most: MOST_RANGES }), ({ where, prop }, ranges) => {
  if (ranges.length === 0) {
    throw new ValidationError(where, {
      prop, problem: 'empty', got: ranges, remedy: 'name at least the address that you apply from, or use publicEndpoint()',
    });
  }
  if (known(ranges) && ranges.length > 1 && ranges.includes(NOBODY_ELSE)) {
    throw refusal({ where, prop }, `${NOBODY_ELSE} stands for the nodes alone, so AKS takes no other range with it`, ranges, 'give that one alone, or leave it out');
  }
});

/** Options of an API server that only networks reach. */
export interface PrivateApiServerOptions {
  /**
   * The ARM id of a private DNS zone of yours for the API server's name: `privatelink.<region>.azmk8s.io`, or with `subnetId` also
   * `private.<region>.azmk8s.io`, or a subdomain of it; in Azure Government with `.cx.aks.containerservice.azure.us` after the region. The
   * control plane's identity is granted "Private DNS Zone Contributor" on it and "Network Contributor" on the virtual network before the
   * cluster is created. Changing it would replace the cluster.
   * @see https://learn.microsoft.com/azure/aks/private-clusters
   * @default - AKS makes one in the nodes' resource group
   */
  readonly dnsZoneId?: string;

  /**
   * Whether the name is in Azure's public DNS, with the private address, instead of in a private zone: peered networks find it without a
   * link. Changing it would replace the cluster.
   * @see https://learn.microsoft.com/azure/aks/private-clusters
   * @default false
   */
  readonly publicFqdnEnabled?: boolean;

  /**
   * The ARM id of a subnet for the API server itself (API Server VNet Integration), in the nodes' virtual network: at least a /28, delegated to
   * `Microsoft.ContainerService/managedClusters`. Nodes reach it without a private endpoint. It cannot be undone.
   * @see https://learn.microsoft.com/azure/aks/api-server-vnet-integration
   * @default - none: a private endpoint in the nodes' subnet
   */
  readonly subnetId?: string;
}

const PRIVATE: Rules<PrivateApiServerOptions> = {
  dnsZoneId: also(ownZone(armId('Microsoft.Network/privateDnsZones')), ({ where, prop }, id) => {
    if (apiServerZone(id) === undefined) {
      throw new ValidationError(where, {
        prop, problem: 'a zone of another name', got: id,
        remedy: 'give one named "privatelink.<region>.azmk8s.io", with subnetId also "private.<region>.azmk8s.io", or a subdomain of one label',
      });
    }
  }),
  publicFqdnEnabled: decided(trueOrFalse()),
  subnetId: aSubnetId(),
};

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
   * @param ranges 1 to 198 IPv4 CIDR blocks of the Internet, such as `203.0.113.7/32`; AKS takes `0.0.0.0/32` to let nobody but the nodes in.
   */
  static authorizedIpRanges(ranges: string[]): ApiServerAccess {
    const taken = takeValue('ApiServerAccess.authorizedIpRanges', 'ranges', ranges, RANGES);
    // AKS takes this beside no other range, and the nodes' own address is always one.
    return new ApiServerAccess(false, known(taken) ? taken.filter((range) => range !== NOBODY_ELSE) : taken);
  }

  /**
   * Only the cluster's virtual network and networks connected to it. Either run `terraform apply` from there, or deliver manifests another
   * way.
   * @see https://learn.microsoft.com/azure/aks/private-clusters
   */
  static privateEndpoint(options: PrivateApiServerOptions = {}): ApiServerAccess {
    return new ApiServerAccess(true, undefined, takeProps('ApiServerAccess.privateEndpoint', 'options', options, PRIVATE, (at, { dnsZoneId, publicFqdnEnabled, subnetId }) => {
      if (known(dnsZoneId) && subnetId === undefined && apiServerZone(dnsZoneId)!.kind === 'private') {
        throw new ValidationError(at('dnsZoneId').where, {
          prop: 'dnsZoneId', problem: 'a zone for an API server in a subnet', got: dnsZoneId, remedy: 'give subnetId too, or a zone named "privatelink.<region>.azmk8s.io"',
        });
      }
      if (dnsZoneId !== undefined && publicFqdnEnabled) {
        throw new ValidationError(at('publicFqdnEnabled').where, {
          prop: 'publicFqdnEnabled', problem: 'the name is in dnsZoneId', got: true, remedy: 'leave one of the two out',
        });
      }
    }));
  }

  private constructor(
    /** @internal */
    readonly _privateCluster: boolean,
    /** @internal */
    readonly _ranges?: string[],
    /** @internal */
    readonly _private: PrivateApiServerOptions = {},
  ) {}
}

/** A zone's id, and not one of azurerm's two words for none of yours. */
function ownZone(rule: Rule<string>): Rule<string> {
  const instead: { readonly [word: string]: string } = {
    none: 'set publicFqdnEnabled to true, and leave this out', system: 'leave it out: AKS makes a zone by itself',
  };
  return {
    expected: rule.expected,
    take(subject, value) {
      const remedy = typeof value === 'string' && Object.hasOwn(instead, value.toLowerCase()) ? instead[value.toLowerCase()] : undefined;
      if (remedy) {
        throw refusal(subject, 'not the id of a zone', value, remedy);
      }
      return rule.take(subject, value);
    },
  };
}
