import { className, isOne, strangerOf } from './own-class';
import { allowedCidrs, cidr } from './rules/addresses';
import { known, Subject } from './rules/subject';
import { ValidationError } from './validation-error';

export { isPlainObject } from './rules/collections';
export { known } from './rules/subject';
export type { Subject } from './rules/subject';

/** Whole numbers from `minimum` to `maximum`. */
export function checkInteger(subject: Subject, value: number | undefined, minimum: number, maximum: number): void {
  if (known(value) && !(Number.isInteger(value) && value >= minimum && value <= maximum)) {
    throw new ValidationError(subject.where, {
      prop: subject.prop, problem: 'out of range', got: value, remedy: `give a whole number from ${minimum} to ${maximum}`,
    });
  }
}

/** Strings that match `pattern`; `rule` says in words what the pattern wants. */
export function checkPattern(subject: Subject, value: string | undefined, pattern: RegExp, rule: string): void {
  if (known(value) && !(typeof value === 'string' && pattern.test(value))) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not a valid value', got: value, remedy: `give ${rule}` });
  }
}

/** One of a closed list. */
export function checkOneOf<T>(subject: Subject, value: T | undefined, allowed: readonly T[]): void {
  if (known(value) && !allowed.includes(value)) {
    throw new ValidationError(subject.where, {
      prop: subject.prop, problem: 'not supported', got: value, remedy: `give one of ${allowed.map((a) => JSON.stringify(a)).join(', ')}`,
    });
  }
}

/** A list that may not be empty. */
export function checkNotEmpty(subject: Subject, value: readonly unknown[] | string | undefined, remedy: string): void {
  if (known(value) && value.length === 0) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'empty', got: value, remedy });
  }
}

/** Values of one JavaScript type: what TypeScript would refuse, but other languages and plain JavaScript let through. */
export function checkType(subject: Subject, value: unknown, type: 'string' | 'boolean' | 'object'): void {
  if (known(value) && (typeof value !== type || Array.isArray(value))) {
    const article = type === 'object' ? 'an' : 'a';
    throw new ValidationError(subject.where, { prop: subject.prop, problem: `not ${article} ${type}`, got: value, remedy: `give ${article} ${type}` });
  }
}

/** Instances of one of our classes; `remedy` names a way to make one. */
export function checkInstance(subject: Subject, value: unknown, type: Function, remedy: string): void {
  if (known(value) && !isOne(value, type)) {
    refuseStranger(subject, value, type);
    throw new ValidationError(subject.where, { prop: subject.prop, problem: `not a ${className(type)}`, got: value, remedy });
  }
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

/** A list, each element of which passes `checkElement`. */
export function checkList<T>(subject: Subject, value: readonly T[] | undefined, checkElement: (subject: Subject, element: T) => void): void {
  if (!known(value)) {
    return;
  }
  if (!Array.isArray(value)) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not a list', got: value, remedy: 'give a list' });
  }
  // a copy, because forEach skips holes.
  Array.from(value).forEach((element, index) => {
    const of = { where: subject.where, prop: `${subject.prop}[${index}]` };
    checkGiven(of, element);
    checkElement(of, element);
  });
}

/** Values that have no default. */
export function checkGiven(subject: Subject, value: unknown): void {
  if (value === undefined || value === null || value === '') {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'missing', got: value, remedy: 'give a value' });
  }
}

/** Entra object ids, tenant ids, subscription ids. */
export function checkUuid(subject: Subject, value: string | undefined): void {
  checkPattern(subject, value, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'a UUID such as "00000000-0000-0000-0000-000000000000"');
}

/** Azure region names as in `az account list-locations`, without blanks. */
export function checkLocation(subject: Subject, value: string | undefined): void {
  checkPattern(subject, value, /^[a-z][a-z0-9]{2,40}$/, 'a region\'s short name such as "koreacentral" (az account list-locations -o table)');
}

/** An ARM id of one resource type, such as `Microsoft.Network/virtualNetworks/subnets`. */
export function checkArmId(subject: Subject, value: string | undefined, resourceType: string): void {
  const [namespace, ...types] = resourceType.split('/');
  const tail = types.map((type) => `/${type}/[^/]+`).join('');
  const pattern = new RegExp(`^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/${namespace}${tail}$`, 'i');
  checkPattern(subject, value, pattern, `the ARM id of a ${resourceType}`);
}

export function checkCidr(subject: Subject, value: string | undefined, shortestPrefix = 0, longestPrefix = 32): void {
  if (known(value)) {
    cidr(shortestPrefix, longestPrefix).take(subject, value);
  }
}

export function checkAllowedCidrs(subject: Subject, value: readonly string[] | undefined): void {
  if (known(value)) {
    allowedCidrs().take(subject, value);
  }
}
