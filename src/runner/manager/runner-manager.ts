import { GitLabVersion } from '../../gitlab/gitlab-version';
import { RunnerCache } from '../cache/runner-cache';
import { JobNetwork } from '../job-network/job-network';
import { RunnerContainerResources } from '../runner-options';
import { RunnerSecret } from '../secret/runner-secret';
import { RunnerWebTerminal } from '../web-terminal/runner-web-terminal';

/** The manager's log level. */
export enum RunnerLogLevel {
  /** Everything, including the calls to GitLab. */
  DEBUG = 'debug',
  /** A few lines for each job. */
  INFO = 'info',
  /** Possible problems. */
  WARN = 'warn',
  /** Errors only. */
  ERROR = 'error',
}

/** The manager's log format. */
export enum RunnerLogFormat {
  /** For people at a terminal, in colour. */
  RUNNER = 'runner',
  /** Plain lines of `name=value`. */
  TEXT = 'text',
  /** One JSON object per line. */
  JSON = 'json',
}

/** The kind of PodMonitor through which Prometheus finds the manager's metrics. */
export enum RunnerPodMonitor {
  /** The Prometheus Operator's. Its CustomResourceDefinitions must be in the cluster. */
  PROMETHEUS_OPERATOR = 'monitoring.coreos.com/v1',
  /** Azure Monitor managed service for Prometheus. The cluster needs its metrics add-on. */
  AZURE_MONITOR = 'azmonitoring.coreos.com/v1',
}

/** Options for the Kubernetes service account of the manager or of the jobs. */
export interface RunnerServiceAccountOptions {
  /**
   * The service account's name. If a managed identity trusts the account, changing the name needs a new federated credential.
   * @default - `gitlab-runner` for the manager, `gitlab-runner-job` for jobs
   */
  readonly name?: string;

  /**
   * Whether to create the account. If false, it must already exist in the namespace, and gets no annotations from here. The manager's permissions are
   * bound to it either way.
   * @default true
   */
  readonly creationEnabled?: boolean;

  /**
   * Annotations, such as `azure.workload.identity/client-id`.
   * @default - none
   */
  readonly annotations?: { [name: string]: string };

  /**
   * Labels for the pods that run under the account, such as `azure.workload.identity/use`.
   * @default - none
   */
  readonly podLabels?: { [name: string]: string };
}

/**
 * Options for the runner manager: the pod that asks GitLab for jobs and creates their pods.
 *
 * It runs as its own user with a read-only file system, on a system node if there is one and never on a Spot node. When its configuration
 * changes, a second manager starts, and the first one finishes its jobs.
 */
export interface RunnerManagerOptions {
  /**
   * The manager's namespace, a DNS label that does not begin with `kube-`. Each manager needs its own. Changing it uninstalls everything and installs it again.
   * @default - `gitlab-runner`; with `KubernetesGitLabRunner`, made from the construct's id, or from its path if another manager could have the same id
   */
  readonly namespace?: string;

  /**
   * The namespace of the jobs' pods, a DNS label.
   * @default - the manager's
   */
  readonly jobNamespace?: string;

  /**
   * Whether to create the two namespaces, with a Pod Security level that suits the jobs. If false, they must already exist; this gives a
   * warning.
   * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
   * @default true
   */
  readonly namespaceCreationEnabled?: boolean;

  /**
   * The runner's version, 18.0 or later. Its minor version should be GitLab's; a later one gives a warning. Patches are the runner's own: a
   * minor version stands for its patch 0, and `GitLabVersion.of('19.4.2')` for a later one.
   * @default - GitLab's major and minor version if known, else 19.4
   */
  readonly runnerVersion?: GitLabVersion;

  /**
   * The manager's image, which must contain a shell. With a digest (`…:alpine-v19.4.0@sha256:…`), a node that has the image does not ask
   * for it again. A tag of another minor version than `runnerVersion`, and a digest without a tag with the version, give a warning.
   * @see https://docs.gitlab.com/runner/install/docker/
   * @default - `registry.gitlab.com/gitlab-org/gitlab-runner:alpine-v` and the runner's version
   */
  readonly managerImage?: string;

