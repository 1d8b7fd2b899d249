import { IConstruct } from 'constructs';
import { refuseUnknownVolumes, refuseUnrestricted } from './manager-containers';
import { DOCKER_FOLDER } from './manager-folders';
import { AZURE_SCRAPER_NAMESPACE } from './manager-ports';
import { refuseNodeFolders, refuseUnknownNames } from './manager-volumes';
import { RunnerLogFormat, RunnerLogLevel, RunnerManagerOptions, RunnerPodMonitor, RunnerServiceAccountOptions } from './runner-manager';
import { GitLabVersion } from '../../gitlab/gitlab-version';
import { NEWEST_VERSION } from '../../gitlab/newest-version';
import { known, Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { CacheSource } from '../cache/cache-source';
import { cacheVariables, refuseNewerCache } from '../cache/cache-table';
import { globalSettings } from '../config/runner-settings';
import { Settings } from '../config/settings';
import { JobNetwork } from '../job-network/job-network';
import { JobNetworkPlan } from '../job-network/job-network-plan';
import { gitlabIpAddress } from '../job-network/job-network-policy';
import { RunnerContainerResources, RunnerOptions } from '../runner-options';
import { placesOf } from '../secret/runner-secret-rules';
import { SecretFrom, SecretsFrom, shownSecret } from '../secret/secret-from';
import { TokenSource } from '../token/token-source';
import { WebTerminalPlan } from '../web-terminal/web-terminal-plan';

const DEFAULT_NAMESPACE = 'gitlab-runner';
const MANAGER_ACCOUNT = 'gitlab-runner';
const JOB_ACCOUNT = 'gitlab-runner-job';
const IMAGE = 'registry.gitlab.com/gitlab-org/gitlab-runner';
// no user of a node has it, unlike the 100 of GitLab's alpine image.
const DEFAULT_MANAGER_USER_ID = 65532;
const DEFAULT_GRACEFUL_STOP_SECONDS = 3600;
const DEFAULT_CONCURRENT = 10;
const DEFAULT_CHECK_INTERVAL_SECONDS = 3;
const DEFAULT_SHUTDOWN_TIMEOUT_SECONDS = 30;
// roles in Azure take up to ten minutes to spread, and until then the driver cannot mount the token.
const START_SECONDS = 900;
const BOOT_JOB_SECONDS = 300;
const LONGEST_START_SECONDS = 7000;

/** A service account. */
export interface AccountPlan {
  readonly name: string;
  /** Whether it is made here. */
  readonly create: boolean;
  readonly annotations?: { readonly [name: string]: string };
  /** Of the pods that run under it. */
  readonly podLabels: { readonly [name: string]: string };
}

/** What the manager's pod has because somebody said so, as it was said. */
export type PodOptions = Pick<RunnerManagerOptions, 'managerEnvironment' | 'managerNodeSelector' | 'managerTolerations' | 'managerPodAnnotations'
| 'managerImagePullSecrets' | 'managerPriorityClassName' | 'managerVolumes' | 'managerPodVolumes' | 'managerContainers' | 'managerInitContainers' | 'hostAliases'>;

/** A manager with all its defaults; nothing in it needs to be checked again. */
export interface ManagerPlan {
  readonly gitlabUrl: string;
  readonly caCertificate?: string;
  readonly version: GitLabVersion;
  readonly namespace: string;
  readonly jobNamespace: string;
  readonly namespaceCreationEnabled: boolean;
  readonly account: AccountPlan;
  readonly jobAccount: AccountPlan;
  readonly jobNetwork: JobNetworkPlan;
  readonly cache: CacheSource;
  readonly registryCredentials?: SecretFrom;
  readonly caCertificateSecret?: SecretFrom;
  readonly sentryDsn?: SecretFrom;
  /** Variables of the manager. */
  readonly environmentSecrets: SecretsFrom;
  readonly image: string;
  readonly replicas: number;
  readonly userId: number;
  readonly resources?: RunnerContainerResources;
  readonly gracefulStopSeconds: number;
  /** How long the manager may take to become ready. */
  readonly startTimeoutSeconds: number;
  readonly shutdownTimeoutSeconds: number;
  readonly bootVerificationEnabled: boolean;
  readonly webTerminal?: WebTerminalPlan;
  readonly podOptions: PodOptions;
  readonly podMonitor?: RunnerPodMonitor;
  readonly podMonitorLabels?: { readonly [name: string]: string };
  readonly podMonitorIntervalSeconds?: number;
  /** The namespace whose pods may reach the metrics; none where nobody collects them. */
  readonly scraperNamespace?: string;
  /** Settings above the runners that have no prop. */
  readonly settings: Settings;
  readonly concurrent: number;
  readonly checkIntervalSeconds: number;
  readonly logLevel: RunnerLogLevel;
  readonly logFormat: RunnerLogFormat;
}

/** What is known of the GitLab that a manager works for. */
export interface GitLabEnd {
  readonly gitlabUrl: string;
  readonly caCertificate?: string;
  /** Where it is known other than by the URL. */
  readonly ipAddress?: string;
}

/**
 * Plans a manager.
 * @param options taken by their rules.
 * @param pollTimeoutSeconds how long a job of its first runner may wait for its pod.
 */
export function planManager(
  where: IConstruct | string, options: RunnerManagerOptions & Pick<RunnerOptions, 'runnerSettings'>, gitlab: GitLabEnd, pollTimeoutSeconds?: number,
): ManagerPlan {
  const version = options.runnerVersion ?? NEWEST_VERSION;
  const bootVerificationEnabled = options.bootVerificationEnabled ?? false;
  if (bootVerificationEnabled && !version._isAtLeast(19, 2)) {
    throw new ValidationError(where, {
      prop: 'bootVerificationEnabled', problem: `not known to runner ${version._minorVersion}`, got: true, remedy: 'take runner 19.2 or later',
    });
  }
  const namespace = options.namespace ?? DEFAULT_NAMESPACE;
  const jobNamespace = options.jobNamespace ?? namespace;
  const [managerAccount, jobAccount] = [account(options.managerServiceAccount, MANAGER_ACCOUNT), account(options.jobServiceAccount, JOB_ACCOUNT)];
  if (namespace === jobNamespace && managerAccount.name === jobAccount.name) {
    throw new ValidationError(where, {
      prop: options.jobServiceAccount?.name === undefined ? 'managerServiceAccount.name' : 'jobServiceAccount.name',
      problem: 'the same account for jobs and the manager, so that each job would have the manager\'s rights', got: jobAccount.name,
      remedy: 'take another name, or give the jobs a jobNamespace of their own',
    });
  }
  const cache: CacheSource = options.cache?._source ?? { kind: 'none' };
  refuseKubernetesNamespaces(where, options);
  refuseNewerCache(where, cache, version);
  refuseTwoCertificates(where, options, gitlab);
  refuseHiddenCredentials(where, options);
  refuseVariablesTwice(where, options);
  refuseUnstartableManager(where, options);
  return {
    gitlabUrl: gitlab.gitlabUrl,
    caCertificate: gitlab.caCertificate,
    version,
    namespace,
    jobNamespace,
    namespaceCreationEnabled: options.namespaceCreationEnabled ?? true,
    account: managerAccount,
    jobAccount,
    jobNetwork: planJobNetwork(where, options.jobNetwork ?? JobNetwork.internet(), gitlab),
    cache,
    registryCredentials: options.registryCredentials?._source,
    caCertificateSecret: options.caCertificateSecret?._source,
    sentryDsn: options.sentryDsn?._source,
    environmentSecrets: placesOf(options.managerEnvironmentSecrets ?? {}),
    image: options.managerImage ?? `${IMAGE}:alpine-v${releaseOf(version)}`,
    replicas: options.managerReplicas ?? 1,
    userId: options.managerUserId ?? DEFAULT_MANAGER_USER_ID,
    resources: options.managerResources,
    gracefulStopSeconds: options.gracefulStopSeconds ?? DEFAULT_GRACEFUL_STOP_SECONDS,
    startTimeoutSeconds: bootVerificationEnabled ? startWithBootJob(pollTimeoutSeconds) : START_SECONDS,
    shutdownTimeoutSeconds: options.shutdownTimeoutSeconds ?? DEFAULT_SHUTDOWN_TIMEOUT_SECONDS,
    bootVerificationEnabled,
    webTerminal: planTerminal(where, options),
    podOptions: { ...options, managerEnvironment: { ...cacheVariables(cache, version), ...options.managerEnvironment } },
    podMonitor: options.podMonitor,
    podMonitorLabels: options.podMonitorLabels,
    podMonitorIntervalSeconds: options.podMonitorIntervalSeconds,
    scraperNamespace: scraperNamespace(where, options, [namespace, jobNamespace]),
    settings: globalSettings(options.runnerSettings),
    concurrent: options.concurrent ?? DEFAULT_CONCURRENT,
    checkIntervalSeconds: options.checkIntervalSeconds ?? DEFAULT_CHECK_INTERVAL_SECONDS,
    logLevel: options.logLevel ?? RunnerLogLevel.INFO,
    logFormat: options.logFormat ?? RunnerLogFormat.TEXT,
  };
}

/** The runner's patches are its own, and its images have no tag that follows them; every minor version has a patch 0. */
export function releaseOf(version: GitLabVersion): string {
  return `${version._minorVersion}.${version._patch ?? 0}`;
}

function account(options: RunnerServiceAccountOptions | undefined, name: string): AccountPlan {
  return {
    name: options?.name ?? name, create: options?.creationEnabled ?? true, annotations: options?.annotations, podLabels: options?.podLabels ?? {},
  };
}

/** Kubernetes keeps its own namespaces, and there is one that each cluster has already. */
function refuseKubernetesNamespaces(where: IConstruct | string, options: RunnerManagerOptions): void {
  for (const prop of ['namespace', 'jobNamespace'] as const) {
    const got = options[prop];
    if (got?.startsWith('kube-')) {
      throw new ValidationError(where, { prop, problem: 'one of Kubernetes\' own namespaces, whose names begin with "kube-"', got, remedy: 'take another name' });
    }
    if (got === 'default' && options.namespaceCreationEnabled !== false) {
      throw new ValidationError(where, {
        prop, problem: 'every cluster has it, so that it cannot be created', got, remedy: 'take another name, or set namespaceCreationEnabled to false',
      });
    }
  }
}

function refuseTwoCertificates(where: IConstruct | string, { caCertificateSecret }: RunnerManagerOptions, { caCertificate }: GitLabEnd): void {
  if (caCertificateSecret !== undefined && caCertificate !== undefined) {
    throw new ValidationError(where, { prop: 'caCertificateSecret', problem: 'given beside the caCertificate of the GitLab', got: shownSecret(caCertificateSecret._source), remedy: 'leave one of the two out' });
  }
}

/** Refuses a token that comes with a certificate of its own, which would win. */
export function refuseSecondCertificate(where: IConstruct | string, token: TokenSource, { caCertificateSecret }: ManagerPlan): void {
  const source = token.kind === 'registration' ? token.token : token;
  if (caCertificateSecret !== undefined && source.kind === 'vault' && source.caSecretName !== undefined) {
    throw new ValidationError(where, {
      prop: 'caCertificateSecret', problem: 'the token comes with a certificate already', got: shownSecret(caCertificateSecret), remedy: 'leave one of the two out',
    });
  }
}

/** A volume at the place of the credentials would hide them. */
function refuseHiddenCredentials(where: IConstruct | string, { registryCredentials, managerVolumes = {} }: RunnerManagerOptions): void {
  const path = Object.keys(managerVolumes).find((one) => `${one}/`.startsWith(`${DOCKER_FOLDER}/`));
  if (registryCredentials !== undefined && path !== undefined) {
    throw new ValidationError(where, {
      prop: `managerVolumes[${JSON.stringify(path)}]`, problem: 'where registryCredentials are', got: managerVolumes[path], remedy: 'leave one of the two out',
    });
  }
}

function refuseVariablesTwice(where: IConstruct | string, { managerEnvironment = {}, managerEnvironmentSecrets = {} }: RunnerManagerOptions): void {
  const name = Object.keys(managerEnvironmentSecrets).find((one) => Object.hasOwn(managerEnvironment, one));
  if (name !== undefined) {
    throw new ValidationError(where, {
      prop: `managerEnvironmentSecrets[${JSON.stringify(name)}]`, problem: 'in managerEnvironment too', got: shownSecret(managerEnvironmentSecrets[name]._source),
      remedy: 'leave one of the two out',
    });
  }
}

/** Refuses what the manager's pod could not start with. */
function refuseUnstartableManager(where: IConstruct | string, options: RunnerManagerOptions): void {
  const { managerContainers = [], managerInitContainers = [], managerVolumes = {}, managerPodVolumes = {} } = options;
  const at = (prop: string): Subject => ({ where, prop });
  const names = Object.keys(managerPodVolumes);
  refuseUnknownNames(at('managerVolumes'), managerVolumes, names);
  const twice = managerInitContainers.findIndex(({ name }) => managerContainers.some((container) => container.name === name));
  if (twice >= 0) {
    throw new ValidationError(where, {
      prop: `managerInitContainers[${twice}].name`, problem: 'in managerContainers too', got: managerInitContainers[twice].name, remedy: 'take another name',
    });
  }
  for (const [prop, containers] of [['managerContainers', managerContainers], ['managerInitContainers', managerInitContainers]] as const) {
    refuseUnknownVolumes(at(prop), containers, names);
    if (options.namespaceCreationEnabled !== false) {
      refuseUnrestricted(at(prop), containers);
    }
  }
  if (options.namespaceCreationEnabled !== false) {
    refuseNodeFolders(at('managerVolumes'), managerVolumes);
    refuseNodeFolders(at('managerPodVolumes'), managerPodVolumes);
  }
}

/** Jobs that reach nothing but GitLab would reach nothing where its address is not known. */
function planJobNetwork(where: IConstruct | string, network: JobNetwork, { gitlabUrl, ipAddress }: GitLabEnd): JobNetworkPlan {
  const plan = { ...network._plan, gitlabIpAddress: ipAddress };
  if (plan.kind === 'listed' && plan.cidrs.length === 0 && gitlabIpAddress(plan, gitlabUrl) === undefined) {
    throw new ValidationError(where, {
      prop: 'jobNetwork', problem: `a network policy needs addresses, and that of ${known(gitlabUrl) ? gitlabUrl : 'GitLab'} is not known`,
      got: 'JobNetwork.closed()', remedy: 'use JobNetwork.listed() with GitLab\'s address',
    });
  }
  return plan;
}

/** A job's terminal is with the manager that runs the job, and one address leads to any. */
function planTerminal(where: IConstruct | string, { webTerminal, managerReplicas = 1 }: RunnerManagerOptions): WebTerminalPlan | undefined {
  if (webTerminal && managerReplicas > 1) {
    throw new ValidationError(where, {
      prop: 'webTerminal', problem: 'a session is with one manager, and one address leads to any of several', got: managerReplicas, remedy: 'leave managerReplicas or webTerminal out',
    });
  }
  return webTerminal?._plan;
}

function startWithBootJob(pollTimeoutSeconds: number | undefined): number {
  const wait = known(pollTimeoutSeconds) ? pollTimeoutSeconds : 0;
  return Math.min(START_SECONDS + Math.max(START_SECONDS, wait + BOOT_JOB_SECONDS), LONGEST_START_SECONDS);
}

function scraperNamespace(where: IConstruct | string, options: RunnerManagerOptions, others: readonly string[]): string | undefined {
  const { podMonitor, prometheusNamespace } = options;
  if (podMonitor === undefined) {
    const useless = (['prometheusNamespace', 'podMonitorLabels', 'podMonitorIntervalSeconds'] as const).find((prop) => options[prop] !== undefined);
    if (useless !== undefined) {
      throw new ValidationError(where, { prop: useless, problem: 'has no effect without podMonitor', got: options[useless], remedy: 'leave it out, or set podMonitor' });
    }
    return undefined;
  }
  if (known(prometheusNamespace) && others.includes(prometheusNamespace)) {
    throw new ValidationError(where, {
      prop: 'prometheusNamespace', problem: 'jobs or managers run in this namespace, and must not reach the metrics', got: prometheusNamespace,
      remedy: 'give Prometheus a namespace of its own',
    });
  }
  return prometheusNamespace ?? (podMonitor === RunnerPodMonitor.AZURE_MONITOR ? AZURE_SCRAPER_NAMESPACE : 'monitoring');
}
