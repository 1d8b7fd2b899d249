import { isNone, Overwrites } from './container-resources';
import { RunnerOptions, RunnerContainerResources } from '../runner-options';
import { RESOURCE_SETTINGS, RESOURCES_OF } from './settings-of-props';
import { amount } from '../../kubernetes/private/quantity';
import { resourceBytes, resourceCores } from '../../kubernetes/private/rules';
import { isPlainObject } from '../../private/rules/collections';
import { Rule, Rules, struct, Together } from '../../private/rules/rule';
import { refusal, Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { Settings } from '../config/settings';

const CONTAINER_RESOURCES: Rules<RunnerContainerResources> = {
  cpuRequest: resourceCores(),
  cpuLimit: resourceCores(),
  memoryRequest: resourceBytes(),
  memoryLimit: resourceBytes(),
  ephemeralStorageRequest: resourceBytes(),
  ephemeralStorageLimit: resourceBytes(),
};

/** Requests and limits, no request above its limit. */
export function containerResources(): Rule<RunnerContainerResources> {
  const rule = flatResources();
  return {
    ...rule,
    take(subject, value) {
      refuseNested(subject, value);
      return rule.take(subject, value);
    },
  };
}

/** Refuses resources as a container of Kubernetes' has them, one table deeper. */
function refuseNested(subject: Subject, value: unknown): void {
  for (const [table, end] of isPlainObject(value) ? [['requests', 'Request'], ['limits', 'Limit']] : []) {
    const inner = (value as { readonly [name: string]: unknown })[table];
    if (isPlainObject(inner)) {
      const names = Object.keys(inner).map((name) => `${name.replace(/-(\w)/g, (_match, letter) => letter.toUpperCase())}${end}`).filter((name) => name in CONTAINER_RESOURCES);
      const words = names.length > 0 ? names.join(' and ') : `memory${end}`;
      throw new ValidationError(subject.where, { prop: `${subject.prop}.${table}`, problem: 'a table, as Kubernetes has it', got: inner, remedy: `write ${words} in its place` });
    }
  }
}

function flatResources(): Rule<RunnerContainerResources> {
  return struct(CONTAINER_RESOURCES, (at, resources) => {
    for (const kind of ['cpu', 'memory', 'ephemeralStorage'] as const) {
      const [request, limit] = [resources[`${kind}Request`], resources[`${kind}Limit`]];
      if (!isNone(limit) && (amount(request) ?? 0) > (amount(limit) ?? Infinity)) {
        throw refusal(at(`${kind}Request`), `more than ${kind}Limit ${JSON.stringify(limit)}`, request, 'lower it or raise the limit');
      }
    }
  });
}

/** How much a job may ask for, of one kind of container by the beginning of its settings. */
export function overwritesOf(settings: Settings, prefix: string): Overwrites {
  return Object.fromEntries(Object.entries(RESOURCE_SETTINGS).map(([prop, key]) => [prop, settings[`${prefix}${key}_overwrite_max_allowed`] || undefined]));
}

/** True where the pod as a whole has a request or a limit, so that its containers need none. */
export function isOfPod(settings: Settings, kind: 'cpu' | 'memory'): boolean {
  return ['request', 'limit'].some((end) => settings[`pod_${kind}_${end}`] || settings[`pod_${kind}_${end}_overwrite_max_allowed`]);
}

/** Refuses what a job may ask for and Kubernetes then refuses its pod, and pods that it refuses without being asked. */
export const refuseUnstartablePods: Together<RunnerOptions> = (at, options) => {
  const settings = options.kubernetesSettings ?? {};
  const setting = (key: string): Subject => ({ where: at('kubernetesSettings').where, prop: `${at('kubernetesSettings').prop}.${key}` });
  for (const [prefix, prop] of RESOURCES_OF) {
    const given = options[prop] ?? {};
    const overwrites = overwritesOf(settings, prefix);
    for (const kind of ['cpu', 'memory', 'ephemeralStorage'] as const) {
      const [request, limit] = [given[`${kind}Request`], given[`${kind}Limit`]];
      const [mostRequest, mostLimit] = [overwrites[`${kind}Request`], overwrites[`${kind}Limit`]];
      const ceiling = isNone(limit) ? Infinity : Math.max(amount(limit) ?? Infinity, amount(mostLimit) ?? 0);
      if ((amount(mostRequest) ?? 0) > ceiling) {
        throw refusal(setting(`${prefix}${RESOURCE_SETTINGS[`${kind}Request`]}_overwrite_max_allowed`), `more than the limit that a job can have, ${prop}.${kind}Limit ${JSON.stringify(limit)}`,
          mostRequest, 'lower it, raise the limit, or set that to "" for none');
      }
      if (mostRequest === undefined && (amount(mostLimit) ?? Infinity) < (amount(request) ?? 0)) {
        throw refusal(setting(`${prefix}${RESOURCE_SETTINGS[`${kind}Limit`]}_overwrite_max_allowed`), `less than what a job always asks for, ${prop}.${kind}Request ${JSON.stringify(request)}`,
          mostLimit, 'raise it or lower the request');
      }
    }
  }
  for (const kind of ['cpu', 'memory'] as const) {
    refuseMoreThanPod(at, setting, options, kind);
  }
};

/** What the containers have together is what the pod has at most. */
function refuseMoreThanPod(at: (prop: keyof RunnerOptions & string) => Subject, setting: (key: string) => Subject, options: RunnerOptions, kind: 'cpu' | 'memory'): void {
  const { [`pod_${kind}_request`]: request, [`pod_${kind}_limit`]: limit } = options.kubernetesSettings ?? {};
  const most = amount(limit) ?? Infinity;
  if ((amount(request) ?? 0) > most) {
    throw refusal(setting(`pod_${kind}_request`), `more than pod_${kind}_limit ${JSON.stringify(limit)}`, request, 'lower it or raise the limit');
  }
  for (const [, prop] of RESOURCES_OF) {
    const own = options[prop]?.[`${kind}Limit`];
    if (!isNone(own) && (amount(own) ?? 0) > most) {
      throw refusal({ ...at(prop), prop: `${at(prop).prop}.${kind}Limit` }, `more than the pod's limit, pod_${kind}_limit ${JSON.stringify(limit)}`, own, 'lower it or raise that');
    }
  }
  const always = (amount(options.buildResources?.[`${kind}Request`]) ?? 0) + (amount(options.helperResources?.[`${kind}Request`]) ?? 0);
  if (always > (amount(request) ?? most)) {
    throw refusal(setting(`pod_${kind}_${request === undefined ? 'limit' : 'request'}`), 'less than the requests of build and helper together', request ?? limit,
      'raise it or lower these');
  }
}
