import { Token } from 'cdktf';
import { Subject } from '../../private/checks';
import { ValidationError } from '../../private/validation-error';

type Kind = 'text' | 'number' | 'true or false' | 'a list' | 'an object';

/** Refuses a value of another kind, as untyped callers can pass it; what is left out passes unless it is required, tokens always. */
export function checkKind(subject: Subject, value: unknown, kind: Kind, required = false): void {
  if (value === undefined && !required) {
    return;
  }
  if (!Token.isUnresolved(value) && kindOf(value) !== kind) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: `not ${kind}`, got: value, remedy: `give ${kind}` });
  }
}

/** A list of texts, none of them twice. */
export function checkTexts(subject: Subject, values: readonly string[] | undefined): void {
  checkKind(subject, values, 'a list');
  if (values === undefined || Token.isUnresolved(values)) {
    return;
  }
  values.forEach((value, index) => {
    checkKind({ where: subject.where, prop: `${subject.prop}[${index}]` }, value, 'text', true);
    if (values.indexOf(value) !== index) {
      throw new ValidationError(subject.where, { prop: `${subject.prop}[${index}]`, problem: 'given twice', got: value, remedy: 'name it once' });
    }
  });
}

/** A map of texts, such as tags. */
export function checkTextMap(subject: Subject, values: { [key: string]: string } | undefined): void {
  checkKind(subject, values, 'an object');
  if (values !== undefined && !Token.isUnresolved(values)) {
    Object.entries(values).forEach(([key, value]) =>
      checkKind({ where: subject.where, prop: `${subject.prop}[${JSON.stringify(key)}]` }, value, 'text', true));
  }
}

/** An instance of one of our classes or of somebody's construct; `missing` tells by which member it is known. */
export function checkInstance(subject: Subject, value: unknown, isOne: (value: object) => boolean, remedy: string): void {
  if (typeof value !== 'object' || value === null || !isOne(value)) {
    throw new ValidationError(subject.where, {
      prop: subject.prop, problem: 'not what is needed here', got: typeof value === 'object' && value !== null ? value.constructor?.name : value, remedy,
    });
  }
}

function kindOf(value: unknown): Kind | undefined {
  switch (typeof value) {
    case 'string': return 'text';
    case 'number': return Number.isFinite(value) ? 'number' : undefined;
    case 'boolean': return 'true or false';
    case 'object': return value === null ? undefined : Array.isArray(value) ? 'a list' : 'an object';
    default: return undefined;
  }
}
