import { Token } from 'cdktf';
import { JobPodOptions, JobPodSecurityContext, RunnerPullPolicy, RunnerSeccompProfile } from './job-pods';
import { kubernetesSettings } from './kubernetes-settings';
import { containerResources, refuseUnstartablePods } from './resource-rules';
import { RunnerVolume } from './runner-volume';
import { jobImage } from '../../kubernetes/private/image-reference';
import { labelName, objectName, taint } from '../../kubernetes/private/rules';
import { list, listSetting, map } from '../../private/rules/collections';
import { instanceOf } from '../../private/rules/objects';
import { also, Rule, Rules, struct, Together } from '../../private/rules/rule';
import { decided, integer, oneOf, text, trueOrFalseSetting } from '../../private/rules/scalars';
import { known, Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { plainData } from '../config/plain-data';

const DAY_SECONDS = 86_400;
const LARGEST_ID = 2 ** 31 - 1;
const AFFINITIES = ['nodeAffinity', 'podAffinity', 'podAntiAffinity'];

const SECURITY_CONTEXT: Rules<JobPodSecurityContext> = {
  runAsUser: integer(0, LARGEST_ID),
  runAsGroup: integer(0, LARGEST_ID),
  runAsNonRoot: trueOrFalseSetting(),
  fsGroup: integer(0, LARGEST_ID),
  supplementalGroups: list(integer(0, LARGEST_ID)),
  seccompProfile: oneOf(Object.values(RunnerSeccompProfile)),
};

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
  nodeSelector: map(labelName(), text('text')),
  // the runner wants the effect apart from the rest.
  tolerations: list(decided(taint())),
  affinity: affinity(),
  podLabels: podLabels(),
  podAnnotations: map(labelName(), text('text')),
  privileged: trueOrFalseSetting(),
  allowPrivilegeEscalation: trueOrFalseSetting(),
  podSecurityContext: struct(SECURITY_CONTEXT, refuseRootUnderNonRoot),
  volumes: volumes(),
  pollTimeoutSeconds: integer(1, DAY_SECONDS),
  podTerminationGracePeriodSeconds: integer(0, DAY_SECONDS),
  cleanupGracePeriodSeconds: integer(0, DAY_SECONDS),
  priorityClassName: objectName(),
  podDisruptionBudget: trueOrFalseSetting(),
  kubernetesSettings: kubernetesSettings(),
};

/** Refuses what no job could start with. */
export const refuseUnstartableJobs: Together<JobPodOptions> = (at, options) => {
  refuseUnstartablePods(at, options);
  if (options.privileged === true && options.allowPrivilegeEscalation === false) {
    const { where, prop } = at('allowPrivilegeEscalation');
    throw new ValidationError(where, {
      prop, problem: 'privileged containers may always gain rights', got: false, remedy: 'leave it out, or drop privileged',
    });
  }
  const { pullPolicies: used = [RunnerPullPolicy.ALWAYS], allowedPullPolicies: allowed } = options;
  if (known(allowed) && known(used) && allowed.every(known)) {
    const missing = used.filter((policy) => known(policy) && !allowed.includes(policy));
    if (missing.length > 0) {
      const { where, prop } = at('allowedPullPolicies');
      throw new ValidationError(where, {
        prop, problem: `lacks ${missing.join(', ')} of pullPolicies, so no job could start`, got: allowed, remedy: 'add it',
      });
    }
  }
};

function imagePatterns(): Rule<string[]> {
  return listSetting(text('an image, with "*" for any text'), { least: 1, orElse: 'leave it out to allow all' });
}

function pullPolicies(): Rule<RunnerPullPolicy[]> {
  return listSetting(oneOf(Object.values(RunnerPullPolicy)), { least: 1, orElse: 'leave it out' });
}

function affinity(): Rule<{ [key: string]: any }> {
  return also(plainData(Token.asAny), (subject, value) => {
    const stranger = Object.keys(value).find((name) => !AFFINITIES.includes(name));
    if (stranger !== undefined) {
      throw new ValidationError(subject.where, {
        prop: `${subject.prop} key ${JSON.stringify(stranger)}`, problem: 'not supported', got: stranger,
        remedy: `give one of ${AFFINITIES.map((name) => JSON.stringify(name)).join(', ')}`,
      });
    }
  });
}

function podLabels(): Rule<{ [name: string]: string }> {
  return also(map(labelName(), text('text')), (subject, labels) => {
    const reserved = Object.keys(labels).find((name) => /(^|\.)runner\.gitlab\.com\//.test(name));
    if (reserved) {
      throw new ValidationError(subject.where, { prop: subject.prop, problem: 'runner.gitlab.com is the runner\'s own', got: reserved, remedy: 'take another name' });
    }
  });
}

function volumes(): Rule<RunnerVolume[]> {
  return also(list(instanceOf(RunnerVolume, 'RunnerVolume.emptyDir() or one of its siblings')), (subject, given) => {
    const seen = new Set<string>();
    given.forEach(({ _settings: { name, mount_path: path } }, index) => {
      for (const key of [...known(path) ? [`path ${path}`] : [], ...known(name) ? [`name ${name}`] : []]) {
        if (seen.has(key)) {
          throw new ValidationError(subject.where, {
            prop: `${subject.prop}[${index}]`, problem: 'mounted before', got: key, remedy: 'give each volume its own name and path',
          });
        }
        seen.add(key);
      }
    });
  });
}

function refuseRootUnderNonRoot(at: (prop: 'runAsUser') => Subject, context: JobPodSecurityContext): void {
  if (context.runAsNonRoot === true && context.runAsUser === 0) {
    const { where, prop } = at('runAsUser');
    throw new ValidationError(where, { prop, problem: 'root, which runAsNonRoot forbids', got: 0, remedy: 'take another user or drop runAsNonRoot' });
  }
}
