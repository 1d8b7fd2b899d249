import { TerraformProvider } from 'cdktf';
import { AksAuditLogs } from './aks-audit-logs';
import { AksAutoscalerProfile } from './aks-autoscaler-profile';
import { AksEgress } from './aks-egress';
import { AksNodePoolOptions } from './aks-node-pool-options';
import { AksSystemNodePoolOptions } from './aks-system-node-pool-options';
import { ApiServerAccess } from './api-server-access';
import { KubernetesVersion } from './kubernetes-version';
import { AksMaintenanceWindow } from './maintenance-window';
import { AzureLogWorkspace } from '../azure/azure-log-workspace';
import { AzureResourceGroup } from '../azure/azure-resource-group';
import { AzureSubnet } from '../azure/azure-subnet';
import { HttpProxy } from '../azure/http-proxy';
import { ManifestDelivery } from '../delivery/manifest-delivery';

/** Sets of defaults. Each default can still be overridden individually. */
export enum AksPreset {
  /**
   * For a team: the Standard tier with its uptime SLA, a system pool of 2 × 4 vCPU reserved for system pods, and a pool for CI jobs that
   * scales from zero.
   */
  STANDARD = 'standard',
  /** For the quota of a new subscription: the Free tier and one pool of 2 × 2 vCPU for everything, CI jobs included. */
  SMALL = 'small',
}

/**
 * The pricing tier of the control plane.
 * @see https://learn.microsoft.com/azure/aks/free-standard-pricing-tiers
 */
export enum AksSkuTier {
  /** Free of charge, without an SLA, for fewer than ten nodes. */
  FREE = 'Free',
  /** With an uptime SLA. */
  STANDARD = 'Standard',
  /** With an uptime SLA and long-term support. */
  PREMIUM = 'Premium',
}

/**
 * Properties of an AKS cluster. Changing a prop marked "Immutable" would replace the cluster; `preventDestroy` stops that. All other props
 * can be changed in place.
 */
export interface AksClusterProps {
  /** The Azure region, by its short name such as `koreacentral`. Immutable. */
  readonly location: string;

  /**
   * The set of defaults.
   * @default AksPreset.STANDARD
   */
  readonly preset?: AksPreset;

  /**
   * The resource group to create everything in. Immutable.
   * @default - a new one, with a name made from the construct's path
   */
  readonly resourceGroup?: AzureResourceGroup;

  /**
   * The cluster's name: at most 63 letters, digits, `-` and `_`, with a letter or digit at both ends. Immutable.
   * @default - made from the construct's path
   */
  readonly clusterName?: string;

  /**
   * The Kubernetes version. Pinning a patch turns automatic patches off and gives a warning. AKS upgrades one minor version at a time and
   * never downgrades.
   * @default KubernetesVersion.V1_36
   */
  readonly kubernetesVersion?: KubernetesVersion;

  /**
   * Whether AKS installs the newest patch of the Kubernetes minor version by itself, in `maintenanceWindow`. False gives a warning.
   * @see https://learn.microsoft.com/azure/aks/auto-upgrade-cluster
   * @default - true, or false if `kubernetesVersion` pins a patch
   */
  readonly automaticPatchesEnabled?: boolean;

  /**
   * When AKS may upgrade Kubernetes automatically.
   * @default - Saturdays from 22:00 UTC, for 8 hours
   */
  readonly maintenanceWindow?: AksMaintenanceWindow;

  /**
   * When AKS may put a new node image, with security fixes for the operating system, on the nodes.
   * @default - Sundays from 22:00 UTC, for 8 hours
   */
  readonly nodeOsMaintenanceWindow?: AksMaintenanceWindow;

  /**
   * The pricing tier of the control plane.
   * @default - AksSkuTier.STANDARD, or FREE with AksPreset.SMALL
   */
  readonly skuTier?: AksSkuTier;

  /**
   * Who can reach the API server. Switching to or from `privateEndpoint()` would replace the cluster.
   * @default - anybody can reach it, but everybody has to sign in with Entra ID
   */
  readonly apiServerAccess?: ApiServerAccess;

  /**
   * The node pool for the cluster's own services.
   * @default - as set by the preset
   */
  readonly systemNodePool?: AksSystemNodePoolOptions;

  /**
   * Whether to create a node pool for CI jobs. Without one, jobs run on any pool without a taint.
   * @default - true, or with AksPreset.SMALL only if `jobNodePool` is given
   */
  readonly jobNodePoolEnabled?: boolean;

  /**
   * The node pool for CI jobs. An upgrade waits up to two hours for its jobs to finish.
   * @default - 0 to 5 nodes of Standard_D4s_v5
   */
  readonly jobNodePool?: AksNodePoolOptions;

  /**
   * How the cluster autoscaler adds and removes nodes. Leaving it out later keeps what was set; `{}` sets AKS's defaults again.
   * @default - AKS's own settings
   */
  readonly autoscalerProfile?: AksAutoscalerProfile;

  /**
   * The subnet for the nodes, large enough for all pools at their maximum size, in a virtual network that overlaps neither `podCidr` nor
   * `serviceCidr`. Immutable.
   * @default - AzureSubnet.create(): '10.224.0.0/20' in a new virtual network '10.224.0.0/16'
   */
  readonly subnet?: AzureSubnet;

  /**
   * How traffic leaves the cluster. A later change from the load balancer is done in place; the way back would replace the cluster.
   * @default AksEgress.loadBalancer()
   */
  readonly egress?: AksEgress;

  /**
   * The proxy by which nodes and pods, those of jobs included, reach the Internet. Nodes, pods and services are reached without it. A later
   * change replaces the image of all nodes, one after another. azurerm cannot remove a proxy: without the prop Azure may keep it, and each
   * plan shows the same change.
   * @default - none
   */
  readonly httpProxy?: HttpProxy;

