import { gitLabUrl, RUNNER, runnerToken } from './runner-rules';
import { aksNodePool } from '../../aks/node-pools/node-pool-rule';
import { aCluster } from '../../delivery/private/cluster-rule';
import { GitLabRunnerOptions, IGitLab } from '../../gitlab/gitlab-server';
import { refuseRunnerWithoutJobs, RUNNER_OPTIONS } from '../../gitlab/runners/runner-options-rules';
import { instanceOf, refuseStranger, shown } from '../../private/rules/objects';
import { pemCertificate } from '../../private/rules/pem';
import { required, Rule, Rules, takeOptional, takeValue, Together } from '../../private/rules/rule';
import { ValidationError } from '../../private/validation-error';
import { runnerSettings } from '../config/runner-settings';
import { refuseUnstartableJobs } from '../job-pod/job-pod-rules';
import { JoinedRunnerOptions, KubernetesGitLabRunnerProps } from '../kubernetes-gitlab-runner-props';
import { RUNNER_MANAGER } from '../manager/manager-rules';
import { RegistryCache } from '../registry-cache/registry-cache';
import { RunnerToken } from '../token/runner-token';

/** The names of what GitLab has to know of a runner. */
const OF_GITLAB = Object.keys(RUNNER_OPTIONS) as (keyof GitLabRunnerOptions)[];

export const JOINED_RUNNER: Rules<JoinedRunnerOptions> = {
  ...RUNNER,
  ...RUNNER_OPTIONS,
  token: runnerToken(),
  nodePool: aksNodePool(),
};

export const KUBERNETES_GITLAB_RUNNER: Rules<KubernetesGitLabRunnerProps> = {
  gitlab: required(gitLabServer()),
  cluster: required(aCluster()),
  registryCache: instanceOf(RegistryCache, 'RegistryCache.azure()'),
  ...RUNNER_MANAGER,
  ...JOINED_RUNNER,
  runnerSettings: runnerSettings(true),
};

/** What GitLab has to know of a runner can be said only where this library makes the runner. */
export const refuseJoinedContradictions: Together<JoinedRunnerOptions> = (at, options) => {
  const source = options.token?._source ?? { kind: 'gitlab' };
  const given = OF_GITLAB.find((name) => options[name] !== undefined);
  if (source.kind !== 'gitlab' && given) {
    const { where, prop } = at(given);
    throw new ValidationError(where, {
      prop, problem: 'GitLab stores the settings of the runner that the given token belongs to', got: options[given],
      remedy: source.kind === 'registration' ? 'give it to RunnerToken.legacyRegistrationToken()' : 'set it in GitLab, or drop token',
    });
  }
  refuseRunnerWithoutJobs(at, options);
  refuseUnstartableJobs(at, options);
};

/** The options of GitLab's among others. */
export function gitlabOptions(options: JoinedRunnerOptions): GitLabRunnerOptions {
  return Object.fromEntries(OF_GITLAB.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]));
}

/** A GitLab to join, ours or somebody's own. */
function gitLabServer(): Rule<IGitLab> {
  const expected = 'a SelfHostedGitLab or GitLab.fromAttributes()';
  return {
    expected,
    take(subject, value) {
      refuseStranger(subject, value, RunnerToken);
      if (typeof value !== 'object' || !('requestRunnerToken' in (value as object))) {
        throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not a GitLab', got: shown(value), remedy: `give ${expected}` });
      }
      const gitlab = value as IGitLab;
      takeValue(subject.where, `${subject.prop}.gitlabUrl`, gitlab.gitlabUrl, gitLabUrl());
      takeOptional(subject.where, `${subject.prop}.caCertificate`, gitlab.caCertificate, pemCertificate());
      return gitlab;
    },
  };
}
