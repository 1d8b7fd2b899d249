import { JobPodOptions } from './job-pods';

/**
 * One entry of the manager's list of runners: which jobs it takes, how many, and what their pods get.
 *
 * @see https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runners-section
 */
export interface RunnerOptions extends JobPodOptions {
  /**
   * How many jobs of this runner may run at a time, 1 to 100000; others are refused.
   * @default - as many as the manager's `concurrent`
   */
  readonly limit?: number;

  /**
   * How many requests for jobs may wait at GitLab at a time, 1 to 1000; others are refused. GitLab keeps a request for up to 50 seconds,
   * so that 1 delays jobs.
   * @see https://docs.gitlab.com/runner/configuration/advanced-configuration/#long-polling
   * @default 4
   */
  readonly requestConcurrency?: number;

  /**
   * How much of a job's log is kept, in kilobytes, 1 to 1048576; others are refused.
   * @default 4096
   */
  readonly outputLimitKb?: number;

  /**
   * Variables for every job. Letters, digits and `_` make a name; others are refused. They are no place for secrets: everybody who may read the
   * manager's ConfigMap or Terraform's state reads them. What looks like one gives a warning.
   * @default - none
   */
  readonly environment?: { [name: string]: string };

  /**
   * The runner's feature flags by name (`FF_…`; others are refused). Two are on unless switched off: `FF_HASH_CACHE_KEYS` and
   * `FF_GIT_URLS_WITHOUT_TOKENS`.
   * @see https://docs.gitlab.com/runner/configuration/feature-flags/
   * @default - none
   */
  readonly featureFlags?: { [name: string]: boolean };
}
