import { affinity } from './affinity-rules';
import { refuseUnstartableContainers } from './container-security-rules';
import { refuseEnvironmentInVain } from './environment-in-vain';
import { kubernetesSettings } from './kubernetes-settings';
import { containerResources, refuseUnstartablePods } from './resource-rules';
import { RunnerVolume } from './runner-volume';
import { refuseBuildsOutOfSight } from './settings-in-vain';
import { isOfObject, VOLUMES_OF_THE_RUNNER } from './volume-plan';
import { oneSpelling } from './volume-rules';
import { jobImage } from '../../kubernetes/private/image-reference';
import { refuseWindowsLabels } from '../../kubernetes/private/linux-nodes';
import { annotations, labelName, labelValue, objectName, toleration } from '../../kubernetes/private/rules';
import { list, listSetting, map } from '../../private/rules/collections';
import { instanceOf } from '../../private/rules/objects';
import { also, Rule, Rules, struct, Together } from '../../private/rules/rule';
import { decided, integer, oneOf, text, trueOrFalseSetting } from '../../private/rules/scalars';
import { known, refusal, Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { inside } from '../config/plain-data';
import { imageBuilds, refuseBrokenBuilds } from '../image-builds/image-build-rules';
import { JobPodSecurityContext, RunnerOptions, RunnerPullPolicy, RunnerSeccompProfile } from '../runner-options';
import { refuseUselessRoom, warmCapacity } from '../warm-capacity/warm-capacity-rules';

const DAY_SECONDS = 86_400;
const LARGEST_ID = 2 ** 31 - 1;

const SECURITY_CONTEXT: Rules<JobPodSecurityContext> = {
  runAsUser: integer(0, LARGEST_ID),
  runAsGroup: integer(0, LARGEST_ID),
  runAsNonRoot: trueOrFalseSetting(),
  fsGroup: integer(0, LARGEST_ID),
  supplementalGroups: list(integer(0, LARGEST_ID)),
  seccompProfile: oneOf(Object.values(RunnerSeccompProfile)),
};

/** A runner's options but for those that are not about its jobs' pods. */
type JobPodOptions = Omit<RunnerOptions, 'limit' | 'requestConcurrency' | 'outputLimitKb' | 'environment' | 'environmentSecrets' | 'featureFlags' | 'runnerSettings'>;

export const JOB_POD: Rules<JobPodOptions> = {
  image: jobImage(),
  allowedImages: imagePatterns(),
  allowedServices: imagePatterns(),
  pullPolicies: pullPolicies(),
  allowedPullPolicies: pullPolicies(),
  imagePullSecrets: listSetting(objectName()),
  buildResources: containerResources(),
  helperResources: containerResources(),
  serviceResources: containerResources(),
  // a number in the text of a patch.
  gpus: decided(integer(1, 16)),
  nodeSelector: nodeSelector(),
  // the runner wants the effect apart from the rest.
  tolerations: list(decided(toleration())),
  affinity: affinity(),
  podLabels: podLabels(),
  podAnnotations: annotations(),
  privileged: trueOrFalseSetting(),
  allowPrivilegeEscalation: trueOrFalseSetting(),
  imageBuilds: imageBuilds(),
  podSecurityContext: struct(SECURITY_CONTEXT, refuseRootUnderNonRoot),
  volumes: volumes(),
  pollTimeoutSeconds: integer(1, DAY_SECONDS),
  podTerminationGracePeriodSeconds: integer(0, DAY_SECONDS),
  cleanupGracePeriodSeconds: integer(0, DAY_SECONDS),
  priorityClassName: objectName(),
  warmCapacity: warmCapacity(),
  podDisruptionBudgetEnabled: trueOrFalseSetting(),
  kubernetesSettings: kubernetesSettings(),
};

/** Refuses what no job could start with. */
export const refuseUnstartableJobs: Together<RunnerOptions> = (at, options) => {
  refuseUnstartablePods(at, options);
  refuseUselessRoom(at, options);
  refuseBrokenBuilds(at, options);
  if (options.privileged === true && options.allowPrivilegeEscalation === false) {
    throw refusal(at('allowPrivilegeEscalation'), 'privileged containers can always gain privileges', false, 'leave it out, or drop privileged');
  }
  refuseEnvironmentInVain(at('environment'), options.environment ?? {}, options.kubernetesSettings ?? {});
  refuseBuildsOutOfSight(inside(at('runnerSettings'), '.builds_dir'), options.runnerSettings?.builds_dir, options.volumes ?? []);
  refuseUnstartableContainers(at('kubernetesSettings'), options.kubernetesSettings ?? {}, options.podSecurityContext ?? {});
  const profile: unknown = options.podSecurityContext?.seccompProfile;
  if (profile !== undefined && options.kubernetesSettings?.pod_security_context?.seccomp_profile !== undefined) {
    throw refusal(inside(at('podSecurityContext'), '.seccompProfile'), 'given beside the profile in kubernetesSettings.pod_security_context', profile, 'leave out one of them');
  }
  const { pullPolicies: used = [RunnerPullPolicy.ALWAYS], allowedPullPolicies: allowed } = options;
  if (known(allowed) && known(used) && allowed.every(known)) {
    const missing = used.filter((policy) => known(policy) && !allowed.includes(policy));
    if (missing.length > 0) {
      throw refusal(at('allowedPullPolicies'), `without ${missing.join(', ')}, which pullPolicies has, so no job could start`, allowed, 'add it');
    }
  }
};

function imagePatterns(): Rule<string[]> {
  const expected = 'an image, with "*" for any text';
  return listSetting(also(text(expected, /^\S*$/), (subject, pattern) => {
    if (pattern === '') {
      throw refusal(subject, 'empty', pattern, `give ${expected}, or [] as the whole list for none but the runner\'s own`);
    }
    if (/[\^|()\\]|\.\*$/.test(pattern)) {
      throw refusal(subject, 'a regular expression, which no image matches', pattern, `give ${expected}, such as "ubuntu:*"`);
    }
  }));
}

function pullPolicies(): Rule<RunnerPullPolicy[]> {
  return listSetting(oneOf(Object.values(RunnerPullPolicy)), { least: 1, orElse: 'leave it out' });
}

export function nodeSelector(): Rule<{ [label: string]: string }> {
  return also(map(labelName(), labelValue()), refuseWindowsLabels);
}

function podLabels(): Rule<{ [name: string]: string }> {
  return also(map(labelName(), podLabelValue()), (subject, labels) => {
    const reserved = Object.keys(labels).find((name) => /(^|\.)runner\.gitlab\.com\//.test(name));
    if (reserved) {
      throw new ValidationError(subject.where, { prop: subject.prop, problem: 'runner.gitlab.com is reserved for the runner', got: reserved, remedy: 'take another name' });
    }
  });
}

/** What the runner would change to be a label's value, unless it becomes one only when GitLab's variables are expanded. */
function podLabelValue(): Rule<string> {
  return also(text('text'), (subject, value) => {
    if (!value.includes('$')) {
      labelValue().take(subject, value);
    }
  });
}

function volumes(): Rule<RunnerVolume[]> {
  return also(list(instanceOf(RunnerVolume, 'one such as RunnerVolume.emptyDir()')), (subject, given) => {
    const paths = new Set<string>();
    const kinds = new Map<string, string>();
    given.forEach((volume, index) => {
      const { _kind: kind, _settings: { name, mount_path: path } } = volume;
      const refuse = (problem: string, got: string, remedy = 'give each volume its own name and path'): never => {
        throw new ValidationError(subject.where, { prop: `${subject.prop}[${index}]`, problem, got, remedy });
      };
      const place = known(path) ? oneSpelling(path) : path;
      if (place === '/') {
        refuse('the root of the container, where its image is', path, 'mount it at a folder');
      }
      if (known(path) && paths.has(place)) {
        refuse('mounted before', path);
      }
      paths.add(place);
      if (isOfObject(volume)) {
        return;
      }
      if (known(name) && VOLUMES_OF_THE_RUNNER.includes(name)) {
        refuse('a volume of the runner\'s own', name, 'take another name');
      }
      // the runner knows claims of one name for one volume, and of others makes two, which Kubernetes refuses.
      if (known(name) && kinds.has(name) && !(kind === 'pvc' && kinds.get(name) === 'pvc')) {
        refuse('mounted before', `name ${name}`);
      }
      kinds.set(name, kind);
    });
  });
}

function refuseRootUnderNonRoot(at: (prop: 'runAsUser') => Subject, context: JobPodSecurityContext): void {
  if (context.runAsNonRoot === true && context.runAsUser === 0) {
    const { where, prop } = at('runAsUser');
    throw new ValidationError(where, { prop, problem: 'root, which runAsNonRoot forbids', got: 0, remedy: 'take another user or drop runAsNonRoot' });
  }
}
