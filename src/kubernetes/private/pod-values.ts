import { amount } from './quantity';
import { isPlainObject } from '../../private/rules/collections';
import { refusal, Subject } from '../../private/rules/subject';

interface Values {
  readonly fields: readonly string[];
  readonly isOne: (value: string | number) => boolean;
  readonly words: string;
}

/** Fields for which Kubernetes takes few values, the same wherever they are in a pod's spec. */
export const FIELD_VALUES: readonly Values[] = [
  among(['accessModes'], 'ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'),
  among(['dnsPolicy'], 'ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'),
  among(['effect'], 'NoSchedule', 'PreferNoSchedule', 'NoExecute'),
  among(['imagePullPolicy'], 'Always', 'IfNotPresent', 'Never'),
  among(['mountPropagation'], 'None', 'HostToContainer', 'Bidirectional'),
  among(['nodeAffinityPolicy', 'nodeTaintsPolicy'], 'Honor', 'Ignore'),
  among(['preemptionPolicy'], 'Never', 'PreemptLowerPriority'),
  among(['restartPolicy'], 'Always', 'OnFailure', 'Never'),
  among(['volumeMode'], 'Filesystem', 'Block'),
  among(['whenUnsatisfiable'], 'DoNotSchedule', 'ScheduleAnyway'),
  { fields: ['activeDeadlineSeconds', 'maxSkew'], isOne: (value) => typeof value !== 'number' || value > 0, words: 'a whole number, 1 or more' },
  { fields: ['hostname', 'subdomain'], isOne: (value) => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(String(value)), words: 'lower-case letters, digits and hyphens' },
];

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
  const values = AMOUNTS.includes(parent ?? '') ? isOfDevices(field) ? COUNT : QUANTITY : FIELD_VALUES.find(({ fields }) => fields.includes(field));
  if (values && !values.isOne(value)) {
    throw refusal(subject, `${where} is not one that Kubernetes takes, so that no pod is made`, value, `write ${values.words}`);
  }
}

/** Refuses devices that are not asked for as Kubernetes gives them: whole, and as many as there can be at most. */
export function refuseUnequalDevices(subject: Subject, resources: { readonly [table: string]: unknown }, where: string): void {
  const { limits, requests } = resources;
  for (const [device, count] of Object.entries(isPlainObject(requests) ? requests : {}).filter(([name]) => isOfDevices(name))) {
    const most = isPlainObject(limits) ? limits[device] : undefined;
    if (count !== null && String(most) !== String(count)) {
      throw refusal(subject, `${where}.requests has devices without the same limit, which Kubernetes wants`, device, `write as many in ${where}.limits`);
    }
  }
}

/** True for resources that device plugins offer: all others are Kubernetes' own. */
function isOfDevices(resource: string): boolean {
  return resource.includes('/') && !resource.split('/')[0].endsWith('kubernetes.io');
}
