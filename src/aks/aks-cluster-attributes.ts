import { TerraformProvider } from 'cdktf';
import { IAksNodePool } from './node-pool';
import { ManifestDelivery } from '../delivery/manifest-delivery';

/** Attributes of an existing cluster, no matter how it was created. */
export interface AksClusterAttributes {
  /**
   * The cluster's ARM id. If its subscription is not that of the stack's provider, an additional provider, which signs in the same way,
   * reads the cluster and creates what is added to it.
   * @default - made from `clusterName` and `resourceGroupName`
   */
  readonly clusterId?: string;

  /**
   * The cluster's name.
   * @default - the one in `clusterId`
   */
  readonly clusterName?: string;

  /**
   * The cluster's resource group. Managed identities added for its pods are created there too.
   * @default - the one in `clusterId`
   */
  readonly resourceGroupName?: string;

  /**
   * The azurerm provider of the cluster's subscription, which reads the cluster and creates what is added to it: an `AzureProvider` with an
   * alias, or the bindings' `AzurermProvider`, in the same stack.
   * @default - the stack's provider without an alias, or one for the subscription in `clusterId`
   */
  readonly provider?: TerraformProvider;

  /**
   * The ARM id of the subnet for added node pools.
   * @default - AKS's own network
   */
  readonly subnetId?: string;

  /**
   * The public IPv4 address of outbound traffic from the cluster.
   * @default - unknown
   */
  readonly egressIpAddress?: string;

  /**
   * The node pool for CI jobs, see `AksNodePool.fromAksNodePoolAttributes`.
   * @default - any pool without a taint
   */
  readonly jobNodePool?: IAksNodePool;

  /**
   * How manifests and charts reach the cluster.
   * @default - Helm releases within the apply, signed in with the Azure CLI
   */
  readonly manifestDelivery?: ManifestDelivery;

  /**
   * Azure tags of what is added to the cluster: node pools, managed identities, the runners' caches. Nothing that exists is changed.
   * @default - none
   */
  readonly tags?: { [name: string]: string };
}
