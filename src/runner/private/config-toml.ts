import { Token } from 'cdktf';
import { NamedRunner } from './runner-plan';
import { toToml } from './toml';
import { cacheTable } from '../cache/cache-table';
import { Settings } from '../config/settings';
import { ManagerPlan } from '../manager/manager-plan';
import { METRICS_PORT } from '../manager/manager-ports';
import { SecretMarks } from '../token/token-mounts';
import { sessionServer } from '../web-terminal/web-terminal-service';

/** A boot job has to wait for its pod as any other, and then to run. */
const BOOT_VERIFY_MARGIN_SECONDS = 300;
const LONGEST_START_SECONDS = 3600;

/** One `[[runners]]`: its secrets are mounted. */
export interface ConfiguredRunner extends NamedRunner {
  readonly secrets: SecretMarks;
}

/** For how long a runner asks for no jobs after three refusals: its own hour is long where GitLab refused only while it was upgraded or restored. */
const REFUSED_PAUSE = '5m';

/** Files that belong to no single runner. */
export interface ManagerFiles {
  /** The certificate of GitLab's authority, where it does not come with a runner's secrets. */
  readonly certificate?: string;
  /** The cache's secrets, by what they are for. */
  readonly cache: { readonly [secret: string]: string };
  /** The address of a Sentry project, which has a key in it. */
  readonly sentryDsn?: string;
}

/**
 * The template of config.toml; the sidecar puts the secrets in.
 * @param kubernetes the settings of a runner's pods, with their place.
 */
export function configToml(
  manager: ManagerPlan, runners: readonly ConfiguredRunner[], kubernetes: (settings: Settings) => Settings, files: ManagerFiles,
): string {
  return toToml({
    concurrent: manager.concurrent,
    check_interval: manager.checkIntervalSeconds,
    shutdown_timeout: manager.shutdownTimeoutSeconds,
    log_level: manager.logLevel,
    log_format: manager.logFormat,
    listen_address: `:${METRICS_PORT}`,
    sentry_dsn: files.sentryDsn && `@value:${files.sentryDsn}@`,
    ...manager.settings,
    session_server: sessionServer(manager.webTerminal),
    runners: runners.map(({ name, secrets, plan }) => ({
      'unhealthy_interval': REFUSED_PAUSE,
      ...plan.runnerSettings,
      'name': name,
      'url': manager.gitlabUrl,
      'token': secrets.token,
      'tls-ca-file': secrets.certificate ?? files.certificate,
      'executor': 'kubernetes',
      'limit': plan.limit,
      'request_concurrency': plan.requestConcurrency,
      'output_limit': plan.outputLimitKb,
      'environment': environment(plan.environment),
      'feature_flags': plan.featureFlags,
      'cache': cacheTable(manager.cache, plan.runnerSettings.cache, files.cache),
      'experimental': manager.bootVerificationEnabled ? { boot_verify: { ...bootVerification(plan.settings), ...plan.runnerSettings.experimental?.boot_verify } } : undefined,
      'kubernetes': kubernetes(plan.patches.length > 0
        ? { ...plan.settings, pod_spec: [...plan.patches, ...plan.settings.pod_spec ?? []] } : plan.settings),
    })),
  });
}

function environment(variables: { readonly [name: string]: string }): string[] | undefined {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return lines.length > 0 ? lines : undefined;
}

function bootVerification(settings: Settings): Settings {
  // seconds that only the apply knows cannot be added to.
  const wait = Token.isUnresolved(settings.poll_timeout) ? LONGEST_START_SECONDS : settings.poll_timeout;
  return { enabled: true, timeout: `${wait + BOOT_VERIFY_MARGIN_SECONDS}s` };
}
