import { definedEntries, rubyText } from './literals';
import { isReferencedSection, isSection, OmnibusSettings, ownedKeysOf, Section } from './omnibus-settings';
import { ServerEndpoint } from '../endpoint/server-endpoint';
import { GitLabVersion } from '../gitlab-version';
import { objectStore } from '../object-storage/object-storage';
import { MailPlan, SMTP_PASSWORD_FILE } from '../smtp/mail';

/** Where the scripts keep the certificate in use, and the file by which they switch Let's Encrypt on and off. */
const CERTIFICATE = '/etc/gitlab/ssl/server.crt';
const CERTIFICATE_KEY = '/etc/gitlab/ssl/server.key';
const LETS_ENCRYPT_SWITCH = '/etc/gitlab/ssl/use-lets-encrypt';

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
  readonly mail?: MailPlan;
  readonly registryPort?: number;
  readonly objectStorage?: { readonly accountName: string };
}

/** The text of gitlab.rb. The user's settings have passed their rule. */
export function gitlabRb(settings: GitLabRbSettings): string {
  const { endpoint, version } = settings;
  const user = { ...movedNginx(settings.omnibusSettings ?? {}), ...registryAddress(settings) };
  const given = definedEntries(user);
  const singles = given.filter((entry) => !isSectionEntry(entry) && !isReferencedSection(entry));
  const sections = merged(tuning(settings, user), Object.fromEntries(given.filter(isSectionEntry)), ownSettings(endpoint));
  return [
    '# written by the stack that made this server, and again by each of its applies: change the stack, not this file.',
    `external_url ${rubyText(`${endpoint.certificate === 'none' ? 'http' : 'https'}://${endpoint.host}`)}`,
    ...singles.map(([name, value]) => `${name} ${rubyText(value)}`),
    ...Object.entries(sections).flatMap(([name, section]) => assignments(sectionName(name, version), section)),
    ...certificateLines(endpoint, version, user),
    ...passwordLines(settings.mail),
    // the last: what they turn out to hold wins over what we would choose.
    ...given.filter(isReferencedSection).flatMap(([name, section]) => referencedLines(name, sectionName(name, version), section)),
  ].join('\n');
}

function ownSettings(endpoint: ServerEndpoint): { [name: string]: Section } {
  const sections: { [name: string]: Section } = {
    // runit starts nothing while the data disk is missing, else GitLab would set itself up anew on the empty directory.
    high_availability: { mountpoint: ['/var/opt/gitlab', '/etc/gitlab'] },
  };
  SYSTEM_USERS.forEach((name, index) => {
    sections[name] = { uid: FIRST_SYSTEM_ID + index, gid: FIRST_SYSTEM_ID + index };
  });
  if (endpoint.letsEncrypt === undefined) {
    sections.letsencrypt = { enable: false };
  }
  return sections;
}

/** What we would choose, and the user may choose otherwise. */
function tuning(settings: GitLabRbSettings, user: OmnibusSettings): { [name: string]: Section } {
  const sections: { [name: string]: Section } = {
    // without a word on it, Let's Encrypt switches the registry on, at a port that nobody opened.
    registry: { enable: hasRegistry(user) },
  };
  if (settings.endpoint.certificate !== 'none') {
    sections.nginx = { redirect_http_to_https: true };
  }
  if (settings.endpoint.certificate === 'generated') {
    // a browser that has seen this header lets nobody past an unknown authority any more.
    sections.nginx = { ...sections.nginx, hsts_max_age: 0 };
  }
  const objects = settings.objectStorage?.accountName;
  if (settings.mail || objects !== undefined) {
    sections.gitlab_rails = { ...settings.mail?.settings, ...objects !== undefined ? { object_store: objectStore(objects, settings.version) } : {} };
  }
  if (settings.lowMemoryTuningEnabled) {
    sections.puma = { worker_processes: 2 };
    sections.sidekiq = { concurrency: 10 };
    sections.prometheus_monitoring = { enable: false };
    sections.gitlab_kas = { enable: false };
  }
  return sections;
}

function registryAddress({ endpoint, registryPort }: GitLabRbSettings): OmnibusSettings {
  return registryPort === undefined ? {} : { registry_external_url: `https://${endpoint.host}:${registryPort}` };
}

function hasRegistry(user: OmnibusSettings): boolean {
  return user.registry_external_url !== undefined && user.registry_external_url !== null;
}

/** Since 19.2 nginx's keys live below gitlab_rails; both spellings are taken and written as the version wants. */
function movedNginx(user: OmnibusSettings): OmnibusSettings {
  const rails = user.gitlab_rails;
  if (!isSection(rails) || !('nginx' in rails)) {
    return user;
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

function merged(...layers: { [name: string]: Section }[]): { [name: string]: Section } {
  const result: { [name: string]: Section } = {};
  for (const [name, section] of layers.flatMap((layer) => Object.entries(layer))) {
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

function certificateLines(endpoint: ServerEndpoint, version: GitLabVersion, user: OmnibusSettings): string[] {
  if (endpoint.certificate === 'none') {
    return [];
  }
  const files = { ssl_certificate: CERTIFICATE, ssl_certificate_key: CERTIFICATE_KEY };
  const registry = hasRegistry(user) && user.registry_nginx?.ssl_certificate === undefined;
  const own = [...assignments(sectionName('nginx', version), files), ...registry ? assignments('registry_nginx', files) : []];
  if (endpoint.letsEncrypt === undefined) {
    return own;
  }
  const { contactEmails } = endpoint.letsEncrypt;
  const letsEncrypt = { enable: true, ...contactEmails.length > 0 ? { contact_emails: contactEmails } : {} };
  return [
    `if File.exist?(${rubyText(LETS_ENCRYPT_SWITCH)})`,
    ...assignments('letsencrypt', letsEncrypt).map(indented),
    'else',
    ...[...assignments('letsencrypt', { enable: false }), ...own].map(indented),
    'end',
  ];
}

/** Read on the machine, so that the password is in no plan and no state. */
function passwordLines(mail: MailPlan | undefined): string[] {
  return mail?.password ? [`gitlab_rails["smtp_password"] = File.read(${rubyText(SMTP_PASSWORD_FILE)}).chomp`] : [];
}

function indented(line: string): string {
  return `  ${line}`;
}

function isSectionEntry(entry: [string, unknown]): entry is [string, Section] {
  return isSection(entry[1]);
}
