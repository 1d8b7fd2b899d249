import { IConstruct } from 'constructs';
import { GitLabVersion } from '../../gitlab/gitlab-version';
import { known } from '../../private/rules/subject';
import { InWords, ValidationError } from '../../private/validation-error';
import { cacheFlags, cacheJobVariables } from '../cache/cache-speed';
import { refuseLargeConfig } from '../config/config-size';
import { effectiveFlags, FeatureFlags, POD_SPEC_FLAG, refuseFlagsOfOthers } from '../config/feature-flags';
import { ownSettings, refuseUselessSettings } from '../config/runner-settings';
import { seconds } from '../config/setting-types';
import { Settings } from '../config/settings';
import { ImageBuildChoice } from '../image-builds/image-build-choice';
import { imageBuildParts, withImageBuilds } from '../image-builds/image-build-plan';
import { refuseBuildsUnknownTo } from '../image-builds/image-build-rules';
import { refuseHiddenArm64, refuseOtherHelper } from '../job-pod/architecture';
import { refuseSecretsElsewhere } from '../job-pod/environment-secrets';
import { DEFAULT_POLL_TIMEOUT_SECONDS, gpuPatches, jobSettings } from '../job-pod/job-settings';
import { refuseNewerSettings } from '../job-pod/kubernetes-settings';
import { checkManagerIsOutOfReach } from '../job-pod/overwrites';
import { refuseMountsOfNothing } from '../job-pod/patched-mounts';
import { refuseSuspensionInVain, refuseVolumesBesideBuilds } from '../job-pod/settings-in-vain';
import { volumePatches } from '../job-pod/volume-plan';
import { ManagerPlan } from '../manager/manager-plan';
import { RunnerOptions } from '../runner-options';
import { placesOf } from '../secret/runner-secret-rules';
import { SecretsFrom, shownSecret } from '../secret/secret-from';
import { TokenSource } from '../token/token-source';
import { withWarmCapacity } from '../warm-capacity/warm-capacity-plan';

const DEFAULT_REQUEST_CONCURRENCY = 4;
const DEFAULT_OUTPUT_LIMIT_KB = 4096;

/** One entry of a manager's list of runners with all its defaults; nothing in it needs to be checked again. */
export interface RunnerPlan {
  readonly limit?: number;
  readonly requestConcurrency: number;
  readonly outputLimitKb: number;
  readonly environment: { readonly [name: string]: string };
  /** Those by default too. */
  readonly featureFlags: { readonly [name: string]: boolean };
  /** What is in `[[runners]]` without a prop. */
  readonly runnerSettings: Settings;
  /** `[runners.kubernetes]` without the place of the pods. */
  readonly settings: Settings;
  /** Patches of the pod that come before those of the settings. */
  readonly patches: readonly Settings[];
  /** Variables of the build container. */
  readonly environmentSecrets: SecretsFrom;
  /** How jobs build images; what that needs is in all of the above. */
  readonly imageBuilds?: ImageBuildChoice;
  /** The priority class of pause pods, where it has to be made. */
  readonly pausePriorityClassName?: string;
}

/** A runner's plan with its name in the manager's log and its token. */
export interface NamedRunner {
  readonly name: string;
  readonly token: TokenSource;
  readonly plan: RunnerPlan;
}

/** A manager and its first runner, as a chart builds them. */
export class ChartPlan {
  constructor(readonly manager: ManagerPlan, readonly runner: NamedRunner) {}
}

/**
 * Plans a runner of a manager.
 * @param given taken by their rules.
 */
export function planRunner(where: IConstruct | string, given: RunnerOptions, manager: ManagerPlan): RunnerPlan {
  refuseUnknownToVersion(where, given, manager.version);
  refuseHiddenArm64(where, given);
  refuseOtherHelper(where, given);
  const builds = given.imageBuilds?._plan;
  const parts = builds && imageBuildParts(builds);
  const options = parts ? withImageBuilds(given, parts) : given;
  checkManagerIsOutOfReach(where, options.kubernetesSettings ?? {}, {
    name: manager.account.name, namespace: manager.namespace, jobNamespace: manager.jobNamespace,
  });
  const { environment = {}, kubernetesSettings = {}, runnerSettings = {}, volumes = [] } = options;
  refuseLargeConfig(where, { runnerSettings, environment, kubernetesSettings });
  refuseMountsOfNothing({ where, prop: 'kubernetesSettings.pod_spec' }, kubernetesSettings.pod_spec ?? [], volumes);
  refuseVolumesBesideBuilds({ where, prop: 'volumes' }, runnerSettings.builds_dir, volumes);
  const { settings, patches: ofRoom } = withWarmCapacity(where, options, jobSettings(options, manager.version));
  const patches = [...ofRoom, ...volumePatches(volumes), ...gpuPatches(options.gpus), ...parts?.patches ?? []];
  const secrets = planSecrets(where, options, settings, manager);
  const flags = {
    ...cacheFlags(manager.cache, manager.version), ...effectiveFlags(environment, options.featureFlags ?? {}, manager.version),
  };
  refuseSuspensionInVain({ where, prop: 'kubernetesSettings' }, kubernetesSettings, flags);
  return {
    limit: options.limit,
    requestConcurrency: options.requestConcurrency ?? DEFAULT_REQUEST_CONCURRENCY,
    outputLimitKb: options.outputLimitKb ?? DEFAULT_OUTPUT_LIMIT_KB,
    environment: { ...cacheJobVariables(manager.cache, manager.version), ...environment },
    runnerSettings: planSettings(where, options, manager),
    featureFlags: patches.length > 0 || Object.keys(secrets).length > 0 || settings.pod_spec?.length ? withPatches(where, flags) : flags,
    patches,
    environmentSecrets: secrets,
    imageBuilds: builds,
    ...withPausePriority(settings, `gitlab-runner-pause-${manager.namespace}`),
  };
}

