import { dnsLabel } from '../../kubernetes/private/rules';
import { map } from '../../private/rules/collections';
import { also, Rule } from '../../private/rules/rule';
import { Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { inside, PlainData, plainData } from '../config/plain-data';
import { absolutePath, oneSpelling } from '../job-pod/volume-rules';
import { volumeSource } from '../token/token-rules';

/** What the manager's own volumes are mounted at, or below. */
const OWN_PATHS = /^\/(etc\/gitlab-runner|secrets|config|tmp|home\/gitlab-runner$|var\/run\/secrets\/kubernetes\.io)(\/|$)/;
/** What they are called. */
const OWN_NAMES = /^((config-map|config|home|tmp|api-access|registries|ca-certificate|sentry)$|(own|vault|token|cache|environment|variable)-)/;
/** How a volume is mounted, beside what it is. */
const MOUNT_FIELDS = ['mountPropagation', 'readOnly', 'recursiveReadOnly', 'subPath', 'subPathExpr'];

/** A volume by the path where the manager has it: what it is, or the name of one of the pod's, and how it is mounted. */
export function managerVolumes(): Rule<{ [path: string]: PlainData }> {
  return map(also(absolutePath(), (subject, path) => {
    if (OWN_PATHS.test(path)) {
      throw new ValidationError(subject.where, { prop: subject.prop, problem: 'the manager has a volume of its own there', got: path, remedy: 'use another path' });
    }
  }), also(plainData(), (subject, volume) => {
    const { volume: source } = mountOf(volume);
    if (!isByName(source)) {
      volumeSource().take(subject, source);
    }
  }), { same: oneSpelling });
}

/** Volumes of the pod by their names. */
export function podVolumes(): Rule<{ [name: string]: PlainData }> {
  return map(also(dnsLabel(), (subject, name) => {
    if (OWN_NAMES.test(name)) {
      throw new ValidationError(subject.where, { prop: subject.prop, problem: 'a name that the manager may give a volume of its own', got: name, remedy: 'take another name' });
    }
  }), volumeSource());
}

/** A volume of the manager's apart from how it is mounted. */
export function mountOf(given: PlainData): { readonly volume: PlainData; readonly mount: PlainData } {
  const isMount = ([key]: [string, unknown]) => MOUNT_FIELDS.includes(key);
  const entries = Object.entries(given);
  return { volume: Object.fromEntries(entries.filter((entry) => !isMount(entry))), mount: Object.fromEntries(entries.filter(isMount)) };
}

/** True for what is no more than a name of one of the pod's volumes. */
export function isByName(volume: PlainData): volume is { readonly name: string } {
  return Object.keys(volume).length === 1 && typeof volume.name === 'string';
}

/** Refuses mounts of volumes that the pod has not. */
export function refuseUnknownNames(subject: Subject, mounted: { readonly [path: string]: PlainData }, volumes: readonly string[]): void {
  for (const [path, given] of Object.entries(mounted)) {
    const { volume } = mountOf(given);
    if (isByName(volume) && !volumes.includes(volume.name)) {
      throw unknownVolume(inside(subject, `[${JSON.stringify(path)}].name`), volume.name);
    }
  }
}

/** What is said of a mount of a volume that the pod has not. */
export function unknownVolume({ where, prop }: Subject, name: string): ValidationError {
  return new ValidationError(where, { prop, problem: 'not a volume of managerPodVolumes', got: name, remedy: 'add it there' });
}

/** Refuses folders of the node, which the Pod Security level of the manager's namespace does too: its pod would never start. */
export function refuseNodeFolders(subject: Subject, volumes: { readonly [name: string]: PlainData }): void {
  const found = Object.entries(volumes).find(([, volume]) => 'hostPath' in volume);
  if (found !== undefined) {
    throw new ValidationError(subject.where, {
      prop: `${subject.prop}[${JSON.stringify(found[0])}].hostPath`, problem: 'a folder of the node, which the manager\'s namespace lets no pod have', got: found[1].hostPath,
      remedy: 'use another volume, or give namespaces of your own with namespaceCreationEnabled: false',
    });
  }
}
