import { Rule } from '../../private/rules/rule';
import { integer } from '../../private/rules/scalars';
import { refusal } from '../../private/rules/subject';

/**
 * Whole numbers from 1 to `maximum`, where config.toml has a 0 for what is left out here.
 * @param zero what 0 means there.
 */
export function countOrLeftOut(maximum: number, zero: string): Rule<number> {
  return countWithoutZero(maximum, `leave it out for ${zero}, which 0 means in config.toml`);
}

/** The same where leaving it out is not what 0 means there. */
export function countWithoutZero(maximum: number, inItsPlace: string): Rule<number> {
  const count = integer(1, maximum);
  return {
    expected: count.expected,
    take(subject, value) {
      if (value === 0) {
        throw refusal(subject, 'out of range', value, `${inItsPlace}, or give ${count.expected}`);
      }
      return count.take(subject, value);
    },
  };
}
