import { JobNetwork } from './job-network';
import { RunnerContainerResources } from './job-pods';
import { RunnerCache } from './runner-cache';
import { GitLabVersion } from '../gitlab/gitlab-version';

/** How much the manager tells in its log. */
export enum RunnerLogLevel {
  /** Everything, the calls to GitLab too. */
  DEBUG = 'debug',
  /** One line or a few for each job. */
  INFO = 'info',
  /** What may be wrong. */
  WARN = 'warn',
  /** What is wrong. */
  ERROR = 'error',
}

/** How the manager writes its log. */
export enum RunnerLogFormat {
  /** For people at a terminal, with colours. */
  RUNNER = 'runner',
  /** Plain lines of `name=value`. */
  TEXT = 'text',
  /** One JSON object a line. */
  JSON = 'json',
}

/** Whose PodMonitor tells Prometheus about the manager's metrics. */
export enum RunnerPodMonitor {
  /** The Prometheus operator's; its CustomResourceDefinitions have to be in the cluster. */
  PROMETHEUS_OPERATOR = 'monitoring.coreos.com/v1',
  /** Azure Monitor's managed Prometheus; the cluster needs its metrics add-on. */
  AZURE_MONITOR = 'azmonitoring.coreos.com/v1',
}

/** The Kubernetes service account of the manager or of the jobs. */
export interface RunnerServiceAccountOptions {
  /**
   * Its name. Changing it needs a new federated credential where the account stands for a managed identity.
   * @default - `gitlab-runner` for the manager, `gitlab-runner-job` for jobs
   */
  readonly name?: string;

  /**
   * Its annotations, such as `azure.workload.identity/client-id`.
   * @default - none
   */
  readonly annotations?: { [name: string]: string };

  /**
   * Labels of the pods that run under it, such as `azure.workload.identity/use`.
   * @default - none
   */
  readonly podLabels?: { [name: string]: string };
}

/**
 * The runner manager: the one pod that asks GitLab for jobs and makes their pods.
 *
 * It runs as a user of its own on a read-only file system, on a node for system pods if there is one and never on a spot node. A change of
 * its configuration starts a second manager and lets the first finish its jobs.
 */
export interface RunnerManagerOptions {
  /**
   * The namespace of the manager; anything but a DNS label is refused. Each manager needs its own. Changing it installs everything anew.
   * @default - `gitlab-runner`; `KubernetesGitLabRunner` makes it from its id, or from its path if that id could be another's too
   */
  readonly namespace?: string;

  /**
   * The namespace of the jobs' pods; anything but a DNS label is refused.
   * @default - the manager's
   */
  readonly jobNamespace?: string;

  /**
   * Whether the chart makes the two namespaces, with a Pod Security level that fits the jobs. Without, they have to exist:
   * gives a warning.
   * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
   * @default true
   */
  readonly createNamespaces?: boolean;

  /**
   * The runner's version, 18.0.0 or later; older ones are refused. Its major and minor should be GitLab's; its patches are its own.
   * @default - GitLab's major and minor version where they are known, else 19.4, with the patch 0
   */
  readonly runnerVersion?: GitLabVersion;

  /**
   * The manager's image, one that has a shell; with or without a registry, its port, a tag and a digest (`…:alpine-v19.4.0@sha256:…`), and anything
   * else is refused. By digest a node that has it does not ask for it again. A tag that tells another version than `runnerVersion`, and a digest without a tag
   * that tells one, give a warning.
   * @see https://docs.gitlab.com/runner/install/docker/
   * @default - `registry.gitlab.com/gitlab-org/gitlab-runner:alpine-v` and the runner's version
   */
  readonly managerImage?: string;

  /**
   * The user the manager runs as, 1 to 2147483647; others are refused. The default is none that a node has.
   * @default 65532
   */
  readonly managerUserId?: number;

  /**
   * What the manager may use.
   * @default - 100m to 1 CPU, 128Mi to 512Mi of memory, 128Mi to 512Mi of the node's disk
   */
  readonly managerResources?: RunnerContainerResources;

  /**
   * The manager's service account.
   * @default - `gitlab-runner` without annotations
   */
  readonly managerServiceAccount?: RunnerServiceAccountOptions;

  /**
   * The jobs' service account. It has no rights in the cluster.
   * @default - `gitlab-runner-job` without annotations
   */
  readonly jobServiceAccount?: RunnerServiceAccountOptions;

  /**
   * Whom the jobs' pods may reach. Jobs of another network need a manager of their own. `JobNetwork.open()` gives a warning, and so do settings
   * that take jobs out of the policy's reach.
   * @default - `JobNetwork.internet()`: names and the Internet, without Azure's machine services and private addresses
   */
  readonly jobNetwork?: JobNetwork;

  /**
   * How many jobs all runners of the manager together may run at a time, 1 to 100000; others are refused.
   * @default 10
   */
  readonly concurrent?: number;

  /**
   * The pause between two requests for jobs, in seconds, 1 to 3600; others are refused.
   * @default 3
   */
  readonly checkIntervalSeconds?: number;

  /**
   * How much is logged.
   * @default RunnerLogLevel.INFO
   */
  readonly logLevel?: RunnerLogLevel;

  /**
   * How it is logged.
   * @default RunnerLogFormat.TEXT
   */
  readonly logFormat?: RunnerLogFormat;

  /**
   * How long a forced stop may take, in seconds, 1 to 86400; others are refused.
   * @default 30
   */
  readonly shutdownTimeoutSeconds?: number;

  /**
   * How long a stopping manager waits for its jobs, in seconds, 30 to 604800; others are refused. Jobs that take longer are lost.
   * @default - 3600, GitLab's default timeout of a job, or a minute more than the runners' `maximumTimeoutSeconds` where `KubernetesGitLabRunner` knows a longer one
   */
  readonly gracefulStopSeconds?: number;

  /**
   * Whether the manager counts as ready only after a job of its own has run for each runner. An experiment of GitLab's, from runner 19.2 on;
   * with older ones it is refused. A failing one keeps a new configuration from replacing the old.
   * @see https://docs.gitlab.com/runner/configuration/advanced-configuration/
   * @default false
   */
  readonly bootVerify?: boolean;

  /**
   * Where jobs keep their caches.
   * @default - `RunnerCache.none()`
   */
  readonly cache?: RunnerCache;

  /**
   * Whose Prometheus collects the manager's metrics.
   * @default - nobody's; port 9252 is closed to other pods
   */
  readonly podMonitor?: RunnerPodMonitor;

  /**
   * The namespace of that Prometheus, whose pods alone reach the metrics; anything but a DNS label is refused, and so is that of the jobs or
   * of the manager.
   * @default - `kube-system` for `RunnerPodMonitor.AZURE_MONITOR`, else `monitoring`
   */
  readonly prometheusNamespace?: string;
}
