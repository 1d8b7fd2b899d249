import { METRICS_PORT } from './manager-ports';
import { unknownVolume } from './manager-volumes';
import { image } from '../../kubernetes/private/image-reference';
import { CONTAINER_FIELDS } from '../../kubernetes/private/pod-fields';
import { refuseIncompleteParts } from '../../kubernetes/private/pod-needs';
import { refuseLostParts } from '../../kubernetes/private/pod-parts';
import { refuseOtherTypes } from '../../kubernetes/private/pod-types';
import { dnsLabel } from '../../kubernetes/private/rules';
import { nearest } from '../../private/nearest';
import { list } from '../../private/rules/collections';
import { also, Rule } from '../../private/rules/rule';
import { refusal, Subject } from '../../private/rules/subject';
import { inside, mapsIn, PlainData, plainData, textsIn } from '../config/plain-data';
import { SESSION_PORT } from '../web-terminal/web-terminal-service';

/** The names of the manager's own. */
const OWN_NAMES = ['gitlab-runner', 'render-config'];
/** What the pod's containers, which share their ports, use. */
const OWN_PORTS = [METRICS_PORT, SESSION_PORT];

/** What a container has whose own security context does not say otherwise. */
export const LOCKED_DOWN = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
};

/** Containers as in a pod. */
export function podContainers(): Rule<PlainData[]> {
  return list(also(plainData(), takeContainer), { same: ({ name }) => name });
}

/** A container as it is given, with what keeps it from the node. */
export function lockedDown({ securityContext, ...container }: PlainData): any {
  return { ...container, securityContext: { ...LOCKED_DOWN, ...securityContext } };
}

function takeContainer(subject: Subject, container: PlainData): void {
  const stranger = Object.keys(container).find((field) => !CONTAINER_FIELDS.includes(field));
  if (stranger !== undefined) {
    throw refusal(inside(subject, `.${stranger}`), 'not a field of a container', container[stranger], `did you mean ${JSON.stringify(nearest(stranger, CONTAINER_FIELDS))}`);
  }
  refuseOtherTypes(subject, container, []);
  refuseLostParts(subject, container);
  refuseIncompleteParts(subject, container, []);
  const take = (field: string, rule: Rule<string>) => {
    if (container[field] === undefined) {
      throw refusal(inside(subject, `.${field}`), 'missing', undefined, `give ${rule.expected}`);
    }
    return rule.take(inside(subject, `.${field}`), container[field]);
  };
  if (OWN_NAMES.includes(take('name', dnsLabel()))) {
    throw refusal(inside(subject, '.name'), 'a container of the manager\'s own', container.name, 'take another name');
  }
  take('image', image());
  mapsIn(container.ports).forEach(([place, { containerPort }]) => {
    if (OWN_PORTS.includes(containerPort)) {
      throw refusal(inside(subject, `.ports[${place}].containerPort`), 'a port of the manager\'s own', containerPort, 'take another port');
    }
  });
}

/** Refuses what the level `restricted` of the manager's namespace does: its pod would never start. */
export function refuseUnrestricted(subject: Subject, containers: readonly PlainData[] = []): void {
  containers.forEach(({ securityContext: context = {}, ports }, index) => {
    const broken = [
      ['privileged', context.privileged === true], ['allowPrivilegeEscalation', context.allowPrivilegeEscalation === true],
      ['runAsUser', context.runAsUser === 0], ['runAsNonRoot', context.runAsNonRoot === false],
      ['capabilities.add', textsIn(context.capabilities?.add).some((one) => one !== 'NET_BIND_SERVICE')],
      ['capabilities.drop', context.capabilities !== undefined && !textsIn(context.capabilities.drop).includes('ALL')],
      ['seccompProfile', context.seccompProfile?.type === 'Unconfined'], ['procMount', ![undefined, 'Default'].includes(context.procMount)],
    ].find(([, is]) => is)?.[0];
    if (broken !== undefined) {
      throw refusal(inside(subject, `[${index}].securityContext.${broken}`), 'more than the Pod Security level "restricted" of the manager\'s namespace lets a container have',
        context[String(broken).split('.')[0]], 'leave it out, or give namespaces of your own with namespaceCreationEnabled: false');
    }
    mapsIn(ports).filter(([, { hostPort }]) => hostPort !== undefined).forEach(([place, { hostPort }]) => {
      throw refusal(inside(subject, `[${index}].ports[${place}].hostPort`), 'a port of the node', hostPort, 'leave it out');
    });
  });
}

/** Refuses mounts of volumes that the pod has not. */
export function refuseUnknownVolumes(subject: Subject, containers: readonly PlainData[] = [], volumes: readonly string[]): void {
  containers.forEach(({ volumeMounts }, index) => mapsIn(volumeMounts).forEach(([place, { name }]) => {
    if (!volumes.includes(name)) {
      throw unknownVolume(inside(subject, `[${index}].volumeMounts[${place}].name`), name);
    }
  }));
}
