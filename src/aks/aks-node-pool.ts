import { KubernetesClusterNodePool, KubernetesClusterNodePoolConfig } from '@cdktf/provider-azurerm/lib/kubernetes-cluster-node-pool';
import { Fn, Token } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { IAksCluster } from './cluster';
import {
  checkNodePool, checkNodePoolAttributes, DEFAULT_MAX_PODS, DEFAULT_OS_DISK_SIZE_GB, DEFAULT_VM_SIZE, defaultPoolName, POOL_LABEL, rotationName,
} from './private/node-pools';
import { AzureContext } from '../azure/private/azure-context';

const SPOT = { 'kubernetes.azure.com/scalesetpriority': 'spot' };
const SPOT_TAINT = 'kubernetes.azure.com/scalesetpriority=spot:NoSchedule';
const DEFAULT_MAX_COUNT = 5;
const DEFAULT_DRAIN_TIMEOUT_MINUTES = 120;

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

/** A node pool that workloads can be sent to. */
export interface IAksNodePool extends IConstruct {
  /** The pool's name, at most 12 lower-case letters and digits. */
  readonly nodePoolName: string;
  /** The labels that a pod's node selector names to land on this pool. */
  readonly nodeSelector: { [label: string]: string };
  /** The pool's taints as AKS writes them, `key=value:Effect`; a pod needs a toleration for each. */
  readonly nodeTaints: string[];
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

/** A node pool that exists. */
class ImportedAksNodePool extends Construct implements IAksNodePool {
  public readonly nodePoolName: string;
  public readonly nodeSelector: { [label: string]: string };
  public readonly nodeTaints: string[];

  constructor(scope: Construct, id: string, attributes: AksNodePoolAttributes) {
    super(scope, id);
    checkNodePoolAttributes(this, attributes);
    this.nodePoolName = attributes.nodePoolName;
    this.nodeSelector = attributes.nodeSelector ?? { 'kubernetes.azure.com/agentpool': attributes.nodePoolName };
    this.nodeTaints = attributes.nodeTaints ?? [];
  }
}

/** A node pool for workloads, by default from zero nodes. */
export class AksNodePool extends Construct implements IAksNodePool {
  /** A node pool that exists, to send workloads to. Nothing is read or made. */
  public static fromAksNodePoolAttributes(scope: Construct, id: string, attributes: AksNodePoolAttributes): IAksNodePool {
    return new ImportedAksNodePool(scope, id, attributes);
  }

  public readonly nodePoolName: string;
  public readonly nodeSelector: { [label: string]: string };
  public readonly nodeTaints: string[];

  /** @internal */
  public readonly _mostNodes: number;

  constructor(scope: Construct, id: string, props: AksNodePoolProps) {
    super(scope, id);
    checkNodePool(this, props);
    AzureContext.of(this);
    const spot = props.spot ?? false;
    this.nodePoolName = props.nodePoolName ?? defaultPoolName(this, props.cluster);
    this.nodeSelector = { [POOL_LABEL]: this.nodePoolName };
    const taints = props.nodeTaints ?? [];
    this.nodeTaints = !spot ? taints : Token.isUnresolved(taints) ? Fn.concat([[SPOT_TAINT], taints]) : [SPOT_TAINT, ...taints];
    this._mostNodes = props.nodeCount ?? maxCount(props);

    new KubernetesClusterNodePool(this, 'Resource', {
      name: this.nodePoolName,
      kubernetesClusterId: props.cluster.clusterId,
      mode: 'User',
      vmSize: props.vmSize ?? DEFAULT_VM_SIZE,
      osType: 'Linux',
      osSku: 'Ubuntu',
      osDiskSizeGb: props.osDiskSizeGb ?? DEFAULT_OS_DISK_SIZE_GB,
      osDiskType: props.osDiskType ?? AksOsDiskType.MANAGED,
      maxPods: props.maxPods ?? DEFAULT_MAX_PODS,
      zones: props.zones,
      vnetSubnetId: props.cluster.subnetId,
      // without a version of its own a pool stays behind when the cluster's minor version changes.
      orchestratorVersion: props.cluster.kubernetesVersion?.version,
      nodeLabels: this.labels(props.nodeLabels, spot ? { ...SPOT, ...this.nodeSelector } : this.nodeSelector),
      nodeTaints: this.nodeTaints,
      temporaryNameForRotation: rotationName(this.nodePoolName),
      upgradeSettings: {
        maxSurge: spot ? undefined : props.maxSurge ?? '10%',
        drainTimeoutInMinutes: props.drainTimeoutMinutes ?? DEFAULT_DRAIN_TIMEOUT_MINUTES,
        undrainableNodeBehavior: props.undrainableNodeBehavior ?? AksUndrainableNodeBehavior.CORDON,
      },
      ...counts(props),
      ...spot ? { priority: 'Spot', evictionPolicy: 'Delete', spotMaxPrice: -1 } : {},
    });
  }

  private labels(given: { [label: string]: string } | undefined, own: { [label: string]: string }): { [label: string]: string } {
    return Token.isUnresolved(given) ? Token.asStringMap(Fn.merge([given, own])) : { ...given, ...own };
  }
}

function maxCount(props: AksNodePoolOptions): number {
  return props.maxCount ?? Math.max(DEFAULT_MAX_COUNT, props.minCount ?? 0);
}

/** The number of nodes: fixed, or the autoscaler's, whose choice no later apply undoes. */
function counts(props: AksNodePoolOptions): Partial<KubernetesClusterNodePoolConfig> {
  if (props.nodeCount !== undefined) {
    return { autoScalingEnabled: false, nodeCount: props.nodeCount };
  }
  const minCount = props.minCount ?? 0;
  return {
    autoScalingEnabled: true,
    nodeCount: minCount,
    minCount,
    maxCount: maxCount(props),
    lifecycle: { ignoreChanges: ['node_count'] },
  };
}
