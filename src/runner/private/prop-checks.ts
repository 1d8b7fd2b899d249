import { Token } from 'cdktf';
import { checkPattern, known, Subject } from '../../private/checks';
import { ValidationError } from '../../private/validation-error';

/** Text that can be written: no half of a surrogate pair, no NUL. Tokens pass. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && (Token.isUnresolved(value) || !/\p{Surrogate}|\0/u.test(value));
}

/** A map of text. */
export function isTextMap(value: any): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    && [Object.prototype, null].includes(Object.getPrototypeOf(value)) && Object.entries(value).every(([key, item]) => isText(key) && isText(item));
}

export function checkText(subject: Subject, value: unknown): void {
  if (known(value) && !isText(value)) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not text', got: value, remedy: 'give a string of valid characters' });
  }
}

export function checkBoolean(subject: Subject, value: unknown): void {
  if (known(value) && typeof value !== 'boolean') {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not a boolean', got: value, remedy: 'give true or false' });
  }
}

/** A list, each element checked by `check` under its index. */
export function checkEach(subject: Subject, value: unknown, check: (subject: Subject, element: any) => void): void {
  if (!known(value)) {
    return;
  }
  if (!Array.isArray(value)) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not a list', got: value, remedy: 'give a list' });
  }
  value.forEach((element, index) => {
    const of = { where: subject.where, prop: `${subject.prop}[${index}]` };
    if (element === undefined || element === null) {
      throw new ValidationError(of.where, { prop: of.prop, problem: 'missing', got: element, remedy: 'give a value or drop the entry' });
    }
    check(of, element);
  });
}

/** A map of text, its keys after `pattern`. */
export function checkTextMap(subject: Subject, value: { [name: string]: string } | undefined, pattern: RegExp, rule: string): void {
  if (!known(value)) {
    return;
  }
  if (!isTextMap(value)) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not a map of strings', got: value, remedy: 'give strings by name' });
  }
  Object.keys(value).forEach((key) => checkPattern({ where: subject.where, prop: `${subject.prop} key` }, key, pattern, rule));
}

/** A group of props. */
export function checkStruct(subject: Subject, value: unknown): void {
  if (known(value) && (typeof value !== 'object' || Array.isArray(value))) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not a group of props', got: value, remedy: 'give an object' });
  }
}

/** An instance of one of our classes; `remedy` names a way to make one. */
export function checkInstance(subject: Subject, value: unknown, type: Function, remedy: string): void {
  if (known(value) && !(value instanceof type)) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: `not a ${type.name}`, got: value, remedy });
  }
}

/** A label's or annotation's name, with or without a domain before a slash. */
export const LABEL_NAME = /^(?=[^/]{1,253}\/|[^/]*$)([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/;
export const LABEL_NAME_RULE = 'a Kubernetes name such as "team" or "example.com/team"';

/** Names of objects that become part of host names. */
export function checkDnsLabel(subject: Subject, value: string | undefined): void {
  checkPattern(subject, value, /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'at most 63 lower-case letters, digits and hyphens such as "gitlab-runner"');
}

/** Names of most other objects. */
export function checkObjectName(subject: Subject, value: string | undefined): void {
  checkPattern(subject, value, /^(?=.{1,253}$)[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'a Kubernetes name such as "gitlab-runner"');
}

/** Image references. */
export function checkImage(subject: Subject, value: string | undefined): void {
  checkPattern(subject, value, /^[A-Za-z0-9$][\w.\-/:@${}]{0,511}$/, 'an image such as "ubuntu:24.04"');
}

/** Amounts of CPU, memory or storage as Kubernetes writes them. */
export function checkQuantity(subject: Subject, value: string | undefined): void {
  checkPattern(subject, value, /^(?!0+(\.0*)?$)\d{1,15}(\.\d{1,9})?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/, 'a positive quantity such as "500m" or "2Gi"');
}

/** A quantity as a number, for comparisons; undefined where it is not known. */
export function amount(quantity: string | undefined): number | undefined {
  const match = known(quantity) ? /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(quantity) : null;
  return match ? Number(match[1]) * FACTORS[match[2]] : undefined;
}

const FACTORS: { [suffix: string]: number } = {
  '': 1, 'm': 1e-3, 'k': 1e3, 'M': 1e6, 'G': 1e9, 'T': 1e12, 'P': 1e15, 'E': 1e18,
  'Ki': 2 ** 10, 'Mi': 2 ** 20, 'Gi': 2 ** 30, 'Ti': 2 ** 40, 'Pi': 2 ** 50, 'Ei': 2 ** 60,
};
