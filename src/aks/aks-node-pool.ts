import { KubernetesClusterNodePool, KubernetesClusterNodePoolConfig } from '@cdktf/provider-azurerm/lib/kubernetes-cluster-node-pool';
import { Fn, Token } from 'cdktf';
import { Construct } from 'constructs';
import { AksNodePoolAttributes, AksNodePoolOptions } from './aks-node-pool-options';
import { IAksCluster } from './cluster';
import { IAksNodePool } from './node-pool';
import { DEVICE_PLUGIN_NAMESPACE, gpuDevicePlugin } from './node-pools/gpu-device-plugin';
import { NODE_POOL_ATTRIBUTES, NODE_POOL_OPTIONS, nodePoolTogether } from './node-pools/node-pool-rules';
import {
  architectureOf, DEFAULT_MAX_PODS, DEFAULT_OS_DISK_SIZE_GB, DEFAULT_OS_SKU, DEFAULT_VM_SIZE, defaultPoolName, osDiskType, POOL_LABEL,
  rotationName, runtimeClassOf, SANDBOXING_OS_SKU, undrainableNodeBehavior,
} from './node-pools/node-pools';
import { nodePoolsOf } from './node-pools/node-pools-of-cluster';
import { GPU_TAINT, SPOT_TAINT } from './node-pools/node-taints';
import { refuseOldUbuntu } from './node-pools/os-sku';
import { PoolSubnets } from './node-pools/pool-subnets';
import { OTHER_NAMES_OF_POOL } from './private/other-names';
import { warnOfRetiringVmSize } from '../azure/machine/retiring-vm-size';
import { ownParts, platformName } from '../azure/names/part-names';
import { belongTo } from '../azure/place/azure-place';
import { poolTags } from '../azure/private/tags';
import { AzureContext } from '../azure/provider/azure-context';
import { ManifestRelease } from '../delivery/manifest-release';
import { aCluster } from '../delivery/private/cluster-rule';
import { constructId } from '../private/construct-id';
import { waitFor } from '../private/dependencies';
import { takeProps, takeValue } from '../private/rules/rule';
import { known, refusal } from '../private/rules/subject';
import { checkStack } from '../private/stack-check';
import { templateTexts } from '../private/terraform-text';
import { warn } from '../warnings/private/warn';

const SPOT = { 'kubernetes.azure.com/scalesetpriority': 'spot' };
const DEFAULT_MAX_COUNT = 5;
const DEFAULT_DRAIN_TIMEOUT_MINUTES = 120;
const FIRST_MINOR_WITH_ARM64_FROM_ZERO = 36;

/** An existing node pool. */
class ImportedAksNodePool extends Construct implements IAksNodePool {
  public readonly nodePoolName: string;
  public readonly nodeSelector: { [label: string]: string };
  public readonly nodeTaints: string[];
  public readonly runtimeClassName?: string;
  public readonly osSku?: string;

  constructor(scope: Construct, id: string, attributes: AksNodePoolAttributes) {
    super(scope, constructId(new.target, scope, id));
    const given = takeProps(this, 'attributes', attributes, NODE_POOL_ATTRIBUTES);
    this.nodePoolName = given.nodePoolName;
    this.nodeSelector = { ...given.nodeSelector ?? { 'kubernetes.azure.com/agentpool': this.nodePoolName }, ...architectureOf(given.vmSize) };
    this.nodeTaints = given.nodeTaints ?? [];
    this.runtimeClassName = runtimeClassOf(given.podSandboxingEnabled);
    this.osSku = given.osSku;
  }
}

/** A node pool for workloads. By default it autoscales from zero nodes. */
export class AksNodePool extends Construct implements IAksNodePool {
  /** References an existing node pool, to schedule workloads on. Nothing is read or created. */
  public static fromAksNodePoolAttributes(scope: Construct, id: string, attributes: AksNodePoolAttributes): IAksNodePool {
    return new ImportedAksNodePool(scope, id, attributes);
  }

  public readonly nodePoolName: string;
  public readonly nodeSelector: { [label: string]: string };
  public readonly nodeTaints: string[];
  public readonly runtimeClassName?: string;
  public readonly osSku?: string;

  /** @internal */
  public readonly _mostNodes: number;

  /** @internal */
  public readonly _vmSize: string;

  /**
   * Whether the number of nodes is the autoscaler's choice.
   * @internal
   */
  public readonly _autoscaled: boolean;

  /**
   * Whether its nodes are in a subnet of their own.
   * @internal
   */
  public readonly _inOwnSubnet: boolean;

