import { RunnerVolume } from './runner-volume';

/**
 * When a node fetches an image.
 *
 * @see https://docs.gitlab.com/runner/executors/kubernetes/#set-a-pull-policy
 */
export enum RunnerPullPolicy {
  /** At each job; only who may pull the image can use it. */
  ALWAYS = 'always',
  /** When the node lacks it; a private image that one project pulled is then open to all others on that node. */
  IF_NOT_PRESENT = 'if-not-present',
  /** Never; the image has to be on the node. */
  NEVER = 'never',
}

/**
 * What one kind of container may use, in Kubernetes' quantities such as `500m` and `2Gi`. Anything else is refused, and so is a request
 * above its limit.
 *
 * @see https://docs.gitlab.com/runner/executors/kubernetes/#cpu-requests-and-limits
 */
export interface RunnerContainerResources {
  /**
   * The CPU that is set aside, in cores or thousandths (`m`).
   * @default - 500m for the build, 100m for the helper and each service
   */
  readonly cpuRequest?: string;

  /**
   * The CPU it may not exceed, in cores or thousandths (`m`).
   * @default - none: it may use what is free on the node
   */
  readonly cpuLimit?: string;

  /**
   * The memory that is set aside, in bytes or with a unit.
   * @default - 1Gi for the build, 256Mi for the helper and each service
   */
  readonly memoryRequest?: string;

  /**
   * The memory at which it is ended, in bytes or with a unit.
   * @default - 4Gi for the build, 1Gi for the helper, 2Gi for each service, or the request if that is more
   */
  readonly memoryLimit?: string;

  /**
   * The space on the node's disk that is set aside, in bytes or with a unit.
   * @default - 1Gi for the build, 128Mi for the helper and each service
   */
  readonly ephemeralStorageRequest?: string;

  /**
   * The space on the node's disk at which the pod is evicted, in bytes or with a unit. The sources and all volumes of type emptyDir count against the
   * sum of the pod's containers; images do not count.
   * @default - 20Gi for the build and each service, 4Gi for the helper, or the request if that is more
   */
  readonly ephemeralStorageLimit?: string;
}

/**
 * Which system calls a job's processes may make.
 *
 * @see https://kubernetes.io/docs/tutorials/security/seccomp/
 */
export enum RunnerSeccompProfile {
  /** Those that the container runtime allows. */
  RUNTIME_DEFAULT = 'RuntimeDefault',
  /** All; some builders of images that run without root need it. */
  UNCONFINED = 'Unconfined',
}

/**
 * As whom a job's processes run, and what they may ask of the node.
 *
 * @see https://docs.gitlab.com/runner/executors/kubernetes/#set-a-security-policy-for-the-pod
 */
export interface JobPodSecurityContext {
  /**
   * The user id, 0 to 2147483647; others are refused.
   * @default - the image's
   */
  readonly runAsUser?: number;

  /**
   * The group id, 0 to 2147483647; others are refused.
   * @default - the image's
   */
  readonly runAsGroup?: number;

  /**
   * Whether images that run as root are refused by the node.
   * @default false
   */
  readonly runAsNonRoot?: boolean;

  /**
   * The group that owns the volumes, 0 to 2147483647; others are refused.
   * @default - the volumes' own
   */
  readonly fsGroup?: number;

  /**
   * Further groups, each 0 to 2147483647; others are refused.
   * @default - none
   */
  readonly supplementalGroups?: number[];

  /**
   * Which system calls the processes may make. `UNCONFINED` gives a warning. Runners before 18.11 leave it to the node.
   * @default RunnerSeccompProfile.RUNTIME_DEFAULT
   */
  readonly seccompProfile?: RunnerSeccompProfile;
}

/**
 * What the pod of a CI job gets. Three kinds of containers make one up: the build (the job's own image), the helper (git, cache,
 * artifacts) and one for each of the job's services.
 *
 * By default a job runs unprivileged and without more rights than its image's user, under the container runtime's seccomp profile,
 * without a token for the cluster's API, with memory limits, and with freshly checked images.
 *
 * @see https://docs.gitlab.com/runner/executors/kubernetes/#configuration-settings
 */
export interface JobPodOptions {
  /**
   * The image of jobs that name none.
   * @default 'ubuntu:24.04'
   */
  readonly image?: string;

  /**
   * The images a job may use, with `*` for any text. An empty list is refused.
   * @see https://docs.gitlab.com/runner/executors/kubernetes/#restrict-docker-images-and-services
   * @default - all
   */
  readonly allowedImages?: string[];

  /**
   * The images a job's services may use, with `*` for any text. An empty list is refused.
   * @see https://docs.gitlab.com/runner/executors/kubernetes/#restrict-docker-images-and-services
   * @default - all
   */
  readonly allowedServices?: string[];

