import { Token } from 'cdktf';
import { completeResources } from './container-resources';
import { completeContexts } from './container-security-rules';
import { anchored, freeNamespacesBy } from './overwrites';
import { isOfPod, overwritesOf } from './resource-rules';
import { RESOURCE_SETTINGS, RESOURCES_OF } from './settings-of-props';
import { volumesTable } from './volume-plan';
import { GitLabVersion } from '../../gitlab/gitlab-version';
import { Settings } from '../config/settings';
import { JobPodSecurityContext, RunnerContainerResources, RunnerOptions, RunnerPullPolicy, RunnerSeccompProfile } from '../runner-options';

export const DEFAULT_IMAGE = 'ubuntu:24.04';
export const DEFAULT_POLL_TIMEOUT_SECONDS = 600;

/** Requests that are always made, and the limits that go with them. */
const DEFAULT_RESOURCES: { readonly [prefix: string]: RunnerContainerResources } = {
  '': { cpuRequest: '500m', memoryRequest: '1Gi', memoryLimit: '4Gi', ephemeralStorageRequest: '1Gi', ephemeralStorageLimit: '20Gi' },
  'helper_': { cpuRequest: '100m', memoryRequest: '256Mi', memoryLimit: '1Gi', ephemeralStorageRequest: '128Mi', ephemeralStorageLimit: '4Gi' },
  'service_': { cpuRequest: '100m', memoryRequest: '256Mi', memoryLimit: '2Gi', ephemeralStorageRequest: '128Mi', ephemeralStorageLimit: '20Gi' },
};

/** What AKS's API servers answer while they scale or after a quiet connection was cut; the executor's five tries are over in seconds. */
const RETRY_LIMITS = {
  'TLS handshake timeout': 10,
  'connect: connection refused': 10,
  'connection reset by peer': 10,
  'error dialing backend': 10,
  'http2: client connection lost': 10,
  'i/o timeout': 10,
};

/** Where jobs' pods live. */
export interface JobPlacement {
  readonly namespace: string;
  readonly serviceAccountName: string;
  readonly podLabels: { readonly [name: string]: string };
  readonly hostAliases?: { readonly [ipAddress: string]: readonly string[] };
}

/** The settings of `[runners.kubernetes]` that do not depend on where the pods live. */
export function jobSettings(options: RunnerOptions, version: GitLabVersion): Settings {
  const privileged = options.privileged ?? false;
  const { pod_security_context: furtherSecurity, ...settings } = options.kubernetesSettings ?? {};
  return {
    image: options.image ?? DEFAULT_IMAGE,
    allowed_images: patterns(options.allowedImages),
    allowed_services: patterns(options.allowedServices),
    pull_policy: options.pullPolicies ?? [RunnerPullPolicy.ALWAYS],
    allowed_pull_policies: options.allowedPullPolicies,
    image_pull_secrets: options.imagePullSecrets,
    privileged,
    allow_privilege_escalation: options.allowPrivilegeEscalation ?? privileged,
    automount_service_account_token: false,
    poll_timeout: options.pollTimeoutSeconds ?? DEFAULT_POLL_TIMEOUT_SECONDS,
    pod_termination_grace_period_seconds: options.podTerminationGracePeriodSeconds,
    cleanup_grace_period_seconds: options.cleanupGracePeriodSeconds,
    priority_class_name: options.priorityClassName,
    pod_disruption_budget: options.podDisruptionBudgetEnabled,
    print_pod_warning_events: true,
    ...Object.assign({}, ...RESOURCES_OF.map(([prefix, prop]) =>
      resources(prefix, options[prop], settings, prefix === 'service_' && options.imageBuilds ? '' : prefix))),
    retry_limits: RETRY_LIMITS,
    node_selector: nonEmpty(options.nodeSelector),
    node_tolerations: options.tolerations?.length ? Object.fromEntries(options.tolerations.map(toleration)) : undefined,
    pod_labels: options.podLabels,
    pod_annotations: nonEmpty(options.podAnnotations),
    pod_security_context: podSecurityContext(options.podSecurityContext ?? {}, furtherSecurity, version),
    affinity: options.affinity && snakeCase(options.affinity),
    volumes: options.volumes?.length ? volumesTable(options.volumes) : undefined,
    ...completeContexts(anchored(settings)),
  };
}

