import { patchData } from './patch-yaml';
import { RunnerVolume } from './runner-volume';
import { VOLUME_OF_SOURCES, VOLUMES_OF_THE_RUNNER, volumesTable } from './volume-plan';
import { isNear, nearest } from '../../private/nearest';
import { known, refusal, Subject } from '../../private/rules/subject';
import { inside, mapsIn } from '../config/plain-data';
import { Settings } from '../config/settings';

/** What the runner itself gives a pod, some of it by its flags. */
const OF_THE_RUNNER = [VOLUME_OF_SOURCES, ...VOLUMES_OF_THE_RUNNER, 'gl-runner-suspend-pvc', 'gl-runner-overlay-init'];
const CONTAINERS = ['containers', 'initContainers'];
const MOUNTS = ['volumeMounts', 'volumeDevices'];

/** Refuses patches that mount volumes which no pod of a job has: Kubernetes takes none of these pods. */
export function refuseMountsOfNothing(subject: Subject, patches: readonly Settings[], volumes: readonly RunnerVolume[]): void {
  const given = Object.values(volumesTable(volumes)).flat().map(({ name }) => name);
  // a file of the manager's may bring volumes, and claims may have a job's variables in their names.
  if (!patches.every(({ patch }) => known(patch)) || !given.every((name) => known(name) && !name.includes('$'))) {
    return;
  }
  const data = patches.map(({ patch, patch_type: type }) => (type === 'json' ? (patchData(patch) as Settings[]).map(asPatch) : [patchData(patch) as Settings]));
  const names: string[] = [...OF_THE_RUNNER, ...given, ...data.flat().flatMap(({ volumes: more }) => namesIn(more))];
  data.forEach((parts, index) => {
    const strange = parts.flatMap(mountedNames).find((name) => !names.includes(name));
    if (strange !== undefined) {
      const guess = nearest(strange, names);
      throw refusal(inside(subject, `[${index}].patch`), 'mounts a volume that the jobs\' pods have not, so that none of them starts', strange,
        isNear(strange, guess) ? `did you mean ${JSON.stringify(guess)}` : 'add it to volumes of the patch, or to the prop volumes');
    }
  });
}

/** An operation of a JSON patch as a patch by itself, which says where a value goes. */
function asPatch({ path, value }: Settings): Settings {
  return path.split('/').slice(1).reverse().reduce((inner: unknown, part: string) => (/^(\d+|-)$/.test(part) ? [inner] : { [part]: inner }), value);
}

function mountedNames(patch: Settings): string[] {
  return CONTAINERS.flatMap((list) => mapsIn(patch[list])).flatMap(([, container]) => MOUNTS.flatMap((list) => namesIn(container[list])));
}

function namesIn(list: unknown): string[] {
  return mapsIn(list).filter(([, { name, $patch }]) => typeof name === 'string' && $patch === undefined).map(([, { name }]) => name);
}
