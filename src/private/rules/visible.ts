import { Token } from 'cdktf';
import { Rule } from './rule';
import { refusal } from './subject';
import { isSensitiveReference } from '../sensitive-references';

/**
 * The same rule for what Azure and the outputs show to everybody who may read there, such as names and tags. Nobody can keep it secret, and
 * Terraform refuses outputs with something sensitive in them.
 */
export function visible<T>(rule: Rule<T>): Rule<T> {
  return {
    ...rule,
    take(subject, value) {
      const { where } = subject;
      const parts = typeof value === 'object' && value !== null && !Token.isUnresolved(value) ? Object.values(value) : [value];
      if (typeof where !== 'string' && parts.some((part) => isSensitiveReference(part, where))) {
        throw refusal(subject, 'a sensitive value, but all who may read the resource see it', Token.asAny(value),
          'give what is no secret, or wrap it in Fn.nonsensitive()');
      }
      return rule.take(subject, value);
    },
  };
}