  /**
   * The number of managers, 1 to 100, each with its own `concurrent` jobs. They share the runner's token and are spread over nodes and
   * zones, and a drain takes one at a time. `$CI_CONCURRENT_ID` is unique only among the jobs of one manager.
   * @see https://docs.gitlab.com/runner/fleet_scaling/
   * @default 1
   */
  readonly managerReplicas?: number;

  /**
   * The user id that the manager runs as, 1 to 2147483647. The default is not used by any user on a node.
   * @default 65532
   */
  readonly managerUserId?: number;

  /**
   * Resources of the manager's container.
   * @default - 100m to 1 CPU, 128Mi to 512Mi of memory, 128Mi to 512Mi of the node's disk
   */
  readonly managerResources?: RunnerContainerResources;

  /**
   * Environment variables of the manager, such as the proxies `HTTPS_PROXY` and `NO_PROXY`, to which the API server is added. Jobs have
   * `environment` instead. Values that look like secrets give a warning.
   * @see https://docs.gitlab.com/runner/configuration/proxy/
   * @default - none
   */
  readonly managerEnvironment?: { [name: string]: string };

  /**
   * Environment variables of the manager from secrets: keys of Kubernetes Secrets in its namespace, or secrets of a Key Vault, which the CSI driver
   * copies there. A changed secret takes effect when the manager starts again.
   * @default - none
   */
  readonly managerEnvironmentSecrets?: { [name: string]: RunnerSecret };

  /**
   * Labels that a node must have for the manager to run on it.
   * @default - any node with Linux, preferably a system node, and never a Spot node
   */
  readonly managerNodeSelector?: { [label: string]: string };

  /**
   * Taints that the manager tolerates, as in `tolerations`, in addition to `CriticalAddonsOnly`.
   * @default - none
   */
  readonly managerTolerations?: string[];

  /**
   * Annotations of the manager's pod.
   * @default - none
   */
  readonly managerPodAnnotations?: { [name: string]: string };

  /**
   * Names of Secrets of type `kubernetes.io/dockerconfigjson` in the manager's namespace, to pull the manager's image with.
   * @default - none
   */
  readonly managerImagePullSecrets?: string[];

  /**
   * The priority class of the manager's pod.
   * @default - the cluster's default
   */
  readonly managerPriorityClassName?: string;

  /**
   * More volumes of the manager by the absolute paths they are mounted at, each as in a pod without its name, such as `{
   * '/home/gitlab-runner/.docker': { secret: { secretName: 'registries' } } }`, or by the name of one of `managerPodVolumes`, such as `{
   * name: 'shared' }`. `readOnly`, `subPath` and `mountPropagation` may stand beside either.
   * @see https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/volume/
   * @default - none
   */
  readonly managerVolumes?: { [path: string]: { [key: string]: any } };

  /**
   * More volumes of the manager's pod by their names, each as in a pod without its name, for other containers to mount.
   * @see https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/volume/
   * @default - none
   */
  readonly managerPodVolumes?: { [name: string]: { [key: string]: any } };

  /**
   * More containers of the manager's pod, each as in a pod, with volumes of `managerPodVolumes`. Unless a container's `securityContext`
   * says otherwise, it has no capabilities, a read-only file system and the manager's user. It has no token for the cluster's API, and
   * other pods cannot connect to it. When the pod stops, it is stopped at once; one that the manager needs until its jobs are done belongs
   * in `managerInitContainers`.
   * @see https://kubernetes.io/docs/concepts/workloads/pods/
   * @default - none
   */
  readonly managerContainers?: { [key: string]: any }[];

  /**
   * Containers that run before the manager starts, each as one of `managerContainers`. One with `restartPolicy: 'Always'` goes on beside the manager, and stops after it.
   * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
   * @default - none
   */
  readonly managerInitContainers?: { [key: string]: any }[];

  /**
   * Credentials for pulling the images of jobs from private registries, as Docker's `config.json`. The manager hands them to each job's pod, after those of
   * a job's `DOCKER_AUTH_CONFIG`. An Azure Container Registry needs none after `cluster.attachAcr()`.
   * @see https://docs.gitlab.com/ci/docker/using_docker_images/#access-an-image-from-a-private-container-registry
   * @default - none
   */
  readonly registryCredentials?: RunnerSecret;

