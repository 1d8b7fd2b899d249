import { chartToken, gitLabUrl, RUNNER } from './runner-rules';
import { pemCertificate } from '../../private/rules/pem';
import { also, required, Rules } from '../../private/rules/rule';
import { ValidationError } from '../../private/validation-error';
import { runnerSettings } from '../config/runner-settings';
import { GitLabRunnerChartProps } from '../gitlab-runner-chart-props';
import { RUNNER_MANAGER } from '../manager/manager-rules';

export const GITLAB_RUNNER_CHART: Rules<GitLabRunnerChartProps> = {
  ...RUNNER_MANAGER,
  ...RUNNER,
  token: required(chartToken()),
  runnerSettings: runnerSettings(true),
  cache: also(RUNNER_MANAGER.cache, (subject, cache) => {
    if (cache._source.kind === 'new') {
      throw new ValidationError(subject.where, {
        prop: subject.prop, problem: 'a chart cannot make a storage account', got: 'RunnerCache.azureBlob()',
        remedy: 'use KubernetesGitLabRunner or RunnerCache.existingAzureBlob()',
      });
    }
  }),
  gitlabUrl: required(gitLabUrl()),
  caCertificate: pemCertificate(),
};
