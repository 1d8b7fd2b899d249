import { Token } from 'cdktf';
import { refuseWindowsAffinity } from '../../kubernetes/private/linux-nodes';
import { nearest } from '../../private/nearest';
import { isPlainObject } from '../../private/rules/collections';
import { also, Rule } from '../../private/rules/rule';
import { known, refusal, Subject } from '../../private/rules/subject';
import { inside, plainData } from '../config/plain-data';

/** What GitLab Runner's structures have of an affinity: fields by their names, in a list where it is one; `true` is any value. */
type Shape = true | readonly [Shape] | { readonly [field: string]: Shape };

const SELECTOR: Shape = { key: true, operator: true, values: true };
const LABELS: Shape = { matchLabels: true, matchExpressions: [SELECTOR] };
const NODES: Shape = { matchExpressions: [SELECTOR], matchFields: [SELECTOR] };
const PODS: Shape = {
  labelSelector: LABELS, namespaceSelector: LABELS, namespaces: true, topologyKey: true, matchLabelKeys: true, mismatchLabelKeys: true,
};
const PODS_TOGETHER: Shape = {
  requiredDuringSchedulingIgnoredDuringExecution: [PODS],
  preferredDuringSchedulingIgnoredDuringExecution: [{ weight: true, podAffinityTerm: PODS }],
};
const AFFINITY: Shape = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [NODES] },
    preferredDuringSchedulingIgnoredDuringExecution: [{ weight: true, preference: NODES }],
  },
  podAffinity: PODS_TOGETHER,
  podAntiAffinity: PODS_TOGETHER,
};

/** Fields without which Kubernetes takes no pod, by one that stands beside them. */
const NEEDS: readonly { readonly of: Shape; readonly field: string }[] = [
  { of: PODS, field: 'topologyKey' }, { of: SELECTOR, field: 'key' }, { of: SELECTOR, field: 'operator' },
];
const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'];
/** Operators by how many values they take: any number, none, or a whole number alone. */
const WITHOUT_VALUES = ['Exists', 'DoesNotExist'];
const OF_A_NUMBER = ['Gt', 'Lt'];
const HEAVIEST = 100;

/** An affinity as in a pod's spec; fields that the runner does not know would be left out by it in silence. */
export function affinity(): Rule<{ [key: string]: any }> {
  return also(plainData(Token.asAny), (subject, value) => {
    refuseOthers(subject, value, AFFINITY);
    refuseWindowsAffinity(subject, value);
  });
}

function refuseOthers(subject: Subject, value: unknown, shape: Shape): void {
  if (shape === true || !known(value)) {
    return;
  }
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) {
      throw refusal(subject, 'not a list', value, 'give a list');
    }
    value.forEach((item, index) => refuseOthers(inside(subject, `[${index}]`), item, shape[0]));
    return;
  }
  if (!isPlainObject(value)) {
    throw refusal(subject, 'not a map', value, 'give a map');
  }
  const fields = shape as { readonly [field: string]: Shape };
  for (const [name, item] of Object.entries(value)) {
    const here = inside(subject, `.${name}`);
    if (!Object.hasOwn(fields, name)) {
      throw refusal(here, 'not a field that GitLab Runner knows, which would leave it out', item, `did you mean ${JSON.stringify(nearest(name, Object.keys(fields)))}`);
    }
    refuseOthers(here, item, fields[name]);
  }
  refuseIncomplete(subject, value, shape);
}

function refuseIncomplete(subject: Subject, value: { readonly [field: string]: any }, shape: Shape): void {
  const missing = NEEDS.find(({ of, field }) => of === shape && value[field] === undefined);
  if (missing) {
    throw refusal(inside(subject, `.${missing.field}`), 'missing', undefined, 'give it');
  }
  const { operator, weight } = value;
  if (shape === SELECTOR && known(operator) && !OPERATORS.includes(operator)) {
    throw refusal(inside(subject, '.operator'), 'not supported', operator, `give one of ${OPERATORS.map((one) => JSON.stringify(one)).join(', ')}`);
  }
  if (shape === SELECTOR && known(operator)) {
    refuseOtherValues(inside(subject, '.values'), operator, value.values);
  }
  const weighs = 'weight' in (shape as object) && (weight === undefined || known(weight));
  if (weighs && !(Number.isInteger(weight) && weight >= 1 && weight <= HEAVIEST)) {
    throw refusal(inside(subject, '.weight'), weight === undefined ? 'missing' : 'out of range', weight, `give a whole number from 1 to ${HEAVIEST}`);
  }
}

/** Kubernetes takes no pod whose values are not those of the operator. */
function refuseOtherValues(subject: Subject, operator: string, values: unknown): void {
  if (values !== undefined && !known(values) || Array.isArray(values) && !values.every(known)) {
    return;
  }
  const count = Array.isArray(values) ? values.length : 0;
  if (WITHOUT_VALUES.includes(operator) ? count > 0 : count === 0) {
    throw refusal(subject, `${count === 0 ? 'missing' : 'given'}, with the operator ${operator}`, values, count === 0 ? 'give a list of values' : 'leave them out');
  }
  if (OF_A_NUMBER.includes(operator) && !(count === 1 && /^-?\d+$/.test(String((values as unknown[])[0])))) {
    throw refusal(subject, `not one whole number, with the operator ${operator}`, values, 'give a list of one, such as ["4"]');
  }
}
