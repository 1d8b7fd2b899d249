import { shown } from './pod-types';
import { isPlainObject } from '../../private/rules/collections';
import { known, refusal, Subject } from '../../private/rules/subject';

type Path = readonly (string | number)[];

/** Fields without which Kubernetes takes no pod, by what they are in. */
const NEEDED: { readonly [part: string]: readonly string[] } = {
  configMapKeyRef: ['key'], fieldRef: ['fieldPath'], grpc: ['port'], httpGet: ['port'], resourceFieldRef: ['resource'], secretKeyRef: ['key'], tcpSocket: ['port'],
};

/** The same of the items of lists. */
const NEEDED_OF_ITEMS: { readonly [list: string]: readonly string[] } = {
  env: ['name'], imagePullSecrets: ['name'], items: ['path'], ports: ['containerPort'], volumeMounts: ['mountPath'],
};

const HANDLERS = ['exec', 'grpc', 'httpGet', 'tcpSocket'];
/** Of these, one is given. */
const ONE_OF: { readonly [part: string]: readonly string[] } = {
  livenessProbe: HANDLERS, readinessProbe: HANDLERS, startupProbe: HANDLERS, valueFrom: ['configMapKeyRef', 'fieldRef', 'fileKeyRef', 'resourceFieldRef', 'secretKeyRef'],
};

/** Refuses parts of a pod that are incomplete, or two things at once, wherever they are. What a patch takes away or replaces says so by itself. */
export function refuseIncompleteParts(subject: Subject, value: unknown, path: Path): void {
  if (typeof path[path.length - 1] === 'number') {
    refuseIncompleteItem(subject, value, path);
  }
  if (Array.isArray(value) && known(value)) {
    value.forEach((item, index) => refuseIncompleteParts(subject, item, [...path, index]));
  } else if (isPlainObject(value) && known(value) && value.$patch === undefined) {
    refuseIncompletePart(subject, value, path);
    Object.entries(value).forEach(([field, inner]) => refuseIncompleteParts(subject, inner, [...path, field]));
  }
}

function refuseIncompleteItem(subject: Subject, item: unknown, path: Path): void {
  const needed = NEEDED_OF_ITEMS[String(path[path.length - 2])];
  if (needed && typeof item === 'string' && known(item)) {
    throw refusal(subject, `${shown(path)} is not a map, so that no pod is made`, item, `write a map with ${needed.join(' and ')}`);
  }
  if (needed && isPlainObject(item) && item.$patch === undefined) {
    refuseMissing(subject, item, needed, path);
  }
}

function refuseIncompletePart(subject: Subject, part: { readonly [field: string]: unknown }, path: Path): void {
  const name = String(path[path.length - 1]);
  refuseMissing(subject, part, NEEDED[name] ?? [], path);
  const given = (ONE_OF[name] ?? []).filter((field) => (part[field] ?? undefined) !== undefined);
  if (ONE_OF[name] && given.length !== 1) {
    throw refusal(subject, `${shown(path)} is not one thing, which Kubernetes wants`, Object.keys(part), `write one of ${ONE_OF[name].join(', ')}`);
  }
  if (part.value && (part.valueFrom ?? undefined) !== undefined) {
    throw refusal(subject, `${shown(path)} has a value and valueFrom, so that no pod is made`, part.name, 'write one of the two');
  }
  if (part.tolerationSeconds !== undefined && part.effect !== 'NoExecute') {
    throw refusal(subject, `${shown(path)}.tolerationSeconds is for the effect NoExecute alone, so that no pod is made`, part.tolerationSeconds, 'leave it out, or write that effect');
  }
  if (part.operator === 'Exists' && part.value) {
    throw refusal(subject, `${shown(path)} has a value with the operator Exists, so that no pod is made`, part.value, 'leave out one of the two');
  }
}

function refuseMissing(subject: Subject, part: { readonly [field: string]: unknown }, fields: readonly string[], path: Path): void {
  const missing = fields.find((field) => (part[field] ?? '') === '');
  if (missing !== undefined) {
    throw refusal(subject, `${shown(path)}.${missing} is missing, so that no pod is made`, Object.keys(part), 'write it');
  }
}