/** The settings with the place of the pods. */
export function placed(settings: Settings, placement: JobPlacement): Settings {
  return {
    ...settings,
    namespace: placement.namespace,
    // a namespace that is not known now has no service account of ours.
    service_account: freeNamespacesBy(settings, placement.namespace) ? undefined : placement.serviceAccountName,
    pod_labels: nonEmpty({ ...settings.pod_labels, ...placement.podLabels }),
    host_aliases: hostAliases(placement, settings),
  };
}

/** @param like the prefix of the containers whose defaults these have. */
function resources(prefix: string, given: RunnerContainerResources | undefined, settings: Settings, like: string): Settings {
  const { cpuRequest, cpuLimit, memoryRequest, memoryLimit, ...storage } = DEFAULT_RESOURCES[like];
  const defaults = {
    ...storage, ...isOfPod(settings, 'cpu') ? {} : { cpuRequest, cpuLimit }, ...isOfPod(settings, 'memory') ? {} : { memoryRequest, memoryLimit },
  };
  const complete = completeResources(defaults, given, overwritesOf(settings, prefix));
  return Object.fromEntries(Object.entries(RESOURCE_SETTINGS).map(([prop, key]) =>
    [`${prefix}${key}`, complete[prop as keyof RunnerContainerResources]]));
}

/** An empty list is none to the runner, which then allows all; no image has the empty name. */
function patterns(given: readonly string[] | undefined): readonly string[] | undefined {
  return given?.length === 0 ? [''] : given;
}

/** `key=value:Effect` as GitLab Runner's `"key=value" = "Effect"`; without an effect, all are tolerated. */
function toleration(text: string): [string, string] {
  const [taint, effect = ''] = text.split(':');
  return [taint, effect];
}

function podSecurityContext(given: JobPodSecurityContext, further: Settings | undefined, version: GitLabVersion): Settings | undefined {
  const knowsSeccomp = version._isAtLeast(18, 11);
  const context = {
    run_as_user: given.runAsUser,
    run_as_group: given.runAsGroup,
    run_as_non_root: given.runAsNonRoot,
    fs_group: given.fsGroup,
    supplemental_groups: given.supplementalGroups,
    seccomp_profile: knowsSeccomp ? { type: given.seccompProfile ?? RunnerSeccompProfile.RUNTIME_DEFAULT } : undefined,
    ...further,
  };
  return Object.values(context).some((value) => value !== undefined) ? context : undefined;
}

function hostAliases({ hostAliases: ofAll = {} }: JobPlacement, { host_aliases: own = [] }: Settings): Settings[] | undefined {
  const aliases = [...Object.entries(ofAll).map(([ip, hostnames]) => ({ ip, hostnames })), ...own];
  return aliases.length > 0 ? aliases : undefined;
}

/** GPUs, of which the runner knows nothing, for the container of the job's own image. */
export function gpuPatches(gpus: number | undefined): Settings[] {
  if (gpus === undefined) {
    return [];
  }
  const amount = { 'nvidia.com/gpu': String(gpus) };
  return [{ name: 'gpus', patch: JSON.stringify({ containers: [{ name: 'build', resources: { requests: amount, limits: amount } }] }) }];
}

/** Kubernetes' field names as GitLab Runner writes them; labels are nobody's fields. */
function snakeCase(value: any): any {
  if (Array.isArray(value)) {
    return value.map(snakeCase);
  }
  if (typeof value !== 'object' || Token.isUnresolved(value)) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => {
    const name = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return [name, name === 'match_labels' ? item : snakeCase(item)];
  }));
}

function nonEmpty(map: { readonly [key: string]: string } | undefined): { readonly [key: string]: string } | undefined {
  return map && Object.keys(map).length > 0 ? map : undefined;
}
