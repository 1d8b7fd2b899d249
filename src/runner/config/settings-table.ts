import { Token } from 'cdktf';
import { inside, isMapReference, plainData } from './plain-data';
import { SETTING_TYPES, SettingType } from './setting-types';
import { Settings } from './settings';
import { GitLabVersion } from '../../gitlab/gitlab-version';
import { nearest, resembles } from '../../private/nearest';
import { isPlainObject } from '../../private/rules/collections';
import { refuseReference } from '../../private/rules/rule';
import { known, Subject } from '../../private/rules/subject';
import { mayNameSecret } from '../../private/secret-values';
import { ValidationError } from '../../private/validation-error';

/**
 * The keys of a part of config.toml, each with a type and the runner version that brought it. A type is one of
 * {@link SETTING_TYPES}, one of them followed by `list`, `or list` or `table`, or `table` and `tables` for nested ones: these have their keys below with
 * dots and `[]`.
 */
export interface SettingsTable {
  /** What the keys are settings of. */
  readonly of: string;
  readonly keys: { readonly [key: string]: string };
  /** Tables that hold other people's keys or nested Kubernetes objects: their keys are not in the list. */
  readonly open: readonly string[];
  /** What is made depends on them. */
  readonly decisions: readonly string[];
  /** Keys that are set in another way, and what to do: whoever misspells one is told that. */
  readonly elsewhere: { readonly [key: string]: string };
  /** What to do in place of settings that there are not, where that is known. */
  readonly inPlaceOf?: (key: string) => string | undefined;
}

/** A copy of the settings without what is null; unknown keys and wrong values are refused. */
export function takeSettings(table: SettingsTable, subject: Subject, given: Settings, prefix = ''): Settings {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(entries.map(([name, value]) => {
    const key = `${prefix}${name}`;
    const here = inside(subject, `.${name}`);
    const { type } = entryOf(table, key) ?? {};
    if (type === undefined) {
      throw unknownKey(table, here, value, prefix, name);
    }
    if (table.decisions.includes(key)) {
      refuseReference(here, value, 'give true or false, known to the program: what is made depends on it');
    }
    return [name, takeTyped(table, here, value, type, key)];
  }));
}

/** Refuses settings that the runner does not know yet. */
export function refuseUnknownToRunner(table: SettingsTable, subject: Subject, settings: Settings, version: GitLabVersion, prefix = ''): void {
  for (const [name, value] of Object.entries(settings)) {
    const key = `${prefix}${name}`;
    const { type, since } = entryOf(table, key)!;
    const here = inside(subject, `.${name}`);
    if (!version._reaches(since)) {
      throw new ValidationError(subject.where, {
        prop: here.prop, problem: `not known before runner ${since}, and runner ${version._minorVersion} is used`, got: value,
        remedy: 'leave it out or take a newer runnerVersion',
      });
    }
    if (type === 'table' && !isOpen(table, `${key}.`)) {
      refuseUnknownToRunner(table, here, value, version, `${key}.`);
    } else if (type === 'tables' && !isOpen(table, `${key}[].`)) {
      value.forEach((item: Settings, index: number) => refuseUnknownToRunner(table, inside(here, `[${index}]`), item, version, `${key}[].`));
    }
  }
}

function takeTyped(table: SettingsTable, subject: Subject, value: unknown, type: string, key: string): unknown {
  if (type === 'table') {
    return takeInner(table, subject, value, `${key}.`);
  }
  if (type === 'tables') {
    refuseReference(subject, value, 'write the list here; what is in its maps may be references');
    return listOf(subject, value, 'a list of maps').map((item, index) => takeInner(table, inside(subject, `[${index}]`), item, `${key}[].`));
  }
  const [, name, shape] = /^(\w+)(?: (list|or list|table))?$/.exec(type)!;
  const scalar = SETTING_TYPES[name];
  switch (shape) {
    case 'list': return takeList(subject, value, scalar, `a list of ${scalar.plural}`);
    case 'table': return takeMap(subject, value, scalar);
    case 'or list': {
      const words = `${scalar.words} or a list of ${scalar.plural}`;
      return Array.isArray(value) ? takeList(subject, value, scalar, words) : takeScalar(subject, value, scalar, words);
    }
    default: return takeScalar(subject, value, scalar);
  }
}

