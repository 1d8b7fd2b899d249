import { RunnerManagerOptions } from './manager/runner-manager';
import { RunnerOptions } from './runner-options';
import { RunnerToken } from './token/runner-token';

/** Properties of a runner manager and its first runner. */
export interface GitLabRunnerChartProps extends RunnerManagerOptions, RunnerOptions {
  /** Where the first runner's authentication token comes from. */
  readonly token: RunnerToken;

  /** GitLab's URL without a trailing slash, starting with `https://`, or with `http://`, which gives a warning. */
  readonly gitlabUrl: string;

  /**
   * The certificate of the CA that signed GitLab's certificate, in PEM. The system's CAs are still trusted.
   * @default - none
   */
  readonly caCertificate?: string;
}
