import { Chart } from 'cdk8s';
import { AksNodePoolOptions } from './aks-node-pool-options';
import { KubernetesVersion } from './kubernetes-version';
import { IAksNodePool } from './node-pool';
import { AksServiceAccount } from './service-account';
import { WorkloadIdentity, WorkloadIdentityOptions } from './workload-identity';
import { HelmReleaseOptions, HelmRelease } from '../delivery/helm-release';
import { IKubernetesCluster } from '../delivery/kubernetes-cluster';
import { ManifestRelease, ManifestReleaseOptions } from '../delivery/manifest-release';

/** A cluster that node pools, identities, manifests and charts can be added to. */
export interface IAksCluster extends IKubernetesCluster {
  /** The cluster's ARM id. */
  readonly clusterId: string;

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
   * The IPv4 blocks of the nodes' subnet, where traffic from the cluster to private addresses comes from. Those of a subnet that exists are
   * read from Azure; there are none where the subnet is unknown.
   */
  readonly nodeSubnetCidrs: string[];

  /**
   * The default node pool for CI jobs.
   * @default - any pool without a taint
   */
  readonly jobNodePool?: IAksNodePool;

  /**
   * Adds a node pool.
   * @param id the construct's id, also the source of the pool's default name.
   * @example
   * const pool = cluster.addNodePool('Gpu', { vmSize: 'Standard_NC4as_T4_v3', maxCount: 2, gpu: true });
   * new KubernetesGitLabRunner(stack, 'GpuRunner', { gitlab, cluster, nodePool: pool, gpus: 1, tags: ['gpu'] });
   */
  addNodePool(id: string, options?: AksNodePoolOptions): IAksNodePool;

  /**
   * Adds a managed identity for pods that run under one Kubernetes service account.
   *
   * @example
   * const identity = cluster.addWorkloadIdentity('Reader', { namespace: 'tools', serviceAccountName: 'reader' });
   * identity.grant('Secrets', AzureRole.KEY_VAULT_SECRETS_USER, mailVaultId);
   */
  addWorkloadIdentity(id: string, options: WorkloadIdentityOptions): WorkloadIdentity;

  /**
   * Adds a managed identity and the annotated Kubernetes service account for it.
   *
   * @example
   * const account = cluster.addServiceAccount('Reader', { namespace: 'tools', serviceAccountName: 'reader' });
   * account.grant('Secrets', AzureRole.KEY_VAULT_SECRETS_USER, mailVaultId);
   */
  addServiceAccount(id: string, options: WorkloadIdentityOptions): AksServiceAccount;

  /**
   * Puts a cdk8s chart on the cluster.
   * @param id the construct's id, also the source of the release's default name.
   * @param chart a chart whose root is a `cdk8s.App`.
   * @example
   * const chart = new cdk8s.Chart(new cdk8s.App(), 'tools');
   * new cdk8s.ApiObject(chart, 'Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'tools' } });
   * cluster.addCdk8sChart('Tools', chart);
   */
  addCdk8sChart(id: string, chart: Chart, options?: ManifestReleaseOptions): ManifestRelease;

  /**
   * Puts plain Kubernetes objects on the cluster.
   *
   * @example
   * cluster.addManifest('Tools', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'tools' } });
   */
  addManifest(id: string, ...manifests: { [key: string]: any }[]): ManifestRelease;

  /**
   * Installs a Helm chart from a repository.
   *
   * @example
   * cluster.addHelmChart('Ingress', {
   *   repository: 'https://kubernetes.github.io/ingress-nginx',
   *   chart: 'ingress-nginx',
   *   version: '4.13.0',
   *   namespace: 'ingress',
   * });
   */
  addHelmChart(id: string, options: HelmReleaseOptions): HelmRelease;

  /**
   * Lets the nodes pull images from an Azure container registry. A runner's `registryCache` does so for its own registry.
   * @param registryId the registry's ARM id.
   * @example
   * cluster.attachAcr('Registry', registryId);
   */
  attachAcr(id: string, registryId: string): void;

  /**
   * Gives a user, group or service principal full rights inside the cluster.
   * @param objectId the object id in Entra ID, a UUID.
   * @example
   * cluster.grantClusterAdmin('Platform', '00000000-0000-0000-0000-000000000001');
   */
  grantClusterAdmin(id: string, objectId: string): void;

  /**
   * Lets a user, group or service principal fetch the cluster's kubeconfig, and nothing more. Kubernetes RBAC decides what it may do inside
   * the cluster.
   * @param objectId the object id in Entra ID, a UUID.
   * @example
   * cluster.grantClusterUser('Developers', '00000000-0000-0000-0000-000000000002');
   */
  grantClusterUser(id: string, objectId: string): void;
}
