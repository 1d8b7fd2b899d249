import { IConstruct } from 'constructs';
import { amount } from '../../kubernetes/private/quantity';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { Settings } from '../config/settings';
import { RESOURCES_OF } from '../job-pod/settings-of-props';
import { RunnerOptions } from '../runner-options';
import { RunnerWarmCapacityPolicy } from './warm-capacity';

const DEFAULT_TIME_ZONE = 'UTC';
/** Between less that is wanted and less that is there; without it the runner waits for nothing. */
const IDLE_TIME = '5m';

/** The settings with the room that is kept, and what takes the jobs' own size back. */
export interface Room {
  readonly settings: Settings;
  readonly patches: readonly Settings[];
}

/**
 * The runner's pods that keep room ask for what the build container does, and leave the helper and services out. So the settings say of the build container
 * what the whole pod asks for, and a patch, which these pods do not have, says of a job's what is meant.
 * @param settings those of a job.
 */
export function withWarmCapacity(where: IConstruct | string, { warmCapacity: given }: RunnerOptions, settings: Settings): Room {
  if (given === undefined) {
    return { settings, patches: [] };
  }
  const services = given.servicesPerJob ?? (Array.isArray(settings.services) ? settings.services.length : 0);
  const [cpu, memory] = [needOf(where, settings, 'cpu', services), needOf(where, settings, 'memory', services)];
  const own = { cpu: settings.cpu_request ?? null, memory: settings.memory_request ?? null };
  return {
    settings: {
      ...settings,
      cpu_request: `${atLeast(cpu * 1000)}m`,
      memory_request: `${atLeast(memory / 2 ** 20)}Mi`,
      autoscaler: {
        ...settings.autoscaler,
        policy: given.policies.map(policySettings),
        ...given.priorityClassName === undefined ? {} : { pause_pod_priority_class_name: given.priorityClassName },
      },
    },
    patches: [{ name: 'warm capacity', patch: JSON.stringify({ containers: [{ name: 'build', resources: { requests: own } }] }) }],
  };
}

/** The next whole number, where a sum is not one by more than what adding up fractions leaves. */
function atLeast(sum: number): number {
  return Math.ceil(Number(sum.toFixed(6)));
}

function policySettings({ jobs, periods, timeZone = DEFAULT_TIME_ZONE }: RunnerWarmCapacityPolicy): Settings {
  return { periods, timezone: timeZone, idle_count: jobs, idle_time: IDLE_TIME };
}

/** How much a job's pod asks for: as a whole where the settings say so, else all its containers together. */
function needOf(where: IConstruct | string, settings: Settings, kind: 'cpu' | 'memory', services: number): number {
  const ofPod = requestOf(where, settings, 'pod_', kind);
  if (ofPod > 0) {
    return ofPod;
  }
  return RESOURCES_OF.reduce((sum, [prefix]) => sum + (prefix === 'service_' ? services : 1) * requestOf(where, settings, prefix, kind), 0);
}

/** Kubernetes takes a limit for the request where there is none. */
function requestOf(where: IConstruct | string, settings: Settings, prefix: string, kind: string): number {
  const quantity: unknown = settings[`${prefix}${kind}_request`] || settings[`${prefix}${kind}_limit`];
  if (quantity !== undefined && !known(quantity)) {
    throw new ValidationError(where, {
      prop: 'warmCapacity', problem: `needs to know how much a job asks for, and ${prefix}${kind}_request is known only at apply time`, got: quantity,
      remedy: 'give an amount known to the program',
    });
  }
  return amount(quantity as string | undefined) ?? 0;
}
