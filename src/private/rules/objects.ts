import { Rule } from './rule';
import { Subject } from './subject';
import { className, isOne, strangerOf } from '../own-class';
import { InWords, namedByClass, ValidationError, withArticle } from '../validation-error';

/** Objects of one of our classes; `expected` names a way to make one. */
export function instanceOf<T>(type: Function & { readonly prototype: T }, expected: string): Rule<T> {
  return {
    expected,
    take(subject, value) {
      if (!isOne(value, type)) {
        refuseStranger(subject, value, type);
        throw new ValidationError(subject.where, { prop: subject.prop, problem: `not ${withArticle(className(type))}`, got: shown(value), remedy: `give ${expected}` });
      }
      return value as T;
    },
  };
}

/**
 * Objects that another version of the library made, or the library for another framework: what they are inside may differ.
 * @param type any class of this copy.
 */
export function refuseStranger(subject: Subject, value: unknown, type: Function): void {
  const stranger = strangerOf(value, type);
  if (stranger) {
    throw new ValidationError(subject.where, {
      prop: subject.prop,
      problem: `made by ${stranger.theirs}, but this is ${stranger.ours}`,
      got: stranger.className,
      remedy: 'install one of the two and make everything with it',
    });
  }
}

/** The same rule for an object in whose place a secret itself may be given; an error does not show that. */
export function textHidden<T>(rule: Rule<T>, problem: string): Rule<T> {
  return {
    expected: rule.expected,
    take(subject, value) {
      if (typeof value === 'string') {
        throw new ValidationError(subject.where, { prop: subject.prop, problem, got: '(hidden)', remedy: `give ${rule.expected}` });
      }
      return rule.take(subject, value);
    },
  };
}

/** Something short for a message: a construct or another object would be pages long. */
export function shown(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return new InWords(namedByClass(value));
}
