import { Token } from 'cdktf';
import { remedyInAdminArea } from './admin-area';
import { NGINX, nginxPlace, oldNginxOf } from './nginx-places';
import { OmnibusKey, omnibusKeys, OmnibusKind, OmnibusName, OmnibusSection } from './omnibus-keys';
import { isSection, OmnibusSettings, Section } from './omnibus-settings';
import { NOT_SHOWN, shown } from './shown-value';
import { formOf } from './value-forms';
import { isMisspelt, nearest } from '../../private/nearest';
import { isPlainObject } from '../../private/rules/collections';
import { GitLabVersion } from '../gitlab-version';
import { isSecretName } from '../set-up/secret-keys';

/** For what settings are judged. */
export interface OmnibusTarget {
  readonly version: GitLabVersion;
  readonly edition: 'ce' | 'ee';
}

/** What is to be said of one key. */
export interface Finding {
  readonly path: readonly string[];
  readonly problem: string;
  readonly got: unknown;
  readonly remedy: string;
  /** `mistake`: GitLab would not read it. `later`: the table ends before the version. `deprecated`: read now, but not for ever. */
  readonly kind: 'mistake' | 'later' | 'deprecated';
}

const WORDS: { readonly [kind in OmnibusKind]: string } = { text: 'text', int: 'a number', bool: 'true or false', list: 'a list', map: 'a map' };

/** Omnibus only writes most numbers down, so these do as well: `"443"`, `"300s"`, `"16MB"`. */
const NUMBER_AS_TEXT = /^-?\d+(?:\.\d+)? ?[a-z]*$/i;

const FITS: { readonly [kind in OmnibusKind]: (value: unknown) => boolean } = {
  text: (value) => typeof value === 'string',
  int: (value) => typeof value === 'number' || (typeof value === 'string' && NUMBER_AS_TEXT.test(value)),
  bool: (value) => typeof value === 'boolean',
  list: Array.isArray,
  map: isMap,
};

const SCALARS: readonly OmnibusKind[] = ['text', 'int'];

/** A key among the others of its map. */
interface Spot {
  /** Where the user wrote the map. */
  readonly path: readonly string[];
  readonly section: OmnibusSection;
  /** The map's own name in the section with a dot at its end, or nothing. */
  readonly within: string;
  /** Whether names are free here, so that only those are looked at which GitLab once read. */
  readonly free: boolean;
}

/** Judges all names by the table of gitlab.rb's keys: Omnibus stops at a section that it does not know, but says nothing of a key. */
export function judge(settings: OmnibusSettings, target: OmnibusTarget): Finding[] {
  const { singles, sections } = omnibusKeys();
  return entries(settings).flatMap(([name, value]) => {
    const single = singles.get(name);
    if (single) {
      const found = [...judgeAge([name], single, value, target), ...judgeKind([name], single, value)];
      return found.length === 0 && name === 'roles' ? judgeRoles(value, target) : found;
    }
    const section = sections.get(name);
    return section
      ? judgeSection(section, value, settings, target)
      : [unknown([name], value, target, [...sections.values(), ...singles.values()])];
  });
}

function judgeSection(section: OmnibusSection, value: unknown, settings: OmnibusSettings, target: OmnibusTarget): Finding[] {
  const { name } = section;
  const found = judgeAge([name], section, value, target);
  if (found.length > 0 || !isSection(value)) {
    return found;
  }
  const old = oldNginxOf(name);
  const spot = { path: [name], section, within: '', free: false };
  return entries(value).flatMap(([key, item]) => key === NGINX && old !== undefined
    ? judgeNginx(name, old, item, settings, target)
    : judgeKey(spot, key, item, target));
}

