import { IConstruct } from 'constructs';
import { checkImage } from './image-reference';
import { amount, checkNoToken, checkObjectName, checkQuantity, checkText, checkTextMap, LABEL_NAME, LABEL_NAME_RULE } from './prop-checks';
import { checkPlain } from './settings-checks';
import { GitLabVersion } from '../../gitlab/gitlab-version';
import { checkGiven, checkInstance, checkInteger, checkList, checkNotEmpty, checkOneOf, checkPattern, checkType, known, Subject } from '../../private/checks';
import { ValidationError } from '../../private/validation-error';
import { JobPodOptions, JobPodSecurityContext, RunnerContainerResources, RunnerPullPolicy, RunnerSeccompProfile } from '../job-pods';
import { RunnerVolume } from '../runner-volume';

const DAY_SECONDS = 86_400;
const LARGEST_ID = 2 ** 31 - 1;
const TAINT = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?(=([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?)?:(NoSchedule|PreferNoSchedule|NoExecute)$/;
const POLICIES = Object.values(RunnerPullPolicy);

/** The props of {@link RunnerContainerResources} and their settings, less the kind of container. */
export const RESOURCE_SETTINGS = {
  cpuRequest: 'cpu_request',
  cpuLimit: 'cpu_limit',
  memoryRequest: 'memory_request',
  memoryLimit: 'memory_limit',
  ephemeralStorageRequest: 'ephemeral_storage_request',
  ephemeralStorageLimit: 'ephemeral_storage_limit',
} as const;

/** The settings of `[runners.kubernetes]` that props write, and those props. */
export const TYPED_SETTINGS: ReadonlyMap<string, string> = new Map([
  ['image', 'image'],
  ['allowed_images', 'allowedImages'],
  ['allowed_services', 'allowedServices'],
  ['pull_policy', 'pullPolicies'],
  ['allowed_pull_policies', 'allowedPullPolicies'],
  ['image_pull_secrets', 'imagePullSecrets'],
  ['privileged', 'privileged'],
  ['allow_privilege_escalation', 'allowPrivilegeEscalation'],
  ['poll_timeout', 'pollTimeoutSeconds'],
  ['pod_termination_grace_period_seconds', 'podTerminationGracePeriodSeconds'],
  ['cleanup_grace_period_seconds', 'cleanupGracePeriodSeconds'],
  ['priority_class_name', 'priorityClassName'],
  ['pod_disruption_budget', 'podDisruptionBudget'],
  ['node_selector', 'nodeSelector'],
  ['node_tolerations', 'tolerations'],
  ['affinity', 'affinity'],
  ['pod_labels', 'podLabels'],
  ['pod_annotations', 'podAnnotations'],
  ['pod_security_context', 'podSecurityContext'],
  ['volumes', 'volumes'],
  ['namespace', 'jobNamespace'],
  ['service_account', 'jobServiceAccount'],
  ...[['', 'buildResources'], ['helper_', 'helperResources'], ['service_', 'serviceResources']].flatMap(([prefix, prop]) =>
    Object.entries(RESOURCE_SETTINGS).map(([name, key]) => [`${prefix}${key}`, `${prop}.${name}`] as const)),
]);

/** Checks what a job's pod gets. */
export function checkJobPods(where: IConstruct | string, options: JobPodOptions, version: GitLabVersion): void {
  const of = (prop: string): Subject => ({ where, prop });
  checkImage(of('image'), options.image, true);
  for (const prop of ['allowedImages', 'allowedServices'] as const) {
    checkList(of(prop), options[prop], checkText);
    checkNotEmpty(of(prop), options[prop], 'name at least one image, or leave it out to allow all');
  }
  checkPullPolicies(where, options);
  checkList(of('imagePullSecrets'), options.imagePullSecrets, checkObjectName);
  for (const prop of ['buildResources', 'helperResources', 'serviceResources'] as const) {
    checkResources(of(prop), options[prop]);
  }
  checkTextMap(of('nodeSelector'), options.nodeSelector, LABEL_NAME, LABEL_NAME_RULE);
  checkNoToken(of('tolerations'), options.tolerations);
  checkNoToken(of('volumes'), options.volumes);
  checkList(of('tolerations'), options.tolerations, (subject, element) =>
    checkPattern(subject, element, TAINT, 'a taint such as "sku=gpu:NoSchedule"'));
  checkAffinity(of('affinity'), options.affinity);
  checkPodLabels(of('podLabels'), options.podLabels);
  checkTextMap(of('podAnnotations'), options.podAnnotations, LABEL_NAME, LABEL_NAME_RULE);
  checkType(of('privileged'), options.privileged, 'boolean');
  checkType(of('allowPrivilegeEscalation'), options.allowPrivilegeEscalation, 'boolean');
  if (options.privileged === true && options.allowPrivilegeEscalation === false) {
    throw new ValidationError(where, {
      prop: 'allowPrivilegeEscalation', problem: 'privileged containers may always gain rights', got: false, remedy: 'leave it out, or drop privileged',
    });
  }
  checkPodSecurityContext(of('podSecurityContext'), options.podSecurityContext);
  checkVolumes(of('volumes'), options.volumes);
  checkInteger(of('pollTimeoutSeconds'), options.pollTimeoutSeconds, 1, DAY_SECONDS);
  checkInteger(of('podTerminationGracePeriodSeconds'), options.podTerminationGracePeriodSeconds, 0, DAY_SECONDS);
  checkInteger(of('cleanupGracePeriodSeconds'), options.cleanupGracePeriodSeconds, 0, DAY_SECONDS);
  checkObjectName(of('priorityClassName'), options.priorityClassName);
  checkType(of('podDisruptionBudget'), options.podDisruptionBudget, 'boolean');
  if (options.podDisruptionBudget === true && version.major === 18 && version.minor < 11) {
    throw new ValidationError(where, {
      prop: 'podDisruptionBudget', problem: `not known to runner ${version.major}.${version.minor}`, got: true, remedy: 'take runner 18.11 or later',
    });
  }
}

function checkPullPolicies(where: IConstruct | string, options: JobPodOptions): void {
  for (const prop of ['pullPolicies', 'allowedPullPolicies'] as const) {
    const subject = { where, prop };
    checkList(subject, options[prop], (of, element) => checkOneOf(of, element, POLICIES));
    checkNotEmpty(subject, options[prop], 'name at least one policy, or leave it out');
  }
  const allowed = options.allowedPullPolicies;
  const missing = known(allowed) ? (options.pullPolicies ?? [RunnerPullPolicy.ALWAYS]).filter((policy) => !allowed.includes(policy)) : [];
  if (missing.length > 0) {
    throw new ValidationError(where, {
      prop: 'allowedPullPolicies', problem: `lacks ${missing.join(', ')} of pullPolicies, so no job could start`, got: allowed, remedy: 'add it',
    });
  }
}

/** Checks requests and limits, and that no request is above its limit. */
export function checkResources(subject: Subject, resources: RunnerContainerResources | undefined): void {
  checkType(subject, resources, 'object');
  if (!known(resources)) {
    return;
  }
  for (const name of Object.keys(RESOURCE_SETTINGS) as (keyof RunnerContainerResources)[]) {
    checkQuantity({ where: subject.where, prop: `${subject.prop}.${name}` }, resources[name]);
  }
  for (const kind of ['cpu', 'memory', 'ephemeralStorage'] as const) {
    const [request, limit] = [resources[`${kind}Request`], resources[`${kind}Limit`]];
    if ((amount(request) ?? 0) > (amount(limit) ?? Infinity)) {
      throw new ValidationError(subject.where, {
        prop: `${subject.prop}.${kind}Request`, problem: `more than ${kind}Limit ${JSON.stringify(limit)}`, got: request, remedy: 'lower it or raise the limit',
      });
    }
  }
}

function checkAffinity(subject: Subject, affinity: { [key: string]: any } | undefined): void {
  checkType(subject, affinity, 'object');
  if (known(affinity)) {
    const of = (name: string) => ({ where: subject.where, prop: `${subject.prop} key ${JSON.stringify(name)}` });
    Object.keys(affinity).forEach((name) => checkOneOf(of(name), name, ['nodeAffinity', 'podAffinity', 'podAntiAffinity']));
    checkPlain(subject.where, subject.prop, affinity);
  }
}

function checkPodLabels(subject: Subject, labels: { [name: string]: string } | undefined): void {
  checkTextMap(subject, labels, LABEL_NAME, LABEL_NAME_RULE);
  const reserved = Object.keys(labels ?? {}).find((name) => /(^|\.)runner\.gitlab\.com\//.test(name));
  if (reserved) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'runner.gitlab.com is the runner\'s own', got: reserved, remedy: 'take another name' });
  }
}

