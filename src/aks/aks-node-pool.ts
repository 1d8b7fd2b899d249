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

/** Where a node's OS disk is stored. */
export enum AksOsDiskType {
  /** On a managed disk, which every VM size supports. */
  MANAGED = 'Managed',
  /** On the VM's local disk: faster and free of charge, for sizes that have one. */
  EPHEMERAL = 'Ephemeral',
}

/**
 * What an upgrade does with a node that cannot be drained in time.
 * @see https://learn.microsoft.com/azure/aks/upgrade-cluster-nodes#configure-undrainable-node-behavior
 */
export enum AksUndrainableNodeBehavior {
  /** The node is left as it is, closed to new pods, and the upgrade continues; somebody has to delete the node later. */
  CORDON = 'Cordon',
  /** The upgrade stops, and the node keeps accepting pods. */
  SCHEDULE = 'Schedule',
}

/** A node pool that workloads can be scheduled on. */
export interface IAksNodePool extends IConstruct {
  /** The pool's name, at most 12 lower-case letters and digits. */
  readonly nodePoolName: string;
  /** The node labels that select this pool, for a pod's node selector. */
  readonly nodeSelector: { [label: string]: string };
  /** The pool's taints in AKS's notation, `key=value:Effect`. A pod needs a toleration for each. */
  readonly nodeTaints: string[];
}

/**
 * Options for a node pool for workloads.
 *
 * Changing `nodePoolName` or `spot` replaces the pool. All other options can change later: AKS then replaces nodes where necessary, but
 * not the pool.
 * @see https://learn.microsoft.com/azure/aks/create-node-pools
 */
export interface AksNodePoolOptions {
  /**
   * The pool's name: a lower-case letter, then up to 11 lower-case letters and digits. Changing it replaces the pool.
   * @default - the construct's id in lower case; with a digest of its path if the id is not a valid name, or if the pool was not created by the cluster's `addNodePool()`
   */
  readonly nodePoolName?: string;

  /**
   * The VM size of the nodes. A size that Azure is retiring gives a warning.
   * @see https://learn.microsoft.com/azure/virtual-machines/sizes/overview
   * @default 'Standard_D4s_v5'
   */
  readonly vmSize?: string;

  /**
   * A fixed number of nodes, 0 to 1000. Cannot be combined with `minCount` or `maxCount`.
   * @default - the cluster autoscaler chooses between `minCount` and `maxCount`
   */
  readonly nodeCount?: number;

  /**
   * The minimum number of nodes for the autoscaler, 0 to 1000.
   * @default 0
   */
  readonly minCount?: number;

  /**
   * The maximum number of nodes for the autoscaler, 1 to 1000 and at least `minCount`. The subscription's vCPU quota is a limit too.
   * @default - 5, or `minCount` if that is larger
   */
  readonly maxCount?: number;

  /**
   * Whether the nodes are Spot VMs: cheap spare capacity that Azure can take away at any time. AKS taints them with
   * `kubernetes.azure.com/scalesetpriority=spot:NoSchedule`. Changing it replaces the pool.
   * @see https://learn.microsoft.com/azure/aks/spot-node-pool
   * @default false
   */
  readonly spot?: boolean;

  /**
   * The size of each node's OS disk in GB, 30 to 2048.
   * @default 128
   */
  readonly osDiskSizeGb?: number;

  /**
   * Where the OS disk is stored. `EPHEMERAL` needs a VM size with a local disk.
   * @default AksOsDiskType.MANAGED
   */
  readonly osDiskType?: AksOsDiskType;

  /**
   * The maximum number of pods on a node, 10 to 250.
   * @default 110
   */
  readonly maxPods?: number;

  /**
   * The availability zones to spread the nodes over, such as `['1', '2', '3']`. In a region without zones the apply fails.
   * @default - none: Azure places the nodes without regard to zones
   */
  readonly zones?: string[];

  /**
   * Additional node labels. Keys under `kubernetes.azure.com/` are reserved for AKS.
   * @default - only the label in `nodeSelector`
   */
  readonly nodeLabels?: { [label: string]: string };

  /**
   * Node taints as `key=value:NoSchedule`; the effect can also be PreferNoSchedule or NoExecute.
   * @default []
   */
  readonly nodeTaints?: string[];

  /**
   * How long an upgrade waits for a node to drain, in minutes, 1 to 1440. It should be longer than the longest CI job, or upgrades interrupt
   * jobs.
   * @default 120
   */
  readonly drainTimeoutMinutes?: number;

  /**
   * What an upgrade does with a node that is still not drained by then.
   * @default AksUndrainableNodeBehavior.CORDON
   */
  readonly undrainableNodeBehavior?: AksUndrainableNodeBehavior;

  /**
   * How many extra nodes an upgrade may create, as a number or a percentage such as `10%`. Not available for Spot pools, which AKS upgrades
   * without extra nodes.
   * @default - '10%', or nothing for Spot pools
   */
  readonly maxSurge?: string;
}

/** Properties of a node pool for workloads. */
export interface AksNodePoolProps extends AksNodePoolOptions {
  /** The cluster to add the pool to. */
  readonly cluster: IAksCluster;
}

/** Attributes of an existing node pool, no matter how it was created. */
export interface AksNodePoolAttributes {
  /** The pool's name: a lower-case letter, then up to 11 lower-case letters and digits. */
  readonly nodePoolName: string;

  /**
   * The node labels that select this pool.
   * @default - AKS's own: `kubernetes.azure.com/agentpool` with the pool's name
   */
  readonly nodeSelector?: { [label: string]: string };

  /**
   * The pool's taints as `key=value:NoSchedule`; the effect can also be PreferNoSchedule or NoExecute.
   * @default []
   */
  readonly nodeTaints?: string[];
}

/** An existing node pool. */
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

/** A node pool for workloads. By default it autoscales from zero nodes. */
export class AksNodePool extends Construct implements IAksNodePool {
  /** References an existing node pool, to schedule workloads on. Nothing is read or created. */
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
