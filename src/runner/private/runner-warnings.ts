import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { secretsIn, secretsInPods } from './environment-secrets';
import { NamedRunner, RunnerPlan } from './runner-plan';
import { GitLabVersion } from '../../gitlab/gitlab-version';
import { imageReference } from '../../kubernetes/private/image-reference';
import { amount } from '../../kubernetes/private/quantity';
import { known } from '../../private/rules/subject';
import { warn } from '../../warnings/private/warn';
import { WarningId } from '../../warnings/private/warning-ids';
import { CacheSource } from '../cache/cache-source';
import { Settings } from '../config/settings';
import { beyondBaseline } from '../job-pod/pod-security';
import { RunnerPullPolicy } from '../runner-options';
import { TokenSource } from '../token/token-source';

/** What raises the level of the jobs' namespace and says so by itself. */
const PLAINLY_PRIVILEGED = ['privileged', 'volumes'];

const HELPER_BYTES = 250 * 2 ** 20;

/** Flags that are on unless switched off, and what they keep from happening. */
const PROTECTIVE_FLAGS: { readonly [flag: string]: string } = {
  FF_GIT_URLS_WITHOUT_TOKENS: 'the token of each job stays in the .git/config that it leaves behind',
  FF_HASH_CACHE_KEYS: 'cache keys become names of files as jobs write them',
};

/** What jobs may override, and what they get by that. */
const OVERRIDES: { readonly [key: string]: string } = {
  bearer_token_overwrite_allowed: 'a job may bring a token for the cluster\'s API with which its pod is made',
  namespace_overwrite_allowed: 'a job may choose its namespace and run beside what is there, and the manager has its rights in every namespace that a job may choose',
  service_account_overwrite_allowed: 'a job may run under another service account, with its rights',
};

type About = (id: WarningId, prop: string, reason: string, remedy: string) => void;

/** Warns of what a runner's props allow that may be meant, but should be known. */
export function warnOfRisks(where: Construct, { token, plan }: NamedRunner): void {
  const { settings, featureFlags, environment } = plan;
  const about: About = (id, prop, reason, remedy) => warn(where, id, { prop, reason, remedy });
  warnOfToken(about, token);
  warnOfImageBuilds(about, plan);
  warnOfRights(about, plan.imageBuilds ? { ...settings, service_container_security_context: undefined } : settings);
  warnOfFurtherSettings(about, settings);
  const policies: RunnerPullPolicy[] = [...settings.pull_policy, ...settings.allowed_pull_policies ?? []];
  if (policies.some((policy) => known(policy) && policy !== RunnerPullPolicy.ALWAYS)) {
    about('reused-images', 'pullPolicies', 'every project can use a private image that another one pulled on the same node', 'use RunnerPullPolicy.ALWAYS alone');
  }
  if ((amount(settings.helper_memory_limit) ?? Infinity) < HELPER_BYTES) {
    about('little-helper-memory', 'helperResources.memoryLimit', 'the helper container runs out of memory when it handles caches and artifacts', 'give it at least 250Mi');
  }
  for (const [flag, reason] of Object.entries(PROTECTIVE_FLAGS)) {
    if (featureFlags[flag] === false) {
      about('protective-flag-off', `featureFlags.${flag}`, reason, 'leave it on');
    }
  }
  for (const name of secretsIn(environment, where)) {
    about('secrets-in-environment', 'environment', `${name} looks like a secret, and is stored in plain text in a ConfigMap and in the Terraform state`,
      'make it a masked variable in GitLab');
  }
  for (const { setting, name } of secretsInPods(settings)) {
    about('secrets-in-environment', `kubernetesSettings.${setting}`, `${name} looks like a secret, and is stored in plain text in a ConfigMap and in the Terraform state`,
      'make it a masked variable in GitLab, or use environmentSecrets');
  }
  for (const key of secretsIn(texts(plan.runnerSettings))) {
    about('secrets-in-environment', `runnerSettings.${key}`, 'it holds what looks like a secret, and is stored in plain text in a ConfigMap and in the Terraform state',
      'make it a masked variable in GitLab');
  }
}

/** Warns of variables of the manager that look like secrets. */
export function warnOfManagerEnvironment(where: Construct, environment: { readonly [name: string]: string } | undefined): void {
  for (const name of secretsIn(environment, where)) {
    warn(where, 'secrets-in-environment', {
      prop: 'managerEnvironment', reason: `${name} looks like a secret, and is stored in plain text in the Deployment and in the Terraform state`,
      remedy: 'use managerEnvironmentSecrets',
    });
  }
}

/** Warns of caches that cross the network unencrypted. */
export function warnOfCache(where: Construct, cache: CacheSource): void {
  if (cache.kind === 's3' && cache.options.tlsEnabled === false) {
    warn(where, 'plain-http-cache', {
      prop: 'cache.tlsEnabled', reason: 'anybody on the network path can read caches, and change what jobs unpack from them', remedy: 'serve the bucket over HTTPS',
    });
  }
}

function texts(settings: Settings): { [key: string]: string } {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => typeof value === 'string'));
}

/**
 * Warns where an image is not of the version that everything else is made for. With a digest no tag is asked for, but it can still say what that is of.
 * @param prop of the manager's image or the helper's; the two are parts of one program.
 */
