import { KubernetesCluster, KubernetesClusterDefaultNodePool } from '@cdktf/provider-azurerm/lib/kubernetes-cluster';
import { MonitorDataCollectionRuleAssociation } from '@cdktf/provider-azurerm/lib/monitor-data-collection-rule-association';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { Fn, ITerraformDependable, Lazy, TerraformOutput, Token } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { AksAuditLogs } from './aks-audit-logs';
import { AksClusterAttributes } from './aks-cluster-attributes';
import { AksClusterProps, AksPreset, AksSkuTier } from './aks-cluster-props';
import { AksEgress } from './aks-egress';
import { ApiServerAccess } from './api-server-access';
import { IAksCluster } from './cluster';
import { KubernetesVersion } from './kubernetes-version';
import { IAksNodePool } from './node-pool';
import { ManifestDelivery } from '../delivery/manifest-delivery';
import { ClusterNetwork } from './network/cluster-network';
import { NetworkCidrs, networkCidrs } from './network/network-cidrs';
import { PrivateApiServer } from './network/private-api-server';
import { autoScalerProfile } from './node-pools/autoscaler-profile';
import { NodeDiskEncryption } from './node-pools/node-disk-encryption';
import {
  DEFAULT_MAX_PODS, DEFAULT_OS_DISK_SIZE_GB, DEFAULT_SYSTEM_NODE_COUNT, osDiskType, rotationName, SYSTEM_POOL_NAME, undrainableNodeBehavior,
} from './node-pools/node-pools';
import { checkCapacity } from './node-pools/pool-capacity';
import { AksClusterBase } from './private/cluster-base';
import { ClusterMonitoring } from './private/cluster-monitoring';
import { CLUSTER, clusterTogether, systemVmSize } from './private/cluster-rules';
import { warnOfRisks } from './private/cluster-warnings';
import { Deployers } from './private/deployers';
import { encoded, joined } from './private/encoded-certificates';
import { ImportedAksCluster } from './private/imported-cluster';
import { DEFAULT_NODE_OS_WINDOW, DEFAULT_UPGRADE_WINDOW, weekly } from './private/maintenance';
import { OTHER_NAMES_OF_CLUSTER } from './private/other-names';
import { HttpProxy } from '../azure/http-proxy';
import { encryptInOwnSubscription } from '../azure/machine/disk-encryption';
import { ownParts, platformName } from '../azure/names/part-names';
import { makeBy } from '../azure/place/azure-place';
import { StackClouds } from '../azure/place/stack-clouds';
import { standInOwnSubscription } from '../azure/place/subnet-subscription';
import { poolTags } from '../azure/private/tags';
import { AzureContext } from '../azure/provider/azure-context';
import { setApiServerSubnet, setNodeProvisioning } from '../azure/provider/azurerm-arguments';
import { sweepReleases } from '../delivery/server/server-release';
import { constructId } from '../private/construct-id';
import { defaultName, digested } from '../private/default-name';
import { waitFor } from '../private/dependencies';
import { takeProps } from '../private/rules/rule';
import { known } from '../private/rules/subject';
import { checkStack } from '../private/stack-check';
import { templateTexts } from '../private/terraform-text';
import { warn } from '../warnings/private/warn';

const DEFAULT_LOG_RETENTION_DAYS = 30;
const DEFAULT_IMAGE_CLEANER_INTERVAL_HOURS = 168;

/**
 * An AKS cluster set up for CI jobs.
 *
 * Pods are on an overlay network with Cilium. People sign in with Entra ID and pods use workload identity, so no secrets are stored.
 * Outbound traffic has a dedicated public IP address. Patches are automatic, in maintenance windows. CI jobs have a node pool that costs
 * nothing while no job runs, and logs go to Log Analytics.
 *
 * @see https://learn.microsoft.com/azure/aks/
 * @example
 * new AksCluster(stack, 'Cluster', {
 *   location: 'koreacentral',
 *   jobNodePool: { vmSize: 'Standard_D8s_v5', maxCount: 20, spot: true },
 * });
 */
