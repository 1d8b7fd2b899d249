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

/** Text that can be written. */
export function checkText(subject: Subject, value: unknown): void {
  if (known(value) && !isText(value)) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not text', got: value, remedy: 'give a string of valid characters' });
  }
}

/** A map of text, its keys after `pattern`. Its keys must be known now: Terraform cannot write TOML tables. */
export function checkTextMap(subject: Subject, value: { [name: string]: string } | undefined, pattern: RegExp, rule: string): void {
  if (value === undefined || value === null) {
    return;
  }
  checkNoToken(subject, value);
  if (!isTextMap(value)) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not a map of strings', got: value, remedy: 'give strings by name' });
  }
  Object.keys(value).forEach((key) => checkPattern({ where: subject.where, prop: `${subject.prop} key` }, key, pattern, rule));
}

/** Something that must be known before the apply; its elements need not be. */
export function checkNoToken(subject: Subject, value: unknown): void {
  if (Token.isUnresolved(value)) {
    throw new ValidationError(subject.where, {
      prop: subject.prop, problem: 'known only at apply time', got: 'a token', remedy: 'write the list or map here; its values may be tokens',
    });
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
