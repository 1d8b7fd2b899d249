import { AzureSubnet } from '../azure/azure-subnet';

/**
 * Options for a node pool for workloads. Changing `nodePoolName` or `spot` replaces the pool. After other changes AKS replaces nodes where
 * necessary, but not the pool.
 * @see https://learn.microsoft.com/azure/aks/create-node-pools
 */
export interface AksNodePoolOptions {
  /**
   * The pool's name: a lower-case letter, then up to 11 lower-case letters and digits.
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
   * A fixed number of nodes, 0 to 1000, instead of `minCount` and `maxCount`.
   * @default - the cluster autoscaler chooses
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
   * `kubernetes.azure.com/scalesetpriority=spot:NoSchedule`.
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
   * Whether the OS disk is on the VM's local disk instead of a managed disk: faster and free of charge. It needs a VM size with a local disk of at least
   * `osDiskSizeGb`.
   * @see https://learn.microsoft.com/azure/aks/concepts-storage#ephemeral-os-disk
   * @default false
   */
  readonly ephemeralOsDiskEnabled?: boolean;

  /**
   * Whether nodes offer their NVIDIA GPUs to pods. They get the taint `sku=gpu:NoSchedule`, AKS's driver, and NVIDIA's device plugin, a
   * DaemonSet in `kube-system`. Needs a VM size of the families NC, ND or NV, which an existing pool cannot change to: add another.
   * @see https://learn.microsoft.com/azure/aks/use-nvidia-gpu
   * @default false
   */
  readonly gpu?: boolean;

  /**
   * Whether each job on the pool, and each other pod with its runtime class, runs in a virtual machine with a kernel of its own (workload
   * runtime `KataVmIsolation`). The VM has the memory limits of its containers together, and takes about 600 MiB more of the node's memory.
   * Needs a VM size with nested virtualization: most of the families D and E, but no Arm64, burstable, confidential or GPU size. AKS may
   * refuse to change it on an existing pool: add another then.
   * @see https://learn.microsoft.com/azure/aks/use-pod-sandboxing
   * @default false
   */
  readonly podSandboxingEnabled?: boolean;

  /**
   * The nodes' operating system: `Ubuntu` (24.04 with Kubernetes 1.35 and later), `AzureLinux` (3.0), `Ubuntu2204`, `Ubuntu2404` or
   * `AzureLinux3`.
   * @see https://learn.microsoft.com/azure/aks/upgrade-os-version
   * @default - `Ubuntu`, or `AzureLinux` with `podSandboxingEnabled`
   */
  readonly osSku?: string;

  /**
   * The subnet of the pool's nodes: an existing one in the virtual network of the cluster's subnet, which has to exist as well. The
   * cluster's identity gets the right to join it. Traffic leaves by the subnet's own routes or NAT gateway. A server with a private address
   * lets it in if the pool is added before the runner. With `httpProxy`, add another pool instead of changing this.
   * @see https://learn.microsoft.com/azure/aks/node-pool-unique-subnet
   * @default - the cluster's
   */
  readonly subnet?: AzureSubnet;

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
   * How long an upgrade waits for a node to drain, in minutes, 5 to 1440. It should be longer than the longest CI job, or upgrades interrupt
   * jobs.
   * @default 120
   */
  readonly drainTimeoutMinutes?: number;

  /**
   * Whether an upgrade cordons a node that is not drained in time, and continues; somebody has to delete the node later. If false, the
   * upgrade stops, and the node keeps accepting pods.
   * @see https://learn.microsoft.com/azure/aks/upgrade-cluster-nodes
   * @default true
   */
  readonly undrainableNodesCordoned?: boolean;

  /**
   * How many extra nodes an upgrade may create, as a number or a percentage such as `10%`. AKS upgrades Spot pools without extra nodes.
   * @default - '10%', or nothing for Spot pools
   */
  readonly maxSurge?: string;

  /**
   * Azure tags of the nodes, their disks and their scale set, in addition to the cluster's; the pool's override them.
   * @see https://learn.microsoft.com/azure/aks/use-tags
   * @default - the cluster's tags
   */
  readonly tags?: { [name: string]: string };

  /**
   * Whether the hosts encrypt the nodes' temporary disks and the caches of all their disks too. The subscription needs the feature
   * `Microsoft.Compute/EncryptionAtHost`.
   * @see https://learn.microsoft.com/azure/aks/enable-host-encryption
   * @default false
   */
  readonly hostEncryptionEnabled?: boolean;
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
   * The VM size of the nodes. With an Arm64 size, such as `Standard_D4ps_v6`, jobs on the pool get a helper image for Arm64.
   * @default - the nodes are taken for x86-64, unless `nodeSelector` has the label `kubernetes.io/arch`
   */
  readonly vmSize?: string;

  /**
   * The nodes' operating system, by which runners know whether jobs can build images there.
   * @default - not known
   */
  readonly osSku?: string;

  /**
   * The pool's taints as `key=value:NoSchedule`; the effect can also be PreferNoSchedule or NoExecute.
   * @default []
   */
  readonly nodeTaints?: string[];

  /**
   * Whether the pool was made with Pod Sandboxing, so that each job on it runs in a virtual machine of its own.
   * @default false
   */
  readonly podSandboxingEnabled?: boolean;
}
