import { IConstruct } from 'constructs';
import { checkImage } from './image-reference';
import { checkResources } from './job-checks';
import { checkDnsLabel, checkObjectName, checkTextMap, LABEL_NAME, LABEL_NAME_RULE } from './prop-checks';
import { GitLabVersion } from '../../gitlab/gitlab-version';
import { checkInstance, checkInteger, checkOneOf, checkType, known, Subject } from '../../private/checks';
import { ValidationError } from '../../private/validation-error';
import { JobNetwork } from '../job-network';
import { RunnerCache } from '../runner-cache';
import { RunnerLogFormat, RunnerLogLevel, RunnerManagerOptions, RunnerPodMonitor, RunnerServiceAccountOptions } from '../runner-manager';

const WEEK_SECONDS = 604_800;

/** The names of the service accounts. */
export const MANAGER_ACCOUNT = 'gitlab-runner';
export const JOB_ACCOUNT = 'gitlab-runner-job';

/** What runs where neither the user nor the joined GitLab says otherwise; every minor version of the runner has a patch 0. */
export const DEFAULT_RUNNER_VERSION = GitLabVersion.of(`${GitLabVersion.V19_4.major}.${GitLabVersion.V19_4.minor}.0`);

/** Checks the manager's props. */
export function checkManager(where: IConstruct | string, options: RunnerManagerOptions): void {
  const of = (prop: string): Subject => ({ where, prop });
  checkDnsLabel(of('namespace'), options.namespace);
  checkDnsLabel(of('jobNamespace'), options.jobNamespace);
  checkType(of('createNamespaces'), options.createNamespaces, 'boolean');
  checkVersion(of('runnerVersion'), options.runnerVersion);
  checkImage(of('managerImage'), options.managerImage, false);
  checkInteger(of('managerUserId'), options.managerUserId, 1, 2 ** 31 - 1);
  checkResources(of('managerResources'), options.managerResources);
  checkServiceAccount(of('managerServiceAccount'), options.managerServiceAccount);
  checkServiceAccount(of('jobServiceAccount'), options.jobServiceAccount);
  checkInstance(of('jobNetwork'), options.jobNetwork, JobNetwork, 'make one with JobNetwork.internet() or one of its siblings');
  checkInteger(of('concurrent'), options.concurrent, 1, 100_000);
  checkInteger(of('checkIntervalSeconds'), options.checkIntervalSeconds, 1, 3600);
  checkOneOf(of('logLevel'), options.logLevel, Object.values(RunnerLogLevel));
  checkOneOf(of('logFormat'), options.logFormat, Object.values(RunnerLogFormat));
  checkInteger(of('shutdownTimeoutSeconds'), options.shutdownTimeoutSeconds, 1, 86_400);
  checkInteger(of('gracefulStopSeconds'), options.gracefulStopSeconds, 30, WEEK_SECONDS);
  checkType(of('bootVerify'), options.bootVerify, 'boolean');
  checkOneOf(of('podMonitor'), options.podMonitor, Object.values(RunnerPodMonitor));
  checkDnsLabel(of('prometheusNamespace'), options.prometheusNamespace);
  checkInstance(of('cache'), options.cache, RunnerCache, 'make one with RunnerCache.azureBlob(), existingAzureBlob() or none()');
  checkBootVerify(where, options);
}

function checkVersion(subject: Subject, version: GitLabVersion | undefined): void {
  checkInstance(subject, version, GitLabVersion, 'give one of GitLabVersion, such as GitLabVersion.V19_4');
  if (known(version) && version.major < 18) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'too old', got: version.version, remedy: 'take 18.0.0 or later' });
  }
}

function checkServiceAccount(subject: Subject, account: RunnerServiceAccountOptions | undefined): void {
  checkType(subject, account, 'object');
  const of = (name: string): Subject => ({ where: subject.where, prop: `${subject.prop}.${name}` });
  checkObjectName(of('name'), account?.name);
  checkTextMap(of('annotations'), account?.annotations, LABEL_NAME, LABEL_NAME_RULE);
  checkTextMap(of('podLabels'), account?.podLabels, LABEL_NAME, LABEL_NAME_RULE);
}

function checkBootVerify(where: IConstruct | string, options: RunnerManagerOptions): void {
  const version = options.runnerVersion ?? DEFAULT_RUNNER_VERSION;
  if (options.bootVerify === true && (version.major < 19 || version.major === 19 && version.minor < 2)) {
    throw new ValidationError(where, {
      prop: 'bootVerify', problem: `not known to runner ${version.major}.${version.minor}`, got: true, remedy: 'take runner 19.2 or later',
    });
  }
}

/** The namespace whose pods may reach the metrics; none where nobody collects them. */
export function scraperNamespace(where: IConstruct | string, options: RunnerManagerOptions, others: readonly string[]): string | undefined {
  const { podMonitor, prometheusNamespace } = options;
  if (podMonitor === undefined || podMonitor === null) {
    if (known(prometheusNamespace)) {
      throw new ValidationError(where, {
        prop: 'prometheusNamespace', problem: 'of no use without podMonitor', got: prometheusNamespace, remedy: 'leave it out, or say whose Prometheus collects metrics',
      });
    }
    return undefined;
  }
  if (known(prometheusNamespace) && others.includes(prometheusNamespace)) {
    throw new ValidationError(where, {
      prop: 'prometheusNamespace', problem: 'jobs or managers run there, and none of them may reach the metrics', got: prometheusNamespace,
      remedy: 'give Prometheus a namespace of its own',
    });
  }
  return prometheusNamespace ?? (podMonitor === RunnerPodMonitor.AZURE_MONITOR ? 'kube-system' : 'monitoring');
}
