import { IConstruct } from 'constructs';
import { KUBERNETES_KEYS } from './kubernetes-keys';
import { isText, isTextMap } from './prop-checks';
import { GitLabVersion } from '../../gitlab/gitlab-version';
import { known } from '../../private/checks';
import { nearest } from '../../private/nearest';
import { ValidationError } from '../../private/validation-error';

/** Settings by the names of config.toml. */
export interface Settings { [key: string]: any }

const PROP = 'kubernetesSettings';

/** Tables that hold other people's keys or nested Kubernetes objects: their keys are not in the list. */
const OPEN_TABLES = ['affinity.', 'container_lifecycle.'];

const TYPES: { [type: string]: { readonly matches: (value: any) => boolean; readonly words: string } } = {
  'string': { matches: isText, words: 'a string' },
  // go's: a number without a unit would be nanoseconds.
  'duration': { matches: (value) => isText(value) && /^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(value), words: 'a duration such as "10m" or "1h30m"' },
  'boolean': { matches: (value) => typeof value === 'boolean', words: 'true or false' },
  'integer': { matches: Number.isSafeInteger, words: 'a whole number' },
  'number': { matches: Number.isFinite, words: 'a number' },
  'strings': { matches: (value) => isListOf(value, isText), words: 'a list of strings' },
  'integers': { matches: (value) => isListOf(value, Number.isSafeInteger), words: 'a list of whole numbers' },
  'string|strings': { matches: (value) => isText(value) || isListOf(value, isText), words: 'a string or a list of strings' },
  'string table': { matches: isTextMap, words: 'a map of strings' },
  'integer table': { matches: (value) => isTable(value) && Object.values(value).every(Number.isSafeInteger), words: 'a map of whole numbers' },
  'table': { matches: isTable, words: 'a map' },
  'tables': { matches: (value) => isListOf(value, isTable), words: 'a list of maps' },
};

/**
 * Checks settings of `[runners.kubernetes]` that have no prop of their own.
 * @param typed the keys that props write, and the props' names.
 */
export function checkSettings(where: IConstruct | string, settings: Settings | undefined, typed: ReadonlyMap<string, string>,
  version: GitLabVersion): void {
  if (!known(settings)) {
    return;
  }
  if (!isTable(settings)) {
    throw new ValidationError(where, { prop: PROP, problem: 'not a map', got: settings, remedy: 'give settings by the names of config.toml' });
  }
  for (const key of Object.keys(settings)) {
    const prop = typed.get(key);
    if (prop) {
      throw new ValidationError(where, { prop: `${PROP}.${key}`, problem: 'set by a prop of its own', got: settings[key], remedy: `use ${prop}` });
    }
  }
  if (known(settings.bearer_token)) {
    throw new ValidationError(where, {
      prop: `${PROP}.bearer_token`, problem: 'a secret that would stand in a ConfigMap and in the state', got: '(hidden)',
      remedy: 'leave it out: the manager has a token of its own',
    });
  }
  checkTable(where, settings, '', version);
}

function checkTable(where: IConstruct | string, table: Settings, prefix: string, version: GitLabVersion, path = PROP): void {
  for (const [name, value] of Object.entries(table)) {
    const key = `${prefix}${name}`;
    const entry = Object.hasOwn(KUBERNETES_KEYS, key) ? KUBERNETES_KEYS[key] : undefined;
    if (entry === undefined) {
      throw unknownKey(where, `${path}.${name}`, value, prefix, name);
    }
    const [type, since] = [entry.slice(0, entry.lastIndexOf(' ')), entry.slice(entry.lastIndexOf(' ') + 1)];
    checkSince(where, `${path}.${name}`, value, since, version);
    if (known(value) && !TYPES[type].matches(value)) {
      throw new ValidationError(where, { prop: `${path}.${name}`, problem: 'of the wrong type', got: value, remedy: `give ${TYPES[type].words}` });
    }
    if (type === 'table' && known(value)) {
      checkInner(where, value, `${key}.`, version, `${path}.${name}`);
    } else if (type === 'tables' && known(value)) {
      value.forEach((element: any, index: number) => checkInner(where, element, `${key}[].`, version, `${path}.${name}[${index}]`));
    }
  }
}

function checkInner(where: IConstruct | string, value: any, prefix: string, version: GitLabVersion, path: string): void {
  if (OPEN_TABLES.some((open) => prefix.startsWith(open)) || !keysUnder(prefix).length) {
    checkPlain(where, path, value);
  } else {
    checkTable(where, value, prefix, version, path);
  }
}

/** TOML knows text, numbers, booleans, lists and tables. */
export function checkPlain(where: IConstruct | string, path: string, value: any, depth = 0): void {
  if (depth > 32) {
    throw new ValidationError(where, { prop: path, problem: 'nested too deeply', remedy: 'give plain data' });
  }
  if (!known(value) || typeof value === 'boolean' || Number.isFinite(value) || isText(value)) {
    return;
  }
  if (Array.isArray(value)) {
    Array.from(value).forEach((element, index) => checkPlain(where, `${path}[${index}]`, element, depth + 1));
  } else if (isTable(value)) {
    Object.entries(value).forEach(([name, item]) => checkPlain(where, `${path}.${name}`, item, depth + 1));
  } else {
    throw new ValidationError(where, { prop: path, problem: 'not a value that TOML knows', got: value, remedy: 'give text, numbers, booleans, lists or maps' });
  }
}

function checkSince(where: IConstruct | string, prop: string, got: unknown, since: string, version: GitLabVersion): void {
  const [major, minor] = since.split('.').map(Number);
  if (major > version.major || major === version.major && minor > version.minor) {
    throw new ValidationError(where, {
      prop, problem: `not known before runner ${since}, and runner ${version.major}.${version.minor} is used`, got, remedy: 'leave it out or take a newer runnerVersion',
    });
  }
}

function unknownKey(where: IConstruct | string, prop: string, got: unknown, prefix: string, name: string): ValidationError {
  const guess = nearest(name, keysUnder(prefix));
  return new ValidationError(where, {
    prop, problem: 'not a setting of GitLab Runner\'s Kubernetes executor', got, remedy: `did you mean ${JSON.stringify(guess)}`,
  });
}

function keysUnder(prefix: string): string[] {
  return Object.keys(KUBERNETES_KEYS).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length))
    .filter((key) => key !== '' && !/[.[]/.test(key));
}

function isListOf(value: any, matches: (element: any) => boolean): boolean {
  return Array.isArray(value) && Array.from(value).every(matches);
}

/** A plain map: what JSON calls an object. */
function isTable(value: any): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    && [Object.prototype, null].includes(Object.getPrototypeOf(value));
}