  /**
   * The certificate, in PEM, of the authority that signed GitLab's certificate.
   * @default - the one that comes with the token or the GitLab, if any
   */
  readonly caCertificateSecret?: RunnerSecret;

  /**
   * The address (DSN) of a Sentry project to which the manager reports errors of its own.
   * @see https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-global-section
   * @default - none
   */
  readonly sentryDsn?: RunnerSecret;

  /**
   * Host names by their IP addresses, for the manager and for jobs: a private GitLab that no DNS knows, for example.
   * @see https://kubernetes.io/docs/tasks/network/customize-hosts-file-for-pods/
   * @default - none
   */
  readonly hostAliases?: { [ipAddress: string]: string[] };

  /**
   * The manager's service account.
   * @default - `gitlab-runner` without annotations
   */
  readonly managerServiceAccount?: RunnerServiceAccountOptions;

  /**
   * The jobs' service account. It has no permissions in the cluster.
   * @default - `gitlab-runner-job` without annotations
   */
  readonly jobServiceAccount?: RunnerServiceAccountOptions;

  /**
   * What the jobs' pods can reach. Jobs that need another network need a separate manager. `JobNetwork.open()` gives a warning, and so do
   * settings that put jobs beyond the policy's reach.
   * @default - `JobNetwork.internet()`: DNS and the Internet, without Azure's metadata services and private addresses
   */
  readonly jobNetwork?: JobNetwork;

  /**
   * The maximum number of concurrent jobs of all the manager's runners together, 1 to 100000; with several managers, of each.
   * @default 10
   */
  readonly concurrent?: number;

  /**
   * The interval between requests for jobs, in seconds, 1 to 3600.
   * @default 3
   */
  readonly checkIntervalSeconds?: number;

  /**
   * The log level.
   * @default RunnerLogLevel.INFO
   */
  readonly logLevel?: RunnerLogLevel;

  /**
   * The log format.
   * @default RunnerLogFormat.TEXT
   */
  readonly logFormat?: RunnerLogFormat;

  /**
   * How long a forced shutdown may take, in seconds, 1 to 86400.
   * @default 30
   */
  readonly shutdownTimeoutSeconds?: number;

  /**
   * How long a stopping manager waits for its jobs, in seconds, 30 to 604800. Jobs that take longer are lost.
   * @default - 3600, GitLab's default job timeout; or a minute more than the runners' `maximumTimeoutSeconds`, if `KubernetesGitLabRunner` knows a longer one
   */
  readonly gracefulStopSeconds?: number;

  /**
   * Whether the manager counts as ready only after it has run a job of its own for each runner. If such a job fails, a new configuration
   * does not replace the old one. Experimental in GitLab; needs runner 19.2 or later.
   * @see https://docs.gitlab.com/runner/configuration/advanced-configuration/
   * @default false
   */
  readonly bootVerificationEnabled?: boolean;

  /**
   * How GitLab reaches the manager for web terminals into running jobs. Needs a single manager.
   * @default - no web terminals
   */
  readonly webTerminal?: RunnerWebTerminal;

  /**
   * Where jobs keep their caches.
   * @default - `RunnerCache.none()`
   */
  readonly cache?: RunnerCache;

  /**
   * The kind of PodMonitor to create for the manager's metrics.
   * @default - none; port 9252 is closed to other pods
   */
  readonly podMonitor?: RunnerPodMonitor;

  /**
   * Labels of the PodMonitor, by which many Prometheus servers choose what they collect.
   * @default - none
   */
  readonly podMonitorLabels?: { [name: string]: string };

  /**
   * How often metrics are collected, in seconds, 1 to 3600.
   * @default - as Prometheus is set up
   */
  readonly podMonitorIntervalSeconds?: number;

  /**
   * The namespace of Prometheus, a DNS label. Only its pods can reach the metrics.
   * @default - `kube-system` for `RunnerPodMonitor.AZURE_MONITOR`, else `monitoring`
   */
  readonly prometheusNamespace?: string;
}
