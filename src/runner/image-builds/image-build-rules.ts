import { IConstruct } from 'constructs';
import { ImageBuildChoice } from './image-build-choice';
import { imageBuildParts } from './image-build-plan';
import { RunnerImageBuilds } from './runner-image-builds';
import { IAksNodePool } from '../../aks/node-pool';
import { GitLabVersion } from '../../gitlab/gitlab-version';
import { instanceOf } from '../../private/rules/objects';
import { Rule, Together } from '../../private/rules/rule';
import { known, refusal, Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { inside, mapsIn } from '../config/plain-data';
import { Settings } from '../config/settings';
import { RunnerOptions } from '../runner-options';

const OS_LABEL = 'kubernetes.azure.com/os-sku';
/** Drivers of Azure's whose volumes are network shares. */
const SHARES = ['file.csi.azure.com', 'blob.csi.azure.com'];
/** A pod's user namespace has 65,536 ids. */
const LARGEST_MAPPED_ID = 65_535;

export function imageBuilds(): Rule<RunnerImageBuilds> {
  return instanceOf(RunnerImageBuilds, 'RunnerImageBuilds.rootlessBuildkit(), userNamespace() or docker()');
}

/** Refuses what undoes a way of building images, or what it undoes. */
export const refuseBrokenBuilds: Together<RunnerOptions> = (at, options) => {
  const plan = options.imageBuilds?._plan;
  if (plan === undefined) {
    return;
  }
  const settings = options.kubernetesSettings ?? {};
  const { environment, service: daemon, volumes } = imageBuildParts(plan);
  const call = `RunnerImageBuilds.${plan.kind}()`;
  if (options.privileged === true) {
    throw refusal(at('privileged'), `would hold for all containers of each job, while ${call} gives its daemon alone what it needs`, true, 'leave it out');
  }
  const context = 'service_container_security_context';
  if (settings[context] !== undefined) {
    throw refusal(inside(at('kubernetesSettings'), `.${context}`), `set by ${call}`, settings[context], 'leave it out, or imageBuilds');
  }
  if (plan.kind === 'userNamespace' && /^kata/.test(settings.runtime_class_name ?? '')) {
    throw refusal(inside(at('kubernetesSettings'), '.runtime_class_name'), `virtual machines have no user namespaces, which ${call} needs`, settings.runtime_class_name,
      'leave it out, or use RunnerImageBuilds.docker()');
  }
  if (plan.kind === 'userNamespace') {
    refuseUnmapped(at, options, call);
  }
  const variable = Object.keys(environment).find((name) => options.environment?.[name] !== undefined);
  if (variable !== undefined) {
    throw refusal(inside(at('environment'), `.${variable}`), `set by ${call}`, options.environment![variable], 'leave it out');
  }
  mapsIn(settings.services).filter(([, service]) => namesOf(service).includes(daemon.alias)).forEach(([place, { name }]) => {
    throw refusal(inside(at('kubernetesSettings'), `.services[${place}]`), `called "${daemon.alias}" by jobs, like the daemon of ${call}`, name, 'leave it out, or imageBuilds');
  });
  for (const { _settings: own } of volumes) {
    const index = (options.volumes ?? []).findIndex(({ _settings: { name, mount_path: path } }) => name === own.name || path === own.mount_path);
    if (index >= 0) {
      throw refusal(inside(at('volumes'), `[${index}]`), `${call} mounts a volume ${own.name} at ${own.mount_path}`, options.volumes![index]._settings.name,
        'take another name and path');
    }
  }
};

/** What jobs call a service: its aliases, and its image's name without the tag. */
function namesOf({ name, alias }: Settings): string[] {
  return [...String(alias ?? '').split(/[\s,]+/), String(name ?? '').replace(/[:@].*$/, '')];
}

/** Refuses what Kubernetes cannot bring into a user namespace: a pod with it never starts. */
function refuseUnmapped(at: (prop: keyof RunnerOptions) => Subject, options: RunnerOptions, call: string): void {
  const { gpus, volumes = [], podSecurityContext = {}, kubernetesSettings = {} } = options;
  if (gpus !== undefined) {
    throw refusal(at('gpus'), `NVIDIA's driver has no rights to set up a container in the user namespace of ${call}`, gpus, 'leave it out, or imageBuilds');
  }
  const shared = volumes.findIndex(({ _kind: kind, _settings: { driver } }) => kind === 'nfs' || kind === 'csi' && SHARES.includes(driver));
  if (shared >= 0) {
    throw refusal(inside(at('volumes'), `[${shared}]`), `a network share, whose owners cannot be mapped into the user namespace of ${call}`, volumes[shared]._settings.name,
      'leave it out, or use RunnerImageBuilds.rootlessBuildkit()');
  }
  const ids = [
    ...idsOf(at('podSecurityContext'), podSecurityContext),
    ...Object.entries(kubernetesSettings).filter(([key]) => key.endsWith('_security_context')).flatMap(([key, context]) => idsOf(inside(at('kubernetesSettings'), `.${key}`), context)),
  ];
  for (const [subject, id] of ids.filter(([, value]) => typeof value === 'number' && known(value) && value > LARGEST_MAPPED_ID)) {
    throw refusal(subject, `not in the user namespace of ${call}, whose ids end at ${LARGEST_MAPPED_ID}`, id, 'take a smaller one');
  }
}

/** The numbers of users and groups in a security context. */
function idsOf(subject: Subject, context: object): [Subject, unknown][] {
  return Object.entries(context).flatMap(([key, value]) => [value].flat().map((id): [Subject, unknown] => [inside(subject, `.${key}`), id]));
}

/** Refuses a runner that does not know what a daemon needs. */
export function refuseBuildsUnknownTo(version: GitLabVersion, where: IConstruct | string, plan: ImageBuildChoice | undefined): void {
  if (plan && plan.kind !== 'docker' && !version._reaches('18.11')) {
    throw new ValidationError(where, {
      prop: 'imageBuilds', problem: `needs profiles of seccomp and AppArmor that are not known to runner ${version._minorVersion}`, got: `RunnerImageBuilds.${plan.kind}()`,
      remedy: 'take runner 18.11 or later',
    });
  }
}

/** Refuses nodes where a daemon is known not to start. */
export function refuseUnfitNodes(where: IConstruct, options: RunnerOptions, pool: IAksNodePool | undefined): void {
  const { imageBuilds: builds, nodeSelector = {}, kubernetesSettings = {} } = options;
  if (builds?._plan.kind === 'userNamespace' && kubernetesSettings.runtime_class_name === undefined && pool?.runtimeClassName !== undefined) {
    throw new ValidationError(where, {
      prop: 'imageBuilds', problem: `pods on the pool ${pool.nodePoolName} are virtual machines, which have no user namespaces`, got: 'RunnerImageBuilds.userNamespace()',
      remedy: 'use RunnerImageBuilds.docker() there, or give another nodePool',
    });
  }
  const sku = pool?.osSku ?? nodeSelector[OS_LABEL] ?? pool?.nodeSelector[OS_LABEL];
  if (builds?._plan.kind === 'userNamespace' && sku === 'Ubuntu2204') {
    throw new ValidationError(where, {
      prop: 'imageBuilds', problem: 'pods on Ubuntu 22.04 have no user namespaces', got: 'RunnerImageBuilds.userNamespace()',
      remedy: 'use RunnerImageBuilds.rootlessBuildkit() there, or give a nodePool with another osSku',
    });
  }
  if (builds?._plan.kind === 'rootlessBuildkit' && known(sku) && !/^(AzureLinux|Ubuntu2204)/.test(sku)) {
    throw new ValidationError(where, {
      prop: 'imageBuilds', problem: `Ubuntu 24.04, which ${pool ? `the nodes of the pool ${pool.nodePoolName} have` : 'its nodes have'}, lets no ordinary user make user namespaces`,
      got: 'RunnerImageBuilds.rootlessBuildkit()', remedy: 'give a nodePool with osSku "AzureLinux", or use RunnerImageBuilds.userNamespace()',
    });
  }
}
