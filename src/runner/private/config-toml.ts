import { Token } from 'cdktf';
import { CacheSource } from './cache-source';
import { Settings } from './settings-checks';
import { SecretMarks } from './token-mounts';
import { toToml } from './toml';
import { RunnerLogFormat, RunnerLogLevel, RunnerManagerOptions } from '../runner-manager';
import { RunnerOptions } from '../runner-options';

/** Where the manager serves metrics and its state. */
export const METRICS_PORT = 9252;

const DEFAULT_CONCURRENT = 10;
const DEFAULT_CHECK_INTERVAL_SECONDS = 3;
const DEFAULT_SHUTDOWN_TIMEOUT_SECONDS = 30;
const DEFAULT_REQUEST_CONCURRENCY = 4;
const DEFAULT_OUTPUT_LIMIT_KB = 4096;
const DEFAULT_STORAGE_DOMAIN = 'blob.core.windows.net';
/** A boot job has to wait for its pod as any other, and then to run. */
const BOOT_VERIFY_MARGIN_SECONDS = 300;
const LONGEST_START_SECONDS = 3600;

/** On for every runner unless switched off. */
export const DEFAULT_FEATURE_FLAGS = { FF_HASH_CACHE_KEYS: true, FF_GIT_URLS_WITHOUT_TOKENS: true };

/** One `[[runners]]`. */
export interface ConfiguredRunner {
  readonly name: string;
  readonly url: string;
  readonly secrets: SecretMarks;
  readonly certificate?: string;
  readonly options: RunnerOptions;
  readonly settings: Settings;
}

/** The template of config.toml; the sidecar puts the secrets in. */
export function configToml(manager: RunnerManagerOptions, runners: readonly ConfiguredRunner[], cache: CacheSource): string {
  return toToml({
    concurrent: manager.concurrent ?? DEFAULT_CONCURRENT,
    check_interval: manager.checkIntervalSeconds ?? DEFAULT_CHECK_INTERVAL_SECONDS,
    shutdown_timeout: manager.shutdownTimeoutSeconds ?? DEFAULT_SHUTDOWN_TIMEOUT_SECONDS,
    log_level: manager.logLevel ?? RunnerLogLevel.INFO,
    log_format: manager.logFormat ?? RunnerLogFormat.TEXT,
    listen_address: `:${METRICS_PORT}`,
    runners: runners.map((runner) => ({
      'name': runner.name,
      'url': runner.url,
      'token': runner.secrets.token,
      'tls-ca-file': runner.secrets.certificate ?? runner.certificate,
      'executor': 'kubernetes',
      'limit': runner.options.limit,
      'request_concurrency': runner.options.requestConcurrency ?? DEFAULT_REQUEST_CONCURRENCY,
      'output_limit': runner.options.outputLimitKb ?? DEFAULT_OUTPUT_LIMIT_KB,
      'environment': environment(runner.options),
      'feature_flags': featureFlags(runner.options),
      'cache': cacheTable(cache),
      'experimental': manager.bootVerify ? { boot_verify: bootVerify(runner.settings) } : undefined,
      'kubernetes': runner.settings,
    })),
  });
}

function environment(options: RunnerOptions): string[] | undefined {
  const variables = Object.entries(options.environment ?? {}).map(([name, value]) => `${name}=${value}`);
  return variables.length > 0 ? variables : undefined;
}

/** A runner's feature flags, those by default too. */
export function featureFlags(options: RunnerOptions): { [name: string]: boolean } {
  return { ...DEFAULT_FEATURE_FLAGS, ...options.featureFlags };
}

function bootVerify(settings: Settings): Settings {
  // seconds that only the apply knows cannot be added to.
  const wait = Token.isUnresolved(settings.poll_timeout) ? LONGEST_START_SECONDS : settings.poll_timeout;
  return { enabled: true, timeout: `${wait + BOOT_VERIFY_MARGIN_SECONDS}s` };
}

function cacheTable(cache: CacheSource): Settings | undefined {
  if (cache.kind !== 'existing') {
    return undefined;
  }
  const { options } = cache;
  return {
    Type: 'azure',
    Shared: options.shared ?? true,
    azure: {
      AccountName: options.storageAccountName,
      ContainerName: options.containerName,
      StorageDomain: options.storageDomain ?? DEFAULT_STORAGE_DOMAIN,
    },
  };
}
