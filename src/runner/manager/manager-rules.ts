import { RunnerLogFormat, RunnerLogLevel, RunnerManagerOptions, RunnerPodMonitor, RunnerServiceAccountOptions } from './runner-manager';
import { GitLabVersion } from '../../gitlab/gitlab-version';
import { image } from '../../kubernetes/private/image-reference';
import { annotations, dnsLabel, labels, objectName } from '../../kubernetes/private/rules';
import { instanceOf } from '../../private/rules/objects';
import { also, Rule, Rules, struct } from '../../private/rules/rule';
import { decided, integer, oneOf, trueOrFalse } from '../../private/rules/scalars';
import { Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { RunnerCache } from '../cache/runner-cache';
import { JobNetwork } from '../job-network/job-network';
import { containerResources } from '../job-pod/resource-rules';

const WEEK_SECONDS = 604_800;

const SERVICE_ACCOUNT: Rules<RunnerServiceAccountOptions> = {
  name: objectName(),
  creationEnabled: trueOrFalse(),
  annotations: annotations(),
  podLabels: labels(),
};

export const RUNNER_MANAGER: Rules<RunnerManagerOptions> = {
  namespace: dnsLabel(),
  jobNamespace: dnsLabel(),
  namespaceCreationEnabled: trueOrFalse(),
  runnerVersion: runnerVersion(),
  managerImage: image(),
  managerUserId: integer(1, 2 ** 31 - 1),
  managerResources: containerResources(),
  managerServiceAccount: struct(SERVICE_ACCOUNT, refuseUselessAnnotations),
  jobServiceAccount: struct(SERVICE_ACCOUNT, refuseUselessAnnotations),
  jobNetwork: instanceOf(JobNetwork, 'JobNetwork.internet() or one of its siblings'),
  concurrent: integer(1, 100_000),
  checkIntervalSeconds: integer(1, 3600),
  logLevel: oneOf(Object.values(RunnerLogLevel)),
  logFormat: oneOf(Object.values(RunnerLogFormat)),
  shutdownTimeoutSeconds: integer(1, 86_400),
  gracefulStopSeconds: integer(30, WEEK_SECONDS),
  bootVerificationEnabled: trueOrFalse(),
  cache: instanceOf(RunnerCache, 'RunnerCache.azureBlob(), existingAzureBlob() or none()'),
  podMonitor: decided(oneOf(Object.values(RunnerPodMonitor))),
  prometheusNamespace: dnsLabel(),
};

function runnerVersion(): Rule<GitLabVersion> {
  return also(instanceOf(GitLabVersion, 'one of GitLabVersion, such as GitLabVersion.V19_4'), (subject, version) => {
    if (version.major < 18) {
      throw new ValidationError(subject.where, { prop: subject.prop, problem: 'too old', got: version.version, remedy: 'take 18.0.0 or later' });
    }
  });
}

function refuseUselessAnnotations(at: (prop: 'annotations') => Subject, { creationEnabled, annotations: given }: RunnerServiceAccountOptions): void {
  if (creationEnabled === false && Object.keys(given ?? {}).length > 0) {
    const { where, prop } = at('annotations');
    throw new ValidationError(where, { prop, problem: 'of an account that is not created here', got: given, remedy: 'annotate it where it is created, or leave creationEnabled out' });
  }
}
