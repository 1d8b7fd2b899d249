import { refuseLongVariables, refuseVariablesOfThemselves } from './variable-rules';
import { GitLabVersion } from '../../gitlab/gitlab-version';
import { isMisspelt, isNear, nearest } from '../../private/nearest';
import { map } from '../../private/rules/collections';
import { also, Rule } from '../../private/rules/rule';
import { decided, text, trueOrFalse } from '../../private/rules/scalars';
import { Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';

/**
 * GitLab Runner's feature flags, each with the runner version that brought it, if that is later than 18.0, and the last one that knew it.
 *
 * @see https://docs.gitlab.com/runner/configuration/feature-flags/
 */
export const FEATURE_FLAGS: { readonly [name: string]: { readonly since?: string; readonly until?: string } } = {
  FF_CLEAN_UP_FAILED_CACHE_EXTRACT: {},
  FF_CONCRETE: { since: '18.11' },
  FF_DISABLE_AUTOMATIC_TOKEN_ROTATION: {},
  FF_DISABLE_POWERSHELL_STDIN: {},
  FF_DISABLE_UMASK_FOR_DOCKER_EXECUTOR: {},
  FF_DISABLE_UMASK_FOR_KUBERNETES_EXECUTOR: {},
  FF_ENABLE_BASH_EXIT_CODE_CHECK: {},
  FF_ENABLE_JOB_CLEANUP: {},
  FF_ENABLE_JOB_INPUTS_INTERPOLATION: { since: '18.7' },
  FF_EXPORT_HIGH_CARDINALITY_METRICS: {},
  FF_GIT_URLS_WITHOUT_TOKENS: {},
  FF_HASH_CACHE_KEYS: { since: '18.4' },
  FF_KUBERNETES_HONOR_ENTRYPOINT: {},
  FF_LOG_IMAGES_CONFIGURED_FOR_JOB: {},
  FF_MASK_ALL_DEFAULT_TOKENS: {},
  FF_NETWORK_PER_BUILD: {},
  FF_POSIXLY_CORRECT_ESCAPES: {},
  FF_PRINT_POD_EVENTS: {},
  FF_RESOLVE_FULL_TLS_CHAIN: {},
  FF_SCRIPT_SECTIONS: {},
  FF_SCRIPT_TO_STEP_MIGRATION: { since: '18.9' },
  FF_SECRET_RESOLVING_FAILS_IF_MISSING: {},
  FF_SET_PERMISSIONS_BEFORE_CLEANUP: { until: '19.2' },
  FF_SKIP_NOOP_BUILD_STAGES: { until: '19.2' },
  FF_SUSPENDABLE_ENVIRONMENTS: { since: '19.0' },
  FF_TIMESTAMPS: {},
  FF_USE_ADAPTIVE_REQUEST_CONCURRENCY: {},
  FF_USE_ADVANCED_POD_SPEC_CONFIGURATION: {},
  FF_USE_DIRECT_DOWNLOAD: {},
  FF_USE_DOCKER_AUTOSCALER_DIAL_STDIO: {},
  FF_USE_DUMB_INIT_WITH_KUBERNETES_EXECUTOR: {},
  FF_USE_DYNAMIC_TRACE_FORCE_SEND_INTERVAL: {},
  FF_USE_EXPONENTIAL_BACKOFF_STAGE_RETRY: {},
  FF_USE_FASTZIP: {},
  FF_USE_FLEETING_ACQUIRE_HEARTBEATS: {},
  FF_USE_GITALY_CORRELATION_ID: { since: '18.1' },
  FF_USE_GIT_BUNDLE_URIS: {},
  FF_USE_GIT_NATIVE_CLONE: {},
  FF_USE_GIT_PROACTIVE_AUTH: { since: '18.10' },
  FF_USE_INIT_WITH_DOCKER_EXECUTOR: {},
  FF_USE_JOB_ROUTER: { since: '18.8' },
  FF_USE_LEGACY_BASH_EVAL: { since: '19.1' },
  FF_USE_LEGACY_GCS_CACHE_ADAPTER: {},
  FF_USE_LEGACY_KUBERNETES_EXECUTION_STRATEGY: {},
  FF_USE_LEGACY_S3_CACHE_ADAPTER: {},
  FF_USE_NATIVE_CONTAINER_STOP: { since: '19.1' },
  FF_USE_NATIVE_STEPS: { until: '18.5' },
  FF_USE_NEW_BASH_EVAL_STRATEGY: { until: '19.2' },
  FF_USE_PARALLEL_ARTIFACT_TRANSFER: { since: '19.0' },
  FF_USE_PARALLEL_CACHE_TRANSFER: { since: '19.0' },
  FF_USE_POD_ACTIVE_DEADLINE_SECONDS: {},
  FF_USE_POWERSHELL_PATH_RESOLVER: {},
  FF_USE_WINDOWS_JOB_OBJECT: {},
  FF_USE_WINDOWS_LEGACY_PROCESS_STRATEGY: {},
  FF_WAIT_FOR_POD_TO_BE_REACHABLE: {},
};

/** What `pod_spec` needs to be applied. */
export const POD_SPEC_FLAG = 'FF_USE_ADVANCED_POD_SPEC_CONFIGURATION';
/** What keeps a job's files while its environment waits. */
export const SUSPENSION_FLAG = 'FF_SUSPENDABLE_ENVIRONMENTS';
/** On for every runner unless switched off. */
const DEFAULTS: FeatureFlags = { FF_HASH_CACHE_KEYS: true, FF_GIT_URLS_WITHOUT_TOKENS: true };
// go's strconv.ParseBool.
const TRUE = /^(1|t|T|TRUE|true|True)$/;

export interface FeatureFlags { readonly [name: string]: boolean }

/** Switches by the names of flags, known to the program: the manager's rights follow from them. */
export function featureFlags(): Rule<{ [name: string]: boolean }> {
  return map(also(text('a feature flag such as "FF_TIMESTAMPS"', /^FF_[A-Z0-9_]+$/), refuseStrangeFlag), trueOrFalse());
}

/** The variables of every job. Those that are feature flags are known to the program too. */
export function environment(): Rule<{ [name: string]: string }> {
  const variables = map(text('a variable\'s name such as "HTTPS_PROXY"', /^[A-Za-z_][A-Za-z0-9_]*$/), text('text'));
  const flag = decided(text('"true" or "false", as the runner reads no other', /^([01tTfF]|TRUE|true|True|FALSE|false|False)$/));
  return also(variables, (subject, given) => {
    refuseLongVariables(subject, given);
    refuseVariablesOfThemselves(subject, given);
    for (const [name, value] of Object.entries(given).filter(([one]) => Object.hasOwn(FEATURE_FLAGS, one))) {
      flag.take({ where: subject.where, prop: `${subject.prop}.${name}` }, value);
    }
    // others may be flags of the jobs' own programs.
    for (const name of Object.keys(given).filter((one) => one.startsWith('FF_') && !Object.hasOwn(FEATURE_FLAGS, one))) {
      const guess = nearest(name, Object.keys(FEATURE_FLAGS));
      if (isMisspelt(name, guess.toLowerCase())) {
        throw new ValidationError(subject.where, {
          prop: `${subject.prop}.${name}`, problem: 'not a feature flag of GitLab Runner, which would ignore it', got: given[name], remedy: `write ${guess}`,
        });
      }
    }
  });
}

/** The flags that are set for every job: by default, by its variables, and by their own prop, which the runner gives the last word. */
export function effectiveFlags(variables: { readonly [name: string]: string }, flags: FeatureFlags, version: GitLabVersion): FeatureFlags {
  const byDefault = Object.entries(DEFAULTS).filter(([name]) => version._reaches(FEATURE_FLAGS[name].since ?? '18.0'));
  const byVariable = Object.entries(variables).filter(([name]) => Object.hasOwn(FEATURE_FLAGS, name))
    .map(([name, value]) => [name, TRUE.test(value)]);
  return { ...Object.fromEntries(byDefault), ...Object.fromEntries(byVariable), ...flags };
}

/** Refuses flags that a runner of the version does not know: it would ignore them. */
export function refuseFlagsOfOthers(subject: Subject, flags: FeatureFlags, version: GitLabVersion): void {
  for (const [name, value] of Object.entries(flags)) {
    const { since, until } = FEATURE_FLAGS[name];
    const used = `and runner ${version._minorVersion} is used`;
    const problem = since !== undefined && !version._reaches(since) ? `not known before runner ${since}, ${used}`
      : until !== undefined && version._isAfter(until) ? `gone since runner ${until}, ${used}` : undefined;
    if (problem !== undefined) {
      throw new ValidationError(subject.where, { prop: `${subject.prop}.${name}`, problem, got: value, remedy: 'leave it out' });
    }
  }
}

function refuseStrangeFlag(subject: Subject, name: string): void {
  if (!Object.hasOwn(FEATURE_FLAGS, name)) {
    const guess = nearest(name, Object.keys(FEATURE_FLAGS));
    throw new ValidationError(subject.where, {
      prop: subject.prop, problem: 'not a feature flag of GitLab Runner, which would ignore it', got: name, remedy: isNear(name, guess) ? `did you mean ${JSON.stringify(guess)}` : 'leave it out',
    });
  }
}
