import { instanceOf, textHidden } from '../../private/rules/objects';
import { also, Rule, Rules } from '../../private/rules/rule';
import { text } from '../../private/rules/scalars';
import { Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { countOrLeftOut, countWithoutZero } from '../config/count-or-left-out';
import { environment, featureFlags } from '../config/feature-flags';
import { runnerSettings } from '../config/runner-settings';
import { JOB_POD } from '../job-pod/job-pod-rules';
import { RunnerOptions } from '../runner-options';
import { environmentSecrets } from '../secret/runner-secret-rules';
import { RunnerToken } from '../token/runner-token';
import { TokenSource } from '../token/token-source';

export const RUNNER: Rules<RunnerOptions> = {
  ...JOB_POD,
  limit: countOrLeftOut(100_000, 'no limit but the manager\'s concurrent'),
  requestConcurrency: countWithoutZero(1000, 'give 1, which 0 means in config.toml'),
  outputLimitKb: countOrLeftOut(1_048_576, 'the default'),
  environment: environment(),
  environmentSecrets: environmentSecrets(),
  featureFlags: featureFlags(),
  runnerSettings: runnerSettings(false),
};

/** GitLab's address. */
export function gitLabUrl(): Rule<string> {
  return text('an address without a final slash such as "https://gitlab.example.com"', /^https?:\/\/[A-Za-z0-9.\-_[\]:]+(\/[\w.\-~/]*[\w.\-~])?$/);
}

/** Where a token comes from, GitLab itself among others. */
export function runnerToken(): Rule<RunnerToken> {
  return textHidden(instanceOf(RunnerToken, 'one such as RunnerToken.kubernetesSecret()'), 'not a RunnerToken');
}

/** Where a token comes from that nobody is asked for: a chart alone knows neither a GitLab nor an identity. */
export function chartToken(): Rule<RunnerToken> {
  return also(runnerToken(), (subject, token) => refuseUnknownToChart(subject, token._source));
}

function refuseUnknownToChart(subject: Subject, source: TokenSource): void {
  if (source.kind === 'gitlab') {
    throw new ValidationError(subject.where, {
      prop: subject.prop, problem: 'a chart has no GitLab to request a token from', got: 'RunnerToken.fromGitlab()', remedy: 'use KubernetesGitLabRunner or another source',
    });
  }
  if (source.kind === 'registration') {
    refuseUnknownToChart(subject, source.token);
  } else if (source.kind === 'vault') {
    const missing = (['tenantId', 'clientId'] as const).find((name) => source[name] === undefined);
    if (missing) {
      throw new ValidationError(subject.where, {
        prop: `${subject.prop}.${missing}`, problem: 'missing', remedy: 'give a UUID; only KubernetesGitLabRunner knows it by itself',
      });
    }
  }
}
