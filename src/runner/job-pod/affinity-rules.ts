import { Token } from 'cdktf';
import { refuseWindowsAffinity } from '../../kubernetes/private/linux-nodes';
import { dnsLabel, labelName, labels, labelValue, objectName } from '../../kubernetes/private/rules';
import { nearest } from '../../private/nearest';
import { isPlainObject } from '../../private/rules/collections';
import { also, Rule } from '../../private/rules/rule';
import { integer, oneOf, text } from '../../private/rules/scalars';
import { known, refusal, Subject } from '../../private/rules/subject';
import { inside, plainData } from '../config/plain-data';

/** What GitLab Runner's structures have of an affinity: fields by their names, in a list where it is one, and what Kubernetes takes as their values. */
type Shape = Rule<unknown> | readonly [Shape] | Fields;
interface Fields { readonly [field: string]: Shape }

const OF_LABELS = ['In', 'NotIn', 'Exists', 'DoesNotExist'];
/** Operators by how many values they take: any number, none, or a whole number alone. */
const WITHOUT_VALUES = ['Exists', 'DoesNotExist'];
const OF_A_NUMBER = ['Gt', 'Lt'];

const LABEL: Fields = { key: labelName(), operator: oneOf(OF_LABELS), values: [labelValue()] };
const NODE_LABEL: Fields = { ...LABEL, operator: oneOf([...OF_LABELS, ...OF_A_NUMBER]) };
const NODE_FIELD: Fields = { key: text('"metadata.name"', /^metadata\.name$/), operator: oneOf(['In', 'NotIn']), values: [objectName()] };
const LABELS: Fields = { matchLabels: labels(), matchExpressions: [LABEL] };
const NODES: Fields = { matchExpressions: [NODE_LABEL], matchFields: [NODE_FIELD] };
const PODS: Fields = {
  labelSelector: LABELS, namespaceSelector: LABELS, namespaces: [dnsLabel()], topologyKey: labelName(),
  matchLabelKeys: [labelName()], mismatchLabelKeys: [labelName()],
};
const REQUIRED_NODES: Fields = { nodeSelectorTerms: [NODES] };
const PREFERRED_NODES: Fields = { weight: integer(1, 100), preference: NODES };
const PREFERRED_PODS: Fields = { weight: integer(1, 100), podAffinityTerm: PODS };
const PODS_TOGETHER: Fields = {
  requiredDuringSchedulingIgnoredDuringExecution: [PODS],
  preferredDuringSchedulingIgnoredDuringExecution: [PREFERRED_PODS],
};
const AFFINITY: Fields = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: REQUIRED_NODES,
    preferredDuringSchedulingIgnoredDuringExecution: [PREFERRED_NODES],
  },
  podAffinity: PODS_TOGETHER,
  podAntiAffinity: PODS_TOGETHER,
};

/** Fields without which Kubernetes takes no pod, or what they stand beside says nothing. */
const NEEDS: ReadonlyMap<Fields, readonly string[]> = new Map<Fields, readonly string[]>([
  [PODS, ['topologyKey']],
  ...[LABEL, NODE_LABEL, NODE_FIELD].map((shape) => [shape, ['key', 'operator']] as const),
  [REQUIRED_NODES, ['nodeSelectorTerms']],
  [PREFERRED_NODES, ['weight', 'preference']],
  [PREFERRED_PODS, ['weight', 'podAffinityTerm']],
]);

/** An affinity as in a pod's spec; fields that the runner does not know would be left out by it in silence. */
export function affinity(): Rule<{ [key: string]: any }> {
  return also(plainData(Token.asAny), (subject, value) => {
    refuseOthers(subject, value, AFFINITY);
    refuseWindowsAffinity(subject, value);
  });
}

function refuseOthers(subject: Subject, value: unknown, shape: Shape): void {
  if (!known(value)) {
    return;
  }
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) {
      throw refusal(subject, 'not a list', value, 'give a list');
    }
    value.forEach((item, index) => refuseOthers(inside(subject, `[${index}]`), item, shape[0]));
    return;
  }
  if (isRule(shape)) {
    shape.take(subject, value);
    return;
  }
  if (!isPlainObject(value)) {
    throw refusal(subject, 'not a map', value, 'give a map');
  }
  const fields = shape as Fields;
  for (const [name, item] of Object.entries(value)) {
    const here = inside(subject, `.${name}`);
    if (!Object.hasOwn(fields, name)) {
      const meant = JSON.stringify(nearest(name, Object.keys(fields)));
      throw name.includes('_')
        ? refusal(here, 'spelt as in config.toml, and Kubernetes\' own spelling is wanted', item, `write ${meant}, and the fields in it in the same way`)
        : refusal(here, 'not a field that GitLab Runner knows, which would leave it out', item, `did you mean ${meant}`);
    }
    refuseOthers(here, item, fields[name]);
  }
  refuseIncomplete(subject, value, fields);
}

function refuseIncomplete(subject: Subject, value: { readonly [field: string]: any }, shape: Fields): void {
  const missing = NEEDS.get(shape)?.find((field) => value[field] === undefined);
  if (missing !== undefined) {
    const field = shape[missing];
    throw refusal(inside(subject, `.${missing}`), 'missing', value[missing], isRule(field) ? `give ${field.expected}` : 'give it');
  }
  if ('operator' in shape && known(value.operator)) {
    refuseOtherValues(inside(subject, '.values'), value.operator, value.values);
  }
  if (shape === REQUIRED_NODES && known(value.nodeSelectorTerms) && value.nodeSelectorTerms.length === 0) {
    throw refusal(inside(subject, '.nodeSelectorTerms'), 'empty, and Kubernetes wants a term', [], 'give a term with matchExpressions, or leave the affinity out');
  }
  const chooses = ['matchExpressions', 'matchFields'].some((field) => value[field] !== undefined && (!known(value[field]) || value[field].length > 0));
  if (shape === NODES && !chooses) {
    throw refusal(subject, 'a term without an expression, which no node matches', value, 'give matchExpressions, or leave it out');
  }
  if (shape === NODE_FIELD && known(value.values) && value.values.length > 1) {
    throw refusal(inside(subject, '.values'), 'several, and Kubernetes takes one name of a field', value.values, 'give one name');
  }
}

function isRule(shape: Shape): shape is Rule<unknown> {
  return 'take' in shape;
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
  if (OF_A_NUMBER.includes(operator) && !(count === 1 && /^\d+$/.test(String((values as unknown[])[0])))) {
    throw refusal(subject, `not one whole number, with the operator ${operator}`, values, 'give a list of one, such as ["4"]');
  }
}
