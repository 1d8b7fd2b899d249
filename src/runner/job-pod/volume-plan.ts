import { RunnerVolume } from './runner-volume';
import { isVolumeName } from './volume-rules';
import { known } from '../../private/rules/subject';
import { Settings } from '../config/settings';

/** What the runner adds to each pod. */
export const VOLUMES_OF_THE_RUNNER = ['scripts', 'logs'];
/** What it adds unless a volume is mounted there: the folder of the sources. */
export const VOLUME_OF_SOURCES = 'repo';

/** Kinds that the runner calls by the name of the object they are made from, and what a pod's spec calls that. */
const OBJECTS: { readonly [kind: string]: { readonly field: string; readonly name: string } } = {
  secret: { field: 'secret', name: 'secretName' },
  config_map: { field: 'configMap', name: 'name' },
};
const LONGEST_NAME = 63;

interface PlannedVolume {
  readonly kind: string;
  readonly settings: Settings;
  readonly patch?: Settings;
}

/** True for a Secret or a ConfigMap, which can be mounted several times, under whatever name. */
export function isOfObject({ _kind: kind }: RunnerVolume): boolean {
  return Object.hasOwn(OBJECTS, kind);
}

/** `[runners.kubernetes.volumes]`. */
export function volumesTable(given: readonly RunnerVolume[]): Settings {
  const table: { [kind: string]: Settings[] } = {};
  for (const { kind, settings } of planned(given)) {
    (table[kind] ??= []).push(settings);
  }
  return table;
}

/** What volumes need that the runner has no setting for. */
export function volumePatches(given: readonly RunnerVolume[]): Settings[] {
  return planned(given).filter(({ patch }) => patch).map(({ settings: { name }, patch }) => ({ name: `volume ${name}`, patch: JSON.stringify(patch) }));
}

function planned(given: readonly RunnerVolume[]): readonly PlannedVolume[] {
  const named = given.filter((volume) => !isOfObject(volume)).map(({ _settings: { name } }) => name);
  const taken = new Set([...VOLUMES_OF_THE_RUNNER, VOLUME_OF_SOURCES, ...named]);
  return given.map((volume) => {
    const { _kind: kind, _settings: settings, _patch: patch } = volume;
    if (!isOfObject(volume) || !known(settings.name)) {
      return { kind, settings, patch };
    }
    const fits = isVolumeName(settings.name) && !taken.has(settings.name);
    const name = fits ? settings.name : freeName(settings.name, taken);
    taken.add(name);
    return fits ? { kind, settings } : renamed(kind, settings, name);
  });
}

/** An empty directory, of which a patch of the pod makes the object's volume: the runner would make a second volume of one name, or one whose name is none. */
function renamed(kind: string, { name: object, items, mount_path, sub_path }: Settings, name: string): PlannedVolume {
  const { field, name: key } = OBJECTS[kind];
  const source = { [key]: object, items: items && Object.entries(items).map(([item, path]) => ({ key: item, path })) };
  return { kind: 'empty_dir', settings: { name, mount_path, sub_path }, patch: { volumes: [{ name, emptyDir: null, [field]: source }] } };
}

function freeName(object: string, taken: ReadonlySet<string>): string {
  const base = object.replace(/\./g, '-');
  for (let count = 1; ; count++) {
    const end = `-${count}`;
    const name = `${base.slice(0, LONGEST_NAME - end.length)}${end}`;
    if (!taken.has(name)) {
      return name;
    }
  }
}
