import { AzureResource } from './resources';

/** Virtual machines of one size that the program asks for: one, or the nodes of a pool. */
export interface Machines {
  readonly resource: AzureResource;
  /** In which location; a pool is where its cluster is. */
  readonly location?: string;
  readonly size?: string;
  readonly zones: readonly string[];
  readonly spot: boolean;
  /** Numbers of machines; undefined where only the apply knows. */
  readonly counts?: MachineCounts;
  readonly osDiskGb?: number;
}

export interface MachineCounts {
  /** As the apply makes them. */
  readonly first: number;
  /** With one node of each pool that starts with none. */
  readonly working: number;
  /** As far as the autoscaler goes. */
  readonly most: number;
  /** What an upgrade adds to the first ones, and to the most. */
  readonly surge: number;
  readonly mostSurge: number;
}

/** Types that have virtual machines in them which this does not count. */
const UNCOUNTED = /^azurerm_(\w+_virtual_machine_scale_set|orchestrated_virtual_machine_scale_set|container_app|dedicated_host|batch_pool)$/;
const SINGLE = ['azurerm_linux_virtual_machine', 'azurerm_windows_virtual_machine'];
/** What AKS adds in an upgrade where nothing is said. */
const DEFAULT_SURGE = '10%';

export function machinesOf(resources: readonly AzureResource[]): Machines[] {
  return resources.flatMap((resource): Machines[] => {
    const { type, values, known } = resource;
    if (SINGLE.includes(type)) {
      const counts = resource.count === undefined ? undefined
        : { first: resource.count, working: resource.count, most: resource.count, surge: 0, mostSurge: 0 };
      return [{
        resource, counts, location: resource.location, size: known.text(values.size), spot: values.priority === 'Spot',
        zones: texts(resource, [values.zone]), osDiskGb: known.number(first(values.os_disk)?.disk_size_gb),
      }];
    }
    if (type === 'azurerm_kubernetes_cluster') {
      return [pool(resource, first(values.default_node_pool) ?? {}, resource.location)];
    }
    return type === 'azurerm_kubernetes_cluster_node_pool' ? [pool(resource, values, clusterOf(resource, resources)?.location)] : [];
  });
}

/** Resources with machines whose number this cannot tell. */
export function uncounted(resources: readonly AzureResource[]): AzureResource[] {
  return resources.filter(({ type }) => UNCOUNTED.test(type));
}

/** The cluster that a pool belongs to, if the program makes it. */
export function clusterOf({ stack, values }: AzureResource, resources: readonly AzureResource[]): AzureResource | undefined {
  const [, address] = /^\$\{(azurerm_kubernetes_cluster\.[\w-]+)\.id\}$/.exec(values.kubernetes_cluster_id) ?? [];
  return resources.find((other) => other.stack === stack && other.address === address);
}

function pool(resource: AzureResource, values: any, location: string | undefined): Machines {
  const { known, count } = resource;
  const autoscaled = values.auto_scaling_enabled === true;
  const bounds = autoscaled ? [values.min_count, values.max_count] : [values.node_count, values.node_count];
  const [least, most] = bounds.map((bound) => known.number(bound));
  const spot = values.priority === 'Spot';
  const maxSurge = known.text(first(values.upgrade_settings)?.max_surge) ?? DEFAULT_SURGE;
  const surge = (nodes: number) => (spot || nodes === 0 ? 0 : surgeOf(maxSurge, nodes));
  const working = autoscaled ? Math.max(1, least ?? 0) : least;
  return {
    resource, location, size: known.text(values.vm_size), zones: texts(resource, values.zones), spot, osDiskGb: known.number(values.os_disk_size_gb),
    counts: [least, most, count].includes(undefined) ? undefined : {
      first: least! * count!, working: working! * count!, most: most! * count!, surge: surge(least!) * count!, mostSurge: surge(most!) * count!,
    },
  };
}

function surgeOf(setting: string, nodes: number): number {
  return setting.endsWith('%') ? Math.ceil(nodes * Number(setting.slice(0, -1)) / 100) : Number(setting);
}

function texts({ known }: AzureResource, values: unknown): string[] {
  return (Array.isArray(values) ? values : []).map((value) => known.text(value)).filter((text) => text !== undefined);
}

/** Terraform's JSON takes a block alone or in a list. */
function first(block: any): any {
  return [block].flat()[0];
}
