import { RunnerImageBuilds } from './image-builds/runner-image-builds';
import { RunnerVolume } from './job-pod/runner-volume';
import { RunnerSecret } from './secret/runner-secret';
import { RunnerWarmCapacity } from './warm-capacity/warm-capacity';

/**
 * When a node pulls an image.
 *
 * @see https://docs.gitlab.com/runner/executors/kubernetes/#set-a-pull-policy
 */
export enum RunnerPullPolicy {
  /** For each job. Only jobs that may pull the image can use it. */
  ALWAYS = 'always',
  /** If the node does not have it. A private image that one project has pulled is then open to all other projects on that node. */
  IF_NOT_PRESENT = 'if-not-present',
  /** Never. The image must already be on the node. */
  NEVER = 'never',
}

/**
 * Resource requests and limits for one kind of container, as Kubernetes quantities such as `500m` and `2Gi`. A request cannot exceed its
 * limit. An empty string means none, and a limit of `0` does too.
 *
 * A default limit is raised to what a job may request by `kubernetesSettings` (`…_request_overwrite_max_allowed`). With a CPU or memory setting for
 * the whole pod (`pod_…`), containers have no default of their own for it.
 *
 * @see https://docs.gitlab.com/runner/executors/kubernetes/#cpu-requests-and-limits
 */
export interface RunnerContainerResources {
  /**
   * The CPU request.
   * @default - 500m for the build, 100m for the helper and each service
   */
  readonly cpuRequest?: string;

  /**
   * The CPU limit.
   * @default - none: the container may use what is free on the node
   */
  readonly cpuLimit?: string;

  /**
   * The memory request.
   * @default - 1Gi for the build, 256Mi for the helper and each service
   */
  readonly memoryRequest?: string;

  /**
   * The memory limit. A container that exceeds it is killed.
   * @default - 4Gi for the build, 1Gi for the helper, 2Gi for each service, or the request if that is larger
   */
  readonly memoryLimit?: string;

  /**
   * The request for space on the node's disk.
   * @default - 1Gi for the build, 128Mi for the helper and each service
   */
  readonly ephemeralStorageRequest?: string;

  /**
   * The limit for space on the node's disk. A pod that exceeds it is evicted. The sources and all volumes of type emptyDir count against
   * the sum of the limits of the pod's containers; images do not count.
   * @default - 20Gi for the build and each service, 4Gi for the helper, or the request if that is larger
   */
  readonly ephemeralStorageLimit?: string;
}

/**
 * The system calls that a job's processes may make.
 *
 * @see https://kubernetes.io/docs/tutorials/security/seccomp/
 */
export enum RunnerSeccompProfile {
  /** The container runtime's default profile. */
  RUNTIME_DEFAULT = 'RuntimeDefault',
  /** All system calls. Some rootless image builders need it. */
  UNCONFINED = 'Unconfined',
}

/**
 * The user and groups that a job's processes run as, and their limits on the node.
 *
 * @see https://docs.gitlab.com/runner/executors/kubernetes/#set-a-security-policy-for-the-pod
 */
export interface JobPodSecurityContext {
  /**
   * The user id, 0 to 2147483647.
   * @default - the image's
   */
  readonly runAsUser?: number;

  /**
   * The group id, 0 to 2147483647.
   * @default - the image's
   */
  readonly runAsGroup?: number;

  /**
   * Whether the node rejects images that run as root.
   * @default false
   */
  readonly runAsNonRoot?: boolean;

  /**
   * The group that owns the volumes, 0 to 2147483647.
   * @default - the volumes' own
   */
  readonly fsGroup?: number;

  /**
   * Additional group ids, each 0 to 2147483647.
   * @default - none
   */
  readonly supplementalGroups?: number[];

  /**
   * The system calls that the processes may make. `UNCONFINED` gives a warning. With runners before 18.11 the profile is left to the node.
   * @default RunnerSeccompProfile.RUNTIME_DEFAULT
   */
  readonly seccompProfile?: RunnerSeccompProfile;
}

/**
 * Options for one runner of the manager: the jobs it takes, how many at a time, and their pods.
 *
 * A job's pod has three kinds of containers: the build container (the job's own image), the helper container (git, cache, artifacts), and
 * one for each of the job's services. By default a job runs unprivileged, as its image's user, under the container runtime's seccomp
 * profile, with memory limits and without a token for the cluster's API. Images are checked against the registry for each job.
 *
 * @see https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runners-section
 */
