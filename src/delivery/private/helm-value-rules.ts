import { Token } from 'cdktf';
import { checkData } from './manifest-values';
import { isPlainObject, map } from '../../private/rules/collections';
import { Rule } from '../../private/rules/rule';
import { secretReference, text } from '../../private/rules/scalars';
import { ValidationError } from '../../private/validation-error';

type Data = { [key: string]: any };

/** Data of any depth; the apply may know any part of it, or all. */
export function plainData(): Rule<Data> {
  const expected = 'a map of plain data';
  return {
    expected,
    take(subject, value) {
      const reference = Token.isUnresolved(value) && !Array.isArray(value);
      if (!reference && !isPlainObject(value)) {
        throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not a map', got: value, remedy: `give ${expected}` });
      }
      checkData(subject, value);
      return value as Data;
    },
  };
}

/** Secrets by their paths in a chart's values. What is wrong with them is told without showing them. */
export function sensitiveValues(): Rule<{ [path: string]: string }> {
  const rule = map(text('a path such as "runners.token"'), secretReference());
  return {
    expected: rule.expected,
    take(subject, value) {
      if (!Token.isUnresolved(value) && !isPlainObject(value)) {
        throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not a map', got: '(hidden)', remedy: `give ${rule.expected}` });
      }
      return rule.take(subject, value);
    },
  };
}