  /**
   * Adds a node pool to a cluster of this stack or of another one.
   * @param cluster the cluster to add the pool to.
   */
  constructor(scope: Construct, id: string, cluster: IAksCluster, options: AksNodePoolOptions = {}) {
    super(scope, constructId(new.target, scope, id));
    checkStack(this);
    takeValue(this, 'cluster', cluster, aCluster());
    const given = takeProps(this, 'options', options, NODE_POOL_OPTIONS, nodePoolTogether, OTHER_NAMES_OF_POOL);
    belongTo(this, cluster);
    AzureContext.of(this);
    const [spot, vmSize] = [given.spot ?? false, given.vmSize ?? DEFAULT_VM_SIZE];
    warnOfRetiringVmSize(this, 'vmSize', vmSize);
    warnOfArm64FromZero(this, cluster, given);
    refuseOldUbuntu(this, given.osSku, cluster.kubernetesVersion);
    ownParts(this, cluster.location);
    this.nodePoolName = given.nodePoolName ?? platformName(this, 'nodePool') ?? defaultPoolName(this, cluster);
    refuseSystemPoolName(this, cluster);
    const label = { [POOL_LABEL]: this.nodePoolName };
    this.nodeSelector = { ...label, ...architectureOf(vmSize) };
    this.nodeTaints = taints(given.nodeTaints ?? [], [...spot ? [SPOT_TAINT] : [], ...given.gpu ? [GPU_TAINT] : []]);
    this.runtimeClassName = runtimeClassOf(given.podSandboxingEnabled);
    // virtual machines of pods are a part of this one alone.
    this.osSku = given.osSku ?? (given.podSandboxingEnabled ? SANDBOXING_OS_SKU : DEFAULT_OS_SKU);
    this._mostNodes = given.nodeCount ?? maxCount(given);
    this._vmSize = vmSize;
    this._autoscaled = given.nodeCount === undefined && given.minCount !== this._mostNodes;
    nodePoolsOf(cluster).push(this);
    const subnetId = given.subnet?._existingId;
    this._inOwnSubnet = subnetId !== undefined;
    const joined = subnetId === undefined ? [] : PoolSubnets.of(cluster).join(this, subnetId);

    const pool = new KubernetesClusterNodePool(this, 'Resource', {
      name: this.nodePoolName,
      kubernetesClusterId: cluster.clusterId,
      mode: 'User',
      vmSize,
      osType: 'Linux',
      osSku: this.osSku,
      workloadRuntime: given.podSandboxingEnabled ? 'KataVmIsolation' : undefined,
      osDiskSizeGb: given.osDiskSizeGb ?? DEFAULT_OS_DISK_SIZE_GB,
      osDiskType: osDiskType(given),
      maxPods: given.maxPods ?? DEFAULT_MAX_PODS,
      zones: given.zones,
      vnetSubnetId: subnetId ?? cluster.subnetId,
      // without a version of its own a pool stays behind when the cluster's minor version changes.
      orchestratorVersion: cluster.kubernetesVersion?.version,
      nodeLabels: this.labels(given.nodeLabels, spot ? { ...SPOT, ...label } : label),
      nodeTaints: this.nodeTaints,
      temporaryNameForRotation: rotationName(this.nodePoolName),
      hostEncryptionEnabled: given.hostEncryptionEnabled,
      tags: poolTags(this, 'tags', cluster.tags, given.tags && templateTexts(given.tags)),
      upgradeSettings: {
        maxSurge: spot ? undefined : given.maxSurge ?? '10%',
        drainTimeoutInMinutes: given.drainTimeoutMinutes ?? DEFAULT_DRAIN_TIMEOUT_MINUTES,
        undrainableNodeBehavior: undrainableNodeBehavior(given.undrainableNodesCordoned ?? true),
      },
      ...counts(given),
      ...spot ? { priority: 'Spot', evictionPolicy: 'Delete', spotMaxPrice: -1 } : {},
    });
    waitFor(pool, joined);
    if (given.gpu) {
      const plugin = gpuDevicePlugin(this.nodePoolName);
      new ManifestRelease(this, 'DevicePlugin', cluster, plugin, { namespace: DEVICE_PLUGIN_NAMESPACE }).waitFor(pool);
    }
  }

  private labels(given: { [label: string]: string } | undefined, own: { [label: string]: string }): { [label: string]: string } {
    return Token.isUnresolved(given) ? Token.asStringMap(Fn.merge([given, own])) : { ...given, ...own };
  }
}

/** A cluster of ours has its first pool already, which Terraform keeps with the cluster. */
function refuseSystemPoolName(pool: AksNodePool, { _systemPoolName: taken }: IAksCluster & { readonly _systemPoolName?: string }): void {
  if (pool.nodePoolName === taken) {
    throw refusal({ where: pool, prop: 'nodePoolName' }, 'the name of the cluster\'s system pool', taken, 'give another');
  }
}

/**
 * The autoscaler takes each pool without a node for x86-64, so that it adds none for pods that ask for Arm64.
 * @see https://github.com/kubernetes/autoscaler/pull/9331
 */
function warnOfArm64FromZero(pool: AksNodePool, cluster: IAksCluster, { vmSize, nodeCount, minCount = 0 }: AksNodePoolOptions): void {
  const version = cluster.kubernetesVersion;
  if ('kubernetes.io/arch' in architectureOf(vmSize) && nodeCount === undefined && minCount === 0 && version && version.minor < FIRST_MINOR_WITH_ARM64_FROM_ZERO) {
    warn(pool, 'arm64-pool-from-zero', {
      prop: 'minCount', reason: `the autoscaler of Kubernetes ${version.version} does not start the first Arm64 node of a pool, so that jobs wait for ever`,
      remedy: 'give 1, or take Kubernetes 1.36 or later',
    });
  }
}

/** The pool's own taints, and those that are given, each once. */
function taints(given: string[], own: string[]): string[] {
  if (!Token.isUnresolved(given)) {
    return [...new Set([...own, ...given])];
  }
  return own.length > 0 ? Fn.concat([own, given]) : given;
}

function maxCount(props: AksNodePoolOptions): number {
  const minCount = props.minCount ?? 0;
  return props.maxCount ?? (known(minCount) ? Math.max(DEFAULT_MAX_COUNT, minCount) : Token.asNumber(Fn.max([DEFAULT_MAX_COUNT, minCount])));
}

/** The number of nodes: fixed, or the autoscaler's, whose choice no later apply undoes. */
function counts(props: AksNodePoolOptions): Partial<KubernetesClusterNodePoolConfig> {
  if (props.nodeCount !== undefined) {
    return { autoScalingEnabled: false, nodeCount: props.nodeCount };
  }
  const minCount = props.minCount ?? 0;
  return {
    autoScalingEnabled: true,
    nodeCount: minCount,
    minCount,
    maxCount: maxCount(props),
    lifecycle: { ignoreChanges: ['node_count'] },
  };
}
