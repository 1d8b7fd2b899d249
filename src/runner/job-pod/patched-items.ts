import { jobImage } from '../../kubernetes/private/image-reference';
import { CONTAINER_FIELDS, VOLUME_KINDS } from '../../kubernetes/private/pod-fields';
import { refuseLostParts, refuseLostSources, refuseStrangers } from '../../kubernetes/private/pod-parts';
import { isNear, nearest } from '../../private/nearest';
import { isPlainObject } from '../../private/rules/collections';
import { known, refusal, Subject } from '../../private/rules/subject';
import { Settings } from '../config/settings';

/** The containers that the runner makes. */
const OF_THE_RUNNER = ['build', 'helper', 'init-permissions', 'init-steps-bootstrap'];
const SERVICE = /^svc-\d+$/;

/** Refuses what a patch says of containers and volumes where it changes nothing, or makes a pod that Kubernetes does not take. */
export function refuseLostItems(subject: Subject, patch: Settings): void {
  for (const list of ['containers', 'initContainers']) {
    itemsOf(subject, patch, list).forEach((container) => {
      refuseStrangers(subject, container, [...CONTAINER_FIELDS], 'not a field of a container, so that it would be dropped');
      refuseContainerOfNobody(subject, container);
      refuseLostParts(subject, container);
      if (known(container.image) && !String(container.image).includes('$')) {
        jobImage().take(subject, container.image);
      }
    });
  }
  itemsOf(subject, patch, 'volumes').forEach((volume) => {
    refuseStrangers(subject, volume, ['name', ...VOLUME_KINDS], 'not a kind of volume, so that it would be dropped');
    refuseLostSources(subject, volume);
    refuseVolumeOfNothing(subject, volume);
  });
}

/** Kubernetes wants one kind; the runner's own is taken away by `null`. */
function refuseVolumeOfNothing(subject: Subject, { name, ...kinds }: Settings): void {
  if (Object.keys(kinds).length === 0) {
    throw refusal(subject, 'a volume that is made from nothing', name, 'write what it is, such as emptyDir: {}');
  }
  const given = Object.keys(kinds).filter((kind) => kinds[kind] !== null);
  if (given.length > 1) {
    throw refusal(subject, `the volume ${JSON.stringify(name)} is of several kinds, so that no pod is made`, given, 'write one');
  }
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

/** A container of another name is one more, which needs an image. */
function refuseContainerOfNobody(subject: Subject, { name, image }: Settings): void {
  if (!image && !OF_THE_RUNNER.includes(name) && !SERVICE.test(name)) {
    const guess = nearest(name, OF_THE_RUNNER);
    throw refusal(subject, 'a container that the runner does not make, without an image', name, isNear(name, guess) ? `did you mean ${JSON.stringify(guess)}` : 'give its image, or one of the runner\'s, such as "build"');
  }
}