function takeInner(table: SettingsTable, subject: Subject, value: unknown, prefix: string): Settings {
  const given = mapOf(subject, value, 'a map');
  return isOpen(table, prefix) ? plainData(Token.asAny).take(subject, given) : takeSettings(table, subject, given, prefix);
}

function takeScalar(subject: Subject, value: unknown, scalar: SettingType, words = scalar.words): unknown {
  if (!known(value) && !Array.isArray(value) && !isMapReference(value)) {
    return scalar.reference(value);
  }
  refuseWrong(subject, value, value, scalar, words);
  return value;
}

function takeList(subject: Subject, value: unknown, scalar: SettingType, words: string): unknown {
  if (!known(value) && !isMapReference(value)) {
    return scalar.reference === Token.asString ? Token.asList(value) : Token.asAny(value);
  }
  return listOf(subject, value, words).map((item) => {
    if (!known(item)) {
      return scalar.reference(item);
    }
    refuseWrong(subject, item, value, scalar, words);
    return item;
  });
}

function takeMap(subject: Subject, value: unknown, scalar: SettingType): Settings {
  const given = Object.entries(mapOf(subject, value, `a map of ${scalar.plural}`)).filter(([, item]) => item !== undefined && item !== null);
  return Object.fromEntries(given.map(([name, item]) => [name, takeScalar(inside(subject, `.${name}`), item, scalar)]));
}

function refuseWrong(subject: Subject, value: unknown, got: unknown, scalar: SettingType, words: string): void {
  if (!scalar.matches(value)) {
    throw wrongValue(subject, got, words, typeof value === 'string' && scalar.reference === Token.asString ? 'not a valid value' : undefined);
  }
  const problem = scalar.problem?.(value);
  if (problem !== undefined) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem, got: value, remedy: `give ${words}` });
  }
}

function listOf(subject: Subject, value: unknown, words: string): unknown[] {
  const list = Array.isArray(value) ? Array.from(value) : undefined;
  if (list === undefined || list.some((item) => item === undefined || item === null)) {
    throw wrongValue(subject, value, words);
  }
  return list;
}

function mapOf(subject: Subject, value: unknown, words: string): Settings {
  // TOML's tables are not JSON's, so that the apply cannot write one.
  refuseReference(subject, value, 'write the map here; its values may be references');
  if (!isPlainObject(value)) {
    throw wrongValue(subject, value, words);
  }
  return value;
}

function wrongValue(subject: Subject, got: unknown, words: string, problem = 'of the wrong type'): ValidationError {
  return new ValidationError(subject.where, { prop: subject.prop, problem, got, remedy: `give ${words}` });
}

function unknownKey(table: SettingsTable, subject: Subject, got: unknown, prefix: string, name: string): ValidationError {
  const like = nearest(name, [...keysUnder(table.keys, prefix), ...keysUnder(table.elsewhere, prefix)]);
  const meant = Object.hasOwn(table.elsewhere, `${prefix}${like}`) ? table.elsewhere[`${prefix}${like}`] : `did you mean ${JSON.stringify(like)}`;
  const remedy = table.inPlaceOf?.(`${prefix}${name}`) ?? (resembles(name, like) ? meant : 'leave it out');
  return new ValidationError(subject.where, {
    prop: subject.prop, problem: `not a setting of ${table.of}`, got: mayNameSecret(name) ? '(hidden)' : got,
    remedy,
  });
}

/** True for a key of the table. */
export function isSetting(table: SettingsTable, key: string): boolean {
  return entryOf(table, key) !== undefined;
}

/** The type of a setting, and the runner that brought it. */
function entryOf(table: SettingsTable, key: string): { readonly type: string; readonly since: string } | undefined {
  const entry = Object.hasOwn(table.keys, key) ? table.keys[key] : undefined;
  const match = /^(.+) (\S+)$/.exec(entry ?? '');
  return match ? { type: match[1], since: match[2] } : undefined;
}

function isOpen(table: SettingsTable, prefix: string): boolean {
  return table.open.some((open) => prefix.startsWith(open)) || keysUnder(table.keys, prefix).length === 0;
}

function keysUnder(keys: object, prefix: string): string[] {
  return Object.keys(keys).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length)).filter((key) => key !== '' && !/[.[]/.test(key));
}
