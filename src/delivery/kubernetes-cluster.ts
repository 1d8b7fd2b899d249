import { ITerraformDependable } from 'cdktf';
import { IConstruct } from 'constructs';
import { ManifestDelivery } from './manifest-delivery';

/** A Kubernetes cluster on Azure that manifests, charts and workload identities can be put on. */
export interface IKubernetesCluster extends IConstruct {
  /** The cluster's name. */
  readonly clusterName: string;

  /** The cluster's resource group. Azure resources added to the cluster are created there too. */
  readonly resourceGroupName: string;

  /** The cluster's region. */
  readonly location: string;

  /**
   * The Azure tags of what is added to the cluster: node pools, managed identities, the runners' caches.
   * @default - none
   */
  readonly tags?: { [name: string]: string };

  /** The Entra tenant, a UUID. */
  readonly tenantId: string;

  /** The issuer URL of the cluster's service account tokens, for federated credentials in Entra ID. */
  readonly oidcIssuerUrl: string;

  /** The API server's URL, such as `https://x.hcp.koreacentral.azmk8s.io:443`. */
  readonly apiServerUrl: string;

  /** The certificate of the CA that signed the API server's certificate, base64-encoded. */
  readonly clusterCaCertificate: string;

  /** How manifests and charts reach the cluster. */
  readonly manifestDelivery: ManifestDelivery;

  /** The resources that must be applied before anything can be put on the cluster. */
  readonly ready: ITerraformDependable[];
}