export class AksCluster extends AksClusterBase {
  /**
   * Imports an existing cluster, to add node pools, identities, manifests and charts to. For identities it needs the OIDC issuer and
   * workload identity; for runner tokens in a Key Vault it needs the Key Vault add-on. The deployer needs rights inside it.
   */
  public static fromAksClusterAttributes(scope: Construct, id: string, attributes: AksClusterAttributes): IAksCluster {
    return new ImportedAksCluster(scope, id, attributes);
  }

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
  public readonly ready: ITerraformDependable[];
  public readonly subnetId?: string;
  public readonly kubernetesVersion?: KubernetesVersion;
  public readonly egressIpAddress?: string;
  public readonly jobNodePool?: IAksNodePool;
  public readonly tags?: { [name: string]: string };

  /** The ARM id of the Log Analytics workspace that the cluster's logs go to, if they go anywhere: other logs may go there too. */
  public readonly logAnalyticsWorkspaceId?: string;

  /** The command that fetches the cluster's kubeconfig; kubelogin then signs in. */
  public readonly credentialsCommand: string;

  /** @internal */
  public readonly _nodeResourceGroupName: string;

  /** @internal */
  public readonly _newSubnetCidr?: string;

  /** @internal */
  public readonly _controlPlanePrincipalId?: string;

  /** @internal */
  public readonly _apiServerSubnetId?: string;

  /** @internal */
  public readonly _systemPoolName: string = SYSTEM_POOL_NAME;
  private readonly small: boolean;
  private readonly resource: KubernetesCluster;

  constructor(scope: Construct, id: string, props: AksClusterProps) {
    super(scope, constructId(new.target, scope, id));
    checkStack(this);
    const given = takeProps(this, 'props', props, CLUSTER, clusterTogether, OTHER_NAMES_OF_CLUSTER);
    const cidrs = networkCidrs(given);
    warnOfRisks(this, given);
    makeBy(this, given.provider);
    standInOwnSubscription(this, 'subnet', given.subnet?._existingId);
    encryptInOwnSubscription(this, given.diskEncryptionSetId);
    ownParts(this, given.location);

    this.tenantId = AzureContext.of(this).tenantId;
    this.location = given.location;
    StackClouds.of(this).take(this, this.location);
    this.clusterName = given.clusterName ?? platformName(this, 'cluster') ?? defaultName(this, 63);
    this.small = (given.preset ?? AksPreset.STANDARD) === AksPreset.SMALL;
    this.tags = given.tags && templateTexts(given.tags);
    this.kubernetesVersion = given.kubernetesVersion ?? KubernetesVersion.V1_36;
    this.manifestDelivery = given.manifestDelivery ?? ManifestDelivery.helmRelease();

    const group = this.resourceGroup(given);
    this.resourceGroupName = group?.name ?? given.resourceGroup!._name;
    const deployers = new Deployers(this, 'Deployers', {
      objectIds: given.deployerObjectIds,
      resourceGroupId: group?.id,
      needed: this.manifestDelivery._signIn !== undefined,
    });
    const place = { name: this.clusterName, location: this.location, resourceGroupName: this.resourceGroupName, tags: this.tags };
    const egress = given.egress ?? AksEgress.loadBalancer();
    const network = new ClusterNetwork(this, 'Network', {
      ...place, ...cidrs, subnetId: given.subnet?._existingId, loadBalancerAllowedCidrs: given.loadBalancerAllowedCidrs ?? [],
      egress,
    });
    const apiServer = new PrivateApiServer(this, 'ApiServer', {
      access: given.apiServerAccess ?? ApiServerAccess.publicEndpoint(), principalId: network.identityPrincipalId, subnetId: network.subnetId,
    });
    const encryption = given.diskEncryptionSetId === undefined ? undefined : new NodeDiskEncryption(this, 'DiskEncryption', {
      diskEncryptionSetId: given.diskEncryptionSetId, principalId: network.identityPrincipalId,
    });
    const monitoring = this.monitoring(given);
    this.logAnalyticsWorkspaceId = monitoring?.workspaceId;
    this.subnetId = network.subnetId;
    this._controlPlanePrincipalId = network.identityPrincipalId;
    this._apiServerSubnetId = given.apiServerAccess?._private.subnetId;
    this._newSubnetCidr = given.subnet?._existingId === undefined ? cidrs.subnetCidr : undefined;
    const cluster = this.cluster(given, cidrs, network, monitoring);
    waitFor(cluster, [...network.ready, ...apiServer.ready, ...encryption?.ready ?? [], ...deployers.beforeCluster]);
    deployers.assignOnCluster(cluster.id);
    monitoring?.collectFrom(cluster.id);
    this.resource = cluster;

    this.clusterId = cluster.id;
    this._nodeResourceGroupName = cluster.nodeResourceGroup;
    this.egressIpAddress = network.egressIpAddress;
    this.oidcIssuerUrl = cluster.oidcIssuerUrl;
    this.apiServerUrl = cluster.kubeConfig.get(0).host;
    this.clusterCaCertificate = cluster.kubeConfig.get(0).clusterCaCertificate;
    this.kubeletIdentityObjectId = cluster.kubeletIdentity.objectId;
    this.ready = [cluster, ...deployers.ready, ...this._letServerIn()];
    sweepReleases(this);
    this.jobNodePool = this.jobPool(given);
    this.credentialsCommand = `az aks get-credentials --resource-group ${this.resourceGroupName} --name ${this.clusterName}${AzureContext.of(this).cliSubscription}`;
    this.administrators(given, deployers);
    this.outputs();
    checkCapacity(this, {
      subnetCidr: this._newSubnetCidr,
      podCidr: cidrs.podCidr,
      systemNodes: given.systemNodePool?.maxCount ?? given.systemNodePool?.nodeCount ?? DEFAULT_SYSTEM_NODE_COUNT,
    });
  }

