import { JobPodOptions } from './job-pod/job-pods';

/**
 * Options for one runner of the manager: the jobs it takes, how many at a time, and their pods.
 *
 * @see https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runners-section
 */
export interface RunnerOptions extends JobPodOptions {
  /**
   * The maximum number of concurrent jobs of this runner, 1 to 100000.
   * @default - the manager's `concurrent`
   */
  readonly limit?: number;

  /**
   * The maximum number of concurrent requests for jobs, 1 to 1000. GitLab holds a request open for up to 50 seconds, so 1 delays jobs.
   * @see https://docs.gitlab.com/runner/configuration/advanced-configuration/#long-polling
   * @default 4
   */
  readonly requestConcurrency?: number;

  /**
   * The maximum size of a job's log in kilobytes, 1 to 1048576.
   * @default 4096
   */
  readonly outputLimitKb?: number;

  /**
   * Environment variables for every job. Names consist of letters, digits and `_`. Do not put secrets here: everybody who can read the
   * manager's ConfigMap or Terraform's state can read them. Values that look like secrets give a warning.
   * @default - none
   */
  readonly environment?: { [name: string]: string };

  /**
   * The runner's feature flags by name (`FF_…`). Two are on unless turned off: `FF_HASH_CACHE_KEYS` and `FF_GIT_URLS_WITHOUT_TOKENS`.
   * @see https://docs.gitlab.com/runner/configuration/feature-flags/
   * @default - none
   */
  readonly featureFlags?: { [name: string]: boolean };

  /**
   * All other settings of `[[runners]]` in config.toml, by their names there: scripts around a job's (`pre_build_script`), directories (`builds_dir`,
   * `cache_dir`), `clone_url`, `shell`, time limits (`get_sources_timeout`) and others. Those above the runners, such as `connection_max_age`, can be given
   * to the manager's first runner only. Names, types and versions are checked against the runner's own. A setting that has a prop cannot be set here, and
   * neither can a secret.
   * @see https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runners-section
   * @default - none
   */
  readonly runnerSettings?: { [key: string]: any };
}
