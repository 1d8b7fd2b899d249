import { Token } from 'cdktf';
import { refuseExpression } from './expressions';
import { refuseReference, Rule } from './rule';
import { ValidationError } from '../validation-error';

/** Text that `pattern` matches; `expected` says in words what it wants. References pass. */
export function text(expected: string, pattern?: RegExp): Rule<string> {
  return textRule(expected, pattern, true);
}

function textRule(expected: string, pattern: RegExp | undefined, referable: boolean): Rule<string> {
  return {
    expected,
    take(subject, value) {
      if (Token.isUnresolved(value) && !Array.isArray(value)) {
        return Token.asString(value);
      }
      if (typeof value !== 'string') {
        throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not text', got: value, remedy: `give ${expected}` });
      }
      // a half of a surrogate pair or a NUL cannot be written into any file that is made here.
      if ((pattern && !pattern.test(value)) || /\p{Surrogate}|\0/u.test(value)) {
        if (referable) {
          refuseExpression(subject, value);
        }
        throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not a valid value', got: value, remedy: `give ${expected}` });
      }
      return value;
    },
  };
}

/** A time by the 24-hour clock, `HH:MM`. */
export function timeOfDay(expected: string): Rule<string> {
  return text(expected, /^([01]\d|2[0-3]):[0-5]\d$/);
}

/** Text that decides what is made, so that it has to be known now. */
export function knownText(expected: string, pattern?: RegExp): Rule<string> {
  return decided(textRule(expected, pattern, false));
}

/** Whole numbers from `minimum` to `maximum`. References pass. */
export function integer(minimum: number, maximum: number): Rule<number> {
  return number(`a whole number from ${minimum} to ${maximum}`, (value) => Number.isInteger(value) && value >= minimum && value <= maximum);
}

/** Numbers from 0 to 1. References pass. */
export function fraction(): Rule<number> {
  return number('a number from 0 to 1', (value) => value >= 0 && value <= 1);
}

function number(expected: string, isValid: (value: number) => boolean): Rule<number> {
  return {
    expected,
    take(subject, value) {
      if (Token.isUnresolved(value) && !Array.isArray(value)) {
        return Token.asNumber(value);
      }
      refuseExpression(subject, value, 'asNumber');
      if (typeof value !== 'number') {
        throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not a number', got: value, remedy: `give ${expected}` });
      }
      if (!isValid(value)) {
        throw new ValidationError(subject.where, { prop: subject.prop, problem: 'out of range', got: value, remedy: `give ${expected}` });
      }
      return value;
    },
  };
}

/** A decision of the program's: what is made depends on it. */
export function trueOrFalse(): Rule<boolean> {
  return decided(optionalReference('true or false'));
}

/** A setting that is only handed on, so that the apply may decide it. */
export function trueOrFalseSetting(): Rule<boolean> {
  return optionalReference('true or false');
}

function optionalReference(expected: string): Rule<boolean> {
  return {
    expected,
    take(subject, value) {
      if (Token.isUnresolved(value) && !Array.isArray(value)) {
        // cdktf has no boolean that stands for a reference; as text it would be rendered in quotes.
        return Token.asAny(value) as unknown as boolean;
      }
      if (typeof value !== 'boolean') {
        throw new ValidationError(subject.where, { prop: subject.prop, problem: `not ${expected}`, got: value, remedy: `give ${expected}` });
      }
      return value;
    },
  };
}

/** One of a closed list. References pass. */
export function oneOf<T extends string | number>(allowed: readonly T[]): Rule<T> {
  const expected = `one of ${allowed.map((one) => JSON.stringify(one)).join(', ')}`;
  const numeric = typeof allowed[0] === 'number';
  return {
    expected,
    take(subject, value) {
      if (Token.isUnresolved(value) && !Array.isArray(value)) {
        return (numeric ? Token.asNumber(value) : Token.asString(value)) as T;
      }
      if (!allowed.includes(value as T)) {
        const problem = numeric && typeof value !== 'number' ? 'not a number' : 'not supported';
        throw new ValidationError(subject.where, { prop: subject.prop, problem, got: value, remedy: `give ${expected}` });
      }
      return value as T;
    },
  };
}

/** A secret, which only the apply may know: literal text would be written into the configuration. */
export function secretReference(): Rule<string> {
  const expected = 'a sensitive TerraformVariable\'s stringValue';
  return {
    expected,
    take(subject, value) {
      if (!Token.isUnresolved(value) || Array.isArray(value)) {
        throw new ValidationError(subject.where, {
          prop: subject.prop, problem: 'literal text would be written into the configuration', got: '(hidden)', remedy: `pass ${expected}`,
        });
      }
      return Token.asString(value);
    },
  };
}

/** The same rule for a value that has to be known now. */
export function decided<T>(rule: Rule<T>): Rule<T> {
  return {
    expected: rule.expected,
    take(subject, value) {
      refuseReference(subject, value, `give ${rule.expected}, known to the program: what is made depends on it`);
      return rule.take(subject, value);
    },
  };
}
