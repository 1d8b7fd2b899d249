import { definedEntries, rubyText } from './literals';
import { isReferencedSection, isSection, OmnibusSettings, ownedKeysOf, Section } from './omnibus-settings';
import { GitLabRbPart } from './set-up-part';
import { ServerEndpoint } from '../endpoint/server-endpoint';
import { GitLabVersion } from '../gitlab-version';

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
}

/** The text of gitlab.rb. The user's settings have passed their rule. */
export function gitlabRb(settings: GitLabRbSettings): string {
  const { endpoint, parts, version } = settings;
  const user: OmnibusSettings = Object.assign(movedNginx(settings.omnibusSettings ?? {}), ...parts.map(({ singleKeys }) => singleKeys));
  const given = definedEntries(user);
  const singles = given.filter((entry) => !isSectionEntry(entry) && !isReferencedSection(entry));
  const sections = merged(
    ...parts.map(({ defaults }) => defaults), settings.lowMemoryTuningEnabled ? SMALL_MACHINE : {},
    Object.fromEntries(given.filter(isSectionEntry)),
    ownSettings(), ...parts.map(({ fixed }) => fixed),
  );
  const rb = {
    certificateSections: ['nginx', ...parts.flatMap(({ certificateSections }) => certificateSections ?? [])],
    assignments: (name: string, section: Section) => assignments(sectionName(name, version), section),
  };
  return [
    '# written by the stack that made this server, and again by each of its applies: change the stack, not this file.',
    `external_url ${rubyText(`${endpoint.certificate === 'none' ? 'http' : 'https'}://${endpoint.host}`)}`,
    ...singles.map(([name, value]) => `${name} ${rubyText(value)}`),
    ...Object.entries(sections).flatMap(([name, section]) => rb.assignments(name, section)),
    ...parts.flatMap(({ lines }) => lines?.(rb) ?? []),
    // the last: what they turn out to hold wins over what we would choose.
    ...given.filter(isReferencedSection).flatMap(([name, section]) => referencedLines(name, sectionName(name, version), section)),
  ].join('\n');
}

/** What we would choose for little memory, and the user may choose otherwise. */
const SMALL_MACHINE: { readonly [name: string]: Section } = {
  puma: { worker_processes: 2 },
  sidekiq: { concurrency: 10 },
  prometheus_monitoring: { enable: false },
  gitlab_kas: { enable: false },
};

function ownSettings(): { [name: string]: Section } {
  const sections: { [name: string]: Section } = {
    // runit starts nothing while the data disk is missing, else GitLab would set itself up anew on the empty directory.
    high_availability: { mountpoint: ['/var/opt/gitlab', '/etc/gitlab'] },
  };
  SYSTEM_USERS.forEach((name, index) => {
    sections[name] = { uid: FIRST_SYSTEM_ID + index, gid: FIRST_SYSTEM_ID + index };
  });
  return sections;
}

/** Since 19.2 nginx's keys live below gitlab_rails; both spellings are taken and written as the version wants. */
function movedNginx(user: OmnibusSettings): OmnibusSettings {
  const rails = user.gitlab_rails;
  if (!isSection(rails) || !('nginx' in rails)) {
    return { ...user };
  }
  const { nginx, ...rest } = rails;
  return { ...user, gitlab_rails: rest, nginx: isSection(nginx) ? { ...user.nginx, ...nginx } : nginx ?? user.nginx };
}

function sectionName(name: string, version: GitLabVersion): string {
  return name === 'nginx' && hasNestedNginx(version) ? "gitlab_rails['nginx']" : name;
}

function hasNestedNginx(version: GitLabVersion): boolean {
  return version.major > 19 || (version.major === 19 && version.minor >= 2);
}

function merged(...layers: ({ readonly [name: string]: Section } | undefined)[]): { [name: string]: Section } {
  const result: { [name: string]: Section } = {};
  for (const [name, section] of layers.flatMap((layer) => Object.entries(layer ?? {}))) {
    result[name] = { ...result[name], ...section };
  }
  return result;
}

function assignments(name: string, section: Section): string[] {
  return definedEntries(section).map(([key, value]) => `${name}[${rubyText(key)}] = ${rubyText(value)}`);
}

/** A section that only the apply knows, so that only Ruby can refuse what is decided elsewhere. */
function referencedLines(name: string, target: string, section: unknown): string[] {
  const owned = [...ownedKeysOf(name), ...name === 'gitlab_rails' ? ['nginx'] : []];
  return [
    `(${rubyText(section)} || {}).each do |key, value|`,
    ...owned.length > 0 ? [`  raise "omnibusSettings.${name}.#{key}: decided elsewhere; leave it out" if ${rubyText(owned)}.include?(key)`] : [],
    `  ${target}[key] = value`,
    'end',
  ];
}

function isSectionEntry(entry: [string, unknown]): entry is [string, Section] {
  return isSection(entry[1]);
}
