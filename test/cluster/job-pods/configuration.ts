import { GitLabRunnerChartProps } from 'cdktf-azure-gitlab';

/** Without it the runner leaves patches of pods out. */
export const FLAG = `
      [runners.feature_flags]
        FF_USE_ADVANCED_POD_SPEC_CONFIGURATION = true`;

/** What a job brings along. */
export interface JobChoice {
  readonly variables?: { readonly [name: string]: string };
  readonly image?: object;
  readonly services?: readonly object[];
}

/** A configuration of gitlab-runner as public repositories and GitLab's pages have them, and what is written with this library instead. */
export interface Configuration {
  readonly what: string;
  /** Of `[[runners]]`, without url and token. */
  readonly theirs: string;
  readonly ours: Omit<GitLabRunnerChartProps, 'gitlabUrl' | 'token'>;
  readonly job?: JobChoice;
  /** Paths of the pod whose values are others than theirs, and why. */
  readonly different?: { readonly [path: string]: string };
}
