import { Chart } from 'cdk8s';
import { Fn, ITerraformDependable, Token } from 'cdktf';
import { Construct } from 'constructs';
import { assignIdentityRole, assignRole } from '../../azure/access/role-assignment';
import { AzureRole } from '../../azure/azure-role';
import { subnetCidrs } from '../../azure/network/existing-subnet';
import { registryId as aRegistryId, uuid } from '../../azure/private/rules';
import { HelmReleaseOptions, HelmRelease } from '../../delivery/helm-release';
import { ManifestDelivery } from '../../delivery/manifest-delivery';
import { ManifestRelease, ManifestReleaseOptions } from '../../delivery/manifest-release';
import { checkManifest } from '../../delivery/private/manifest-checks';
import { PlainChart } from '../../delivery/private/plain-chart';
import { remembered } from '../../private/memory';
import { takeValue } from '../../private/rules/rule';
import { refusal } from '../../private/rules/subject';
import { AksNodePool } from '../aks-node-pool';
import { AksNodePoolOptions } from '../aks-node-pool-options';
import { IAksCluster } from '../cluster';
import { KubernetesVersion } from '../kubernetes-version';
import { IAksNodePool } from '../node-pool';
import { PoolSubnets } from '../node-pools/pool-subnets';
import { AksServiceAccount } from '../service-account';
import { WorkloadIdentity, WorkloadIdentityOptions } from '../workload-identity';

/**
 * What a cluster of ours and one that exists already have in common.
 * @internal
 */
export abstract class AksClusterBase extends Construct implements IAksCluster {
  public abstract readonly clusterId: string;
  public abstract readonly clusterName: string;
  public abstract readonly resourceGroupName: string;
  public abstract readonly location: string;
  public abstract readonly oidcIssuerUrl: string;
  public abstract readonly tenantId: string;
  public abstract readonly apiServerUrl: string;
  public abstract readonly clusterCaCertificate: string;
  public abstract readonly manifestDelivery: ManifestDelivery;
  public abstract readonly ready: ITerraformDependable[];
  public abstract readonly subnetId?: string;
  public abstract readonly kubernetesVersion?: KubernetesVersion;
  public abstract readonly egressIpAddress?: string;
  public abstract readonly jobNodePool?: IAksNodePool;
  public abstract readonly tags?: { [name: string]: string };

  /** The object id of the identity that the nodes pull images with. */
  public abstract readonly kubeletIdentityObjectId: string;

  /**
   * The group that AKS makes for the nodes.
   * @internal
   */
  public abstract readonly _nodeResourceGroupName: string;

  /**
   * The block of a subnet that we make.
   * @internal
   */
  public readonly _newSubnetCidr?: string;

  /**
   * Whom Azure asks whether nodes may join a subnet.
   * @internal
   */
  public readonly _controlPlanePrincipalId?: string;

  public get nodeSubnetCidrs(): string[] {
    // read from Azure, so only when somebody asks.
    return joinedLists(this.ownSubnetCidrs(), PoolSubnets.of(this).tell());
  }

  public addNodePool(id: string, options?: AksNodePoolOptions): IAksNodePool {
    return new AksNodePool(this, id, this, options);
  }

  public addWorkloadIdentity(id: string, options: WorkloadIdentityOptions): WorkloadIdentity {
    return new WorkloadIdentity(this, id, this, options);
  }

  public addServiceAccount(id: string, options: WorkloadIdentityOptions): AksServiceAccount {
    return new AksServiceAccount(this, id, this, options);
  }

  public addCdk8sChart(id: string, chart: Chart, options?: ManifestReleaseOptions): ManifestRelease {
    return new ManifestRelease(this, id, this, chart, options);
  }

  public addManifest(id: string, ...manifests: { [key: string]: any }[]): ManifestRelease {
    if (manifests.length === 0) {
      throw refusal({ where: this, prop: 'manifests' }, 'no objects', undefined, 'give at least one, or leave the call out');
    }
    manifests.forEach((manifest, index) => checkManifest({ where: this, prop: `manifests[${index}]` }, manifest));
    return new ManifestRelease(this, id, this, new PlainChart(manifests));
  }

  public addHelmChart(id: string, options: HelmReleaseOptions): HelmRelease {
    return new HelmRelease(this, id, this, options);
  }

  public attachAcr(id: string, registryId: string): void {
    const registry = takeValue(this, 'registryId', registryId, aRegistryId());
    const attached = remembered(this, 'attachedRegistries', () => new Set<string>());
    // Azure gives the role once, and a cache of images attaches its registry by itself.
    if (!attached.has(registry.toLowerCase())) {
      attached.add(registry.toLowerCase());
      assignIdentityRole(this, id, AzureRole.ACR_PULL, registry, this.kubeletIdentityObjectId);
    }
  }

  public grantClusterAdmin(id: string, objectId: string): void {
    this.grant(id, AzureRole.AKS_RBAC_CLUSTER_ADMIN, objectId);
  }

  public grantClusterUser(id: string, objectId: string): void {
    this.grant(id, AzureRole.AKS_CLUSTER_USER, objectId);
  }

  /**
   * The blocks of all pools, as far as they are known.
   * @internal
   */
  protected _nodeCidrs(): string[] {
    return joinedLists(this.ownSubnetCidrs(), PoolSubnets.of(this).cidrs());
  }

  private ownSubnetCidrs(): string[] {
    if (this._newSubnetCidr !== undefined) {
      return [this._newSubnetCidr];
    }
    const { subnetId } = this;
    return subnetId === undefined ? [] : remembered(this, 'NodeSubnetCidrs', () => subnetCidrs(this, 'NodeSubnet', subnetId));
  }

  /**
   * Gives the server that delivers manifests, if one does, what it needs.
   * @internal
   */
  protected _letServerIn(): ITerraformDependable[] {
    const server = this.manifestDelivery._server;
    return server ? [assignIdentityRole(this, 'DeliveryServer', AzureRole.AKS_RBAC_CLUSTER_ADMIN, this.clusterId, server.identityPrincipalId)] : [];
  }

  private grant(id: string, role: AzureRole, objectId: string): void {
    assignRole(this, id, role, this.clusterId, takeValue(this, 'objectId', objectId, uuid()));
  }
}

function joinedLists(one: string[], other: string[]): string[] {
  return other.length === 0 ? one : Token.asList(Fn.concat([one, other]));
}