  /**
   * Has Azure's add-on collect metrics, and binds it to a rule that says where they go; without one its pods do not start.
   * @returns what has to be there before anything is collected
   * @internal
   */
  public _collectMetrics(scope: Construct, name: string, dataCollectionRuleId: string): ITerraformDependable {
    // that it is there is what switches it on.
    this.resource.putMonitorMetrics({});
    return new MonitorDataCollectionRuleAssociation(scope, 'Association', { name, targetResourceId: this.clusterId, dataCollectionRuleId });
  }

  private resourceGroup(props: AksClusterProps): ResourceGroup | undefined {
    return props.resourceGroup?._exists ? undefined : new ResourceGroup(this, 'ResourceGroup', {
      name: this.groupName(props),
      location: this.location,
      tags: this.tags,
    });
  }

  private monitoring(props: AksClusterProps): ClusterMonitoring | undefined {
    const containerInsightsEnabled = props.containerInsightsEnabled ?? true;
    const auditLogs = props.auditLogs ?? (containerInsightsEnabled ? AksAuditLogs.CHANGES : AksAuditLogs.NONE);
    if (auditLogs === AksAuditLogs.NONE) {
      warn(this, 'no-audit-logs', {
        prop: 'auditLogs', reason: 'nobody can tell afterwards who did what in the cluster', remedy: 'choose AksAuditLogs.CHANGES',
      });
    }
    return containerInsightsEnabled || auditLogs !== AksAuditLogs.NONE ? new ClusterMonitoring(this, 'Monitoring', {
      name: this.clusterName,
      location: this.location,
      resourceGroupName: this.resourceGroupName,
      tags: this.tags,
      logAnalyticsWorkspaceId: props.logWorkspace?._existingId,
      logRetentionDays: props.logWorkspace?._retentionDays ?? DEFAULT_LOG_RETENTION_DAYS,
      containerInsightsEnabled,
      preventDestroy: props.preventDestroy ?? true,
      auditLogs,
    }) : undefined;
  }

  private groupName(props: AksClusterProps): string {
    return props.resourceGroup?._name ?? platformName(this, 'resourceGroup') ?? defaultName(this, 90, '-rg');
  }

