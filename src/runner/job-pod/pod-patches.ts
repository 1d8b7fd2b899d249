import { patchData } from './patch-yaml';
import { refuseLostItems } from './patched-items';
import { refuseIncompleteParts } from '../../kubernetes/private/pod-needs';
import { refuseLostPodParts } from '../../kubernetes/private/pod-parts';
import { FIELD_SHAPES, MAPS_OF_TEXT, refuseOtherTypes } from '../../kubernetes/private/pod-types';
import { nearest } from '../../private/nearest';
import { isPlainObject } from '../../private/rules/collections';
import { known, refusal, Subject } from '../../private/rules/subject';
import { inside } from '../config/plain-data';
import { Settings } from '../config/settings';

/** The fields of a pod's spec: what else a patch brings is dropped without a word. */
const POD_SPEC_FIELDS = [
  'activeDeadlineSeconds', 'affinity', 'automountServiceAccountToken', 'containers', 'dnsConfig', 'dnsPolicy', 'enableServiceLinks', 'ephemeralContainers', 'hostAliases',
  'hostIPC', 'hostNetwork', 'hostPID', 'hostUsers', 'hostname', 'hostnameOverride', 'imagePullSecrets', 'initContainers', 'nodeName', 'nodeSelector', 'os', 'overhead',
  'preemptionPolicy', 'priority', 'priorityClassName', 'readinessGates', 'resourceClaims', 'resources', 'restartPolicy', 'runtimeClassName', 'schedulerName',
  'schedulingGates', 'securityContext', 'serviceAccount', 'serviceAccountName', 'setHostnameAsFQDN', 'shareProcessNamespace', 'subdomain',
  'terminationGracePeriodSeconds', 'tolerations', 'topologySpreadConstraints', 'volumes', 'workloadRef',
];

/** True for a field of a pod's spec. */
export function isPodSpecField(name: string): boolean {
  return POD_SPEC_FIELDS.includes(name);
}

/** Lists that the runner fills itself, and without which no job starts. */
const WHOLE_LISTS = ['containers', 'volumes'];
/** An item's place in a list, or the end of it. */
const PLACE = /^(\d+|-)$/;
const LISTS = ['containers', 'initContainers', 'volumes', ...FIELD_SHAPES.list];
const OPERATIONS = ['add', 'remove', 'replace', 'move', 'copy', 'test'];
const NEEDS: { readonly [operation: string]: string } = { add: 'value', replace: 'value', test: 'value', move: 'from', copy: 'from' };

/** Refuses patches of the pod's spec that the runner cannot apply, for which each job would fail, and those that change nothing. */
export function refuseBrokenPatches(subject: Subject, patches: readonly Settings[]): void {
  patches.forEach(({ patch, patch_path: path, patch_type: type }, index) => {
    const here = inside(subject, `[${index}]`);
    if (!patch && !path) {
      throw refusal(here, 'without a patch', undefined, 'give patch, as YAML or JSON');
    }
    if (patch && path) {
      throw refusal(inside(here, '.patch_path'), 'given beside patch', path, 'give one of the two');
    }
    if (known(patch) && (type === undefined || known(type))) {
      refuseBrokenPatch(inside(here, '.patch'), patch, type || 'strategic');
    }
  });
}

function refuseBrokenPatch(subject: Subject, patch: string, type: string): void {
  const data = parsed(subject, patch);
  if (type === 'json') {
    if (!Array.isArray(data) || data.length === 0) {
      throw refusal(subject, 'not a list of operations, as patch_type "json" wants it', patch, 'write a list such as [{ op: add, path: /hostUsers, value: false }]');
    }
    data.forEach((operation) => refuseBrokenOperation(subject, operation));
    return;
  }
  if (!isPlainObject(data)) {
    throw refusal(subject, `not a map of a pod's spec, as patch_type ${JSON.stringify(type)} wants it`, patch, 'write a map, or another patch_type');
  }
  Object.keys(data).filter((field) => !field.startsWith('$')).forEach((field) => refuseForeignField(subject, field));
  refuseOtherTypes(subject, data, []);
  refuseLostPodParts(subject, data);
  refuseLostItems(subject, data);
  refuseIncompleteParts(subject, data, []);
  const whole = type === 'merge' ? WHOLE_LISTS.find((list) => Array.isArray(data[list])) : undefined;
  if (whole !== undefined) {
    throw refusal(subject, `a merge patch, which leaves nothing of the runner's own ${whole}`, patch, 'take patch_type "strategic"');
  }
}

function refuseBrokenOperation(subject: Subject, operation: unknown): void {
  const { op, path, ...rest }: Settings = isPlainObject(operation) ? operation : {};
  if (!OPERATIONS.includes(op)) {
    throw refusal(subject, 'not an operation of a JSON patch', operation, `give op, one of ${OPERATIONS.map((one) => JSON.stringify(one)).join(', ')}`);
  }
  if (typeof path !== 'string' || !path.startsWith('/')) {
    throw refusal(subject, 'an operation without a path', operation, 'give a path that begins with "/"');
  }
  if (op in NEEDS && !(NEEDS[op] in rest)) {
    throw refusal(subject, `an operation "${op}" without ${NEEDS[op]}`, operation, `give ${NEEDS[op]}`);
  }
  const parts = path.split('/').slice(1);
  refuseForeignField(subject, parts[0]);
  refuseWrongWay(subject, path, parts);
  if (op === 'add' || op === 'replace') {
    const place = parts.map((part) => PLACE.test(part) ? Number(part) || 0 : part.replace(/~1/g, '/').replace(/~0/g, '~'));
    refuseOtherTypes(subject, rest.value, place);
    refuseIncompleteParts(subject, rest.value, place);
  }
}

/** Refuses ways that lead nowhere: items of lists have numbers, and a "/" in a name is written otherwise. */
function refuseWrongWay(subject: Subject, path: string, parts: readonly string[]): void {
  const end = parts.findIndex((part) => MAPS_OF_TEXT.includes(part));
  if (end >= 0 && parts.length > end + 2) {
    throw refusal(subject, 'a path with a "/" in a name', path, `write /${[...parts.slice(0, end + 1), parts.slice(end + 1).join('~1')].join('/')}`);
  }
  const strange = parts.findIndex((part, index) => index > 0 && (end < 0 || index <= end) && LISTS.includes(parts[index - 1]) && !PLACE.test(part));
  if (strange > 0) {
    throw refusal(subject, `a path to an item of ${parts[strange - 1]} without its place in the list`, path, `write /${[...parts.slice(0, strange), '0', ...parts.slice(strange + 1)].join('/')}, or whatever number it has`);
  }
}

function refuseForeignField(subject: Subject, field: string): void {
  if (!POD_SPEC_FIELDS.includes(field)) {
    throw refusal(subject, 'not a field of a pod\'s spec, which a patch starts at', field,
      ['spec', 'metadata', 'kind', 'apiVersion'].includes(field) ? 'write what is in the pod\'s spec alone' : `did you mean ${JSON.stringify(nearest(field, POD_SPEC_FIELDS))}`);
  }
}

function parsed(subject: Subject, patch: string): unknown {
  try {
    return patchData(patch);
  } catch (error) {
    throw refusal(subject, `neither YAML nor JSON, ${String((error as Error).message).split('\n')[0]}`, patch, 'mend it');
  }
}
