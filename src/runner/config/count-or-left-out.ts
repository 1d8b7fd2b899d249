import { Rule } from '../../private/rules/rule';
import { integer } from '../../private/rules/scalars';
import { refusal } from '../../private/rules/subject';

/**
 * Whole numbers from 1 to `maximum`, where config.toml has a 0 for what is left out here.
 * @param zero what 0 means there.
 */
export function countOrLeftOut(maximum: number, zero: string): Rule<number> {
  const count = integer(1, maximum);
  return {
    expected: count.expected,
    take(subject, value) {
      if (value === 0) {
        throw refusal(subject, 'out of range', value, `leave it out for ${zero}, which 0 means in config.toml, or give ${count.expected}`);
      }
      return count.take(subject, value);
    },
  };
}
