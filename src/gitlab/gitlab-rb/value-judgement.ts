import { Finding } from './omnibus-judgement';
import { omnibusKeys } from './omnibus-keys';
import { isSection, OmnibusSettings } from './omnibus-settings';
import { isGiven, textAt, UNLESS_MEANT, valueAt, wrongValue } from './settings-reading';
import { formOf } from './value-forms';
import { known } from '../../private/rules/subject';

/**
 * Judges values of keys that are read: what Omnibus stops at when it configures GitLab, what GitLab does not start with, and what takes data
 * off the data disk. Whoever waited for the machine to say so would have a server that is down.
 */
export function judgeValues(settings: OmnibusSettings): Finding[] {
  return [
    ...judgeRoles(settings), ...judgeUrls(settings), ...judgeRails(settings), ...judgeServiceNames(settings), ...judgeDataPaths(settings),
    ...judgeMaintenance(settings), ...judgeGitConfig(settings), ...judgeForms(settings),
  ];
}

/** Roles that leave all services as they are. */
const HARMLESS_ROLES = ['geo_primary_role', 'geo_secondary_role', 'backup_role'];

/** With any other role, Omnibus starts the services of that role alone. */
function judgeRoles(settings: OmnibusSettings): Finding[] {
  const given: unknown = valueAt(settings, 'roles');
  const listed = (Array.isArray(given) ? given : [given]).filter((role): role is string => typeof role === 'string');
  const isService = (role: string) => {
    const name = role.replaceAll('-', '_');
    const section = omnibusKeys().sections.get(name);
    return name.endsWith('_role') && section !== undefined && section.removed === undefined && !HARMLESS_ROLES.includes(name);
  };
  const problem = 'for a machine that runs some services only, and this server needs all of GitLab\'s';
  const remedy = `leave it out; database and applicationNodes put services elsewhere${UNLESS_MEANT}`;
  return [
    ...listed.some(isService) ? [wrongValue(['roles'], problem, given, remedy)] : [],
    ...Object.keys(settings).filter((name) => isService(name) && valueAt(settings, name, 'enable') === true)
      .map((name) => wrongValue([name, 'enable'], problem, true, remedy)),
  ];
}

