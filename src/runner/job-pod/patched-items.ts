import { CONTAINER_FIELDS, VOLUME_KINDS } from '../../kubernetes/private/pod-fields';
import { isNear, nearest } from '../../private/nearest';
import { isPlainObject } from '../../private/rules/collections';
import { refusal, Subject } from '../../private/rules/subject';
import { Settings } from '../config/settings';

/** The containers that the runner makes. */
const OF_THE_RUNNER = ['build', 'helper', 'init-permissions', 'init-steps-bootstrap'];
const SERVICE = /^svc-\d+$/;

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

/** Refuses what a patch says of containers and volumes where it changes nothing, or makes a pod that Kubernetes does not take. */
export function refuseLostItems(subject: Subject, patch: Settings): void {
  for (const list of ['containers', 'initContainers']) {
    itemsOf(subject, patch, list).forEach((container) => {
      refuseStrangers(subject, container, [...CONTAINER_FIELDS], 'not a field of a container, so that it would be dropped');
      refuseContainerOfNobody(subject, container);
      Object.entries(ITEM_FIELDS).forEach(([field, known]) => partsOf(container[field]).forEach((item) =>
        refuseStrangers(subject, item, known, `not a field of a container's ${field}, so that it would be dropped`)));
    });
  }
  itemsOf(subject, patch, 'volumes').forEach((volume) => {
    refuseStrangers(subject, volume, ['name', ...VOLUME_KINDS], 'not a kind of volume, so that it would be dropped');
    Object.entries(SOURCE_FIELDS).forEach(([kind, known]) => partsOf(volume[kind]).forEach((source) =>
      refuseStrangers(subject, source, known, `not a field of a volume's ${kind}, so that it would be dropped`)));
  });
}

/** A map, or the maps of a list; what is neither has the wrong shape, which is told elsewhere. */
function partsOf(value: unknown): Settings[] {
  return (Array.isArray(value) ? value : [value]).filter(isPlainObject);
}

/** The maps of a list that patches find by their names; one that removes or replaces says so by itself. */
function itemsOf(subject: Subject, patch: Settings, list: string): Settings[] {
  const items: unknown = patch[list] ?? [];
  if (!Array.isArray(items)) {
    throw refusal(subject, `${list} that are no list`, items, 'write a list, each item with its name');
  }
  const strange = items.find((item) => !isPlainObject(item) || item.$patch === undefined && typeof item.name !== 'string');
  if (strange !== undefined) {
    throw refusal(subject, `an item of ${list} without the name by which it would be found`, strange, 'give its name, such as "build"');
  }
  return items.filter(({ $patch }) => $patch === undefined);
}

function refuseStrangers(subject: Subject, item: Settings, fields: readonly string[], problem: string): void {
  const stranger = Object.keys(item).find((field) => !field.startsWith('$') && !fields.includes(field));
  if (stranger !== undefined) {
    const name = stranger.toLowerCase();
    const like = fields.find((field) => [name.endsWith(field.toLowerCase()), field.toLowerCase().endsWith(name)].includes(true));
    throw refusal(subject, problem, stranger, `did you mean ${JSON.stringify(like ?? nearest(stranger, fields))}`);
  }
}

/** A container of another name is one more, which needs an image. */
function refuseContainerOfNobody(subject: Subject, { name, image }: Settings): void {
  if (!image && !OF_THE_RUNNER.includes(name) && !SERVICE.test(name)) {
    const guess = nearest(name, OF_THE_RUNNER);
    throw refusal(subject, 'a container that the runner does not make, without an image', name, isNear(name, guess) ? `did you mean ${JSON.stringify(guess)}` : 'give its image, or one of the runner\'s, such as "build"');
  }
}
