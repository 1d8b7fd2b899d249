import { App } from 'cdk8s';
import { TerraformVariable } from 'cdktf';
import { parse } from 'smol-toml';
import { AksCluster } from '../../../src/aks';
import { GitLab } from '../../../src/gitlab';
import { GitLabRunnerChart, GitLabRunnerChartProps, KubernetesGitLabRunner, RunnerToken } from '../../../src/runner';
import * as fc from '../../fast-check';
import { newStack } from '../../synth';

const TOKEN = RunnerToken.kubernetesSecret('ci-token');
const KEYS = [
  'namespace_overwrite_allowed', 'node_selector_overwrite_allowed', 'node_tolerations_overwrite_allowed', 'pod_labels_overwrite_allowed',
  'service_account_overwrite_allowed', 'pod_annotations_overwrite_allowed',
];

function newChart(kubernetesSettings: any, props: Partial<GitLabRunnerChartProps> = {}): GitLabRunnerChart {
  return new GitLabRunnerChart(new App(), 'ci', { gitlabUrl: 'https://gitlab.example.com', token: TOKEN, kubernetesSettings, ...props });
}

function settings(chart: GitLabRunnerChart): any {
  const { data } = chart.toJson().find(({ kind }) => kind === 'ConfigMap');
  return (parse(data['config.template.toml']) as any).runners[0].kubernetes;
}

test('a pattern has to match all of what a job asks for', () => {
  for (const key of KEYS) {
    expect(settings(newChart({ [key]: 'ci-.*|team-.*' }))[key]).toBe('^(?:ci-.*|team-.*)$');
    expect(settings(newChart({ [key]: '' }))[key]).toBe('');
  }
  expect(settings(newChart({ bearer_token_overwrite_allowed: true, cpu_limit_overwrite_max_allowed: '2' }))).toMatchObject({
    bearer_token_overwrite_allowed: true, cpu_limit_overwrite_max_allowed: '2',
  });
  const pattern = new TerraformVariable(newStack(), 'Pattern', {}).stringValue;
  expect(JSON.stringify(newChart({ pod_labels_overwrite_allowed: pattern }).toJson())).toMatch(/\^\(\?:.*TfToken.*\)\$/);
});

test('fails on a pattern that Go cannot read, and takes what JavaScript cannot', () => {
  for (const key of KEYS) {
    expect(() => newChart({ [key]: 'ci-(' })).toThrow(
      `kubernetesSettings.${key}: not a regular expression, missing closing ): \`ci-(\`, got "ci-("; give a Go regular expression (RE2) (at ci)`);
    expect(() => newChart({ [key]: 'ci-(?!prod)' })).toThrow(/not a regular expression, invalid or unsupported Perl syntax/);
    expect(settings(newChart({ [key]: '(?i)ci-[[:alpha:]]+' }))[key]).toBe('^(?:(?i)ci-[[:alpha:]]+)$');
  }
});

describe('the manager\'s service account', () => {
  test('fails where a job could take it', () => {
    for (const pattern of ['.*', 'gitlab-.*', 'gitlab-runner', '(?i)GITLAB-RUNNER', 'a|gitlab-runner(-job)?']) {
      expect(() => newChart({ service_account_overwrite_allowed: pattern })).toThrow(
        `kubernetesSettings.service_account_overwrite_allowed: lets a job run as the manager, whose account is gitlab-runner, got ${JSON.stringify(pattern)}; `
        + 'write a pattern that does not match it, or give the jobs a jobNamespace of their own (at ci)');
    }
    expect(() => newChart({ service_account_overwrite_allowed: 'boss' }, { managerServiceAccount: { name: 'boss' } })).toThrow(/lets a job run as the manager/);
    const chart = newChart({});
    expect(() => chart.addRunner('more', TOKEN, { kubernetesSettings: { service_account_overwrite_allowed: '.*' } })).toThrow(/lets a job run as the manager/);
  });

  test('is out of reach of a pattern for others, of none, and in another namespace', () => {
    for (const pattern of ['gitlab-runner-.+', 'deploy-.*', 'runner', '']) {
      expect(() => newChart({ service_account_overwrite_allowed: pattern })).not.toThrow();
    }
    expect(() => newChart({ service_account_overwrite_allowed: '.*' }, { jobNamespace: 'jobs' })).not.toThrow();
    expect(() => newChart({ service_account_overwrite_allowed: '.*', namespace_overwrite_allowed: 'jobs-.*' }, { jobNamespace: 'jobs' })).not.toThrow();
  });

  test('fails on a pattern that only the apply knows, which may match it', () => {
    const pattern = new TerraformVariable(newStack(), 'Pattern', {});
    for (const unknown of [pattern.stringValue, pattern.value]) {
      expect(() => newChart({ service_account_overwrite_allowed: unknown })).toThrow(
        'kubernetesSettings.service_account_overwrite_allowed: is known only at apply time and may let a job run as the manager, whose account is gitlab-runner, got ');
      expect(() => newChart({ service_account_overwrite_allowed: unknown }, { jobNamespace: 'jobs' })).not.toThrow();
      expect(() => newChart({ service_account_overwrite_allowed: '.*', namespace_overwrite_allowed: unknown }, { jobNamespace: 'jobs' })).toThrow(
        'kubernetesSettings.namespace_overwrite_allowed: is known only at apply time and may let a job run in the namespace of the manager, gitlab-runner, and as the manager, got ');
      expect(() => newChart({ service_account_overwrite_allowed: 'deploy-.*', namespace_overwrite_allowed: unknown }, { jobNamespace: 'jobs' })).not.toThrow();
    }
  });

  test('fails where a job could follow it into its namespace', () => {
    expect(() => newChart({ service_account_overwrite_allowed: '.*', namespace_overwrite_allowed: '.*' }, { jobNamespace: 'jobs' })).toThrow(
      'kubernetesSettings.namespace_overwrite_allowed: lets a job run in the namespace of the manager, gitlab-runner, and as the manager, got ".*"; '
      + 'write a pattern that does not match it (at ci)');
  });

  test('fails under the path of the construct that joins', () => {
    const stack = newStack();
    expect(() => new KubernetesGitLabRunner(stack, 'Runner', {
      gitlab: GitLab.fromAttributes(stack, 'GitLab', { gitlabUrl: 'https://gitlab.example.com' }),
      cluster: AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'c', resourceGroupName: 'g' }),
      token: TOKEN,
      kubernetesSettings: { service_account_overwrite_allowed: '.*' },
    })).toThrow(`(at ${stack.node.path}/Runner)`);
  });

  test('is out of reach of whatever is written, or the chart is refused', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.constantFrom('gitlab-runner', '^gitlab', 'runner$', 'g.*r', '|', '[a-z-]+', '(gitlab-)?runner')), (pattern) => {
      let allowed: string;
      try {
        allowed = settings(newChart({ service_account_overwrite_allowed: pattern })).service_account_overwrite_allowed;
      } catch {
        return;
      }
      // nothing here that the two engines read differently
      if (/^[\w^$.*|()?[\]+-]*$/.test(pattern)) {
        expect(pattern !== '' && new RegExp(allowed).test('gitlab-runner')).toBe(false);
      }
    }));
  });
});
