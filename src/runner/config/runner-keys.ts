/**
 * Every key of config.toml above its runners that has no prop, with its type (see `SettingsTable`) and the runner version that brought it, as GitLab
 * Runner's `common/config.go` has them.
 *
 * @see https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-global-section
 */
export const GLOBAL_KEYS: { readonly [key: string]: string } = {
  connection_max_age: 'duration 16.10',
  log_field_schema_version: 'integer 19.4',
  log_field_dual_emit_target: 'integer 19.4',
};

/**
 * The same of `[[runners]]`, without the settings of other executors.
 *
 * @see https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runners-section
 */
export const RUNNER_KEYS: { readonly [key: string]: string } = {
  'strict_check_interval': 'boolean 18.9',
  'unhealthy_requests_limit': 'integer 15.1',
  'unhealthy_interval': 'duration 15.1',
  'job_status_final_update_retry_limit': 'integer 15.1',
  'tls-cert-file': 'path 1.0',
  'tls-key-file': 'path 1.0',
  'builds_dir': 'path 1.0',
  'cache_dir': 'path 1.0',
  'clone_url': 'url 1.0',
  'labels': 'string table 18.5',
  'shell': 'shell 1.0',
  'pre_get_sources_script': 'string 15.8',
  'post_get_sources_script': 'string 15.8',
  'pre_build_script': 'string 1.0',
  'post_build_script': 'string 1.0',
  'prepare_timeout': 'duration 19.0',
  'get_sources_timeout': 'duration 19.1',
  'debug_trace_disabled': 'boolean 1.0',
  'safe_directory_checkout': 'boolean 16.0',
  'clean_git_config': 'boolean 17.0',
  'custom_build_dir': 'table 11.10',
  'custom_build_dir.enabled': 'boolean 11.10',
  'artifact': 'table 18.10',
  'artifact.upload_timeout': 'duration 18.10',
  'artifact.response_header_timeout': 'duration 18.10',
  'proxy_exec': 'boolean 18.0',
  'step_runner_image': 'string 18.0',
  'cache': 'table 1.0',
  'cache.Path': 'string 1.0',
  'cache.MaxUploadedArchiveSize': 'integer 1.0',
  'cache.RedactURL': 'boolean 19.4',
  'cache.s3': 'table 1.0',
  'cache.s3.DualStack': 'boolean 17.5',
  'cache.s3.Accelerate': 'boolean 17.5',
  'cache.s3.RoleARN': 'string 17.8',
  'cache.s3.UploadRoleARN': 'string 17.5',
  'cache.s3.AssumeRoleMaxConcurrency': 'cap 18.11',
  'cache.s3.DisableAssumeRoleCredentialsCaching': 'boolean 18.11',
  'monitoring': 'table 15.1',
  'monitoring.job_queuing_durations': 'tables 15.1',
  'monitoring.job_queuing_durations[].periods': 'period list 15.1',
  'monitoring.job_queuing_durations[].timezone': 'zone 15.1',
  'monitoring.job_queuing_durations[].threshold': 'duration 15.1',
  'monitoring.job_queuing_durations[].jobs_running_for_project': 'pattern 15.1',
  'experimental': 'table 19.2',
  'experimental.boot_verify': 'table 19.2',
  'experimental.boot_verify.acquire_min_backoff': 'duration 19.2',
  'experimental.boot_verify.acquire_max_backoff': 'duration 19.2',
  'experimental.boot_verify.verify_auth': 'boolean 19.4',
  'experimental.boot_verify.verify_server_url': 'boolean 19.4',
  'experimental.boot_verify.verify_cache': 'boolean 19.4',
  'experimental.boot_verify.verify_helper_version': 'boolean 19.4',
  'experimental.boot_verify.verify_commands': 'string list 19.4',
};