  /**
   * Up to 10 CA certificates in PEM that nodes trust besides public ones: of a proxy or firewall that decrypts TLS, or of a registry. Pods do not get
   * them. A later change replaces all nodes, one after another.
   * @see https://learn.microsoft.com/azure/aks/custom-certificate-authority
   * @default - none
   */
  readonly customCaTrustCertificates?: string[];

  /**
   * IPv4 CIDR blocks allowed to reach Services of type LoadBalancer, by the network security group of the nodes' subnet. With
   * `AzureSubnet.existing()` the subnet's own rules apply instead. `0.0.0.0/0` gives a warning.
   * @default - none: nothing outside the cluster can reach them
   */
  readonly loadBalancerAllowedCidrs?: string[];

  /**
   * The IPv4 block that pods get their addresses from, /9 to /20; each node takes a /24 of it. It must not overlap `serviceCidr`. Immutable.
   * @default '10.244.0.0/16'
   */
  readonly podCidr?: string;

  /**
   * The IPv4 block for Kubernetes Services, /12 to /27. Immutable.
   * @default '10.0.0.0/16'
   */
  readonly serviceCidr?: string;

  /**
   * The IP address of the cluster's DNS service, inside `serviceCidr` but not its first two addresses or its last. Immutable.
   * @default - the tenth address of `serviceCidr`
   */
  readonly dnsServiceIp?: string;

  /**
   * Entra object ids (UUIDs) of users, groups and service principals that get full rights inside the cluster.
   * @default []
   */
  readonly administratorObjectIds?: string[];

  /**
   * Entra object ids (UUIDs) of all deployers, people and CI alike, who get the rights inside the cluster that putting manifests on it
   * needs. In an existing resource group manifests then wait five minutes longer. An empty list assigns no roles. A list that you add later
   * has to begin with whoever applied first, or removes their role.
   * @see https://learn.microsoft.com/azure/aks/manage-azure-rbac
   * @default - whoever applies first; a colleague's later apply fails at the manifests
   */
  readonly deployerObjectIds?: string[];

  /**
   * Whether container logs and metrics are sent to a Log Analytics workspace (Container Insights).
   * @see https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-overview
   * @default true
   */
  readonly containerInsightsEnabled?: boolean;

  /**
   * Which calls to the API server are recorded in the workspace, with their callers. NONE, set here or by default, gives a warning.
   * @default - AksAuditLogs.CHANGES, or NONE if `containerInsightsEnabled` is false
   */
  readonly auditLogs?: AksAuditLogs;

  /**
   * The Log Analytics workspace for the cluster's logs. An existing one must be in the cluster's region.
   * @default - a new one that keeps logs for 30 days
   */
  readonly logWorkspace?: AzureLogWorkspace;

  /**
   * How often unused images are removed from the nodes, in hours, 24 to 2160.
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
   * The azurerm provider, and with it the subscription: an `AzureProvider` with an alias, or the bindings' `AzurermProvider`, in the same
   * stack. Runners and workload identities of the cluster follow it. Another subscription would replace the cluster.
   * @see https://learn.microsoft.com/azure/cloud-adoption-framework/ready/landing-zone/design-area/resource-org-subscriptions
   * @default - the stack's provider without an alias
   */
  readonly provider?: TerraformProvider;

  /**
   * Tags for all created resources, and for what is added to the cluster: node pools, managed identities, the runners' caches. Azure's rules
   * apply: at most 50 tags, names up to 512 characters (for a cache 128), values up to 256.
   * @default - none
   */
  readonly tags?: { [key: string]: string };

  /**
   * Whether Terraform rejects any plan that would destroy or replace the cluster. Setting it to false gives a warning.
   * @see https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#prevent_destroy
   * @default true
   */
  readonly preventDestroy?: boolean;

  /**
   * The name of the resource group that AKS creates for nodes, their disks and load balancers: at most 80 letters, digits, `-`, `_`, `.`,
   * `(` and `)`, first a letter or digit. Immutable.
   * @see https://learn.microsoft.com/azure/aks/faq
   * @default - AKS's own, made from the resource group, the cluster's name and the region
   */
  readonly nodeResourceGroupName?: string;

  /**
   * Whether the cluster has the Azure Policy add-on. If a policy enables it, set it to true, or the provider's `policySettingsKept`; otherwise each
   * apply disables it.
   * @see https://learn.microsoft.com/azure/governance/policy/concepts/policy-for-kubernetes
   * @default false
   */
  readonly azurePolicyEnabled?: boolean;

  /**
   * Whether Microsoft Defender for Containers watches the cluster and sends its findings to the log workspace, which it needs. If a policy
   * enables it, set it to true, or the provider's `policySettingsKept`; otherwise each apply disables it.
   * @see https://learn.microsoft.com/azure/defender-for-cloud/defender-for-containers-introduction
   * @default false
   */
  readonly defenderEnabled?: boolean;

  /**
   * Whether Azure's cost analysis shows costs by namespace. Needs a paid `skuTier`, and an Enterprise Agreement or a Microsoft Customer
   * Agreement.
   * @see https://learn.microsoft.com/azure/aks/cost-analysis
   * @default false
   */
  readonly costAnalysisEnabled?: boolean;

  /**
   * The ARM id of the disk encryption set whose customer-managed key encrypts the disks of nodes and of volumes, in the cluster's
   * subscription and region. The control plane's identity gets the role Reader on it. Immutable: only a new cluster can have one.
   * @see https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys
   * @default - keys of Azure's
   */
  readonly diskEncryptionSetId?: string;
}
