import { Token } from 'cdktf';
import { KUBERNETES_KEYS } from './kubernetes-keys';
import { refuseUnreadablePattern } from './overwrites';
import { inside, isMapReference, plainData } from './plain-data';
import { Settings } from './settings';
import { SETTINGS_OF_PROPS } from './settings-of-props';
import { GitLabVersion } from '../../gitlab/gitlab-version';
import { image, jobImage } from '../../kubernetes/private/image-reference';
import { nearest } from '../../private/nearest';
import { isPlainObject } from '../../private/rules/collections';
import { refuseReference, Rule } from '../../private/rules/rule';
import { known, Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';

/** Tables that hold other people's keys or nested Kubernetes objects: their keys are not in the list. */
const OPEN_TABLES = ['affinity.', 'container_lifecycle.'];
/** What is made depends on them. */
const DECISIONS = ['namespace_per_job'];

interface Scalar {
  readonly matches: (value: any) => boolean;
  /** What stands for a reference. */
  readonly reference: (value: unknown) => unknown;
  readonly words: string;
  readonly plural: string;
}

const TEXT: Scalar = { matches: isText, reference: Token.asString, words: 'a string', plural: 'strings' };
const INTEGER: Scalar = { matches: Number.isSafeInteger, reference: Token.asNumber, words: 'a whole number', plural: 'whole numbers' };
const SCALARS: { readonly [type: string]: Scalar } = {
  string: TEXT,
  integer: INTEGER,
  boolean: { matches: (value) => typeof value === 'boolean', reference: Token.asAny, words: 'true or false', plural: 'booleans' },
  number: { matches: Number.isFinite, reference: Token.asNumber, words: 'a number', plural: 'numbers' },
  // go's: a number without a unit would be nanoseconds.
  duration: {
    matches: (value) => isText(value) && /^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(value), reference: Token.asString,
    words: 'a duration such as "10m" or "1h30m"', plural: 'durations',
  },
};
const LISTS: { readonly [type: string]: Scalar } = { strings: TEXT, integers: INTEGER };
const MAPS: { readonly [type: string]: Scalar } = { 'string table': TEXT, 'integer table': INTEGER };

/** Settings of `[runners.kubernetes]` that have no prop of their own: a copy without what is null. */
export function kubernetesSettings(): Rule<Settings> {
  const expected = 'settings by the names of config.toml';
  return {
    expected,
    take(subject, value) {
      refuseReference(subject, value, 'write the map here; its values may be references');
      if (!isPlainObject(value)) {
        throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not a map', got: value, remedy: `give ${expected}` });
      }
      refuseSettingsOfProps(subject, value);
      const settings = takeTable(subject, value, '');
      Object.entries(settings).forEach(([key, item]) => refuseUnreadablePattern(inside(subject, `.${key}`), key, item));
      takeImages(subject, settings);
      return settings;
    },
  };
}

/** Of what runs beside the job's own image; there are no variables in a pause pod's. */
function takeImages(subject: Subject, { helper_image: helper, services, autoscaler }: Settings): void {
  const take = (path: string, value: unknown, rule: Rule<string>) => value === undefined || rule.take(inside(subject, path), value);
  take('.helper_image', helper, jobImage());
  (known(services) ? services as Settings[] : []).forEach(({ name }, index) => take(`.services[${index}].name`, name, jobImage()));
  take('.autoscaler.pause_pod_image', known(autoscaler) ? autoscaler.pause_pod_image : undefined, image());
}

/** Refuses settings that the runner does not know yet. */
export function refuseNewerSettings(subject: Subject, settings: Settings, version: GitLabVersion, prefix = ''): void {
  for (const [name, value] of Object.entries(settings)) {
    const [type, since] = entryOf(`${prefix}${name}`)!;
    const here = inside(subject, `.${name}`);
    const [major, minor] = since.split('.').map(Number);
    if (!version._isAtLeast(major, minor)) {
      throw new ValidationError(subject.where, {
        prop: here.prop, problem: `not known before runner ${since}, and runner ${version._minorVersion} is used`, got: value,
        remedy: 'leave it out or take a newer runnerVersion',
      });
    }
    if (type === 'table' && !isOpen(`${prefix}${name}.`)) {
      refuseNewerSettings(here, value, version, `${prefix}${name}.`);
    } else if (type === 'tables' && !isOpen(`${prefix}${name}[].`)) {
      value.forEach((item: Settings, index: number) => refuseNewerSettings(inside(here, `[${index}]`), item, version, `${prefix}${name}[].`));
    }
  }
}

function refuseSettingsOfProps(subject: Subject, settings: Settings): void {
  for (const [key, value] of Object.entries(settings)) {
    const prop = SETTINGS_OF_PROPS.get(key);
    if (prop) {
      throw new ValidationError(subject.where, { prop: `${subject.prop}.${key}`, problem: 'set by a prop of its own', got: value, remedy: `use ${prop}` });
    }
  }
  if (settings.bearer_token !== undefined && settings.bearer_token !== null) {
    throw new ValidationError(subject.where, {
      prop: `${subject.prop}.bearer_token`, problem: 'a secret that would be stored in a ConfigMap and in the Terraform state', got: '(hidden)',
      remedy: 'leave it out: the manager has a token of its own',
    });
  }
}

function takeTable(subject: Subject, table: Settings, prefix: string): Settings {
  const given = Object.entries(table).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given.map(([name, value]) => {
    const here = inside(subject, `.${name}`);
    const [type] = entryOf(`${prefix}${name}`) ?? [];
    if (type === undefined) {
      throw unknownKey(here, value, prefix, name);
    }
    if (DECISIONS.includes(`${prefix}${name}`)) {
      refuseReference(here, value, 'give true or false, known to the program: what is made depends on it');
    }
    return [name, takeTyped(here, value, type, `${prefix}${name}`)];
  }));
}

