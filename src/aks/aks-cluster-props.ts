import { IAksNodePool } from './aks-node-pool';
import { AksNodePoolOptions, AksOsDiskType } from './aks-node-pool-props';
import { ApiServerAccess } from './api-server-access';
import { KubernetesVersion } from './kubernetes-version';
import { AksMaintenanceWindow } from './maintenance-window';
import { ManifestDelivery } from './manifest-delivery';

/** Defaults that go together. Each can still be set one by one. */
export enum AksPreset {
  /** For a team: the SLA's tier, a system pool of 2 × 4 vCPU kept for system pods, a CI pool from zero. */
  STANDARD = 'standard',
  /** For a new subscription's quota: the free tier and one pool of 2 × 2 vCPU for everything, CI jobs included. */
  SMALL = 'small',
}

/**
 * What Azure charges for the control plane and promises about it.
 * @see https://learn.microsoft.com/azure/aks/free-standard-pricing-tiers
 */
export enum AksSkuTier {
  /** Free of charge, without an SLA; for fewer than ten nodes. */
  FREE = 'Free',
  /** With an uptime SLA. */
  STANDARD = 'Standard',
  /** With an uptime SLA and long-term support. */
  PREMIUM = 'Premium',
}

/**
 * Which upgrades of Kubernetes AKS does by itself. Minor versions are always left to `kubernetesVersion`: AKS cannot take
 * one back, and the next apply would try to.
 * @see https://learn.microsoft.com/azure/aks/auto-upgrade-cluster
 */
export enum AksUpgradeChannel {
  /** The newest patch of the minor version, in the maintenance window. */
  PATCH = 'patch',
  /** None. */
  NONE = 'none',
}

/**
 * The pool that carries the cluster's own services, and whatever tolerates `CriticalAddonsOnly`. AKS replaces its nodes, one pool for
 * another, when their shape changes; the cluster stays.
 * @see https://learn.microsoft.com/azure/aks/use-system-pools
 */
export interface AksSystemNodePoolOptions {
  /**
   * The nodes' VM size; burstable ones (B series) are refused, a size that Azure retires is warned of.
   * @default - 'Standard_D4s_v5', or 'Standard_D2s_v5' with AksPreset.SMALL
   */
  readonly vmSize?: string;

  /**
   * How many nodes, 1 to 1000; fewer than two are warned of.
   * @default 2
   */
  readonly nodeCount?: number;

  /**
   * The most nodes the autoscaler may make, at least `nodeCount`, at most 1000.
   * @default - no autoscaling
   */
  readonly maxCount?: number;

  /**
   * Whether only system pods and pods that tolerate `CriticalAddonsOnly` run here.
   * @default - true, or false with AksPreset.SMALL
   */
  readonly onlyCriticalAddons?: boolean;

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
   * The most pods on a node, 30 to 250; others are refused.
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
   * @default - none
   */
  readonly nodeLabels?: { [label: string]: string };
}

/**
 * What an AKS cluster is made of. Only `location` has no default.
 *
 * Props that say "chosen once" make a new cluster when they change, which `preventDestroy` stops; all others change in place.
 */
export interface AksClusterProps {
  /** The region's short name, such as `koreacentral`; anything else is refused. Chosen once. */
  readonly location: string;

  /**
   * Defaults that go together.
   * @default AksPreset.STANDARD
   */
  readonly preset?: AksPreset;

  /**
   * The name of the resource group that is made for the cluster: up to 90 letters, digits, `.`, `_`, `-`, parentheses; others are
   * refused, and so is giving it together with `existingResourceGroupName`. Chosen once.
   * @default - made from the construct's path
   */
  readonly resourceGroupName?: string;

  /**
   * A resource group that exists, to make the cluster in. Chosen once.
   * @default - a resource group is made
   */
  readonly existingResourceGroupName?: string;

  /**
   * The cluster's name: up to 63 letters, digits, `-` and `_`, a letter or digit at both ends; others are refused. Chosen once.
   * @default - made from the construct's path
   */
  readonly clusterName?: string;

  /**
   * The Kubernetes version; a pinned patch switches automatic patches off and gives a warning. AKS goes up one minor version at a time, and never down.
   * @default KubernetesVersion.V1_36
   */
  readonly kubernetesVersion?: KubernetesVersion;

  /**
   * Which upgrades of Kubernetes AKS does by itself. PATCH is refused together with a pinned patch, NONE gives a warning.
   * @default - AksUpgradeChannel.PATCH, or NONE where `kubernetesVersion` pins a patch
   */
  readonly automaticUpgradeChannel?: AksUpgradeChannel;

  /**
   * When AKS may upgrade Kubernetes by itself.
   * @default - Saturdays from 22:00 UTC, for 8 hours
   */
  readonly maintenanceWindow?: AksMaintenanceWindow;

  /**
   * When AKS may put a new node image, with the operating system's security fixes, onto the nodes.
   * @default - Sundays from 22:00 UTC, for 8 hours
   */
  readonly nodeOsMaintenanceWindow?: AksMaintenanceWindow;

  /**
   * What Azure charges for the control plane and promises about it.
   * @default - AksSkuTier.STANDARD, or FREE with AksPreset.SMALL
   */
  readonly skuTier?: AksSkuTier;

  /**
   * Who can reach the API server. To and from `privateEndpoint()`: chosen once.
   * @default - anybody can reach it, and everybody has to sign in with Entra ID
   */
  readonly apiServerAccess?: ApiServerAccess;

  /**
   * The pool for the cluster's own services.
   * @default - as the preset says
   */
  readonly systemNodePool?: AksSystemNodePoolOptions;

