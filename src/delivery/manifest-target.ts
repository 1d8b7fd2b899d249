import { ITerraformDependable } from 'cdktf';
import { IConstruct } from 'constructs';
import { ManifestDelivery } from './manifest-delivery';

/** A Kubernetes cluster that manifests and charts can be put on. */
export interface IManifestTarget extends IConstruct {
  /** The cluster's name. */
  readonly clusterName: string;

  /** The cluster's resource group. Azure resources added to the cluster are created there too. */
  readonly resourceGroupName: string;

  /** The API server's URL, such as `https://x.hcp.koreacentral.azmk8s.io:443`. */
  readonly apiServerUrl: string;

  /** The certificate of the CA that signed the API server's certificate, base64-encoded. */
  readonly clusterCaCertificate: string;

  /** How manifests and charts reach the cluster. */
  readonly manifestDelivery: ManifestDelivery;

  /** The resources that must be applied before anything can be put on the cluster. */
  readonly ready: ITerraformDependable[];
}