function takeTyped(subject: Subject, value: unknown, type: string, key: string): unknown {
  if (type in SCALARS) {
    return takeScalar(subject, value, SCALARS[type]);
  }
  if (type === 'string|strings') {
    return Array.isArray(value) ? takeList(subject, value, TEXT, 'a string or a list of strings')
      : takeScalar(subject, value, { ...TEXT, words: 'a string or a list of strings' });
  }
  if (type in LISTS) {
    return takeList(subject, value, LISTS[type], `a list of ${LISTS[type].plural}`);
  }
  if (type === 'tables') {
    refuseReference(subject, value, 'write the list here; what is in its maps may be references');
    return listOf(subject, value, 'a list of maps').map((item, index) => takeInner(inside(subject, `[${index}]`), item, `${key}[].`));
  }
  return type in MAPS ? takeMap(subject, value, MAPS[type]) : takeInner(subject, value, `${key}.`);
}

function takeInner(subject: Subject, value: unknown, prefix: string): Settings {
  const table = mapOf(subject, value, 'a map');
  return isOpen(prefix) ? plainData(Token.asAny).take(subject, table) : takeTable(subject, table, prefix);
}

function takeScalar(subject: Subject, value: unknown, { matches, reference, words }: Scalar): unknown {
  if (!known(value) && !Array.isArray(value) && !isMapReference(value)) {
    return reference(value);
  }
  if (!matches(value)) {
    throw wrongType(subject, value, words);
  }
  return value;
}

function takeList(subject: Subject, value: unknown, scalar: Scalar, words: string): unknown {
  if (!known(value) && !isMapReference(value)) {
    return scalar === TEXT ? Token.asList(value) : Token.asAny(value);
  }
  return listOf(subject, value, words).map((item) => {
    if (!known(item)) {
      return scalar.reference(item);
    }
    if (!scalar.matches(item)) {
      throw wrongType(subject, value, words);
    }
    return item;
  });
}

function takeMap(subject: Subject, value: unknown, scalar: Scalar): Settings {
  const words = `a map of ${scalar.plural}`;
  const given = Object.entries(mapOf(subject, value, words)).filter(([, item]) => item !== undefined && item !== null);
  return Object.fromEntries(given.map(([name, item]) => [name, takeScalar(inside(subject, `.${name}`), item, scalar)]));
}

function listOf(subject: Subject, value: unknown, words: string): unknown[] {
  const list = Array.isArray(value) ? Array.from(value) : undefined;
  if (list === undefined || list.some((item) => item === undefined || item === null)) {
    throw wrongType(subject, value, words);
  }
  return list;
}

function mapOf(subject: Subject, value: unknown, words: string): Settings {
  // TOML's tables are not JSON's, so that the apply cannot write one.
  refuseReference(subject, value, 'write the map here; its values may be references');
  if (!isPlainObject(value)) {
    throw wrongType(subject, value, words);
  }
  return value;
}

function wrongType(subject: Subject, got: unknown, words: string): ValidationError {
  return new ValidationError(subject.where, { prop: subject.prop, problem: 'of the wrong type', got, remedy: `give ${words}` });
}

function unknownKey(subject: Subject, got: unknown, prefix: string, name: string): ValidationError {
  const guess = nearest(name, keysUnder(prefix));
  return new ValidationError(subject.where, {
    prop: subject.prop, problem: 'not a setting of GitLab Runner\'s Kubernetes executor', got, remedy: `did you mean ${JSON.stringify(guess)}`,
  });
}

/** The type of a setting, and the runner that brought it. */
function entryOf(key: string): [type: string, since: string] | undefined {
  const entry = Object.hasOwn(KUBERNETES_KEYS, key) ? KUBERNETES_KEYS[key] : undefined;
  return entry === undefined ? undefined : [entry.slice(0, entry.lastIndexOf(' ')), entry.slice(entry.lastIndexOf(' ') + 1)];
}

function isOpen(prefix: string): boolean {
  return OPEN_TABLES.some((open) => prefix.startsWith(open)) || keysUnder(prefix).length === 0;
}

function keysUnder(prefix: string): string[] {
  return Object.keys(KUBERNETES_KEYS).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length))
    .filter((key) => key !== '' && !/[.[]/.test(key));
}

/** Text that can be written: no half of a surrogate pair, no NUL. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && !/\p{Surrogate}|\0/u.test(value);
}
