import { nearest } from '../../private/nearest';
import { isPlainObject } from '../../private/rules/collections';
import { refusal, Subject } from '../../private/rules/subject';

interface Part { readonly [field: string]: any }

/** What Kubernetes knows of a container's parts. */
const ITEM_FIELDS: { readonly [field: string]: readonly string[] } = {
  env: ['name', 'value', 'valueFrom'],
  envFrom: ['configMapRef', 'prefix', 'secretRef'],
  resources: ['claims', 'limits', 'requests'],
  volumeMounts: ['mountPath', 'mountPropagation', 'name', 'readOnly', 'recursiveReadOnly', 'subPath', 'subPathExpr'],
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

/** Refuses fields of a container's parts that Kubernetes drops without a word. */
export function refuseLostParts(subject: Subject, container: Part): void {
  Object.entries(ITEM_FIELDS).forEach(([field, known]) => partsOf(container[field]).forEach((item) =>
    refuseStrangers(subject, item, known, `not a field of a container's ${field}, so that it would be dropped`)));
}

/** The same of what a volume is made from. */
export function refuseLostSources(subject: Subject, volume: Part): void {
  Object.entries(SOURCE_FIELDS).forEach(([kind, known]) => partsOf(volume[kind]).forEach((source) =>
    refuseStrangers(subject, source, known, `not a field of a volume's ${kind}, so that it would be dropped`)));
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