/** Keys that are written in another way, and which. */
export const OTHER_WAYS: { readonly [key: string]: string } = {
  'concurrent': 'use concurrent',
  'check_interval': 'use checkIntervalSeconds',
  'shutdown_timeout': 'use shutdownTimeoutSeconds',
  'log_level': 'use logLevel',
  'log_format': 'use logFormat',
  'session_server': 'use webTerminal',
  'runners': 'the construct is one of them: addRunner() makes more',
  'name': 'the id of the construct or of addRunner() is the name',
  'url': 'it is the URL of the GitLab',
  'tls-ca-file': 'use caCertificateSecret, or the one that the GitLab has',
  'limit': 'use limit',
  'output_limit': 'use outputLimitKb',
  'request_concurrency': 'use requestConcurrency',
  'environment': 'use environment',
  'feature_flags': 'use featureFlags',
  'kubernetes': 'use kubernetesSettings and the other props of job pods',
  'cache.Type': 'use the prop cache, such as RunnerCache.s3()',
  'cache.Shared': 'use the prop cache',
  'cache.azure': 'use the prop cache, RunnerCache.azureBlob() or existingAzureBlob()',
  ...Object.fromEntries(['ServerAddress', 'BucketName', 'BucketLocation', 'Insecure', 'AuthenticationType', 'PathStyle', 'ServerSideEncryption', 'ServerSideEncryptionKeyID']
    .map((key) => [`cache.s3.${key}`, 'use the prop cache, RunnerCache.s3()'])),
  // before runner 10.8 they were not in a table of their own.
  ...Object.fromEntries(['ServerAddress', 'BucketName', 'BucketLocation', 'Insecure'].map((key) => [`cache.${key}`, 'use the prop cache, RunnerCache.s3()'])),
  'cache.gcs': 'use the prop cache, RunnerCache.gcs()',
  'experimental.boot_verify.enabled': 'use bootVerificationEnabled',
  'experimental.boot_verify.timeout': 'it follows from pollTimeoutSeconds',
  'tags': 'the runner in GitLab has them: use tags',
  'tag_list': 'the runner in GitLab has them: use tags',
  'run_untagged': 'the runner in GitLab has it: use runUntagged',
  'locked': 'the runner in GitLab has it: use locked',
  'paused': 'the runner in GitLab has it: use paused',
  'access_level': 'the runner in GitLab has it: use refProtected',
  'maximum_timeout': 'the runner in GitLab has it: use maximumTimeoutSeconds',
  'pre_clone_script': 'use pre_get_sources_script',
  'post_clone_script': 'use post_get_sources_script',
};

/** Keys that nobody sets here, and why. */
export const NEVER: { readonly [key: string]: string } = {
  executor: 'jobs run in pods of the cluster, always with the executor "kubernetes"',
  listen_address: 'fixed: the manager\'s probes and metrics are on port 9252',
  user: 'a setting of executors that run jobs on the manager itself',
  id: 'written by GitLab Runner itself',
  token_obtained_at: 'written by GitLab Runner itself',
  token_expires_at: 'written by GitLab Runner itself, and the configuration is read-only',
  ...Object.fromEntries(['docker', 'ssh', 'parallels', 'virtualbox', 'machine', 'custom', 'instance', 'autoscaler', 'referees', 'use_slot_cgroups', 'slot_cgroup_template']
    .map((key) => [key, 'a setting of another executor'])),
};

const SCALING = 'leave it out: node pools grow and shrink by themselves, and warmCapacity keeps room for jobs';

/** What to do in place of executors, and of their settings, for those that people look for. */
export const IN_PLACE_OF_EXECUTORS: { readonly [name: string]: string } = {
  'docker+machine': SCALING,
  'docker-autoscaler': SCALING,
  'instance': SCALING,
  'machine': SCALING,
  'autoscaler': SCALING,
  'docker': 'leave it out: what is in it for jobs are props here, such as image, privileged and volumes',
  'shell': 'leave it out, and give jobs an image with what they need',
  'ssh': 'leave it out, and let jobs call ssh',
};

/** Keys that hold a secret, which would be stored in a ConfigMap and in the Terraform state, and what to do. */
export const SECRETS: { readonly [key: string]: string } = {
  'token': 'use the prop token',
  'sentry_dsn': 'use sentryDsn',
  'cache.AccessKey': 'use the prop cache, RunnerCache.s3()',
  'cache.SecretKey': 'use the prop cache, RunnerCache.s3()',
  'cache.s3.AccessKey': 'use the prop cache, RunnerCache.s3()',
  'cache.s3.SecretKey': 'use the prop cache, RunnerCache.s3()',
  'cache.s3.SessionToken': 'use the prop managerEnvironmentSecrets for AWS_SESSION_TOKEN and the keys, and RunnerCache.s3() without keys',
};

const NO_SUCH_SWITCH = 'leave it out: GitLab\'s certificate is always checked, against an authority that caCertificateSecret can name';

/** What people look for that GitLab Runner does not have, and what to do. */
export const IN_PLACE_OF: { readonly [key: string]: string } = {
  ...Object.fromEntries(['tls-skip-verify', 'tls_skip_verify', 'tls-verify', 'tls_verify', 'insecure', 'insecure_skip_verify', 'ssl_verify'].map((key) => [key, NO_SUCH_SWITCH])),
  metrics_server: 'leave it out: metrics are on port 9252',
  registration_token: 'use RunnerToken.legacyRegistrationToken()',
};
