import { nearest } from '../../private/nearest';
import { isPlainObject } from '../../private/rules/collections';
import { refusal, Subject } from '../../private/rules/subject';

interface Part { readonly [field: string]: any }

/** What the security contexts of both have, and what is a pod's or a container's alone. */
const SECURITY = ['appArmorProfile', 'runAsGroup', 'runAsNonRoot', 'runAsUser', 'seLinuxOptions', 'seccompProfile', 'windowsOptions'];
const SECURITY_OF_CONTAINERS = ['allowPrivilegeEscalation', 'capabilities', 'privileged', 'procMount', 'readOnlyRootFilesystem'];
const SECURITY_OF_PODS = ['fsGroup', 'fsGroupChangePolicy', 'seLinuxChangePolicy', 'supplementalGroups', 'supplementalGroupsPolicy', 'sysctls'];

/** What Kubernetes knows of a container's parts. */
const ITEM_FIELDS: { readonly [field: string]: readonly string[] } = {
  env: ['name', 'value', 'valueFrom'],
  envFrom: ['configMapRef', 'prefix', 'secretRef'],
  ports: ['containerPort', 'hostIP', 'hostPort', 'name', 'protocol'],
  resources: ['claims', 'limits', 'requests'],
  securityContext: [...SECURITY, ...SECURITY_OF_CONTAINERS],
  volumeMounts: ['mountPath', 'mountPropagation', 'name', 'readOnly', 'recursiveReadOnly', 'subPath', 'subPathExpr'],
};

/** What Kubernetes knows of a pod's parts but for containers and volumes. */
const POD_FIELDS: { readonly [field: string]: readonly string[] } = {
  affinity: ['nodeAffinity', 'podAffinity', 'podAntiAffinity'],
  dnsConfig: ['nameservers', 'options', 'searches'],
  hostAliases: ['hostnames', 'ip'],
  imagePullSecrets: ['name'],
  securityContext: [...SECURITY, ...SECURITY_OF_PODS],
  tolerations: ['effect', 'key', 'operator', 'tolerationSeconds', 'value'],
};

/** What it knows of the commonest volumes. */
const SOURCE_FIELDS: { readonly [kind: string]: readonly string[] } = {
  configMap: ['defaultMode', 'items', 'name', 'optional'],
  csi: ['driver', 'fsType', 'nodePublishSecretRef', 'readOnly', 'volumeAttributes'],
  emptyDir: ['medium', 'sizeLimit'],
  ephemeral: ['volumeClaimTemplate'],
  hostPath: ['path', 'type'],
  nfs: ['path', 'readOnly', 'server'],
  persistentVolumeClaim: ['claimName', 'readOnly'],
  projected: ['defaultMode', 'sources'],
  secret: ['defaultMode', 'items', 'optional', 'secretName'],
};

/** Refuses fields of a pod's parts that Kubernetes drops without a word. */
export function refuseLostPodParts(subject: Subject, pod: Part): void {
  refuseOfAnother(subject, pod.securityContext, 'securityContext', SECURITY_OF_CONTAINERS, 'a container\'s, which no pod has', 'write it in the securityContext of containers');
  refuseLost(subject, pod, POD_FIELDS, 'pod');
}

/** Refuses fields of a container's parts that Kubernetes drops without a word. */
export function refuseLostParts(subject: Subject, container: Part): void {
  refuseOfAnother(subject, container.securityContext, 'securityContext', SECURITY_OF_PODS, 'a pod\'s, which no container has', 'write it in the securityContext of the pod');
  refuseLost(subject, container, ITEM_FIELDS, 'container');
}

/** The same of what a volume is made from. */
export function refuseLostSources(subject: Subject, volume: Part): void {
  refuseLost(subject, volume, SOURCE_FIELDS, 'volume');
}

function refuseLost(subject: Subject, whole: Part, table: { readonly [field: string]: readonly string[] }, what: string): void {
  Object.entries(table).forEach(([field, known]) => partsOf(whole[field]).forEach((part) =>
    refuseStrangers(subject, part, known, `not a field of a ${what}'s ${field}, so that it would be dropped`)));
}

function refuseOfAnother(subject: Subject, part: unknown, name: string, fields: readonly string[], problem: string, remedy: string): void {
  const found = partsOf(part).flatMap((one) => Object.keys(one)).find((field) => fields.includes(field));
  if (found !== undefined) {
    throw refusal(subject, `${name}.${found} is ${problem}`, found, remedy);
  }
}

/** A map, or the maps of a list; what is neither has the wrong shape, which is told elsewhere. */
function partsOf(value: unknown): Part[] {
  return (Array.isArray(value) ? value : [value]).filter(isPlainObject);
}

/** Refuses a field that is none of those known. */
export function refuseStrangers(subject: Subject, item: Part, fields: readonly string[], problem: string): void {
  const stranger = Object.keys(item).find((field) => !field.startsWith('$') && !fields.includes(field));
  if (stranger !== undefined) {
    const name = stranger.toLowerCase();
    const like = fields.find((field) => [name.endsWith(field.toLowerCase()), field.toLowerCase().endsWith(name)].includes(true));
    throw refusal(subject, problem, stranger, `did you mean ${JSON.stringify(like ?? nearest(stranger, fields))}`);
  }
}