  /**
   * Whether there is a pool for CI jobs. Without one, jobs run on any pool without a taint. False together with `jobNodePool` is refused.
   * @default - true, or with AksPreset.SMALL only where `jobNodePool` is given
   */
  readonly jobNodePoolEnabled?: boolean;

  /**
   * The pool for CI jobs: from zero nodes, autoscaled, drained for two hours before a job is cut off.
   * @default - 0 to 5 nodes of Standard_D4s_v5
   */
  readonly jobNodePool?: AksNodePoolOptions;

  /**
   * The ARM id of a subnet that exists, for the nodes; anything else is refused, and so is giving it together with `virtualNetworkCidr` or
   * `subnetCidr`. Chosen once: nodes cannot move to another network. Azure refuses a later change, so
   * the apply fails.
   * @default - a virtual network and a subnet are made
   */
  readonly subnetId?: string;

  /**
   * The IPv4 block of the virtual network that is made, /8 to /28; overlapping `podCidr` or `serviceCidr` is refused.
   * @default '10.224.0.0/16'
   */
  readonly virtualNetworkCidr?: string;

  /**
   * The IPv4 block of the nodes' subnet, /16 to /28, inside `virtualNetworkCidr`; refused if all pools at their largest do not fit in.
   * Azure refuses a later change while nodes are in it.
   * @default '10.224.0.0/20'
   */
  readonly subnetCidr?: string;

  /**
   * The IPv4 blocks from which Services of type LoadBalancer can be reached, without repetition; anything else is refused, and so is giving
   * them together with `subnetId`, where the subnet's own rules decide. The network security group of the nodes' subnet lets in
   * nodes, pods and the load balancer's probes, and nobody else. `0.0.0.0/0` gives a warning.
   * @see https://learn.microsoft.com/azure/aks/concepts-network#network-security-groups
   * @default - nobody from outside the cluster
   */
  readonly loadBalancerAllowedCidrs?: string[];

  /**
   * The IPv4 block that pods get addresses from, /9 to /20: each node takes a /24 of it. Chosen once.
   * @default '10.244.0.0/16'
   */
  readonly podCidr?: string;

  /**
   * The IPv4 block of Kubernetes services, /12 to /27. Chosen once.
   * @default '10.0.0.0/16'
   */
  readonly serviceCidr?: string;

  /**
   * The address of the cluster's DNS, inside `serviceCidr` but neither its first two addresses nor its last. Chosen once.
   * @default - the tenth address of `serviceCidr`
   */
  readonly dnsServiceIp?: string;

  /**
   * Entra object ids, UUIDs, of users, groups and service principals that may do everything inside the cluster; others are refused.
   * @default []
   */
  readonly administratorObjectIds?: string[];

  /**
   * Entra object ids, UUIDs, of everybody who applies, people and CI alike: putting manifests onto the cluster needs rights inside
   * it. In a resource group of our own they get them on the group before the cluster is made, so that the rights have spread by
   * then; in an existing group on the cluster alone, and manifests wait five minutes more.
   *
   * An empty list assigns nothing: somebody else has seen to it. Whoever applied first without being named may be named later; that
   * apply may have to be repeated once, since Azure takes the new role for the old one while that is still there.
   * @default - whoever applies first, and that stays: a colleague's later apply changes nothing, and fails at the manifests unless named here
   */
  readonly deployerObjectIds?: string[];

  /**
   * Whether container logs and metrics go to a Log Analytics workspace (Container Insights).
   * @see https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-overview
   * @default true
   */
  readonly monitoringEnabled?: boolean;

  /**
   * The ARM id of a workspace that exists, in the cluster's region; anything else is refused.
   * @default - a workspace is made
   */
  readonly logAnalyticsWorkspaceId?: string;

  /**
   * How long the workspace that is made keeps logs, in days, 30 to 730; others are refused.
   * @default 30
   */
  readonly logRetentionInDays?: number;

  /**
   * How often images that no pod uses are removed from the nodes, in hours, 24 to 2160; others are refused.
   * @see https://learn.microsoft.com/azure/aks/image-cleaner
   * @default 168
   */
  readonly imageCleanerIntervalHours?: number;

  /**
   * How manifests and charts reach the cluster.
   * @default - Helm releases within the apply, signed in with the Azure CLI
   */
  readonly manifestDelivery?: ManifestDelivery;

  /**
   * Tags of everything that is made; at most 50, names up to 512 and values up to 256 characters, others are refused.
   * @default - none
   */
  readonly tags?: { [key: string]: string };

  /**
   * Whether Terraform refuses every plan that would destroy or replace the cluster. False warns.
   * @see https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#prevent_destroy
   * @default true
   */
  readonly preventDestroy?: boolean;
}

/** A cluster that exists, whoever made it. */
export interface AksClusterAttributes {
  /** The cluster's name. */
  readonly clusterName: string;

  /** The resource group the cluster is in; identities that are added for its pods land there too. */
  readonly resourceGroupName: string;

  /**
   * The ARM id of the subnet that added node pools join; anything else is refused.
   * @default - AKS's own network
   */
  readonly subnetId?: string;

  /**
   * The public IPv4 address that traffic from the cluster comes from; anything else is refused.
   * @default - unknown
   */
  readonly egressIpAddress?: string;

  /**
   * The pool that CI jobs run on, see `AksNodePool.fromAksNodePoolAttributes`.
   * @default - any pool without a taint
   */
  readonly jobNodePool?: IAksNodePool;

  /**
   * How manifests and charts reach the cluster.
   * @default - Helm releases within the apply, signed in with the Azure CLI
   */
  readonly manifestDelivery?: ManifestDelivery;
}
