import { refuseStrangeResources, refuseStrangeValue } from './pod-values';
import { isPlainObject } from '../../private/rules/collections';
import { known, refusal, Subject } from '../../private/rules/subject';

interface FieldType {
  readonly fields: readonly string[];
  readonly isOther: (value: unknown) => boolean;
  readonly words: string;
  readonly remedy: string;
}

/** What the runner's YAML 1.1 reads as true or false, or as a number, and 1.2 as text. */
const TRUTH = /^(y|yes|n|no|on|off)$/i;
const NUMBER = /_|^[-+]?0[box]/i;

/** Fields that have one type wherever they are in a pod's spec; for another type the runner makes no pod. */
export const FIELD_TYPES: { readonly [type in 'boolean' | 'number' | 'string']: FieldType } = {
  boolean: {
    fields: [
      'allowPrivilegeEscalation', 'automountServiceAccountToken', 'enableServiceLinks', 'hostIPC', 'hostNetwork', 'hostPID', 'hostProcess', 'hostUsers', 'optional',
      'privileged', 'readOnly', 'readOnlyRootFilesystem', 'runAsNonRoot', 'setHostnameAsFQDN', 'shareProcessNamespace', 'stdin', 'stdinOnce', 'tty',
    ],
    isOther: (value) => typeof value === 'number' || typeof value === 'string' && !TRUTH.test(value),
    words: 'neither true nor false', remedy: 'write true or false, without quotes',
  },
  number: {
    fields: [
      'activeDeadlineSeconds', 'containerPort', 'defaultMode', 'expirationSeconds', 'failureThreshold', 'fsGroup', 'hostPort', 'initialDelaySeconds', 'maxSkew',
      'minDomains', 'mode', 'periodSeconds', 'priority', 'runAsGroup', 'runAsUser', 'successThreshold', 'supplementalGroups', 'terminationGracePeriodSeconds',
      'timeoutSeconds', 'tolerationSeconds', 'weight',
    ],
    isOther: (value) => typeof value === 'boolean' || typeof value === 'number' && !Number.isInteger(value) || typeof value === 'string' && !NUMBER.test(value),
    words: 'not a whole number', remedy: 'write a whole number, without quotes',
  },
  string: {
    fields: ['args', 'command', 'effect', 'image', 'key', 'name', 'operator', 'value', 'values'],
    isOther: (value) => typeof value === 'boolean' || typeof value === 'number',
    words: 'not text', remedy: 'write it in quotes',
  },
};

/** Maps whose keys are the user's own, all with text. */
export const MAPS_OF_TEXT = ['annotations', 'labels', 'matchLabels', 'nodeSelector', 'volumeAttributes'];

/** Fields that have one shape wherever they are in a pod's spec. */
export const FIELD_SHAPES: { readonly [shape in 'list' | 'map']: readonly string[] } = {
  list: [
    'accessModes', 'add', 'args', 'command', 'drop', 'env', 'envFrom', 'hostAliases', 'hostnames', 'httpHeaders', 'imagePullSecrets', 'items', 'matchExpressions',
    'matchFields', 'nameservers', 'namespaces', 'nodeSelectorTerms', 'ports', 'searches', 'sources', 'supplementalGroups', 'sysctls', 'tolerations',
    'topologySpreadConstraints', 'values', 'volumeDevices', 'volumeMounts',
  ],
  map: [
    'affinity', 'capabilities', 'configMap', 'configMapKeyRef', 'configMapRef', 'csi', 'dnsConfig', 'emptyDir', 'ephemeral', 'exec', 'fieldRef', 'hostPath', 'httpGet',
    'labelSelector', 'lifecycle', 'livenessProbe', 'nfs', 'nodeAffinity', 'persistentVolumeClaim', 'podAffinity', 'podAntiAffinity', 'projected', 'readinessProbe',
    'resources', 'seccompProfile', 'secret', 'secretKeyRef', 'secretRef', 'securityContext', 'startupProbe', 'tcpSocket', 'valueFrom', 'volumeClaimTemplate',
  ],
};

/** Refuses values of another type than that of their field, and those that Kubernetes does not take, wherever they are in a part of a pod's spec. */
export function refuseOtherTypes(subject: Subject, value: unknown, path: readonly (string | number)[]): void {
  if (value === undefined || value === null || !known(value)) {
    return;
  }
  refuseOtherShape(subject, value, path);
  if (Array.isArray(value)) {
    value.forEach((item, index) => refuseOtherTypes(subject, item, [...path, index]));
  } else if (isPlainObject(value)) {
    if (path[path.length - 1] === 'resources') {
      refuseStrangeResources(subject, value, shown(path));
    }
    Object.entries(value).filter(([field]) => !field.startsWith('$')).forEach(([field, inner]) => refuseOtherTypes(subject, inner, [...path, field]));
  } else {
    const type = typeAt(path);
    if (type?.isOther(value)) {
      throw refusal(subject, `${shown(path)} is ${type.words}, so that no pod is made`, value, type.remedy);
    }
    const [field, parent] = path.filter((part) => typeof part === 'string').reverse();
    if (field !== undefined && !isOfUser(path)) {
      refuseStrangeValue(subject, value, shown(path), field, parent);
    }
  }
}

function refuseOtherShape(subject: Subject, value: unknown, path: readonly (string | number)[]): void {
  const field = path[path.length - 1];
  if (typeof field !== 'string' || isOfUser(path)) {
    return;
  }
  if (FIELD_SHAPES.list.includes(field) && !Array.isArray(value)) {
    throw refusal(subject, `${shown(path)} is not a list, so that no pod is made`, value, 'write a list');
  }
  if ([...FIELD_SHAPES.map, ...MAPS_OF_TEXT].includes(field) && !isPlainObject(value)) {
    throw refusal(subject, `${shown(path)} is not a map, so that no pod is made`, value, 'write a map');
  }
}

/** True for what is in a map whose keys are the user's own. */
function isOfUser(path: readonly (string | number)[]): boolean {
  const parent = path.filter((part) => typeof part === 'string').reverse()[1];
  return MAPS_OF_TEXT.includes(parent) || parent === 'options' && typeof path[path.length - 2] === 'string';
}

function typeAt(path: readonly (string | number)[]): FieldType | undefined {
  const [field, parent] = path.filter((part) => typeof part === 'string').reverse();
  return MAPS_OF_TEXT.includes(parent as string) ? FIELD_TYPES.string
    : parent === 'options' && typeof path[path.length - 2] === 'string' ? undefined
      : Object.values(FIELD_TYPES).find(({ fields }) => fields.includes(field as string));
}

/** A path as people write it: `containers[0].env`. */
export function shown(path: readonly (string | number)[]): string {
  return path.map((part, index) => typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${part}`).join('');
}