  private cluster(
    props: AksClusterProps, cidrs: NetworkCidrs, network: ClusterNetwork, monitoring: ClusterMonitoring | undefined,
  ): KubernetesCluster {
    const access = props.apiServerAccess ?? ApiServerAccess.publicEndpoint();
    const automaticPatches = props.automaticPatchesEnabled ?? this.kubernetesVersion?.patch === undefined;
    const cluster = new KubernetesCluster(this, 'Resource', {
      name: this.clusterName,
      location: this.location,
      resourceGroupName: this.resourceGroupName,
      nodeResourceGroup: props.nodeResourceGroupName ?? platformName(this, 'nodeResourceGroup', 'nodes') ?? nodeResourceGroup(this.groupName(props), this.clusterName, this.location),
      dnsPrefix: dnsPrefix(this, this.clusterName),
      kubernetesVersion: this.kubernetesVersion?.version,
      skuTier: props.skuTier ?? (this.small ? AksSkuTier.FREE : AksSkuTier.STANDARD),
      identity: { type: 'UserAssigned', identityIds: [network.identityId] },
      defaultNodePool: this.systemPool(props, network),
      autoScalerProfile: props.autoscalerProfile && autoScalerProfile(props.autoscalerProfile),

      networkProfile: {
        networkPlugin: 'azure',
        networkPluginMode: 'overlay',
        networkDataPlane: 'cilium',
        networkPolicy: 'cilium',
        podCidr: cidrs.podCidr,
        serviceCidr: cidrs.serviceCidr,
        dnsServiceIp: cidrs.dnsServiceIp,
        outboundType: network.outboundType,
        loadBalancerSku: 'standard',
        // an address of our own is known to firewalls before the cluster is; the block cannot be added later.
        loadBalancerProfile: network.outboundIpIds && { outboundIpAddressIds: network.outboundIpIds },
      },
      httpProxyConfig: props.httpProxy && {
        httpProxy: props.httpProxy._aksUrl,
        httpsProxy: props.httpProxy._aksUrl,
        noProxy: this.reachedDirectly(props.httpProxy, cidrs),
        // the agents of AKS's add-ons know them from here.
        trustedCa: props.customCaTrustCertificates && encoded(joined(props.customCaTrustCertificates)),
      },
      customCaTrustCertificatesBase64: props.customCaTrustCertificates?.map(encoded),
      privateClusterEnabled: access._privateCluster,
      privateDnsZoneId: access._private.dnsZoneId ?? (access._private.publicFqdnEnabled ? 'None' : undefined),
      privateClusterPublicFqdnEnabled: access._private.publicFqdnEnabled || undefined,
      // `az aks command invoke` goes past the limits on who reaches the API server.
      runCommandEnabled: false,
      apiServerAccessProfile: access._ranges && {
        authorizedIpRanges: withAddresses(access._ranges, [network.egressIpAddress, this.manifestDelivery._server?.egressIpAddress]),
      },

      localAccountDisabled: true,
      roleBasedAccessControlEnabled: true,
      azureActiveDirectoryRoleBasedAccessControl: { azureRbacEnabled: true, tenantId: this.tenantId },
      oidcIssuerEnabled: true,
      workloadIdentityEnabled: true,
      keyVaultSecretsProvider: { secretRotationEnabled: true, secretRotationInterval: '2m' },

      automaticUpgradeChannel: automaticPatches ? 'patch' : undefined,
      nodeOsUpgradeChannel: 'NodeImage',
      maintenanceWindowAutoUpgrade: weekly(props.maintenanceWindow ?? DEFAULT_UPGRADE_WINDOW),
      maintenanceWindowNodeOs: weekly(props.nodeOsMaintenanceWindow ?? DEFAULT_NODE_OS_WINDOW),
      imageCleanerEnabled: true,
      imageCleanerIntervalHours: props.imageCleanerIntervalHours ?? DEFAULT_IMAGE_CLEANER_INTERVAL_HOURS,
      omsAgent: monitoring?.omsAgent,
      azurePolicyEnabled: props.azurePolicyEnabled,
      microsoftDefender: props.defenderEnabled ? { logAnalyticsWorkspaceId: monitoring!.workspaceId } : undefined,
      costAnalysisEnabled: props.costAnalysisEnabled,
      diskEncryptionSetId: props.diskEncryptionSetId,

      tags: this.tags,
      lifecycle: {
        preventDestroy: props.preventDestroy ?? true,
        ignoreChanges: props.systemNodePool?.maxCount === undefined ? undefined : ['default_node_pool[0].node_count'],
      },
    });
    setNodeProvisioning(cluster);
    if (access._private.subnetId !== undefined) {
      setApiServerSubnet(cluster, access._private.subnetId);
    }
    return cluster;
  }

  /** What must not go through a proxy; AKS refuses a cluster whose nodes' subnet is missing. */
  private reachedDirectly(proxy: HttpProxy, { podCidr, serviceCidr }: NetworkCidrs): string[] {
    const named = proxy._without(podCidr, serviceCidr, '.svc', '.cluster.local');
    // what they are read by has to be there before the synthesis; a pool in a subnet of its own may come until then.
    this._nodeCidrs();
    return Lazy.listValue({
      produce: () => {
        const nodes = this._nodeCidrs();
        return Token.isUnresolved(nodes) ? Token.asList(Fn.concat([named, nodes])) : [...named, ...nodes];
      },
    });
  }

