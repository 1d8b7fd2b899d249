import { Construct } from 'constructs';
import { checkCluster, checkKind, checkTextMap, checkTexts } from './prop-checks';
import { checkShape } from './release-checks';
import { checkVmSize, refuseEphemeral } from './vm-size';
import { checkInteger, checkOneOf, known, Subject } from '../../private/checks';
import { digest } from '../../private/default-name';
import { ValidationError } from '../../private/validation-error';
import { AksNodePoolAttributes, AksNodePoolProps } from '../aks-node-pool';
import { IAksCluster } from '../cluster';

export const SYSTEM_POOL_NAME = 'system';
export const DEFAULT_VM_SIZE = 'Standard_D4s_v5';
export const DEFAULT_OS_DISK_SIZE_GB = 128;
export const DEFAULT_MAX_PODS = 110;
/** A label of our own: the autoscaler knows a pool's own labels while it still has no node, AKS's are not sure. */
export const POOL_LABEL = 'cdktf-azure-gitlab/node-pool';

const POOL_NAME = /^[a-z][a-z0-9]{0,11}$/;
const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?$/;
const TAINT = /^([a-z0-9][-a-z0-9.]*\/)?[A-Za-z0-9][-\w.]*=[-\w.]*:(NoSchedule|PreferNoSchedule|NoExecute)$/;
const SURGE = /^([1-9]\d{0,2}|100%|[1-9]\d?%)$/;

/** What the nodes of every pool, the system pool's too, are made of. */
export interface NodeShape {
  readonly vmSize?: string;
  readonly osDiskSizeGb?: number;
  readonly osDiskType?: string;
  readonly maxPods?: number;
  readonly zones?: string[];
  readonly nodeLabels?: { [label: string]: string };
}

export function checkNodeShape(where: Construct, prefix: string, shape: NodeShape): void {
  const at = (prop: string): Subject & { where: Construct } => ({ where, prop: `${prefix}${prop}` });
  checkVmSize(at('vmSize'), shape.vmSize);
  number(at('osDiskSizeGb'), shape.osDiskSizeGb, 30, 2048);
  checkOneOf(at('osDiskType'), shape.osDiskType, ['Managed', 'Ephemeral']);
  if (shape.osDiskType === 'Ephemeral') {
    refuseEphemeral(at('osDiskType'), shape.vmSize ?? DEFAULT_VM_SIZE);
  }
  number(at('maxPods'), shape.maxPods, 10, 250);
  checkTexts(at('zones'), shape.zones, (item, zone) => checkOneOf(item, zone, ['1', '2', '3']));
  checkLabels(at('nodeLabels'), shape.nodeLabels);
}

export function checkNodePool(where: Construct, props: AksNodePoolProps): void {
  const at = (prop: string): Subject => ({ where, prop });
  checkKind(at('props'), props, 'an object', true);
  checkCluster(where, props.cluster);
  checkShape(at('nodePoolName'), props.nodePoolName, false, POOL_NAME, 'not a pool name', 'give a lower-case letter and up to 11 more letters and digits');
  checkNodeShape(where, '', props);
  checkKind(at('spot'), props.spot, 'true or false');
  checkScale(where, props);
  checkTexts(at('nodeTaints'), props.nodeTaints, checkTaint);
  number(at('drainTimeoutMinutes'), props.drainTimeoutMinutes, 1, 1440);
  checkOneOf(at('undrainableNodeBehavior'), props.undrainableNodeBehavior as string | undefined, ['Cordon', 'Schedule']);
  checkShape(at('maxSurge'), props.maxSurge, false, SURGE, 'not a number of nodes', 'give a number such as "1" or a percentage such as "10%"');
  if (props.spot === true && props.maxSurge !== undefined) {
    throw new ValidationError(where, {
      prop: 'maxSurge', problem: 'spot pools are upgraded without extra nodes', got: props.maxSurge, remedy: 'leave it out, or spot',
    });
  }
}

export function checkNodePoolAttributes(where: Construct, attributes: AksNodePoolAttributes): void {
  checkKind({ where, prop: 'attributes' }, attributes, 'an object', true);
  checkShape({ where, prop: 'nodePoolName' }, attributes.nodePoolName, true, POOL_NAME,
    'not a pool name', 'give a lower-case letter and up to 11 more letters and digits');
  checkTextMap({ where, prop: 'nodeSelector' }, attributes.nodeSelector, () => undefined);
  checkTexts({ where, prop: 'nodeTaints' }, attributes.nodeTaints, checkTaint);
}

function checkScale(where: Construct, props: AksNodePoolProps): void {
  number({ where, prop: 'nodeCount' }, props.nodeCount, 0, 1000);
  number({ where, prop: 'minCount' }, props.minCount, 0, 1000);
  number({ where, prop: 'maxCount' }, props.maxCount, 1, 1000);
  if (props.nodeCount !== undefined && (props.minCount !== undefined || props.maxCount !== undefined)) {
    throw new ValidationError(where, {
      prop: 'nodeCount', problem: 'a fixed number together with bounds for the autoscaler', got: props.nodeCount,
      remedy: 'give either nodeCount, or minCount and maxCount',
    });
  }
  if (known(props.minCount) && known(props.maxCount) && props.minCount > props.maxCount) {
    throw new ValidationError(where, {
      prop: 'minCount', problem: `more than maxCount (${props.maxCount})`, got: props.minCount, remedy: 'lower it, or raise maxCount',
    });
  }
}

function checkTaint(subject: Subject, taint: string): void {
  checkShape(subject, taint, true, TAINT, 'not a taint', 'write it as "key=value:NoSchedule"');
}

function checkLabels(subject: Subject, labels: { [label: string]: string } | undefined): void {
  checkTextMap(subject, labels, (at, key, value) => {
    checkShape(at, key, true, LABEL_KEY, 'not a label key', 'give letters, digits, ".", "_" and "-", with an optional DNS prefix and "/"');
    if (/^([^/]+\.)?(kubernetes\.azure\.com|kubernetes\.io|k8s\.io)\//.test(key)) {
      throw new ValidationError(at.where, { prop: at.prop, problem: 'a label that AKS keeps to itself', got: key, remedy: 'use a prefix of your own' });
    }
    checkShape(at, value, true, LABEL_VALUE, 'not a label value', 'give at most 63 letters, digits, ".", "_" and "-"');
  });
}

export function number(subject: Subject, value: number | undefined, minimum: number, maximum: number): void {
  checkKind(subject, value, 'a number');
  checkInteger(subject, value, minimum, maximum);
}

/**
 * A pool's name after the construct's id: `gpu` for `Gpu`. An id that is no pool name, and one that is not directly in the cluster,
 * where another pool may have it too, gives the end of the id and a digest of the path.
 */
export function defaultPoolName(pool: Construct, cluster: IAksCluster): string {
  const name = pool.node.id.toLowerCase();
  const ofItsOwn = pool.node.scope === cluster && name !== SYSTEM_POOL_NAME && POOL_NAME.test(name);
  return ofItsOwn ? name : `${lastLetters(name)}${digest(pool.node.path)}`;
}

/** Up to four letters and digits, a letter first. */
function lastLetters(text: string): string {
  return text.replace(/[^a-z0-9]/g, '').slice(-4).replace(/^[^a-z]+/, '') || 'x';
}

/** The name of the pool that stands in while AKS replaces all nodes; no other pool may have it. */
export function rotationName(name: string): string {
  if (!known(name)) {
    return 'tmprotation';
  }
  return `tmp${digest(name)}`;
}