function planSettings(where: IConstruct | string, options: RunnerOptions, manager: ManagerPlan): Settings {
  const subject = { where, prop: 'runnerSettings' };
  const given = options.runnerSettings ?? {};
  refuseUselessSettings(subject, given, manager.version, { bootVerification: manager.bootVerificationEnabled, cache: manager.cache.kind !== 'none' && manager.cache.kind });
  const wait = options.pollTimeoutSeconds ?? DEFAULT_POLL_TIMEOUT_SECONDS;
  if (known(given.prepare_timeout) && known(wait) && seconds(given.prepare_timeout) <= wait) {
    throw new ValidationError(where, {
      prop: 'runnerSettings.prepare_timeout', problem: `not longer than the ${wait} seconds that a job may wait for its pod, pollTimeoutSeconds`,
      got: given.prepare_timeout, remedy: 'raise it, or lower that',
    });
  }
  return ownSettings(given);
}

function planSecrets(where: IConstruct | string, options: RunnerOptions, settings: Settings, manager: ManagerPlan): SecretsFrom {
  const { environmentSecrets = {}, environment = {} } = options;
  const secrets = placesOf(environmentSecrets);
  const twice = Object.keys(secrets).find((name) => Object.hasOwn(environment, name));
  if (twice !== undefined) {
    throw new ValidationError(where, { prop: `environmentSecrets.${twice}`, problem: 'in environment too', got: shownSecret(secrets[twice]), remedy: 'leave one of the two out' });
  }
  refuseSecretsElsewhere({ where, prop: 'environmentSecrets' }, secrets, settings, manager);
  return secrets;
}

/** Without its flag the runner ignores patches in silence. */
function withPatches(where: IConstruct | string, flags: FeatureFlags): FeatureFlags {
  if (flags[POD_SPEC_FLAG] === false) {
    throw new ValidationError(where, {
      prop: `featureFlags.${POD_SPEC_FLAG}`, problem: 'off, so that the runner would ignore pod_spec', got: false, remedy: 'leave it out, or what needs pod_spec',
    });
  }
  return { ...flags, [POD_SPEC_FLAG]: true };
}

/** Pause pods have to rank below jobs; the runner's own class for them would need rights in the whole cluster. */
function withPausePriority(settings: Settings, className: string): Pick<RunnerPlan, 'settings' | 'pausePriorityClassName'> {
  const { autoscaler } = settings;
  if (autoscaler === undefined || autoscaler.pause_pod_priority_class_name !== undefined) {
    return { settings };
  }
  return { settings: { ...settings, autoscaler: { ...autoscaler, pause_pod_priority_class_name: className } }, pausePriorityClassName: className };
}

function refuseUnknownToVersion(where: IConstruct | string, options: RunnerOptions, version: GitLabVersion): void {
  if (options.podDisruptionBudgetEnabled === true && !knowsDisruptionBudgets(version)) {
    throw new ValidationError(where, {
      prop: 'podDisruptionBudgetEnabled', problem: `not known to runner ${version._minorVersion}`, got: true, remedy: 'take runner 18.11 or later',
    });
  }
  if (options.warmCapacity !== undefined && !version._reaches('18.11')) {
    throw new ValidationError(where, {
      prop: 'warmCapacity', problem: `not known to runner ${version._minorVersion}`, got: options.warmCapacity, remedy: 'take runner 18.11 or later',
    });
  }
  refuseBuildsUnknownTo(version, where, options.imageBuilds?._plan);
  refuseNewerSettings({ where, prop: 'kubernetesSettings' }, options.kubernetesSettings ?? {}, version);
  if (!version._reaches('19.0') && options.volumes?.some(({ _kind: kind }) => kind === 'nfs')) {
    throw new ValidationError(where, {
      prop: 'volumes', problem: `RunnerVolume.nfs() is not known to runner ${version._minorVersion}`, got: new InWords('RunnerVolume.nfs()'), remedy: 'take runner 19.0 or later',
    });
  }
  refuseFlagsOfOthers({ where, prop: 'featureFlags' }, options.featureFlags ?? {}, version);
}

/** True for runners that can hold a node's drain up. */
export function knowsDisruptionBudgets(version: GitLabVersion): boolean {
  return version._reaches('18.11');
}