function checkPodSecurityContext(subject: Subject, context: JobPodSecurityContext | undefined): void {
  checkType(subject, context, 'object');
  if (!known(context)) {
    return;
  }
  const of = (name: string): Subject => ({ where: subject.where, prop: `${subject.prop}.${name}` });
  for (const name of ['runAsUser', 'runAsGroup', 'fsGroup'] as const) {
    checkInteger(of(name), context[name], 0, LARGEST_ID);
  }
  checkType(of('runAsNonRoot'), context.runAsNonRoot, 'boolean');
  checkList(of('supplementalGroups'), context.supplementalGroups, (element, value) => checkInteger(element, value, 0, LARGEST_ID));
  checkOneOf(of('seccompProfile'), context.seccompProfile, Object.values(RunnerSeccompProfile));
  if (context.runAsNonRoot === true && context.runAsUser === 0) {
    throw new ValidationError(subject.where, {
      prop: `${subject.prop}.runAsUser`, problem: 'root, which runAsNonRoot forbids', got: 0, remedy: 'take another user or drop runAsNonRoot',
    });
  }
}

function checkVolumes(subject: Subject, volumes: readonly RunnerVolume[] | undefined): void {
  const seen = new Set<string>();
  checkList(subject, volumes, (of, volume) => {
    checkInstance(of, volume, RunnerVolume, 'make one with RunnerVolume.emptyDir() or one of its siblings');
    const settings = volume._settings;
    const part = (name: string): Subject => ({ where: of.where, prop: `${of.prop}.${name}` });
    for (const [name, value] of [['name', settings.name], ['mountPath', settings.mount_path], ...volume._kind === 'csi' ? [['driver', settings.driver]] : []]) {
      checkGiven(part(name), value);
    }
    checkPattern(part('name'), settings.name, /^[a-z0-9$]([-a-z0-9.${}A-Z_]{0,251}[a-z0-9}A-Z_])?$/, 'a Kubernetes name such as "cache"');
    for (const [name, value] of [['mountPath', settings.mount_path], ['hostPath', settings.host_path]] as const) {
      checkPattern(part(name), value, /^\/[^\0:]{0,1023}$/, 'an absolute path such as "/cache"');
    }
    checkText(part('subPath'), settings.sub_path);
    checkType(part('readOnly'), settings.read_only, 'boolean');
    checkQuantity(part('sizeLimit'), settings.size_limit);
    checkPattern(part('driver'), settings.driver, /^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/, 'a driver such as "file.csi.azure.com"');
    checkTextMap(part('attributes'), settings.volume_attributes, /^.+$/, 'names');
    for (const key of [`path ${settings.mount_path}`, `name ${settings.name}`]) {
      if (seen.has(key)) {
        throw new ValidationError(of.where, { prop: of.prop, problem: 'mounted before', got: key, remedy: 'give each volume its own name and path' });
      }
      seen.add(key);
    }
  });
}
