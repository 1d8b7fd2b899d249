import { nodeLabels } from './node-labels';
import { DEFAULT_OS_DISK_SIZE_GB, DEFAULT_SYSTEM_NODE_COUNT, DEFAULT_VM_SIZE, SANDBOXING_OS_SKU } from './node-pools';
import { nodeVmSize, systemNodeVmSize } from './node-sizes';
import { GPU_TAINT, knownNodeTaints, nodeTaints, refuseTwins, SPOT_TAINT } from './node-taints';
import { osSku } from './os-sku';
import { localDiskGib } from '../../azure/machine/local-disk';
import { hasNvidiaGpu, mayNestVirtualMachines } from '../../azure/machine/vm-features';
import { parseVmSize } from '../../azure/machine/vm-size';
import { PART_KINDS } from '../../azure/names/part-kinds';
import { existingSubnet } from '../../azure/place/place-rules';
import { tags, vmSize, zones } from '../../azure/private/rules';
import { refuseWindowsLabels } from '../../kubernetes/private/linux-nodes';
import { labels } from '../../kubernetes/private/rules';
import { also, required, Rules, Together } from '../../private/rules/rule';
import { decided, integer, text, trueOrFalse, trueOrFalseSetting } from '../../private/rules/scalars';
import { known, Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { AksNodePoolAttributes, AksNodePoolOptions } from '../aks-node-pool-options';
import { AksSystemNodePoolOptions } from '../aks-system-node-pool-options';

const SMALLEST_OS_DISK_GB = 30;

/** What the nodes of every pool, the system pool's too, are made of. */
const NODES = {
  osDiskSizeGb: integer(SMALLEST_OS_DISK_GB, 2048),
  ephemeralOsDiskEnabled: trueOrFalse(),
  zones: zones(),
  nodeLabels: nodeLabels(),
  tags: tags(),
  hostEncryptionEnabled: trueOrFalseSetting(),
};

export const SYSTEM_NODE_POOL: Rules<AksSystemNodePoolOptions> = {
  ...NODES,
  vmSize: systemNodeVmSize(),
  nodeCount: integer(1, 1000),
  maxCount: integer(1, 1000),
  onlyCriticalAddonsEnabled: trueOrFalseSetting(),
  maxPods: integer(30, 250),
};

export const NODE_POOL_OPTIONS: Rules<AksNodePoolOptions> = {
  ...NODES,
  nodePoolName: PART_KINDS.nodePool.rule,
  vmSize: nodeVmSize(),
  nodeCount: integer(0, 1000),
  minCount: integer(0, 1000),
  maxCount: integer(1, 1000),
  spot: trueOrFalse(),
  gpu: trueOrFalse(),
  podSandboxingEnabled: trueOrFalse(),
  osSku: osSku(),
  subnet: existingSubnet(),
  maxPods: integer(10, 250),
  nodeTaints: nodeTaints(),
  drainTimeoutMinutes: integer(5, 1440),
  undrainableNodesCordoned: trueOrFalse(),
  maxSurge: text('a number such as "1" or a percentage such as "10%"', /^([1-9]\d{0,2}|100%|[1-9]\d?%)$/),
};

/** Selector, taints and processor of a pool that exists become a part of pods, so that they have to be known. */
export const NODE_POOL_ATTRIBUTES: Rules<AksNodePoolAttributes> = {
  nodePoolName: required(PART_KINDS.nodePool.rule),
  nodeSelector: also(labels(), refuseWindowsLabels),
  vmSize: decided(vmSize()),
  osSku: decided(osSku()),
  nodeTaints: knownNodeTaints(),
  podSandboxingEnabled: trueOrFalse(),
};

export const systemNodePoolTogether: Together<AksSystemNodePoolOptions> = (at, props) => {
  const { maxCount } = props;
  const nodeCount = props.nodeCount ?? DEFAULT_SYSTEM_NODE_COUNT;
  if (known(nodeCount) && known(maxCount) && nodeCount > maxCount) {
    const { where, prop } = at('maxCount');
    throw new ValidationError(where, { prop, problem: `fewer than nodeCount (${nodeCount})`, got: maxCount, remedy: 'raise it, or lower nodeCount' });
  }
};

export const nodePoolTogether: Together<AksNodePoolOptions> = (at, props) => {
  refuseEphemeral(at, props, props.vmSize ?? DEFAULT_VM_SIZE);
  refuseUnfitSize(at, props);
  const { nodeCount, minCount, maxCount } = props;
  if (nodeCount !== undefined && (minCount !== undefined || maxCount !== undefined)) {
    const { where, prop } = at('nodeCount');
    throw new ValidationError(where, {
      prop, problem: 'a fixed number cannot be combined with bounds for the autoscaler', got: nodeCount, remedy: 'give either nodeCount, or minCount and maxCount',
    });
  }
  if (known(minCount) && known(maxCount) && minCount > maxCount) {
    const { where, prop } = at('minCount');
    throw new ValidationError(where, { prop, problem: `more than maxCount (${maxCount})`, got: minCount, remedy: 'lower it, or raise maxCount' });
  }
  if (known(props.nodeTaints)) {
    refuseTwins(at('nodeTaints'), props.nodeTaints, [...props.spot ? [SPOT_TAINT] : [], ...props.gpu ? [GPU_TAINT] : []]);
  }
  if (props.spot && props.maxSurge !== undefined) {
    const { where, prop } = at('maxSurge');
    throw new ValidationError(where, { prop, problem: 'spot pools are upgraded without extra nodes', got: props.maxSurge, remedy: 'leave it or spot out' });
  }
};

/** The OS disk can lie on the machine's own disks only where it fits there. */
export function refuseEphemeral(at: (prop: 'ephemeralOsDiskEnabled' | 'osDiskSizeGb') => Subject, disk: Pick<AksNodePoolOptions, 'ephemeralOsDiskEnabled' | 'osDiskSizeGb'>, size: string): void {
  const parsed = known(size) ? parseVmSize(size) : undefined;
  const room = parsed && localDiskGib(parsed);
  if (!disk.ephemeralOsDiskEnabled || room === undefined) {
    return;
  }
  const { osDiskSizeGb = DEFAULT_OS_DISK_SIZE_GB } = disk;
  if (room < SMALLEST_OS_DISK_GB) {
    const { where, prop } = at('ephemeralOsDiskEnabled');
    throw new ValidationError(where, {
      prop, problem: room === 0 ? `${size} has no local disk for an ephemeral OS disk` : `the local disk of ${size} has only ${room} GiB`, got: true,
      remedy: 'give a size with a local disk such as "Standard_D4ds_v5", or leave it out',
    });
  }
  if (known(osDiskSizeGb) && osDiskSizeGb > room) {
    const { where, prop } = at('osDiskSizeGb');
    throw new ValidationError(where, {
      prop, problem: `more than the ${Math.floor(room)} GiB that ${size} has for an ephemeral OS disk`, got: osDiskSizeGb,
      remedy: `give at most ${Math.floor(room)}, a larger size, or leave ephemeralOsDiskEnabled out`,
    });
  }
}

/** Refuses machines that cannot do what the pool is for. */
function refuseUnfitSize(at: (prop: 'gpu' | 'osSku' | 'podSandboxingEnabled') => Subject, props: AksNodePoolOptions): void {
  const { vmSize: size = DEFAULT_VM_SIZE, gpu, podSandboxingEnabled, osSku: os } = props;
  const parsed = known(size) ? parseVmSize(size) : undefined;
  const refuse = ({ where, prop }: Subject, problem: string, got: unknown, remedy: string): never => {
    throw new ValidationError(where, { prop, problem, got, remedy });
  };
  if (gpu && parsed && !hasNvidiaGpu(parsed)) {
    refuse(at('gpu'), `${size} has no NVIDIA GPU`, true, 'give a vmSize such as "Standard_NC4as_T4_v3", or leave it out');
  }
  if (podSandboxingEnabled) {
    if (known(os) && os !== SANDBOXING_OS_SKU) {
      refuse(at('osSku'), 'virtual machines of pods run on Azure Linux alone', os, 'leave it or podSandboxingEnabled out');
    }
    if (gpu) {
      refuse(at('podSandboxingEnabled'), 'virtual machines of pods do not get the node\'s GPUs', true, 'leave it or gpu out');
    }
    if (parsed && !mayNestVirtualMachines(parsed)) {
      refuse(at('podSandboxingEnabled'), `no virtual machines of generation 2 run inside ${size}`, true, 'give a vmSize such as "Standard_D4s_v5", or leave it out');
    }
  }
}
