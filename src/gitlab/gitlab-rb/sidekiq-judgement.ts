import { Finding } from './omnibus-judgement';
import { OmnibusSettings } from './omnibus-settings';
import { UNLESS_MEANT, valueAt, wrongValue } from './settings-reading';
import { known } from '../../private/rules/subject';

/** Queues that there are whatever the rules say: what no rule sends elsewhere, and mail. */
const OWN_QUEUES = ['default', 'mailers'];

/** Judges which process takes which job: GitLab says nothing of jobs that none takes, and little of rules that it passes over. */
export function judgeSidekiq(settings: OmnibusSettings): Finding[] {
  const [rules, groups] = ['routing_rules', 'queue_groups'].map((key) => listAt(settings, key));
  const wrong = rules.findIndex((rule) => known(rule) && !isRule(rule));
  if (wrong >= 0) {
    return [wrongValue(['sidekiq', `routing_rules[${wrong}]`], 'not a pair of a query and a queue, so that GitLab passes over all rules', rules[wrong],
      'give one such as ["feature_category=importers", "imports"]')];
  }
  if (groups.length === 0 || !groups.every(known) || !rules.every(known)) {
    return [];
  }
  const taken = takenBy(groups);
  const missing = queuesOf(rules).find((queue) => !taken.includes(queue));
  return missing === undefined || taken.includes('*') ? [] : [
    wrongValue(['sidekiq', 'queue_groups'], `without the queue "${missing}", whose jobs would wait for ever`, groups, `add it to a group, or a group "*"${UNLESS_MEANT}`),
  ];
}

function listAt(settings: OmnibusSettings, key: string): readonly unknown[] {
  const value = valueAt(settings, 'sidekiq', key);
  return Array.isArray(value) ? value : [];
}

/** A queue of nothing is one for each kind of job. */
function isRule(rule: unknown): boolean {
  return Array.isArray(rule) && rule.length === 2 && (!known(rule[0]) || typeof rule[0] === 'string')
    && (!known(rule[1]) || rule[1] === null || typeof rule[1] === 'string');
}

function queuesOf(rules: readonly unknown[]): string[] {
  return [...OWN_QUEUES, ...rules.map((rule) => (rule as readonly unknown[])[1]).filter((queue): queue is string => typeof queue === 'string' && known(queue))];
}

function takenBy(groups: readonly unknown[]): string[] {
  return groups.flatMap((group) => String(group).split(',')).map((queue) => queue.trim());
}
