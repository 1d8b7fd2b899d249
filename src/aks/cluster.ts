import { Chart } from 'cdk8s';
import { ITerraformDependable } from 'cdktf';
import { IConstruct } from 'constructs';
import { AksNodePool, IAksNodePool } from './aks-node-pool';
import { AksNodePoolOptions } from './aks-node-pool-props';
import { HelmChartOptions, HelmRelease } from './helm-release';
import { KubernetesVersion } from './kubernetes-version';
import { ManifestDelivery } from './manifest-delivery';
import { ManifestRelease, ManifestReleaseOptions } from './manifest-release';
import { AksServiceAccount, AksServiceAccountOptions } from './service-account';
import { WorkloadIdentity, WorkloadIdentityOptions } from './workload-identity';

/** A cluster that pools, identities, manifests and charts can be added to. */
export interface IAksCluster extends IConstruct {
  /** The cluster's ARM id. */
  readonly clusterId: string;

  /** The cluster's name. */
  readonly clusterName: string;

  /** The resource group the cluster is in; what is added to it lands there too. */
  readonly resourceGroupName: string;

  /** The cluster's region. */
  readonly location: string;

  /** The issuer of its service accounts' tokens, as Entra must see it. */
  readonly oidcIssuerUrl: string;

  /** The Entra tenant, a UUID. */
  readonly tenantId: string;

  /** The API server's address, such as `https://x.hcp.koreacentral.azmk8s.io:443`. */
  readonly apiServerUrl: string;

  /** The certificate of the authority that signed the API server's, base64. */
  readonly clusterCaCertificate: string;

  /** How manifests and charts reach the cluster. */
  readonly manifestDelivery: ManifestDelivery;

  /** What has to be applied before anything can be put onto the cluster. */
  readonly readyForManifests: ITerraformDependable[];

  /**
   * The ARM id of the subnet that node pools join.
   * @default - AKS's own network
   */
  readonly subnetId?: string;

  /**
   * The Kubernetes version that node pools follow.
   * @default - the control plane's at the time a pool is made
   */
  readonly kubernetesVersion?: KubernetesVersion;

  /**
   * The public address that traffic from the cluster comes from.
   * @default - unknown
   */
  readonly egressIpAddress?: string;

  /**
   * The pool that CI jobs run on unless told otherwise.
   * @default - any pool without a taint
   */
  readonly jobNodePool?: IAksNodePool;

  /**
   * Adds a node pool.
   * @param id the construct's id, from which the pool's name is made unless one is given.
   */
  addNodePool(id: string, options?: AksNodePoolOptions): AksNodePool;

  /** Adds a managed identity that pods under one Kubernetes service account take on. */
  addWorkloadIdentity(id: string, options: WorkloadIdentityOptions): WorkloadIdentity;

  /** Adds a managed identity and the annotated Kubernetes service account for it. */
  addServiceAccount(id: string, options: AksServiceAccountOptions): AksServiceAccount;

  /**
   * Puts a cdk8s chart onto the cluster.
   * @param id the construct's id, and the release's name unless one is given.
   * @param chart a chart whose root is a `cdk8s.App`.
   */
  addCdk8sChart(id: string, chart: Chart, options?: ManifestReleaseOptions): ManifestRelease;

  /** Puts plain Kubernetes objects onto the cluster. */
  addManifest(id: string, ...manifests: { [key: string]: any }[]): ManifestRelease;

  /** Installs a Helm chart from a repository. */
  addHelmChart(id: string, options: HelmChartOptions): HelmRelease;

  /**
   * Lets the nodes pull images from a registry.
   * @param registryId the registry's ARM id.
   */
  attachAcr(id: string, registryId: string): void;

  /**
   * Gives a user, group or service principal all rights inside the cluster.
   * @param objectId its object id in Entra, a UUID; anything else is refused.
   */
  grantClusterAdmin(id: string, objectId: string): void;

  /**
   * Lets a user, group or service principal fetch the cluster's kubeconfig, and nothing more: what it may do inside is up to
   * Kubernetes roles.
   * @param objectId its object id in Entra, a UUID; anything else is refused.
   */
  grantClusterUser(id: string, objectId: string): void;
}
