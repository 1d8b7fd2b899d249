import { IResolvable, Token } from 'cdktf';
import { isPlainObject, plainMap } from '../../private/rules/collections';
import { refuseReference, Rule } from '../../private/rules/rule';
import { text } from '../../private/rules/scalars';
import { known, Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';

/** A map of data as JSON and TOML have it. */
export interface PlainData { [key: string]: any }

const DEEPEST = 32;
const EXPECTED = 'a map of text, numbers, booleans, lists and maps';

type Whole = (reference: IResolvable) => unknown;

/**
 * A map that only its reader knows: a copy without what is null. What is inside may be references, but for maps.
 * @param whole what a value that is a reference as a whole becomes. As text, Terraform's JSON gives it back in its own type.
 */
export function plainData(whole: Whole = Token.asString): Rule<PlainData> {
  return {
    expected: EXPECTED,
    take(subject, value) {
      return takeMap(subject, plainMap(subject, value, EXPECTED), whole, 0);
    },
  };
}

function takeAny(subject: Subject, value: unknown, whole: Whole, depth: number): unknown {
  if (depth > DEEPEST) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'nested too deeply', got: 'an object', remedy: 'give plain data' });
  }
  if (typeof value === 'boolean' || Number.isFinite(value)) {
    return value;
  }
  if (typeof value === 'string') {
    return text('text').take(subject, value);
  }
  if (isMapReference(value)) {
    refuseReference(subject, value, 'write the map here; its values may be references');
  }
  if (Token.isUnresolved(value)) {
    return Array.isArray(value) ? value : whole(Token.asAny(value));
  }
  if (Array.isArray(value)) {
    return Array.from(value, (item, index) => takeItem(inside(subject, `[${index}]`), item, whole, depth));
  }
  if (isPlainObject(value)) {
    return takeMap(subject, value, whole, depth);
  }
  throw new ValidationError(subject.where, {
    prop: subject.prop, problem: 'not plain data', got: value, remedy: 'give text, numbers, booleans, lists or maps',
  });
}

function takeItem(subject: Subject, value: unknown, whole: Whole, depth: number): unknown {
  if (value === undefined || value === null) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'missing', got: undefined, remedy: 'give the item, or leave its place out' });
  }
  return takeAny(subject, value, whole, depth + 1);
}

function takeMap(subject: Subject, value: { readonly [key: string]: unknown }, whole: Whole, depth: number): PlainData {
  const given = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
  return Object.fromEntries(given.map(([key, item]) => [text('a key').take(subject, key), takeAny(inside(subject, `.${key}`), item, whole, depth + 1)]));
}

/** True for what cdktf's `Token.asAnyMap()` and its siblings make: it looks like a map of one entry. */
export function isMapReference(value: unknown): boolean {
  return isPlainObject(value) && Token.isUnresolved(value);
}

/** The maps in a list of data with their places, without references. */
export function mapsIn(list: unknown): [place: number, map: PlainData][] {
  return [...itemsOf(list).entries()].filter((entry): entry is [number, PlainData] => isPlainObject(entry[1]) && known(entry[1]));
}

/** The texts in a list of data, without references. */
export function textsIn(list: unknown): string[] {
  return itemsOf(list).filter((item): item is string => typeof item === 'string' && known(item));
}

function itemsOf(list: unknown): unknown[] {
  return Array.isArray(list) && known(list) ? list : [];
}

/** The subject of what lies inside of another's. */
export function inside(subject: Subject, more: string): Subject {
  return { where: subject.where, prop: `${subject.prop}${more}` };
}
