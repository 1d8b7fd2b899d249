import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { known, refuseStranger, Subject } from '../../private/checks';
import { className, isOne } from '../../private/own-class';
import { checkStack } from '../../private/stack-check';
import { ValidationError } from '../../private/validation-error';
import { IAksCluster } from '../cluster';
import { ManifestDelivery } from '../manifest-delivery';

/** As long as the name of a managed identity may be. */
export const IDENTITY_NAME_LENGTH = 128;

type Kind = 'text' | 'a number' | 'true or false' | 'a list' | 'an object';

/** Refuses a value of another kind, as untyped callers can pass it; what is left out passes unless it is required, tokens always. */
export function checkKind(subject: Subject, value: unknown, kind: Kind, required = false): void {
  if (value === undefined && !required) {
    return;
  }
  if (!Token.isUnresolved(value) && kindOf(value) !== kind) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: `not ${kind}`, got: value, remedy: `give ${kind}` });
  }
}

/** A list of texts, none of them twice; each item then passes `check`. */
export function checkTexts(subject: Subject, values: readonly string[] | undefined, check: (item: Subject, value: string) => void): void {
  checkKind(subject, values, 'a list');
  if (!known(values)) {
    return;
  }
  values.forEach((value, index) => {
    const item = { where: subject.where, prop: `${subject.prop}[${index}]` };
    checkKind(item, value, 'text', true);
    if (values.indexOf(value) !== index) {
      throw new ValidationError(subject.where, { prop: item.prop, problem: 'given twice', got: value, remedy: 'name it once' });
    }
    check(item, value);
  });
}

/** A map of texts, such as tags; each entry then passes `check`. */
export function checkTextMap(
  subject: Subject, values: { [key: string]: string } | undefined, check: (entry: Subject, key: string, value: string) => void,
): void {
  checkKind(subject, values, 'an object');
  if (!known(values)) {
    return;
  }
  for (const [key, value] of Object.entries(values)) {
    const entry = { where: subject.where, prop: `${subject.prop}[${JSON.stringify(key)}]` };
    checkKind(entry, value, 'text', true);
    check(entry, key, value);
  }
}

/** An instance of one of our classes. */
export function checkInstance(subject: Subject, value: unknown, type: Function, remedy: string, required = false): void {
  if (value === undefined && !required) {
    return;
  }
  if (!isOne(value, type)) {
    refuseStranger(subject, value, type);
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not what is needed here', got: describe(value), remedy });
  }
}

/** A cluster to add something to, ours or an imported one. */
export function checkCluster(where: Construct, cluster: IAksCluster): void {
  checkStack(where);
  refuseStranger({ where, prop: 'cluster' }, cluster, ManifestDelivery);
  if (!Construct.isConstruct(cluster) || !isOne(cluster.manifestDelivery, ManifestDelivery)) {
    throw new ValidationError(where, {
      prop: 'cluster', problem: 'not a cluster', got: describe(cluster), remedy: 'give an AksCluster, or AksCluster.fromAksClusterAttributes(…)',
    });
  }
}

/** Something short for a message: a construct or another object would be pages long. */
function describe(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? value.constructor && className(value.constructor) || 'object' : value;
}

function kindOf(value: unknown): Kind | undefined {
  switch (typeof value) {
    case 'string': return 'text';
    case 'number': return Number.isFinite(value) ? 'a number' : undefined;
    case 'boolean': return 'true or false';
    case 'object': return value === null ? undefined : Array.isArray(value) ? 'a list' : 'an object';
    default: return undefined;
  }
}