const URLS: { readonly [key: string]: { readonly pattern: RegExp; readonly example: string } } = {
  registry_external_url: { pattern: /^https?:\/\/[^/?#\s]+\/?$/, example: 'https://registry.example.com' },
  pages_external_url: { pattern: /^https?:\/\/[^/?#\s]+\/?$/, example: 'https://pages.example.com' },
  gitlab_kas_external_url: { pattern: /^wss?:\/\/[^/?#\s]+(\/\S*)?$/, example: 'wss://kas.example.com' },
  mattermost_external_url: { pattern: /^https?:\/\/[^/?#\s]+(\/\S*)?$/, example: 'https://chat.example.com' },
};

function judgeUrls(settings: OmnibusSettings): Finding[] {
  return Object.entries(URLS).flatMap(([key, { pattern, example }]) => {
    const url = textAt(settings, key);
    return url === undefined || url === '' || pattern.test(url) ? [] : [wrongValue([key], 'not a URL that GitLab takes here', url, `give one such as "${example}"`)];
  });
}

const DEFAULT_WORKER_TIMEOUT = 60;

function judgeRails(settings: OmnibusSettings): Finding[] {
  const rails = (key: string) => valueAt(settings, 'gitlab_rails', key);
  const refused = (key: string, problem: string, remedy: string) => [wrongValue(['gitlab_rails', key], problem, rails(key), remedy)];
  const [adapter, seconds, sshHost, timeZone] = ['db_adapter', 'max_request_duration_seconds', 'gitlab_ssh_host', 'time_zone'].map(rails);
  const given = Number(valueAt(settings, 'puma', 'worker_timeout') ?? DEFAULT_WORKER_TIMEOUT);
  return [
    ...adapter !== undefined && adapter !== 'postgresql' ? refused('db_adapter', 'GitLab works with PostgreSQL alone', 'leave it out') : [],
    ...seconds !== undefined && Number(seconds) >= given
      ? refused('max_request_duration_seconds', `not less than puma.worker_timeout, ${given}`, `give less than ${given}`) : [],
    ...typeof sshHost === 'string' && !/^[\w.-]+$|^\[[0-9a-f:]+\]$/i.test(sshHost)
      ? refused('gitlab_ssh_host', 'not a host name alone', 'give one such as "ssh.example.com", and the port as sshPort') : [],
    ...typeof timeZone === 'string' && !isTimeZone(timeZone)
      ? refused('time_zone', 'not a time zone that GitLab starts with', 'give one such as "Asia/Seoul" or "Etc/GMT-9"') : [],
  ];
}

/** Rails has names of its own beside those of the time zone database, such as "Seoul": what looks like one of them is not judged. */
function isTimeZone(name: string): boolean {
  if (/^(UTC|GMT) ?[+-]/i.test(name)) {
    return false;
  }
  if (!name.includes('/')) {
    return true;
  }
  try {
    // unlike Ruby, it takes any case; those of continents and oceans all begin with capitals.
    const zone = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    return name === zone || (name.toLowerCase() !== zone.toLowerCase() && /^[A-Z]/.test(name));
  } catch {
    return false;
  }
}

const KAS_NETWORKS = ['tcp', 'tcp4', 'tcp6', 'unix'];

function judgeServiceNames(settings: OmnibusSettings): Finding[] {
  const network = valueAt(settings, 'gitlab_kas', 'internal_api_listen_network');
  const services: unknown = valueAt(settings, 'logrotate', 'services');
  const stranger = (Array.isArray(services) ? services : [])
    .find((name) => typeof name === 'string' && known(name) && !omnibusKeys().sections.has(name.replaceAll('-', '_')));
  return [
    ...network !== undefined && !KAS_NETWORKS.includes(String(network))
      ? [wrongValue(['gitlab_kas', 'internal_api_listen_network'], 'not a network', network, `give one of ${KAS_NETWORKS.map((one) => `"${one}"`).join(', ')}`)] : [],
    ...stranger !== undefined ? [wrongValue(['logrotate', 'services'], 'not a service of GitLab\'s', stranger, 'leave it out')] : [],
  ];
}

/** Where the data disk is; what is elsewhere is gone with the virtual machine. */
const DATA_FOLDERS = /^\/(var\/opt|etc)\/gitlab(\/|$)/;

/** Folders of what nothing can make anew, by section. */
const DATA_KEYS: { readonly [section: string]: readonly string[] } = {
  gitlab_rails: [
    ...['agent_plan_content', 'ci_secure_files', 'dependency_proxy', 'external_diffs', 'lfs', 'packages', 'terraform_state', 'uploads'].map((name) => `${name}_storage_path`),
    'artifacts_path', 'encrypted_settings_path', 'pages_path', 'pages_local_store_path', 'registry_path', 'shared_path', 'uploads_directory',
  ],
  gitlab_ci: ['builds_directory'],
  redis: ['dir'],
  registry: ['dir'],
  user: ['home'],
};

function judgeDataPaths(settings: OmnibusSettings): Finding[] {
  const storages: unknown = valueAt(settings, 'gitaly', 'configuration', 'storage');
  const repositories = (Array.isArray(storages) ? storages : []).map((storage): unknown => valueAt(storage, 'path'))
    .map((path, index) => [['gitaly', 'configuration', `storage[${index}]`, 'path'], path] as const);
  const twice = repositories.find(([, path], index) => path !== undefined && repositories.slice(0, index).some(([, other]) => other === path));
  const paths = [
    ...Object.entries(DATA_KEYS).flatMap(([section, keys]) => keys.map((key) => [section, key])),
    ['registry', 'storage', 'filesystem', 'rootdirectory'],
  ].map((path) => [path, valueAt(settings, ...path)] as const);
  const lacksDefault = Array.isArray(storages) && storages.length > 0 && !isGiven(settings, 'gitlab_rails', 'repositories_storages')
    && storages.every((storage) => isSection(storage) && known(storage) && isGiven(storage, 'name') && known(storage.name) && storage.name !== 'default');
  return [
    ...lacksDefault ? [wrongValue(['gitaly', 'configuration', 'storage'], 'without a storage called "default", which GitLab requires', storages, 'call one of them "default"')] : [],
    ...storages !== undefined && !Array.isArray(storages)
      ? [wrongValue(['gitaly', 'configuration', 'storage'], 'not a list', storages, 'give a list such as [{"name": "default", "path": "/var/opt/gitlab/git-data/repositories"}]')] : [],
    ...twice ? [wrongValue(twice[0], 'the folder of another storage too', twice[1], 'give each a folder of its own')] : [],
    ...[...paths, ...repositories].filter(([, value]) => typeof value === 'string' && !DATA_FOLDERS.test(value)).map(([path, value]) =>
      wrongValue(path, 'not on the data disk, so that a new virtual machine would be without it', value, `give a folder below "/var/opt/gitlab"${UNLESS_MEANT}`)),
  ];
}

/** Gitaly does not start with a storage that it does not have. */
function judgeMaintenance(settings: OmnibusSettings): Finding[] {
  const path = ['gitaly', 'configuration', 'daily_maintenance', 'storages'];
  const [wanted, storages] = [valueAt(settings, ...path), valueAt(settings, 'gitaly', 'configuration', 'storage')];
  const names = Array.isArray(storages) ? storages.map((storage): unknown => valueAt(storage, 'name')) : ['default'];
  // what only the apply knows may be any of them.
  if (!Array.isArray(wanted) || names.includes(undefined) || (!Array.isArray(storages) && isGiven(settings, 'gitaly', 'configuration', 'storage'))) {
    return [];
  }
  const stranger = wanted.find((name) => known(name) && !names.includes(name));
  return stranger === undefined ? [] : [wrongValue(path, 'a storage that Gitaly does not have, with which it does not start', stranger, `give ${names.map((name) => `"${String(name)}"`).join(', ')}`)];
}

/** Gitaly takes text alone, and does not start with a number or a switch. */
function judgeGitConfig(settings: OmnibusSettings): Finding[] {
  const path = ['gitaly', 'configuration', 'git', 'config'];
  const items = valueAt(settings, ...path);
  return (Array.isArray(items) ? items : []).flatMap((item, index) => {
    const value = valueAt(item, 'value');
    return ['number', 'boolean'].includes(typeof value)
      ? [wrongValue([...path.slice(0, -1), `config[${index}]`, 'value'], 'not text, so that Gitaly would not start', value, `give "${String(value)}" in quotes`)] : [];
  });
}

/** Each item of a list is told by itself. */
function judgeForms(settings: OmnibusSettings): Finding[] {
  return keyPaths(settings).flatMap((path) => {
    const form = formOf(path);
    const value = valueAt(settings, ...path);
    const items: readonly (readonly [readonly string[], unknown])[] = Array.isArray(value)
      ? value.map((item, index) => [[...path.slice(0, -1), `${path[path.length - 1]}[${index}]`], item]) : [[path, value]];
    return form === undefined ? [] : items.filter(([, item]) => known(item) && !form.fits(item)).map(([where, item]) => wrongValue(where, form.problem, item, `${form.remedy}${UNLESS_MEANT}`));
  });
}

/** Keys at any depth. */
function keyPaths(map: unknown, path: readonly string[] = []): string[][] {
  return isSection(map) && known(map) ? Object.keys(map).flatMap((key) => [[...path, key], ...keyPaths(map[key], [...path, key])]) : [];
}
