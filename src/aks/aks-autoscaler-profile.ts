/**
 * How the cluster autoscaler adds and removes nodes, in all pools that scale. What is left out is set to AKS's default, so that `{}` is
 * AKS's own profile. The autoscaler never removes a node under the pod of a job.
 * @see https://learn.microsoft.com/azure/aks/cluster-autoscaler#use-the-cluster-autoscaler-profile
 */
export interface AksAutoscalerProfile {
  /**
   * How long a node must have been unneeded before it is removed, in minutes, 1 to 10080. Until then the next job finds it.
   * @default 10
   */
  readonly scaleDownUnneededMinutes?: number;

  /**
   * How long a node that is not ready must have been unneeded before it is removed, in minutes, 1 to 10080.
   * @default 20
   */
  readonly scaleDownUnreadyMinutes?: number;

  /**
   * How long no node is removed after one was added, in minutes, 0 to 10080.
   * @default 10
   */
  readonly scaleDownDelayAfterAddMinutes?: number;

  /**
   * How long no node is removed after one was removed, in seconds, 0 to 86400.
   * @default - `scanIntervalSeconds`
   */
  readonly scaleDownDelayAfterDeleteSeconds?: number;

  /**
   * How long no node is removed after a removal failed, in minutes, 0 to 10080.
   * @default 3
   */
  readonly scaleDownDelayAfterFailureMinutes?: number;

  /**
   * The share of a node's CPU or memory that its pods request below which it counts as unneeded, 0 to 1.
   * @default 0.5
   */
  readonly scaleDownUtilizationThreshold?: number;

  /**
   * How often the autoscaler looks at the cluster, in seconds, 1 to 3600.
   * @default 10
   */
  readonly scanIntervalSeconds?: number;

  /**
   * How old a pod must be before a node is added for it, in seconds, 0 to 86400.
   * @default 0
   */
  readonly newPodScaleUpDelaySeconds?: number;

  /**
   * Which pool grows if several could: `random`, `least-waste` (the least CPU and memory left over), `most-pods` (room for the most waiting
   * pods) or `priority` (by the ConfigMap `cluster-autoscaler-priority-expander` in `kube-system`).
   * @default 'random'
   */
  readonly expander?: string;

  /**
   * Whether pools of the same size and labels are kept equally large, such as one for each availability zone.
   * @default false
   */
  readonly balanceSimilarNodeGroupsEnabled?: boolean;

  /**
   * How long the autoscaler waits for pods to end when it removes a node, in seconds, 0 to 86400.
   * @default 600
   */
  readonly maxGracefulTerminationSeconds?: number;

  /**
   * How long the autoscaler waits for a new node before it tries elsewhere, in minutes, 1 to 1440.
   * @default 15
   */
  readonly maxNodeProvisioningMinutes?: number;

  /**
   * How many empty nodes are removed at once, 1 to 5000.
   * @default 10
   */
  readonly maxEmptyBulkDelete?: number;

  /**
   * How many nodes may be unready whatever `maxUnreadyPercent` says, 0 to 5000.
   * @default 3
   */
  readonly maxUnreadyNodes?: number;

  /**
   * The percentage of unready nodes, 0 to 100, above which the autoscaler neither adds nor removes nodes.
   * @default 45
   */
  readonly maxUnreadyPercent?: number;

  /**
   * Whether nodes stay whose pods have a volume on them (`emptyDir`, `hostPath`).
   * @see https://github.com/Azure/AKS/issues/1559
   * @default false
   */
  readonly skipNodesWithLocalStorageEnabled?: boolean;

  /**
   * Whether nodes stay that run pods of `kube-system`, those of DaemonSets aside.
   * @default true
   */
  readonly skipNodesWithSystemPodsEnabled?: boolean;

  /**
   * Whether what DaemonSets request is left out of a node's utilization.
   * @default false
   */
  readonly ignoreDaemonsetsUtilizationEnabled?: boolean;

  /**
   * Whether the pods of DaemonSets are ended in order before an empty node is removed.
   * @default false
   */
  readonly daemonsetEvictionForEmptyNodesEnabled?: boolean;

  /**
   * Whether the pods of DaemonSets are ended in order before a node with other pods is removed.
   * @default true
   */
  readonly daemonsetEvictionForOccupiedNodesEnabled?: boolean;
}
