import { IAksCluster } from './cluster';

/** Where a node's system disk lies. */
export enum AksOsDiskType {
  /** A managed disk: every size has it. */
  MANAGED = 'Managed',
  /** The machine's own disk, faster and free of charge, for sizes that have one. */
  EPHEMERAL = 'Ephemeral',
}

/**
 * What an upgrade does with a node that cannot be emptied in time.
 * @see https://learn.microsoft.com/azure/aks/upgrade-cluster-nodes#configure-undrainable-node-behavior
 */
export enum AksUndrainableNodeBehavior {
  /** The node is left as it is, closed to new pods, and the upgrade goes on; somebody deletes it later. */
  CORDON = 'Cordon',
  /** The upgrade stops, and the node stays open. */
  SCHEDULE = 'Schedule',
}

/**
 * A node pool for workloads. All but its name, `spot` and what is said of them can change later; AKS then replaces the nodes, not the pool.
 * @see https://learn.microsoft.com/azure/aks/create-node-pools
 */
export interface AksNodePoolOptions {
  /**
   * The pool's name: a lower-case letter, then up to 11 lower-case letters and digits; others are refused. Changing it replaces the pool.
   * @default - the construct's id in lower case; with a digest of the path if it is no such name, or not made by the cluster's `addNodePool()`
   */
  readonly nodePoolName?: string;

  /**
   * The nodes' VM size; a name that is no size is refused, a size that Azure retires warned of.
   * @see https://learn.microsoft.com/azure/virtual-machines/sizes/overview
   * @default 'Standard_D4s_v5'
   */
  readonly vmSize?: string;

  /**
   * A fixed number of nodes, 0 to 1000; refused together with `minCount` or `maxCount`.
   * @default - the cluster's autoscaler chooses between `minCount` and `maxCount`
   */
  readonly nodeCount?: number;

  /**
   * The fewest nodes the autoscaler keeps, 0 to 1000.
   * @default 0
   */
  readonly minCount?: number;

  /**
   * The most nodes the autoscaler makes, 1 to 1000, at least `minCount`. The subscription's quota of vCPUs bounds it too.
   * @default - 5, or `minCount` if that is more
   */
  readonly maxCount?: number;

  /**
   * Whether the nodes are spare capacity, cheap and taken away at any time. AKS taints them with
   * `kubernetes.azure.com/scalesetpriority=spot:NoSchedule`. Changing it replaces the pool.
   * @see https://learn.microsoft.com/azure/aks/spot-node-pool
   * @default false
   */
  readonly spot?: boolean;

  /**
   * The size of each node's system disk in GB, 30 to 2048; others are refused.
   * @default 128
   */
  readonly osDiskSizeGb?: number;

  /**
   * Where the system disk lies; EPHEMERAL is refused for sizes without a disk of their own.
   * @default AksOsDiskType.MANAGED
   */
  readonly osDiskType?: AksOsDiskType;

  /**
   * The most pods on a node, 10 to 250; others are refused.
   * @default 110
   */
  readonly maxPods?: number;

  /**
   * The availability zones to spread over, such as `['1', '2', '3']`; a region without zones refuses them at apply.
   * @default - Azure places the nodes without regard to zones
   */
  readonly zones?: string[];

  /**
   * Further labels of the nodes. Keys under `kubernetes.azure.com/` are AKS's own and refused.
   * @default - only the label that `nodeSelector` names
   */
  readonly nodeLabels?: { [label: string]: string };

  /**
   * Taints of the nodes, as `key=value:NoSchedule` (or PreferNoSchedule, NoExecute); anything else is refused.
   * @default []
   */
  readonly nodeTaints?: string[];

  /**
   * How long an upgrade waits for a node's pods to end, in minutes, 1 to 1440. Longer than a CI job takes, or upgrades break jobs.
   * @default 120
   */
  readonly drainTimeoutMinutes?: number;

  /**
   * What an upgrade does with a node that is not empty by then.
   * @default AksUndrainableNodeBehavior.CORDON
   */
  readonly undrainableNodeBehavior?: AksUndrainableNodeBehavior;

  /**
   * How many nodes more than usual an upgrade may make, as a number or a percentage such as `10%`; refused on spot pools,
   * which AKS upgrades without extra nodes.
   * @default - '10%', or nothing on spot pools
   */
  readonly maxSurge?: string;
}

/** A node pool for workloads, and its cluster. */
export interface AksNodePoolProps extends AksNodePoolOptions {
  /** The cluster it is added to. */
  readonly cluster: IAksCluster;
}

/** A node pool that exists, whoever made it. */
export interface AksNodePoolAttributes {
  /** The pool's name: a lower-case letter, then up to 11 lower-case letters and digits; others are refused. */
  readonly nodePoolName: string;

  /**
   * The labels that single the pool out.
   * @default - AKS's own, `kubernetes.azure.com/agentpool` with the pool's name
   */
  readonly nodeSelector?: { [label: string]: string };

  /**
   * The pool's taints, as `key=value:NoSchedule` (or PreferNoSchedule, NoExecute); anything else is refused.
   * @default []
   */
  readonly nodeTaints?: string[];
}