export interface RunnerOptions {
  /**
   * The maximum number of concurrent jobs of this runner, 1 to 100000.
   * @default - the manager's `concurrent`
   */
  readonly limit?: number;

  /**
   * The maximum number of concurrent requests for jobs, 1 to 1000. GitLab holds a request open for up to 50 seconds, so 1 delays jobs.
   * @see https://docs.gitlab.com/runner/configuration/advanced-configuration/#long-polling
   * @default 4
   */
  readonly requestConcurrency?: number;

  /**
   * The maximum size of a job's log in kilobytes, 1 to 1048576.
   * @default 4096
   */
  readonly outputLimitKb?: number;

  /**
   * Environment variables for every job, by names of letters, digits and `_`; a job's own variables come first. Everybody who can read the
   * manager's ConfigMap or Terraform's state can read them, so values that look like secrets give a warning.
   * @default - none; with a cache, those by which it is packed and moved faster
   */
  readonly environment?: { [name: string]: string };

  /**
   * Environment variables of every job's build container from secrets: keys of Kubernetes Secrets in the jobs' namespace, or secrets of a
   * Key Vault, which the CSI driver copies there. A job's own variables come first. Services, the helper container and GitLab itself do not
   * know them: `image:` and `rules:` cannot use them, and logs do not mask them. Anybody who can start a job can read them; on an
   * instance-wide runner this gives a warning.
   * @default - none
   */
  readonly environmentSecrets?: { [name: string]: RunnerSecret };

  /**
   * The runner's feature flags by name (`FF_…`). Two are on unless turned off: `FF_HASH_CACHE_KEYS` and `FF_GIT_URLS_WITHOUT_TOKENS`. Where there is a
   * cache, `FF_USE_PARALLEL_CACHE_TRANSFER` is too, and `FF_USE_FASTZIP` with runners before 19.4. Jobs cannot change those that are set here.
   * @see https://docs.gitlab.com/runner/configuration/feature-flags/
   * @default - none
   */
  readonly featureFlags?: { [name: string]: boolean };

  /**
   * All other settings of `[[runners]]` in config.toml, by their names and with their types there: `pre_build_script`, `builds_dir`,
   * `clone_url`, `shell`, `get_sources_timeout` and others, but no secrets. The manager's first runner also takes those above the runners,
   * such as `connection_max_age`.
   * @see https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runners-section
   * @default - none
   */
  readonly runnerSettings?: { [key: string]: any };

  /**
   * The image for jobs that do not specify one.
   * @default 'ubuntu:24.04'
   */
  readonly image?: string;

  /**
   * Images that a job may use, with `*` as a wildcard. With an empty list, jobs can use the default image only.
   * @see https://docs.gitlab.com/runner/executors/kubernetes/#restrict-docker-images-and-services
   * @default - all
   */
  readonly allowedImages?: string[];

  /**
   * Images that a job's services may use, with `*` as a wildcard. With an empty list, services can use the default image of jobs only.
   * @see https://docs.gitlab.com/runner/executors/kubernetes/#restrict-docker-images-and-services
   * @default - all
   */
  readonly allowedServices?: string[];

  /**
   * When images are pulled. If one policy fails, the next one is tried. Policies other than `ALWAYS` give a warning.
   * @default [RunnerPullPolicy.ALWAYS]
   */
  readonly pullPolicies?: RunnerPullPolicy[];

  /**
   * The pull policies that a job may request. Policies other than `ALWAYS` give a warning.
   * @default - the same as `pullPolicies`
   */
  readonly allowedPullPolicies?: RunnerPullPolicy[];

  /**
   * Names of Secrets of type `kubernetes.io/dockerconfigjson` in the jobs' namespace, to pull private images with.
   * @default - none
   */
  readonly imagePullSecrets?: string[];

  /**
   * Resources of the build container.
   * @default - see `RunnerContainerResources`
   */
  readonly buildResources?: RunnerContainerResources;

  /**
   * Resources of the helper container. Cache and artifacts need at least 250 MiB of memory; a lower limit gives a warning.
   * @default - see `RunnerContainerResources`
   */
  readonly helperResources?: RunnerContainerResources;

  /**
   * Resources of each service container, among them the daemon of `imageBuilds`.
   * @default - see `RunnerContainerResources`; with `imageBuilds` those of a build container
   */
  readonly serviceResources?: RunnerContainerResources;