  private systemPool(props: AksClusterProps, network: ClusterNetwork): KubernetesClusterDefaultNodePool {
    const pool = props.systemNodePool ?? {};
    const nodeCount = pool.nodeCount ?? DEFAULT_SYSTEM_NODE_COUNT;
    return {
      name: SYSTEM_POOL_NAME,
      vmSize: systemVmSize(props),
      type: 'VirtualMachineScaleSets',
      osSku: 'Ubuntu',
      osDiskSizeGb: pool.osDiskSizeGb ?? DEFAULT_OS_DISK_SIZE_GB,
      osDiskType: osDiskType(pool),
      maxPods: pool.maxPods ?? DEFAULT_MAX_PODS,
      zones: pool.zones,
      vnetSubnetId: network.subnetId,
      // without a version of its own the pool stays behind when the cluster's minor version changes.
      orchestratorVersion: this.kubernetesVersion?.version,
      onlyCriticalAddonsEnabled: pool.onlyCriticalAddonsEnabled ?? !this.small,
      nodeLabels: pool.nodeLabels,
      temporaryNameForRotation: rotationName(SYSTEM_POOL_NAME),
      // AKS gives the cluster's tags to no machine, address or disk of a pool.
      hostEncryptionEnabled: pool.hostEncryptionEnabled,
      tags: poolTags(this, 'systemNodePool.tags', this.tags, pool.tags && templateTexts(pool.tags)),
      nodeCount,
      ...pool.maxCount === undefined
        ? { autoScalingEnabled: false }
        : { autoScalingEnabled: true, minCount: nodeCount, maxCount: pool.maxCount },
      // all three always: drain settings that vanish from the configuration would replace the cluster.
      upgradeSettings: { maxSurge: '10%', drainTimeoutInMinutes: 30, undrainableNodeBehavior: undrainableNodeBehavior(false) },
    };
  }

  private jobPool(props: AksClusterProps): IAksNodePool | undefined {
    const enabled = props.jobNodePoolEnabled ?? (!this.small || props.jobNodePool !== undefined);
    return enabled ? this.addNodePool('Jobs', props.jobNodePool) : undefined;
  }

  private administrators(props: AksClusterProps, deployers: Deployers): void {
    (props.administratorObjectIds ?? []).forEach((objectId, index) => {
      if (!deployers.hasOnCluster(objectId)) {
        this.grantClusterAdmin(`Administrator-${known(objectId) ? objectId : index}`, objectId);
      }
    });
  }

  private outputs(): void {
    new TerraformOutput(this, 'ClusterName', { value: this.clusterName, description: 'The AKS cluster\'s name' });
    new TerraformOutput(this, 'CredentialsCommand', { value: this.credentialsCommand, description: 'Fetches the cluster\'s kubeconfig' });
    if (this.egressIpAddress !== undefined) {
      new TerraformOutput(this, 'EgressIpAddress', { value: this.egressIpAddress, description: 'The address that traffic from the cluster comes from' });
    }
  }
}

/** The nodes reach the API server from the cluster's own address; only at the cluster's creation AKS lets it in by itself. */
function withAddresses(ranges: string[], addresses: readonly (string | undefined)[]): string[] {
  const own = addresses.flatMap((address) => (address === undefined ? [] : [`${address}/32`]));
  return Token.isUnresolved(ranges) ? Token.asList(Fn.concat([ranges, own])) : [...ranges, ...own];
}

/** A name for the nodes' resource group where AKS cannot make one: it refuses its own if it is longer than 80 characters. */
function nodeResourceGroup(resourceGroupName: string, clusterName: string, location: string): string | undefined {
  const name = `${resourceGroupName}_${clusterName}_${location}`;
  return Token.isUnresolved(name) || `MC_${name}`.length <= 80 ? undefined : `MC_${digested(name, 77)}`;
}

/** The first label of the API server's address: the cluster's name as far as it fits; AKS itself makes it unique. */
function dnsPrefix(construct: IConstruct, clusterName: string): string {
  const prefix = known(clusterName) ? clusterName.replace(/[^A-Za-z0-9-]/g, '-').slice(0, 54).replace(/-+$/, '') : '';
  return prefix || defaultName(construct, 54);
}
