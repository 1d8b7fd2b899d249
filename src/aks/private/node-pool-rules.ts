import { DEFAULT_SYSTEM_NODE_COUNT, DEFAULT_VM_SIZE, POOL_NAME } from './node-pools';
import { tags, vmSize, zones } from '../../azure/private/rules';
import { hasLocalDisk, isBurstable, parseVmSize } from '../../azure/private/vm-size';
import { labelName, labels, labelValue, taint } from '../../kubernetes/private/rules';
import { list, listSetting, mapSetting } from '../../private/rules/collections';
import { also, required, Rule, Rules, Together } from '../../private/rules/rule';
import { decided, integer, text, trueOrFalse, trueOrFalseSetting } from '../../private/rules/scalars';
import { known, Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { AksSystemNodePoolOptions } from '../aks-cluster-props';
import { AksNodePoolAttributes, AksNodePoolOptions } from '../aks-node-pool-options';

/** What the nodes of every pool, the system pool's too, are made of. */
const NODES = {
  osDiskSizeGb: integer(30, 2048),
  ephemeralOsDiskEnabled: trueOrFalse(),
  zones: zones(),
  nodeLabels: nodeLabels(),
  tags: tags(),
  hostEncryptionEnabled: trueOrFalseSetting(),
};

export const SYSTEM_NODE_POOL: Rules<AksSystemNodePoolOptions> = {
  ...NODES,
  vmSize: steadyVmSize(),
  nodeCount: integer(1, 1000),
  maxCount: integer(1, 1000),
  onlyCriticalAddonsEnabled: trueOrFalseSetting(),
  maxPods: integer(30, 250),
};

export const NODE_POOL_OPTIONS: Rules<AksNodePoolOptions> = {
  ...NODES,
  nodePoolName: poolName(),
  vmSize: vmSize(),
  nodeCount: integer(0, 1000),
  minCount: integer(0, 1000),
  maxCount: integer(1, 1000),
  spot: trueOrFalse(),
  osSku: osSku(),
  maxPods: integer(10, 250),
  nodeTaints: listSetting(nodeTaint()),
  drainTimeoutMinutes: integer(1, 1440),
  undrainableNodesCordoned: trueOrFalse(),
  maxSurge: text('a number such as "1" or a percentage such as "10%"', /^([1-9]\d{0,2}|100%|[1-9]\d?%)$/),
};

/** Selector, taints and processor of a pool that exists become a part of pods, so that they have to be known. */
export const NODE_POOL_ATTRIBUTES: Rules<AksNodePoolAttributes> = {
  nodePoolName: required(poolName()),
  nodeSelector: labels(),
  vmSize: decided(vmSize()),
  osSku: decided(osSku()),
  nodeTaints: list(decided(nodeTaint())),
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
  refuseEphemeral(at('ephemeralOsDiskEnabled'), props.ephemeralOsDiskEnabled, props.vmSize ?? DEFAULT_VM_SIZE);
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
  if (props.spot && props.maxSurge !== undefined) {
    const { where, prop } = at('maxSurge');
    throw new ValidationError(where, { prop, problem: 'spot pools are upgraded without extra nodes', got: props.maxSurge, remedy: 'leave it out, or spot' });
  }
};

/** The system disk can lie on the machine's own disk only where it has one. */
export function refuseEphemeral(subject: Subject, enabled: boolean | undefined, size: string): void {
  const parsed = known(size) ? parseVmSize(size) : undefined;
  if (enabled && parsed && !hasLocalDisk(parsed)) {
    throw new ValidationError(subject.where, {
      prop: subject.prop, problem: `${size} has no local disk for an ephemeral OS disk`, got: enabled,
      remedy: 'give a size with a local disk such as "Standard_D4ds_v5", or leave it out',
    });
  }
}

/** System pools must not run on burstable machines: without credits the cluster's own services starve. */
function steadyVmSize(): Rule<string> {
  return also(vmSize(), ({ where, prop }, size) => {
    if (isBurstable(parseVmSize(size)!)) {
      throw new ValidationError(where, {
        prop, problem: 'AKS does not allow burstable (B-series) sizes in system pools', got: size, remedy: 'give a size of another series such as "Standard_D2s_v5"',
      });
    }
  });
}

function osSku(): Rule<string> {
  return text('"Ubuntu" or "AzureLinux"', /^(Ubuntu|AzureLinux)$/);
}

function poolName(): Rule<string> {
  return text('a lower-case letter and up to 11 more lower-case letters and digits', POOL_NAME);
}

function nodeLabels(): Rule<{ [label: string]: string }> {
  const ofOnesOwn = also(labelName(), ({ where, prop }, name) => {
    if (/^([^/]+\.)?(kubernetes\.azure\.com|kubernetes\.io|k8s\.io)\//.test(name)) {
      throw new ValidationError(where, { prop, problem: 'AKS reserves this label', got: name, remedy: 'use a prefix of your own' });
    }
  });
  return mapSetting(ofOnesOwn, labelValue());
}

/** AKS takes no taint without a value. */
function nodeTaint(): Rule<string> {
  return also(taint(), ({ where, prop }, value) => {
    if (!value.includes('=')) {
      throw new ValidationError(where, { prop, problem: 'a taint without a value', got: value, remedy: 'write it as "key=value:NoSchedule"' });
    }
  });
}
