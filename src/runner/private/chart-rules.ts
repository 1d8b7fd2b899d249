import { chartToken, gitLabUrl, RUNNER } from './runner-rules';
import { pemCertificate } from '../../private/rules/pem';
import { also, required, Rules } from '../../private/rules/rule';
import { Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { cacheSecrets } from '../cache/cache-source';
import { runnerSettings } from '../config/runner-settings';
import { GitLabRunnerChartProps } from '../gitlab-runner-chart-props';
import { RUNNER_MANAGER } from '../manager/manager-rules';
import { RunnerOptions } from '../runner-options';
import { RunnerSecret } from '../secret/runner-secret';
import { refuseVaultOfChart } from '../secret/runner-secret-rules';

export const CHART_RUNNER: Rules<RunnerOptions> = {
  ...RUNNER,
  environmentSecrets: also(RUNNER.environmentSecrets, refuseVaultsOfChart),
};

function refuseVaultsOfChart({ where, prop }: Subject, secrets: { readonly [name: string]: RunnerSecret }): void {
  Object.entries(secrets).forEach(([name, secret]) => refuseVaultOfChart({ where, prop: `${prop}.${name}` }, secret._source));
}

export const GITLAB_RUNNER_CHART: Rules<GitLabRunnerChartProps> = {
  ...RUNNER_MANAGER,
  ...CHART_RUNNER,
  token: required(chartToken()),
  runnerSettings: runnerSettings(true),
  cache: also(RUNNER_MANAGER.cache, (subject, cache) => {
    if (cache._source.kind === 'new') {
      throw new ValidationError(subject.where, {
        prop: subject.prop, problem: 'a chart cannot make a storage account', got: 'RunnerCache.azureBlob()',
        remedy: 'use KubernetesGitLabRunner or RunnerCache.existingAzureBlob()',
      });
    }
    Object.values(cacheSecrets(cache._source)).forEach((secret) => refuseVaultOfChart(subject, secret));
  }),
  registryCredentials: also(RUNNER_MANAGER.registryCredentials, (subject, secret) => refuseVaultOfChart(subject, secret._source)),
  managerEnvironmentSecrets: also(RUNNER_MANAGER.managerEnvironmentSecrets, refuseVaultsOfChart),
  sentryDsn: also(RUNNER_MANAGER.sentryDsn, (subject, secret) => refuseVaultOfChart(subject, secret._source)),
  caCertificateSecret: also(RUNNER_MANAGER.caCertificateSecret, (subject, secret) => refuseVaultOfChart(subject, secret._source)),
  gitlabUrl: required(gitLabUrl()),
  caCertificate: pemCertificate(),
};
