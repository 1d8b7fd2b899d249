import { Chart } from 'cdk8s';
import { ITerraformDependable } from 'cdktf';
import { IConstruct } from 'constructs';
import { AksNodePool, AksNodePoolOptions, IAksNodePool } from './aks-node-pool';
import { HelmChartOptions, HelmRelease } from './helm-release';
import { KubernetesVersion } from './kubernetes-version';
import { ManifestDelivery } from './manifest-delivery';
import { ManifestRelease, ManifestReleaseOptions } from './manifest-release';
import { AksServiceAccount, AksServiceAccountOptions } from './service-account';
import { WorkloadIdentity, WorkloadIdentityOptions } from './workload-identity';

/** A cluster that node pools, identities, manifests and charts can be added to. */
export interface IAksCluster extends IConstruct {
  /** The cluster's ARM id. */
  readonly clusterId: string;

  /** The cluster's name. */
  readonly clusterName: string;

  /** The cluster's resource group. Azure resources added to the cluster are created there too. */
  readonly resourceGroupName: string;

  /** The cluster's region. */
  readonly location: string;

  /** The issuer URL of the cluster's service account tokens, for federated credentials in Entra ID. */
  readonly oidcIssuerUrl: string;

  /** The Entra tenant, a UUID. */
  readonly tenantId: string;

  /** The API server's URL, such as `https://x.hcp.koreacentral.azmk8s.io:443`. */
  readonly apiServerUrl: string;

  /** The certificate of the CA that signed the API server's certificate, base64-encoded. */
  readonly clusterCaCertificate: string;

  /** How manifests and charts reach the cluster. */
  readonly manifestDelivery: ManifestDelivery;

  /** The resources that must be applied before anything can be put on the cluster. */
  readonly readyForManifests: ITerraformDependable[];

  /**
   * The ARM id of the subnet for node pools.
   * @default - AKS's own network
   */
  readonly subnetId?: string;

  /**
   * The Kubernetes version for node pools.
   * @default - the control plane's version at the time a pool is created
   */
  readonly kubernetesVersion?: KubernetesVersion;

  /**
   * The public IP address of outbound traffic from the cluster.
   * @default - unknown
   */
  readonly egressIpAddress?: string;

  /**
   * The default node pool for CI jobs.
   * @default - any pool without a taint
   */
  readonly jobNodePool?: IAksNodePool;

  /**
   * Adds a node pool.
   * @param id the construct's id, also the source of the pool's default name.
   */
  addNodePool(id: string, options?: AksNodePoolOptions): AksNodePool;

  /** Adds a managed identity for pods that run under one Kubernetes service account. */
  addWorkloadIdentity(id: string, options: WorkloadIdentityOptions): WorkloadIdentity;

  /** Adds a managed identity and the annotated Kubernetes service account for it. */
  addServiceAccount(id: string, options: AksServiceAccountOptions): AksServiceAccount;

  /**
   * Puts a cdk8s chart on the cluster.
   * @param id the construct's id, also the source of the release's default name.
   * @param chart a chart whose root is a `cdk8s.App`.
   */
  addCdk8sChart(id: string, chart: Chart, options?: ManifestReleaseOptions): ManifestRelease;

  /** Puts plain Kubernetes objects on the cluster. */
  addManifest(id: string, ...manifests: { [key: string]: any }[]): ManifestRelease;

  /** Installs a Helm chart from a repository. */
  addHelmChart(id: string, options: HelmChartOptions): HelmRelease;

  /**
   * Lets the nodes pull images from an Azure container registry.
   * @param registryId the registry's ARM id.
   */
  attachAcr(id: string, registryId: string): void;

  /**
   * Gives a user, group or service principal full rights inside the cluster.
   * @param objectId the object id in Entra ID, a UUID.
   */
  grantClusterAdmin(id: string, objectId: string): void;

  /**
   * Lets a user, group or service principal fetch the cluster's kubeconfig, and nothing more. Kubernetes RBAC decides what it may do inside
   * the cluster.
   * @param objectId the object id in Entra ID, a UUID.
   */
  grantClusterUser(id: string, objectId: string): void;
}