/** A section's own `nginx` has the keys of the section that it was before. */
function judgeNginx(holder: string, old: string, value: unknown, settings: OmnibusSettings, target: OmnibusTarget): Finding[] {
  const before: unknown = settings[old];
  const spot = { path: [holder, NGINX], section: omnibusKeys().sections.get(old)!, within: '', free: false };
  return entries(value).flatMap(([key, item]) => {
    const twice = entries(before).some(([other]) => other === key)
      && nginxPlace(old, key, target.version) === nginxPlace(`${holder}.${NGINX}`, key, target.version);
    return twice
      ? [mistake([...spot.path, key], `given as ${old}.${key} too`, item, 'give one of the two')]
      : judgeKey(spot, key, item, target);
  });
}

function judgeKey(spot: Spot, name: string, value: unknown, target: OmnibusTarget): Finding[] {
  const { section, within, free } = spot;
  const path = [...spot.path, name];
  const key = name.includes('.') ? undefined : section.keys.get(`${within}${name}`);
  if (!key && !free) {
    return [unknown(path, value, target, siblings(spot), section)];
  }
  const judged = key && (!free || key.removed !== undefined);
  const found = judged ? [...judgeAge(path, key, value, target), ...free ? [] : judgeKind(path, key, value)] : [];
  const inner: Spot = { path, section, within: `${within}${name}.`, free: free || key!.open };
  return found.length > 0 ? found : entries(value).flatMap(([child, item]) => judgeKey(inner, child, item, target));
}

/** Whether the wanted version and edition read a name. */
function judgeAge(path: readonly string[], name: OmnibusName, value: unknown, { version, edition }: OmnibusTarget): Finding[] {
  const { since, removed, deprecated, by, enterprise } = name;
  const instead = by === undefined ? 'leave it out' : `use ${by} instead`;
  if (removed !== undefined && version._reaches(removed)) {
    return [mistake(path, `removed in GitLab ${removed}`, value, instead)];
  }
  if (since !== undefined && !version._reaches(since)) {
    return [mistake(path, `not read before GitLab ${since}`, value, `leave it out, or set a later version than ${version.version}`)];
  }
  if (enterprise && edition === 'ce') {
    return [mistake(path, 'not read by the Community Edition', value, 'leave it out, or set edition to GitLabEdition.EE')];
  }
  return deprecated !== undefined && version._reaches(deprecated)
    ? [{ path, problem: `no longer read from GitLab ${removed} on`, got: secretive(path, value), remedy: instead, kind: 'deprecated' }]
    : [];
}

