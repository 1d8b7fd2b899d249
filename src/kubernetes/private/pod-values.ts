import { reasonAgainstCapability } from './capabilities';
import { amount } from './quantity';
import { isPlainObject } from '../../private/rules/collections';
import { refusal, Subject } from '../../private/rules/subject';

interface Values {
  readonly fields: readonly string[];
  /** The fields that it is in; all where there are none. */
  readonly parents?: readonly string[];
  readonly isOne: (value: string | number) => boolean;
  readonly words: string;
}

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
/** What a pod's own fields are in. */
const ROOT = '';
const INSIDE = /^(?!\/)(?!(.*\/)?\.\.(\/|$))/;

/** Fields for which Kubernetes takes few values, the same wherever they are in a pod's spec, or in some of its parts. */
export const FIELD_VALUES: readonly Values[] = [
  among(['accessModes'], 'ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'),
  among(['dnsPolicy'], 'ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'),
  among(['effect'], 'NoSchedule', 'PreferNoSchedule', 'NoExecute'),
  among(['imagePullPolicy'], 'Always', 'IfNotPresent', 'Never'),
  among(['mountPropagation'], 'None', 'HostToContainer', 'Bidirectional'),
  among(['nodeAffinityPolicy', 'nodeTaintsPolicy'], 'Honor', 'Ignore'),
  { ...among(['operator'], 'Exists', 'Equal', 'Lt', 'Gt'), parents: ['tolerations'] },
  among(['preemptionPolicy'], 'Never', 'PreemptLowerPriority'),
  { ...among(['protocol'], 'TCP', 'UDP', 'SCTP'), parents: ['ports'] },
  among(['restartPolicy'], 'Always', 'OnFailure', 'Never'),
  { ...among(['type'], 'RuntimeDefault', 'Unconfined', 'Localhost'), parents: ['appArmorProfile', 'seccompProfile'] },
  { ...among(['type'], 'DirectoryOrCreate', 'Directory', 'FileOrCreate', 'File', 'Socket', 'CharDevice', 'BlockDevice'), parents: ['hostPath'] },
  among(['volumeMode'], 'Filesystem', 'Block'),
  among(['whenUnsatisfiable'], 'DoNotSchedule', 'ScheduleAnyway'),
  { fields: ['activeDeadlineSeconds', 'maxSkew'], isOne: (value) => typeof value !== 'number' || value > 0, words: 'a whole number, 1 or more' },
  { fields: ['fsGroup', 'runAsGroup', 'runAsUser', 'supplementalGroups'], isOne: (value) => !(Number(value) < 0), words: 'a whole number, 0 or more' },
  { fields: ['containerPort'], isOne: (value) => !(Number(value) < 1 || Number(value) >= 2 ** 16), words: 'a whole number from 1 to 65535' },
  { fields: ['hostname', 'subdomain'], isOne: (value) => LABEL.test(String(value)), words: 'lower-case letters, digits and hyphens', parents: [ROOT] },
  { fields: ['name'], parents: ['containers', 'initContainers', 'volumes', 'volumeMounts'], isOne: (value) => LABEL.test(String(value)), words: 'lower-case letters, digits and hyphens' },
  { fields: ['mountPath'], isOne: (value) => !String(value).includes(':'), words: 'a path without ":"' },
  { fields: ['subPath'], isOne: (value) => INSIDE.test(String(value)), words: 'a relative path without ".."' },
  { fields: ['path'], parents: ['items'], isOne: (value) => INSIDE.test(String(value)), words: 'a relative path without ".."' },
  { fields: ['add', 'drop'], parents: ['capabilities'], isOne: (value) => reasonAgainstCapability(String(value)) === undefined, words: 'a capability such as "SYS_PTRACE"' },
];

/** Kubernetes' own, and what a claim asks for. */
const RESOURCES = /^(cpu|memory|ephemeral-storage|storage|hugepages-\w+|\$.*)$/;
const AMOUNTS = ['limits', 'requests'];
const QUANTITY: Values = { fields: [], isOne: (value) => typeof value === 'number' || amount(value) !== undefined, words: 'a quantity such as "500m" or "2Gi"' };
const COUNT: Values = { fields: [], isOne: (value) => /^\d+$/.test(String(value)), words: 'a whole number' };

function among(fields: readonly string[], ...values: readonly string[]): Values {
  return { fields, isOne: (value) => values.includes(String(value)), words: `one of ${values.map((value) => JSON.stringify(value)).join(', ')}` };
}

/** Refuses a value that Kubernetes does not take of its field, by the names of the field and of what it is in. */
export function refuseStrangeValue(subject: Subject, value: unknown, where: string, field: string, parent: string | undefined): void {
  // an empty one is none, and variables are not known.
  if (typeof value !== 'number' && (typeof value !== 'string' || value === '' || value.includes('$'))) {
    return;
  }
  const ofField = FIELD_VALUES.find(({ fields, parents }) => fields.includes(field) && (parents?.includes(parent ?? ROOT) ?? true));
  const values = AMOUNTS.includes(parent ?? ROOT) ? isOfDevices(field) ? COUNT : QUANTITY : ofField;
  if (values && !values.isOne(value)) {
    throw refusal(subject, `${where} is not one that Kubernetes takes, so that no pod is made`, value, `write ${values.words}`);
  }
}

/** Refuses resources that Kubernetes does not know, more than there can be at most, and devices that are not asked for as it gives them: as many as there can be. */
export function refuseStrangeResources(subject: Subject, resources: { readonly [table: string]: unknown }, where: string): void {
  const { limits, requests } = resources;
  for (const [table, amounts] of Object.entries({ limits, requests })) {
    const strange = Object.keys(isPlainObject(amounts) ? amounts : {}).find((name) => !name.includes('/') && !RESOURCES.test(name));
    if (strange !== undefined) {
      throw refusal(subject, `${where}.${table} has a resource that Kubernetes does not know`, strange, 'write "cpu", "memory", "ephemeral-storage" or a device such as "nvidia.com/gpu"');
    }
  }
  for (const [name, most] of Object.entries(isPlainObject(limits) ? limits : {}).filter(([one]) => !isOfDevices(one))) {
    const asked = isPlainObject(requests) ? requests[name] : undefined;
    if (Number(sizeOf(asked)) > Number(sizeOf(most))) {
      throw refusal(subject, `${where}.requests.${name} is more than the limit ${JSON.stringify(most)}`, asked, 'lower it, or raise the limit');
    }
  }
  for (const [device, count] of Object.entries(isPlainObject(requests) ? requests : {}).filter(([name]) => isOfDevices(name))) {
    const most = isPlainObject(limits) ? limits[device] : undefined;
    if (count !== null && String(most) !== String(count)) {
      throw refusal(subject, `${where}.requests has devices without the same limit, which Kubernetes wants`, device, `write as many in ${where}.limits`);
    }
  }
}

/** What cannot be told is no number, and neither more nor less than another. */
function sizeOf(quantity: unknown): number | undefined {
  return typeof quantity === 'number' ? quantity : amount(typeof quantity === 'string' ? quantity : undefined);
}

/** True for resources that device plugins offer: all others are Kubernetes' own. */
function isOfDevices(resource: string): boolean {
  return resource.includes('/') && !resource.split('/')[0].endsWith('kubernetes.io');
}
