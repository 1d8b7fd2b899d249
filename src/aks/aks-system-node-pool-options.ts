/**
 * Options for the system node pool, which runs the cluster's own services and any pod that tolerates `CriticalAddonsOnly`. When the shape
 * of its nodes changes, AKS replaces the nodes by way of a temporary pool; the cluster stays.
 * @see https://learn.microsoft.com/azure/aks/use-system-pools
 */
export interface AksSystemNodePoolOptions {
  /**
   * The VM size of the nodes, but no burstable one (B series). A size that Azure is retiring gives a warning.
   * @default - 'Standard_D4s_v5', or 'Standard_D2s_v5' with AksPreset.SMALL
   */
  readonly vmSize?: string;

  /**
   * The number of nodes, 1 to 1000. Fewer than two give a warning.
   * @default 2
   */
  readonly nodeCount?: number;

  /**
   * The maximum number of nodes for the autoscaler, from `nodeCount` to 1000.
   * @default - no autoscaling
   */
  readonly maxCount?: number;

  /**
   * Whether only system pods and pods that tolerate `CriticalAddonsOnly` run on this pool.
   * @default - true, or false with AksPreset.SMALL
   */
  readonly onlyCriticalAddonsEnabled?: boolean;

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
   * The maximum number of pods on a node, 30 to 250.
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
   * @default - none
   */
  readonly nodeLabels?: { [label: string]: string };

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
