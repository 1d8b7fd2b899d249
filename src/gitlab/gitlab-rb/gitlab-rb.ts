import { definedEntries, rubyText } from './literals';
import { NGINX, oldNginxOf, placed, rubyPlace, rubyPlaceOf } from './nginx-places';
import { OmnibusSettings, Section } from './omnibus-settings';
import { ownedKeysOf } from './owned-keys';
import { splitSettings } from './split-settings';
import { ServerEndpoint, serverUrl } from '../endpoint/server-endpoint';
import { GitLabVersion } from '../gitlab-version';
import { GitLabRbPart } from '../set-up/set-up-part';

/**
 * Omnibus takes whichever ids are free, which on a new virtual machine may be others than those that own the data.
 * Ubuntu hands out system ids from both ends of 100 to 999, so the middle stays free.
 */
const SYSTEM_USERS = ['user', 'web_server', 'redis', 'postgresql', 'registry', 'prometheus'];
const FIRST_SYSTEM_ID = 700;

export interface GitLabRbSettings {
  readonly version: GitLabVersion;
  readonly endpoint: ServerEndpoint;
  readonly lowMemoryTuningEnabled: boolean;
  readonly omnibusSettings?: OmnibusSettings;
  readonly parts: readonly GitLabRbPart[];
  /** Of a machine beside the server's own. */
  readonly withoutDataDisk?: boolean;
}

/** All that gitlab.rb sets, by place or single key, but for sections that only the apply knows. The user's settings have passed their rule. */
export function gitlabRbContents(settings: GitLabRbSettings): { readonly [name: string]: unknown } {
  const { singles, places } = contents(settings);
  return { ...Object.fromEntries(singles), ...places };
}

function contents({ omnibusSettings, parts, lowMemoryTuningEnabled, version, withoutDataDisk }: GitLabRbSettings) {
  const { singles, sections, references } = splitSettings(Object.assign({ ...omnibusSettings }, ...parts.map(({ singleKeys }) => singleKeys)));
  const layers = [
    ...parts.map(({ defaults }) => defaults), lowMemoryTuningEnabled ? SMALL_MACHINE : {},
    sections,
    withoutDataDisk ? {} : DATA_DISK_GUARD, pinnedIds(), ...parts.map(({ fixed }) => fixed),
  ];
  return { singles, references, places: merged(...layers.map((layer) => placed(layer ?? {}, version))) };
}

/** The text of gitlab.rb. */
export function gitlabRb(settings: GitLabRbSettings): string {
  const { endpoint, parts, version } = settings;
  const { singles, references, places } = contents(settings);
  const rb = {
    certificateSections: ['nginx', ...parts.flatMap(({ certificateSections }) => certificateSections ?? [])],
    assignments: (name: string, section: Section) => assignments(placed({ [name]: section }, version)),
    unlessGiven: (name: string, section: Section) => assignments(less(placed({ [name]: section }, version), places)),
  };
  const owned = (name: string) => [...ownedKeysOf(name), ...parts.flatMap(({ fixed }) => Object.keys(fixed?.[name] ?? {}))];
  return [
    '# written by the stack that made this server, and again by each of its applies: change the stack, not this file.',
    `external_url ${rubyText(serverUrl(endpoint))}`,
    ...singles.map(([name, value]) => `${name} ${rubyText(value)}`),
    ...assignments(places),
    ...parts.flatMap(({ lines }) => lines?.(rb) ?? []),
    // the last: what they turn out to hold wins over what we would choose.
    ...references.flatMap(([name, section]) => referencedLines(name, section, version, owned)),
  ].join('\n');
}

/** What we would choose for little memory, and the user may choose otherwise. */
const SMALL_MACHINE: { readonly [name: string]: Section } = {
  puma: { worker_processes: 2 },
  sidekiq: { concurrency: 10 },
  prometheus_monitoring: { enable: false },
  gitlab_kas: { enable: false },
};

/** runit starts nothing while the data disk is missing, else GitLab would set itself up anew on the empty directory. */
const DATA_DISK_GUARD: { readonly [name: string]: Section } = { high_availability: { mountpoint: ['/var/opt/gitlab', '/etc/gitlab'] } };

function pinnedIds(): { [name: string]: Section } {
  return Object.fromEntries(SYSTEM_USERS.map((name, index) => [name, { uid: FIRST_SYSTEM_ID + index, gid: FIRST_SYSTEM_ID + index }]));
}

function merged(...layers: { readonly [name: string]: Section }[]): { [name: string]: Section } {
  const result: { [name: string]: Section } = {};
  for (const [name, section] of layers.flatMap((layer) => Object.entries(layer))) {
    result[name] = { ...result[name], ...section };
  }
  return result;
}

function less(places: { readonly [place: string]: Section }, others: { readonly [place: string]: Section }): { [place: string]: Section } {
  return Object.fromEntries(Object.entries(places).map(([place, section]) =>
    [place, Object.fromEntries(Object.entries(section).filter(([key]) => others[place]?.[key] === undefined))]));
}

function assignments(places: { readonly [place: string]: Section }): string[] {
  return Object.entries(places).flatMap(([place, section]) =>
    definedEntries(section).map(([key, value]) => `${rubyPlace(place)}[${rubyText(key)}] = ${rubyText(value)}`));
}

type OwnedKeys = (name: string) => string[];

/** A section that only the apply knows, so that only Ruby can refuse what is decided elsewhere, and tell where each key belongs. */
function referencedLines(name: string, section: unknown, version: GitLabVersion, owned: OwnedKeys): string[] {
  const holdsNginx = oldNginxOf(name) !== undefined;
  const nested = `${name}.${NGINX}`;
  return keyByKey(`(${rubyText(section)} || {})`, name, owned, holdsNginx ? [
    `if key == ${rubyText(NGINX)}`,
    ...keyByKey('(value || {})', nested, owned, [placing(nested, version)]).map(indented),
    'else',
    indented(placing(name, version)),
    'end',
  ] : [placing(name, version)]);
}

function keyByKey(map: string, name: string, ownedKeys: OwnedKeys, body: readonly string[]): string[] {
  const owned = ownedKeys(name);
  return [
    `${map}.each do |key, value|`,
    ...owned.length > 0 ? [`  raise "omnibusSettings.${name}.#{key}: decided elsewhere; leave it out" if ${rubyText(owned)}.include?(key)`] : [],
    ...body.map(indented),
    'end',
  ];
}

function placing(name: string, version: GitLabVersion): string {
  return `${rubyPlaceOf(name, version)}[key] = value`;
}

function indented(line: string): string {
  return `  ${line}`;
}