export function warnOfImageVersion(where: Construct, prop: string, image: string | undefined, version: GitLabVersion): void {
  const wanted = version._minorVersion;
  const reference = imageReference(image);
  const told = versionOf(reference.tag);
  if (told === undefined && reference.digest !== undefined) {
    warn(where, 'runner-image-version', {
      prop, reason: `the digest does not tell which runner this is, and an upgrade of runner ${wanted} leaves it behind unseen`,
      remedy: `write the tag with the version before it, as in ":v${wanted}.0@${reference.digest.slice(0, reference.digest.indexOf(':') + 1)}…"`,
    });
  } else if (told !== undefined && told !== wanted) {
    warn(where, 'runner-image-version', {
      prop, reason: `its tag says runner ${told}, and everything else is made for runner ${wanted}`, remedy: `take an image of ${wanted}, or another runnerVersion`,
    });
  }
}

/** The runner's version that a tag such as `alpine-v19.4.0` or `x86_64-v19.4.0` tells, `major.minor`. */
function versionOf(tag: string | undefined): string | undefined {
  return /(?:^|-)v?(\d+\.\d+)\.\d+(?![\d.])/.exec(tag ?? '')?.[1];
}

function warnOfToken(about: About, source: TokenSource): void {
  if (source.kind === 'variable') {
    about('token-in-state', 'token', 'the value of the Terraform variable lands in the state, in Helm\'s records and in a Kubernetes Secret',
      'use RunnerToken.keyVaultSecret()');
  } else if (source.kind === 'registration') {
    about('registration-token', 'token', 'registration tokens are switched off by default since GitLab 17.0 and will be removed in 20.0',
      'create the runner in GitLab and give its token');
    warnOfToken(about, source.token);
  }
}

/** What a daemon may do is told once, not by each setting. */
function warnOfImageBuilds(about: About, { imageBuilds }: RunnerPlan): void {
  if (imageBuilds?.kind === 'docker') {
    about('privileged-jobs', 'imageBuilds', 'by the Docker daemon, which is privileged, every job can control the node it runs on, and with it the other jobs there',
      'keep such jobs on a pool of their own, or use RunnerImageBuilds.userNamespace()');
  } else if (imageBuilds) {
    about('privileged-namespace', 'imageBuilds', 'the namespace of the jobs takes any pod, since Pod Security\'s level baseline refuses what BuildKit needs',
      'keep such jobs to a manager and nodes of their own');
  }
}

function warnOfRights(about: About, settings: Settings): void {
  const owned = containers(settings, (context) => mayBeTrue(context.privileged));
  if (mayBeTrue(settings.privileged) || owned) {
    about('privileged-jobs', owned ?? 'privileged', 'every job can control the node it runs on, and with it the other jobs there',
      'keep such jobs on a pool of their own');
  } else if (mayBeTrue(settings.allow_privilege_escalation)) {
    about('privilege-escalation', 'allowPrivilegeEscalation', 'processes of a job can gain more rights than its image\'s user has',
      'leave it out unless jobs need sudo');
  }
  const added = settings.cap_add?.length ? 'kubernetesSettings.cap_add' : containers(settings, (context) => context.capabilities?.add?.length > 0);
  if (added) {
    about('added-capabilities', added, 'processes of a job can do more on the node than containers usually may', 'leave out what no job needs');
  }
  const unconfined = containers(settings, (context) => context.seccomp_profile?.type === 'Unconfined');
  if (unconfined) {
    about('unconfined-seccomp', unconfined, 'jobs may make all system calls', 'leave it out unless an image builder needs it');
  }
  if (settings.volumes?.host_path) {
    about('host-path-volume', 'volumes', 'jobs can reach folders of the node, and through some of them the node itself',
      'use RunnerVolume.emptyDir() or persistentVolumeClaim()');
  }
  const told = [...PLAINLY_PRIVILEGED, ...settings.pod_security_context?.seccomp_profile?.type === 'Unconfined' ? ['pod_security_context'] : []];
  for (const key of beyondBaseline(settings).filter((candidate) => !told.includes(candidate))) {
    about('privileged-namespace', key === 'pod_annotations' ? 'podAnnotations' : `kubernetesSettings.${key}`,
      'the namespace of the jobs takes any pod, since Pod Security\'s level baseline refuses this', 'keep such jobs to a manager and nodes of their own');
  }
}

function warnOfFurtherSettings(about: About, settings: Settings): void {
  const of = (id: WarningId, key: string, reason: string, remedy: string) => about(id, `kubernetesSettings.${key}`, reason, remedy);
  if (settings.namespace_per_job) {
    of('namespace-per-job', 'namespace_per_job', 'the manager gets its rights in every namespace of the cluster', 'leave it out, or keep the cluster for CI alone');
  }
  if (mayBeTrue(settings.automount_service_account_token)) {
    of('cluster-token-in-jobs', 'automount_service_account_token', 'every job gets a token for the cluster\'s API', 'leave it out');
  }
  if (settings.pod_spec?.length) {
    of('changed-pod-spec', 'pod_spec', 'patches can undo what isolates jobs, and nothing checks them', 'use a prop where there is one');
  }
  for (const [key, reason] of Object.entries(OVERRIDES)) {
    if (known(settings[key]) && settings[key] !== false && settings[key] !== '') {
      of('jobs-choose-identity', key, reason, 'leave it out, and add a runner for each that is needed');
    }
  }
}

/** A switch that the apply decides may be on. */
function mayBeTrue(value: unknown): boolean {
  return value === true || Token.isUnresolved(value);
}

/** The prop of a security context that something is true of, the pod's own first. */
function containers(settings: Settings, test: (context: any) => boolean): string | undefined {
  const [found] = Object.entries(settings).filter(([key, value]) => key.endsWith('security_context') && known(value) && test(value)).map(([key]) => key);
  return found === 'pod_security_context' ? 'podSecurityContext.seccompProfile' : found && `kubernetesSettings.${found}`;
}
