import { RunnerWarmCapacity, RunnerWarmCapacityPolicy } from './warm-capacity';
import { objectName } from '../../kubernetes/private/rules';
import { list } from '../../private/rules/collections';
import { also, required, Rule, Rules, struct, Together } from '../../private/rules/rule';
import { decided, integer, text } from '../../private/rules/scalars';
import { refusal, Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { SETTING_TYPES } from '../config/setting-types';
import { RunnerOptions } from '../runner-options';

const POLICY: Rules<RunnerWarmCapacityPolicy> = {
  jobs: required(integer(0, 1000)),
  periods: list(textOf('schedule'), { least: 1, orElse: 'leave it out' }),
  timeZone: textOf('zone'),
};

const WARM_CAPACITY: Rules<RunnerWarmCapacity> = {
  policies: required(list(struct(POLICY), { least: 1 })),
  servicesPerJob: decided(integer(0, 20)),
  priorityClassName: objectName(),
};

export function warmCapacity(): Rule<RunnerWarmCapacity> {
  return struct(WARM_CAPACITY);
}

/** What jobs choose for themselves, for which no room can be kept. */
const CHOSEN_BY_JOBS = ['cpu_request_overwrite_max_allowed', 'memory_request_overwrite_max_allowed'];

/** Refuses room that would be of another size than jobs need, or in another place. */
export const refuseUselessRoom: Together<RunnerOptions> = (at, options) => {
  const { warmCapacity: given, kubernetesSettings: settings = {} } = options;
  const setting = (key: string): Subject => ({ where: at('kubernetesSettings').where, prop: `${at('kubernetesSettings').prop}.${key}` });
  if (given === undefined) {
    // what the runner itself writes of it is empty.
    const isSet = Object.values(settings.autoscaler ?? {}).some((value) => Array.isArray(value) ? value.length > 0 : Boolean(value));
    if (isSet && !settings.autoscaler.policy?.length) {
      throw refusal(setting('autoscaler.policy'), 'missing, so that no room is kept', settings.autoscaler.policy, 'give it, or warmCapacity');
    }
    return;
  }
  if (options.gpus !== undefined) {
    throw refusal(at('warmCapacity'), 'the runner keeps no GPUs free', given, 'leave it out, and give the node pool a minCount');
  }
  if (options.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution !== undefined) {
    throw refusal(at('warmCapacity'), 'the pods that keep room do not follow affinity, and would keep it on other nodes', given, 'use nodeSelector or nodePool in place of affinity');
  }
  for (const key of CHOSEN_BY_JOBS.filter((one) => settings[one])) {
    throw refusal(setting(key), 'no room can be kept for jobs that choose how much they need', settings[key], 'leave it or warmCapacity out');
  }
  const { policy, pause_pod_priority_class_name: className } = settings.autoscaler ?? {};
  if (policy !== undefined) {
    throw refusal(setting('autoscaler.policy'), 'warmCapacity says what is kept free', policy, 'leave one of the two out');
  }
  if (className !== undefined && given.priorityClassName !== undefined) {
    throw refusal(setting('autoscaler.pause_pod_priority_class_name'), 'given in warmCapacity.priorityClassName too', className, 'leave one of the two out');
  }
};

function textOf(type: 'schedule' | 'zone'): Rule<string> {
  const { matches, words } = SETTING_TYPES[type];
  return also(text(words), (subject, value) => {
    // empty is what the machine says.
    if (value === '' || !matches(value)) {
      throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not a valid value', got: value, remedy: `give ${words}` });
    }
  });
}
