import { Token } from 'cdktf';
import { shown } from './objects';
import { refuseReference, Rule } from './rule';
import { known, Subject } from './subject';
import { ValidationError } from '../validation-error';

export interface ListOptions<T> {
  /** The fewest items. */
  readonly least?: number;
  /** The most items. */
  readonly most?: number;
  /** What makes two items the same; nothing is taken twice. */
  readonly same?: (item: T) => unknown;
  /** Whether the same may be there twice, as in arguments of a command. */
  readonly repeats?: boolean;
  /** What else to do than to give items, in words that follow "or". */
  readonly orElse?: string;
}

/** A list whose items follow a rule, none of them twice. How many there are has to be known; the items need not be. */
export function list<T>(item: Rule<T>, options: ListOptions<T> = {}): Rule<T[]> {
  const expected = `a list, each item ${item.expected}`;
  return {
    expected,
    take(subject, value) {
      refuseReference(subject, value, 'write the list here; its items may be references');
      return takeItems(subject, value, item, options, expected);
    },
  };
}

/** A list that is only handed on, so that the apply may know how many there are. */
export function listSetting<T extends string>(item: Rule<T>, options: ListOptions<T> = {}): Rule<T[]> {
  const expected = `a list, each item ${item.expected}`;
  return {
    expected,
    take(subject, value) {
      return Token.isUnresolved(value) ? Token.asList(value) as T[] : takeItems(subject, value, item, options, expected);
    },
  };
}

function takeItems<T>(
  subject: Subject, value: unknown, item: Rule<T>, options: ListOptions<T>, expected: string,
): T[] {
  const { least = 0, most = Infinity, same = (one: T): unknown => one, repeats, orElse } = options;
  if (!Array.isArray(value)) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not a list', got: isPlainObject(value) ? value : shown(value), remedy: `give ${expected}` });
  }
  if (value.length < least) {
    throw new ValidationError(subject.where, {
      prop: subject.prop, problem: least === 1 ? 'empty' : 'too few', got: value,
      remedy: `give at least ${least}, each ${item.expected}${orElse === undefined ? '' : `, or ${orElse}`}`,
    });
  }
  if (value.length > most) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'too many', got: value.length, remedy: `give at most ${most}` });
  }
  const seen = new Set<unknown>();
  // a copy, because map skips holes.
  return Array.from(value, (one: unknown, index) => {
    const at = { where: subject.where, prop: `${subject.prop}[${index}]` };
    if (one === undefined || one === null) {
      throw new ValidationError(at.where, { prop: at.prop, problem: 'missing', got: one ?? undefined, remedy: `give ${item.expected}` });
    }
    const taken = item.take(at, one);
    const identity = known(taken) ? same(taken) : taken;
    if (!repeats && seen.has(identity)) {
      throw new ValidationError(at.where, { prop: at.prop, problem: 'given twice', got: shown(one), remedy: 'name it once' });
    }
    seen.add(identity);
    return taken;
  });
}

export interface MapOptions {
  /** The most entries. */
  readonly most?: number;
  /** What makes two names the same where the spelling does not. */
  readonly same?: (name: string) => string;
}

/** A map whose names and values follow rules. The names have to be known; the values need not be. */
export function map<T>(name: Rule<string>, value: Rule<T>, options: MapOptions = {}): Rule<{ [name: string]: T }> {
  const expected = `a map, each value ${value.expected}`;
  return {
    expected,
    take(subject, given) {
      refuseReference(subject, given, 'write the map here; its values may be references');
      return takeEntries(subject, given, name, value, options, expected);
    },
  };
}

/** A map of text that is only handed on, so that the apply may know its names. */
export function mapSetting(name: Rule<string>, value: Rule<string>, options: MapOptions = {}): Rule<{ [name: string]: string }> {
  const expected = `a map, each value ${value.expected}`;
  return {
    expected,
    take(subject, given) {
      return Token.isUnresolved(given) && !Array.isArray(given) ? asMap(given) : takeEntries(subject, given, name, value, options, expected);
    },
  };
}

function asMap(reference: unknown): { [name: string]: string } {
  return typeof reference === 'object' && !('resolve' in (reference as object)) ? reference as { [name: string]: string } : Token.asStringMap(reference);
}

function takeEntries<T>(
  subject: Subject, given: unknown, name: Rule<string>, value: Rule<T>, { most = Infinity, same = (one) => one }: MapOptions, expected: string,
): { [name: string]: T } {
  if (!isPlainObject(given)) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not a map', got: given, remedy: `give ${expected}` });
  }
  const entries = Object.entries(given).filter(([, item]) => item !== undefined && item !== null);
  if (entries.length > most) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'too many', got: entries.length, remedy: `give at most ${most}` });
  }
  const seen = new Map<string, string>();
  return Object.fromEntries(entries.map(([key, item]) => {
    const at = { where: subject.where, prop: `${subject.prop}[${JSON.stringify(key)}]` };
    const twin = known(key) ? seen.get(same(key)) : undefined;
    if (twin !== undefined) {
      throw new ValidationError(at.where, { prop: at.prop, problem: `the same name as ${JSON.stringify(twin)}`, got: key, remedy: 'give it once' });
    }
    seen.set(same(key), key);
    return [name.take(at, key), value.take(at, item)];
  }));
}

/**
 * A map of values of any kind, whose keys have to be known.
 * @param inError the value as an error may show it.
 */
export function plainMap(subject: Subject, value: unknown, expected: string, inError = (given: unknown) => given): { [key: string]: unknown } {
  refuseReference(subject, value, 'write the map here; its values may be references');
  if (!isPlainObject(value)) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not a map', got: inError(value), remedy: `give ${expected}` });
  }
  return value;
}

/** True for an object without a class; one of another JavaScript realm too, as jest has them. */
export function isPlainObject(value: unknown): value is { [key: string]: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return false;
  }
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