  /**
   * The number of NVIDIA GPUs that each job gets in its build container, 1 to 16. Needs nodes whose device plugin offers them, as those of an
   * `AksNodePool` with `gpu` do.
   * @see https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/
   * @default - none
   */
  readonly gpus?: number;

  /**
   * Labels that a node must have for jobs to run on it, in addition to those of the node pool for jobs. Windows is not supported.
   * @default - only the labels of the node pool for jobs
   */
  readonly nodeSelector?: { [label: string]: string };

  /**
   * Taints that jobs tolerate, in AKS's notation: `key=value:Effect` or `key:Effect`, with the effect `NoSchedule`, `PreferNoSchedule` or
   * `NoExecute`. Without an effect all are tolerated, without a key (`:Effect`) the taints of all keys.
   * @default - the taints of the node pool for jobs, else none
   */
  readonly tolerations?: string[];

  /**
   * Node and pod affinity as in a Kubernetes pod: `nodeAffinity`, `podAffinity` and `podAntiAffinity`.
   * @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
   * @default - none
   */
  readonly affinity?: { [key: string]: any };

  /**
   * Labels for the pods; GitLab's variables in the values are expanded. The domain `runner.gitlab.com` is reserved.
   * @default - none
   */
  readonly podLabels?: { [name: string]: string };

  /**
   * Annotations for the pods; GitLab's variables in the values are expanded.
   * @default - none
   */
  readonly podAnnotations?: { [name: string]: string };

  /**
   * Whether all containers run privileged. Every job then controls its node and everything that runs there. Gives a warning.
   * @see https://docs.gitlab.com/runner/executors/kubernetes/#using-docker-in-builds
   * @default false
   */
  readonly privileged?: boolean;

  /**
   * Whether processes may gain more privileges than their parent, as `sudo` does. Gives a warning.
   * @default - the same as `privileged`
   */
  readonly allowPrivilegeEscalation?: boolean;

  /**
   * How jobs build container images. Gives a warning, since the jobs' namespace then admits privileged pods.
   * @default - jobs have no daemon
   */
  readonly imageBuilds?: RunnerImageBuilds;

  /**
   * The user and groups that the processes run as.
   * @default - as the images say
   */
  readonly podSecurityContext?: JobPodSecurityContext;

  /**
   * Volumes to mount into the containers, at different paths.
   * @default - none
   */
  readonly volumes?: RunnerVolume[];

  /**
   * How long a job waits for its pod to start, in seconds, 1 to 86400. The default allows for starting a node (2 to 5 minutes) and pulling
   * large images.
   * @default 600
   */
  readonly pollTimeoutSeconds?: number;

  /**
   * How long processes have between SIGTERM and SIGKILL when the pod is terminated, in seconds, 0 to 86400.
   * @default - Kubernetes' 30
   */
  readonly podTerminationGracePeriodSeconds?: number;

  /**
   * How long the pod may take to terminate after its job, in seconds, 0 to 86400.
   * @default - the pod's own grace period
   */
  readonly cleanupGracePeriodSeconds?: number;

  /**
   * The priority class of the pods.
   * @default - the cluster's default
   */
  readonly priorityClassName?: string;

  /**
   * Room that is kept free for jobs, so that they start without waiting for a node. Needs runner 18.11 or later. `kubernetesSettings.autoscaler`
   * has further settings of the pods that keep it, such as their image.
   * @default - none: a job may wait for a node, 2 to 5 minutes
   */
  readonly warmCapacity?: RunnerWarmCapacity;

  /**
   * Whether draining a node waits for its jobs. The drain timeout must be longer than a job, or node upgrades fail.
   * @see https://docs.gitlab.com/runner/executors/kubernetes/#configuration-settings
   * @default - true on an `AksNodePool`, whose drain timeout is two hours, with runner 18.11 or later; else false
   */
  readonly podDisruptionBudgetEnabled?: boolean;

  /**
   * All other settings of `[runners.kubernetes]`, by their names and with their types in config.toml. Settings that weaken the protection
   * of jobs give a warning. Patterns (`…_overwrite_allowed`) are Go regular expressions that have to match all of what a job requests; they
   * cannot allow the manager's service account.
   * @see https://docs.gitlab.com/runner/executors/kubernetes/#configuration-settings
   * @default - none
   */
  readonly kubernetesSettings?: { [key: string]: any };
}
