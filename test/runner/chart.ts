import { App } from 'cdk8s';
import { parse } from 'smol-toml';
import { GitLabRunnerChart, GitLabRunnerChartProps, RunnerToken } from '../../src/runner';

export const TOKEN = RunnerToken.kubernetesSecret('ci-token');

export function newChart(props: Partial<GitLabRunnerChartProps> = {}): GitLabRunnerChart {
  // the folder of cdk8s' Testing.app(), which would make one for each.
  return new GitLabRunnerChart(new App({ outdir: 'cdk8s.outdir.' }), 'ci', { gitlabUrl: 'https://gitlab.example.com', token: TOKEN, ...props });
}

/** The one object of a kind, by name where there are several. */
export function object(chart: GitLabRunnerChart, kind: string, name?: string): any {
  const found = chart.toJson().filter((manifest) => manifest.kind === kind && (name === undefined || manifest.metadata.name === name));
  if (found.length !== 1) {
    throw new Error(`expected one ${kind}, found ${found.length}`);
  }
  return found[0];
}

export const kinds = (chart: GitLabRunnerChart): string[] => chart.toJson().map((manifest) => manifest.kind).sort();
export const pod = (chart: GitLabRunnerChart): any => object(chart, 'Deployment').spec.template;
export const config = (chart: GitLabRunnerChart): any => parse(object(chart, 'ConfigMap').data['config.template.toml']);
export const runner = (chart: GitLabRunnerChart): any => config(chart).runners[0];
export const warnings = (chart: GitLabRunnerChart): string[] => chart.node.metadata.filter(({ type }) => type === '@cdktf/warn')
  .map(({ data }) => data.replace(/ \[[a-z-]+\]$/, ''));
/** Types that JavaScript lets through. */
export const wrong = (value: unknown): any => value;