  /**
   * When images are fetched; further ones are tried in turn where the one before fails. All but ALWAYS give a warning.
   * @default [RunnerPullPolicy.ALWAYS]
   */
  readonly pullPolicies?: RunnerPullPolicy[];

  /**
   * The pull policies a job may ask for. They must hold all of `pullPolicies`; fewer are refused. All but ALWAYS give a warning.
   * @default - the same as `pullPolicies`
   */
  readonly allowedPullPolicies?: RunnerPullPolicy[];

  /**
   * Secrets of the type `kubernetes.io/dockerconfigjson` in the jobs' namespace, to pull private images with.
   * @default - none
   */
  readonly imagePullSecrets?: string[];

  /**
   * What the build container may use.
   * @default - see {@link RunnerContainerResources}
   */
  readonly buildResources?: RunnerContainerResources;

  /**
   * What the helper container may use. Cache and artifacts need at least 250 MiB of memory; a lower limit gives a warning.
   * @default - see {@link RunnerContainerResources}
   */
  readonly helperResources?: RunnerContainerResources;

  /**
   * What each service container may use.
   * @default - see {@link RunnerContainerResources}
   */
  readonly serviceResources?: RunnerContainerResources;

  /**
   * Labels a node must have for jobs to run there.
   * @default - those of the node pool for jobs, else none
   */
  readonly nodeSelector?: { [label: string]: string };

  /**
   * Taints that jobs put up with, written as AKS writes them: `key=value:Effect` or `key:Effect`, the effect `NoSchedule`,
   * `PreferNoSchedule` or `NoExecute`. Others are refused.
   * @default - those of the node pool for jobs, else none
   */
  readonly tolerations?: string[];

  /**
   * Node and pod affinity as in a Kubernetes pod (`nodeAffinity`, `podAffinity`, `podAntiAffinity`); other keys are refused.
   * @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#affinity-and-anti-affinity
   * @default - none
   */
  readonly affinity?: { [key: string]: any };

  /**
   * Labels of the pods; GitLab's variables in the values are expanded. Names in `runner.gitlab.com` are refused.
   * @default - none
   */
  readonly podLabels?: { [name: string]: string };

  /**
   * Annotations of the pods; GitLab's variables in the values are expanded.
   * @default - none
   */
  readonly podAnnotations?: { [name: string]: string };

  /**
   * Whether all containers run with all rights on the node. Every job then owns its node and what runs there: gives a warning.
   * @see https://docs.gitlab.com/runner/executors/kubernetes/#using-docker-in-builds
   * @default false
   */
  readonly privileged?: boolean;

  /**
   * Whether processes may gain more rights than their parent's, as `sudo` does: gives a warning. Privileged pods need it; false beside `privileged` is
   * refused.
   * @default - the same as `privileged`
   */
  readonly allowPrivilegeEscalation?: boolean;

  /**
   * As whom the processes run.
   * @default - as the images say
   */
  readonly podSecurityContext?: JobPodSecurityContext;

  /**
   * What is mounted into the containers. Two with one name or path are refused.
   * @default - none
   */
  readonly volumes?: RunnerVolume[];

  /**
   * How long a job waits for its pod to start, in seconds, 1 to 86400; others are refused. The default outlasts the start of a node
   * (2 to 5 minutes) and of large images.
   * @default 600
   */
  readonly pollTimeoutSeconds?: number;

  /**
   * How long processes have between the polite and the hard end of the pod, in seconds, 0 to 86400; others are refused.
   * @default - Kubernetes' 30
   */
  readonly podTerminationGracePeriodSeconds?: number;

  /**
   * How long the pod has to end after its job, in seconds, 0 to 86400; others are refused.
   * @default - the pod's own grace period
   */
  readonly cleanupGracePeriodSeconds?: number;

  /**
   * The priority class of the pods.
   * @default - the cluster's default
   */
  readonly priorityClassName?: string;

  /**
   * Whether a drained node waits for its jobs. A drain must be given more time than a job, or node upgrades fail.
   * @see https://docs.gitlab.com/runner/executors/kubernetes/#configuration-settings
   * @default - true on an `AksNodePool`, whose drain waits two hours, with runner 18.11 or later; else false
   */
  readonly podDisruptionBudget?: boolean;

  /**
   * Every other setting of `[runners.kubernetes]`, by its name in config.toml. An unknown name is refused with the nearest known one, a
   * wrong type too, and what has a prop of its own. A pattern (`…_overwrite_allowed`) has to match all of what a job asks for; one that Go cannot
   * read is refused, and one by which a job could run under the manager's service account. What undoes the protection of jobs gives a warning.
   * @see https://docs.gitlab.com/runner/executors/kubernetes/#configuration-settings
   * @default - none
   */
  readonly kubernetesSettings?: { [key: string]: any };
}
