import { RunnerManagerOptions } from './manager/runner-manager';
import { RunnerOptions } from './runner-options';
import { RunnerToken } from './token/runner-token';

/** Options for one runner of the manager, with its token. */
export interface ChartRunnerOptions extends RunnerOptions {
  /** Where the runner's authentication token comes from. */
  readonly token: RunnerToken;
}

/** Properties of a runner manager and its first runner. */
export interface GitLabRunnerChartProps extends RunnerManagerOptions, ChartRunnerOptions {
  /** GitLab's URL without a trailing slash, starting with `https://`, or with `http://`, which gives a warning. */
  readonly gitlabUrl: string;

  /**
   * The certificate of the CA that signed GitLab's certificate, in PEM. The system's CAs are still trusted.
   * @default - none
   */
  readonly caCertificate?: string;
}
