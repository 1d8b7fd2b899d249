import { IConstruct } from 'constructs';
import { ImageBuildChoice } from './image-build-choice';
import { imageBuildParts } from './image-build-plan';
import { RunnerImageBuilds } from './runner-image-builds';
import { IAksNodePool } from '../../aks/node-pool';
import { GitLabVersion } from '../../gitlab/gitlab-version';
import { instanceOf } from '../../private/rules/objects';
import { Rule, Together } from '../../private/rules/rule';
import { known, Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { inside } from '../config/plain-data';
import { RunnerOptions } from '../runner-options';

const OS_LABEL = 'kubernetes.azure.com/os-sku';

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
  const { environment, volumes } = imageBuildParts(plan);
  const call = `RunnerImageBuilds.${plan.kind}()`;
  if (options.privileged === true) {
    throw refusal(at('privileged'), `all containers of each job, where ${call} gives its daemon what that needs`, true, 'leave it out');
  }
  const context = 'service_container_security_context';
  if (settings[context] !== undefined) {
    throw refusal(inside(at('kubernetesSettings'), `.${context}`), `set by ${call}`, settings[context], 'leave it out, or imageBuilds');
  }
  if (plan.kind === 'userNamespace' && /^kata/.test(settings.runtime_class_name ?? '')) {
    throw refusal(inside(at('kubernetesSettings'), '.runtime_class_name'), `virtual machines have no user namespaces, which ${call} needs`, settings.runtime_class_name,
      'leave it out, or use RunnerImageBuilds.docker()');
  }
  const variable = Object.keys(environment).find((name) => options.environment?.[name] !== undefined);
  if (variable !== undefined) {
    throw refusal(inside(at('environment'), `.${variable}`), `set by ${call}`, options.environment![variable], 'leave it out');
  }
  for (const { _settings: own } of volumes) {
    const index = (options.volumes ?? []).findIndex(({ _settings: { name, mount_path: path } }) => name === own.name || path === own.mount_path);
    if (index >= 0) {
      throw refusal(inside(at('volumes'), `[${index}]`), `${call} mounts a volume ${own.name} at ${own.mount_path}`, options.volumes![index]._settings.name,
        'take another name and path');
    }
  }
};

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
export function refuseUnfitNodes(where: IConstruct, { imageBuilds: builds, nodeSelector = {} }: RunnerOptions, pool: IAksNodePool | undefined): void {
  const sku = pool?.osSku ?? nodeSelector[OS_LABEL] ?? pool?.nodeSelector[OS_LABEL];
  if (builds?._plan.kind === 'rootlessBuildkit' && known(sku) && sku !== 'AzureLinux') {
    throw new ValidationError(where, {
      prop: 'imageBuilds', problem: `Ubuntu 24.04, which ${pool ? `the nodes of the pool ${pool.nodePoolName} have` : 'its nodes have'}, lets no ordinary user make user namespaces`,
      got: 'RunnerImageBuilds.rootlessBuildkit()', remedy: 'give a nodePool with osSku "AzureLinux", or use RunnerImageBuilds.userNamespace()',
    });
  }
}

function refusal({ where, prop }: Subject, problem: string, got: unknown, remedy: string): ValidationError {
  return new ValidationError(where, { prop, problem, got, remedy });
}