function judgeKind(path: readonly string[], { kinds }: OmnibusKey, value: unknown): Finding[] {
  // a form says more than that it is a number or text.
  const hasForm = kinds.some((kind) => SCALARS.includes(kind)) && ['string', 'number'].includes(typeof value) && formOf(path) !== undefined;
  if (kinds.length === 0 || hasForm || !isJudged(value) || kinds.some((kind) => FITS[kind](value))) {
    return [];
  }
  const wanted = kinds.map((kind) => WORDS[kind]).join(' or ');
  const boolean = typeof value === 'string' && kinds.includes('bool') ? value.toLowerCase() : undefined;
  if (typeof value === 'string' && /[\n{:]/.test(value) && kinds.every((kind) => kind === 'map' || kind === 'list')) {
    // as gitlab.rb has it in `YAML.load`, where it may hold secrets.
    return [mistake(path, `not ${wanted}`, NOT_SHOWN, `give ${wanted} as data instead of YAML or JSON`)];
  }
  // in Ruby the text "false" is true.
  return [mistake(path, `not ${wanted}`, value, boolean === 'true' || boolean === 'false' ? `give ${boolean} without quotes` : `give ${wanted}`)];
}

function judgeRoles(value: unknown, target: OmnibusTarget): Finding[] {
  const roles = (Array.isArray(value) ? value : [value]).filter((role): role is string => typeof role === 'string' && isJudged(role));
  const known = [...omnibusKeys().sections.values()].filter(({ name }) => name.endsWith('_role'));
  return roles.flatMap((role) => {
    const section = known.find(({ name }) => name === role.replaceAll('-', '_'));
    return section ? judgeAge(['roles'], section, role, target) : [{
      path: ['roles'], problem: 'no such role', got: role, remedy: unlessMeant(meantBy(role, known, target)), kind: kindOfUnknown(target),
    }];
  });
}

/** A name that the table does not have. */
function unknown(path: readonly string[], value: unknown, target: OmnibusTarget, others: readonly OmnibusName[], section?: OmnibusSection): Finding {
  return {
    path,
    problem: `no such ${section ? 'key' : 'section'} of gitlab.rb`,
    // what is misspelt may be a secret, and its name does not say so.
    got: typeof value === 'string' && isJudged(value) ? NOT_SHOWN : shown(value),
    remedy: (path[0] === 'gitlab_rails' && path.length === 2 ? remedyInAdminArea(path[1]) : undefined)
      ?? unlessMeant(meantBy(path[path.length - 1], others, target) ?? elsewhere(path[path.length - 1], target)),
    kind: kindOfUnknown(target),
  };
}

function unlessMeant(meant: string | undefined): string {
  return `${meant === undefined ? 'leave it out' : `write "${meant}"`}, or name it in uncheckedOmnibusKeys`;
}

/** The name that was misspelt, or that lacks its first word: `gitlab_issue_closing_pattern` is `issue_closing_pattern` to GitLab itself. */
function meantBy(text: string, names: readonly OmnibusName[], target: OmnibusTarget): string | undefined {
  const readable = names.filter((name) => isRead(name, target)).map(({ name }) => name.slice(name.lastIndexOf('.') + 1));
  const guess = readable.length > 0 ? nearest(text, readable) : undefined;
  const longer = readable.filter((name) => name.endsWith(`_${text}`));
  return guess !== undefined && isMisspelt(text, guess) ? guess : longer.length === 1 ? longer[0] : undefined;
}

/** The only section that has such a key, or that of all services' logs. One word, such as `host`, does not tell whose it is. */
function elsewhere(key: string, target: OmnibusTarget): string | undefined {
  if (key.includes('.') || !key.includes('_')) {
    return undefined;
  }
  const sections = [...omnibusKeys().sections.values()].filter((section) => isRead(section, target) && section.keys.has(key));
  const section = sections.length === 1 ? sections[0] : sections.find(({ name }) => name === 'logging');
  return section && `${section.name}.${key}`;
}

function isRead(name: OmnibusName, target: OmnibusTarget): boolean {
  return judgeAge([], name, undefined, target).length === 0;
}

/** Of a version that the table does not cover it cannot be said what it reads. */
function kindOfUnknown({ version }: OmnibusTarget): Finding['kind'] {
  const [first, last] = omnibusKeys().covers;
  return version._reaches(first) && !version._isAfter(last) ? 'mistake' : 'later';
}

function siblings({ section, within }: Spot): OmnibusName[] {
  return [...section.keys.values()].filter(({ name, internal }) => !internal && name.startsWith(within) && !name.slice(within.length).includes('.'));
}

function mistake(path: readonly string[], problem: string, value: unknown, remedy: string): Finding {
  return { path, problem, got: secretive(path, value), remedy, kind: 'mistake' };
}

function secretive(path: readonly string[], value: unknown): unknown {
  return typeof value === 'string' && isSecretName(path.join('.')) ? '(hidden)' : shown(value);
}

/** What only the apply knows, or is no data, is not looked at. */
function isJudged(value: unknown): boolean {
  return !Token.isUnresolved(value) && (typeof value !== 'object' || Array.isArray(value) || isMap(value));
}

/** A map of names, and not an object that stands for a value. */
function isMap(value: unknown): value is Section {
  return isSection(value) && isPlainObject(value);
}

/** What is given of a map: null is Ruby's nil, which is nothing to Omnibus. */
function entries(value: unknown): [string, unknown][] {
  return isMap(value) ? Object.entries(value).filter(([, item]) => item !== undefined && item !== null) : [];
}
