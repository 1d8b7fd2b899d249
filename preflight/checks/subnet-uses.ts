import { clusterOf, Machines } from '../machines';
import { AzureResource, blocks } from '../resources';

/** Something that the program puts into a subnet that is there. */
export interface SubnetUse {
  readonly id: string;
  readonly resource: AzureResource;
  /** For a person, with its article. */
  readonly what: 'a machine' | 'a node pool' | 'the API server' | 'a private endpoint';
  readonly location?: string;
  /** A static address. */
  readonly address?: string;
  /** The way out of a pool's cluster. */
  readonly outboundType?: string;
  /** How many nodes there may be. */
  readonly nodes?: number;
}

/** Only subnets whose ids are written out: those that the program makes are references. */
export function usesOf(resources: readonly AzureResource[], program: readonly AzureResource[], machines: readonly Machines[]): SubnetUse[] {
  return resources.flatMap((resource): SubnetUse[] => {
    const { type, values, known, location } = resource;
    const use = (id: unknown, rest: Omit<SubnetUse, 'id' | 'resource'>): SubnetUse[] => {
      const text = known.text(id);
      return text === undefined || !/^\/subscriptions\//i.test(text) ? [] : [{ id: text, resource, location, ...rest }];
    };
    const pool = ({ vnet_subnet_id: id }: any, cluster: AzureResource | undefined) => {
      const counts = machines.find((one) => one.resource === resource)?.counts;
      const { outbound_type: outboundType } = blocks(cluster?.values.network_profile)[0] ?? {};
      return use(id, { what: 'a node pool', location: cluster?.location, outboundType, nodes: counts && counts.most + counts.mostSurge });
    };
    switch (type) {
      case 'azurerm_network_interface':
        return blocks(values.ip_configuration).flatMap(({ subnet_id: id, private_ip_address: address }) => use(id, { what: 'a machine', address: known.text(address) }));
      case 'azurerm_kubernetes_cluster':
        return [
          ...blocks(values.default_node_pool).flatMap((one) => pool(one, resource)),
          ...blocks(values.api_server_access_profile).flatMap(({ subnet_id: id }) => use(id, { what: 'the API server' })),
        ];
      case 'azurerm_kubernetes_cluster_node_pool':
        return pool(values, clusterOf(resource, program));
      case 'azurerm_private_endpoint':
        return use(values.subnet_id, { what: 'a private endpoint' });
      default:
        return [];
    }
  });
}
