import { DataAzurermKubernetesCluster } from '@cdktf/provider-azurerm/lib/data-azurerm-kubernetes-cluster';
import { ITerraformDependable, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { AksClusterBase } from './cluster-base';
import { attributesTogether, CLUSTER_ATTRIBUTES } from './cluster-rules';
import { armIdPart } from '../../azure/place/arm-id';
import { makeBy, makeIn } from '../../azure/place/azure-place';
import { standInOwnSubscription } from '../../azure/place/subnet-subscription';
import { AzureContext } from '../../azure/provider/azure-context';
import { otherSubscription } from '../../azure/provider/provider-presence';
import { ManifestDelivery } from '../../delivery/manifest-delivery';
import { sweepReleases } from '../../delivery/server/server-release';
import { constructId } from '../../private/construct-id';
import { takeProps } from '../../private/rules/rule';
import { known } from '../../private/rules/subject';
import { checkStack } from '../../private/stack-check';
import { templateTexts } from '../../private/terraform-text';
import { AksClusterAttributes } from '../aks-cluster-attributes';
import { KubernetesVersion } from '../kubernetes-version';
import { IAksNodePool } from '../node-pool';

/** A cluster that exists, read at plan time. */
export class ImportedAksCluster extends AksClusterBase {
  public readonly clusterId: string;
  public readonly clusterName: string;
  public readonly resourceGroupName: string;
  public readonly location: string;
  public readonly oidcIssuerUrl: string;
  public readonly tenantId: string;
  public readonly apiServerUrl: string;
  public readonly clusterCaCertificate: string;
  public readonly kubeletIdentityObjectId: string;
  public readonly manifestDelivery: ManifestDelivery;
  public readonly ready: ITerraformDependable[] = [];
  public readonly subnetId?: string;
  public readonly kubernetesVersion?: KubernetesVersion;
  public readonly egressIpAddress?: string;
  public readonly jobNodePool?: IAksNodePool;
  public readonly tags?: { [name: string]: string };

  /** @internal */
  public readonly _nodeResourceGroupName: string;

  constructor(scope: Construct, id: string, attributes: AksClusterAttributes) {
    super(scope, constructId(new.target, scope, id));
    checkStack(this);
    const given = takeProps(this, 'attributes', attributes, CLUSTER_ATTRIBUTES, attributesTogether);
    this.clusterName = given.clusterName ?? armIdPart(given.clusterId!, 8);
    this.resourceGroupName = given.resourceGroupName ?? armIdPart(given.clusterId!, 4);
    this.goWhere(given);
    const cluster = new DataAzurermKubernetesCluster(this, 'Resource', { name: this.clusterName, resourceGroupName: this.resourceGroupName });
    this.clusterId = cluster.id;
    this.location = cluster.location;
    this._nodeResourceGroupName = cluster.nodeResourceGroup;
    this.oidcIssuerUrl = cluster.oidcIssuerUrl;
    this.tenantId = AzureContext.of(this).tenantId;
    this.apiServerUrl = cluster.kubeConfig.get(0).host;
    this.clusterCaCertificate = cluster.kubeConfig.get(0).clusterCaCertificate;
    this.kubeletIdentityObjectId = cluster.kubeletIdentity.get(0).objectId;
    this.manifestDelivery = given.manifestDelivery ?? ManifestDelivery.helmRelease();
    this.subnetId = given.subnetId;
    standInOwnSubscription(this, 'subnetId', this.subnetId);
    this.egressIpAddress = given.egressIpAddress;
    this.jobNodePool = given.jobNodePool;
    this.tags = given.tags && templateTexts(given.tags);
    this.ready.push(...this._letServerIn());
    sweepReleases(this);
  }

  /** To the provider that is given, or to one of the subscription in the id. */
  private goWhere({ provider, clusterId }: AksClusterAttributes): void {
    const subscriptionId = clusterId === undefined ? undefined : armIdPart(clusterId, 2);
    if (provider === undefined && known(subscriptionId)) {
      makeIn(this, subscriptionId);
    } else {
      // at once: a reference to another stack has to be made before the synthesis begins.
      makeBy(this, provider ?? (subscriptionId === undefined ? undefined : otherSubscription(TerraformStack.of(this), subscriptionId)));
    }
  }
}
