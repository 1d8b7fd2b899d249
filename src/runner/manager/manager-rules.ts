import { isIP } from 'net';
import { podContainers } from './manager-containers';
import { managerVolumes, podVolumes } from './manager-volumes';
import { RunnerLogFormat, RunnerLogLevel, RunnerManagerOptions, RunnerPodMonitor, RunnerServiceAccountOptions } from './runner-manager';
import { GitLabVersion } from '../../gitlab/gitlab-version';
import { image } from '../../kubernetes/private/image-reference';
import { annotations, dnsLabel, labels, objectName, toleration } from '../../kubernetes/private/rules';
import { list, map } from '../../private/rules/collections';
import { instanceOf } from '../../private/rules/objects';
import { also, Rule, Rules, struct } from '../../private/rules/rule';
import { decided, integer, oneOf, text, trueOrFalse } from '../../private/rules/scalars';
import { Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { RunnerCache } from '../cache/runner-cache';
import { countOrLeftOut, countWithoutZero } from '../config/count-or-left-out';
import { refuseLongVariables } from '../config/variable-rules';
import { JobNetwork } from '../job-network/job-network';
import { nodeSelector } from '../job-pod/job-pod-rules';
import { containerResources } from '../job-pod/resource-rules';
import { runnerSecret } from '../secret/runner-secret-rules';
import { shownSecret } from '../secret/secret-from';
import { RunnerWebTerminal } from '../web-terminal/runner-web-terminal';

const WEEK_SECONDS = 604_800;
/** The names that the containers' own variables have. */
const OWN_VARIABLES = ['HOME', 'TEMPLATE', 'OUTPUT', 'SYSTEM_ID', 'POD_NAME', 'INTERVAL_SECONDS', 'REGISTRATION_TOKEN'];

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
  managerReplicas: decided(integer(1, 100)),
  managerUserId: integer(1, 2 ** 31 - 1),
  managerResources: containerResources(),
  managerEnvironment: managerEnvironment(),
  managerEnvironmentSecrets: also(map(variableName(), runnerSecret()), ({ where, prop }, given) => {
    const name = OWN_VARIABLES.find((one) => Object.hasOwn(given, one));
    if (name !== undefined) {
      throw new ValidationError(where, {
        prop: `${prop}[${JSON.stringify(name)}]`, problem: 'set by the manager itself', got: shownSecret(given[name]._source), remedy: 'use another name',
      });
    }
  }),
  managerNodeSelector: nodeSelector(),
  managerTolerations: list(decided(toleration())),
  managerPodAnnotations: also(annotations(), refuseNames(['checksum/config', 'cluster-autoscaler.kubernetes.io/safe-to-evict'])),
  managerImagePullSecrets: list(objectName()),
  managerPriorityClassName: objectName(),
  managerVolumes: managerVolumes(),
  managerPodVolumes: podVolumes(),
  managerContainers: podContainers(),
  managerInitContainers: podContainers(),
  registryCredentials: runnerSecret(),
  caCertificateSecret: runnerSecret(),
  sentryDsn: runnerSecret(),
  hostAliases: map(ipAddress(), list(hostName(), { least: 1 })),
  managerServiceAccount: struct(SERVICE_ACCOUNT, refuseUselessAnnotations),
  jobServiceAccount: struct(SERVICE_ACCOUNT, refuseUselessAnnotations),
  jobNetwork: instanceOf(JobNetwork, 'one such as JobNetwork.internet()'),
  concurrent: countWithoutZero(100_000, 'with 0 in config.toml the manager ends at once: leave it out for 10'),
  checkIntervalSeconds: countOrLeftOut(3600, 'the default'),
  logLevel: oneOf(Object.values(RunnerLogLevel)),
  logFormat: oneOf(Object.values(RunnerLogFormat)),
  shutdownTimeoutSeconds: countOrLeftOut(86_400, 'the default'),
  gracefulStopSeconds: integer(30, WEEK_SECONDS),
  bootVerificationEnabled: trueOrFalse(),
  webTerminal: instanceOf(RunnerWebTerminal, 'one such as RunnerWebTerminal.internalLoadBalancer()'),
  cache: instanceOf(RunnerCache, 'one such as RunnerCache.azureBlob()'),
  podMonitor: decided(oneOf(Object.values(RunnerPodMonitor))),
  podMonitorLabels: labels(),
  podMonitorIntervalSeconds: integer(1, 3600),
  prometheusNamespace: dnsLabel(),
};

function runnerVersion(): Rule<GitLabVersion> {
  return also(instanceOf(GitLabVersion, 'one of GitLabVersion, such as GitLabVersion.V19_4'), (subject, version) => {
    if (!version._isAtLeast(18, 0)) {
      throw new ValidationError(subject.where, { prop: subject.prop, problem: 'too old', got: version.version, remedy: 'take 18.0 or later' });
    }
  });
}

function managerEnvironment(): Rule<{ [name: string]: string }> {
  return also(also(map(variableName(), text('text')), refuseNames(OWN_VARIABLES)), refuseLongVariables);
}

function variableName(): Rule<string> {
  return text('a variable\'s name such as "HTTPS_PROXY"', /^[A-Za-z_][A-Za-z0-9_]*$/);
}

function refuseNames(names: readonly string[]): (subject: Subject, given: { [name: string]: string }) => void {
  return ({ where, prop }, given) => {
    const name = names.find((one) => Object.hasOwn(given, one));
    if (name !== undefined) {
      throw new ValidationError(where, { prop: `${prop}[${JSON.stringify(name)}]`, problem: 'set by the manager itself', got: given[name], remedy: 'use another name' });
    }
  };
}

function ipAddress(): Rule<string> {
  return also(text('an IP address such as "10.20.0.4"'), (subject, value) => {
    if (isIP(value) === 0) {
      throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not a valid value', got: value, remedy: 'give an IP address such as "10.20.0.4"' });
    }
  });
}

function hostName(): Rule<string> {
  return text('a host name in lower case such as "gitlab.example.com"', /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
}

function refuseUselessAnnotations(at: (prop: 'annotations') => Subject, { creationEnabled, annotations: given }: RunnerServiceAccountOptions): void {
  if (creationEnabled === false && Object.keys(given ?? {}).length > 0) {
    const { where, prop } = at('annotations');
    throw new ValidationError(where, { prop, problem: 'for an account that is not created here', got: given, remedy: 'annotate it where it is created, or leave creationEnabled out' });
  }
}
