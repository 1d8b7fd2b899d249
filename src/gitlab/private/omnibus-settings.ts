import { Token } from 'cdktf';
import { IConstruct } from 'constructs';
import { isSection, OmnibusSettings } from './gitlab-rb';
import { jsonText } from './literals';
import { isPlainObject, known } from '../../private/checks';
import { ValidationError } from '../../private/validation-error';
import { GitLabVersion } from '../gitlab-version';

const PINNED_IDS = 'leave it out; the ids are fixed, so that the data disk fits every virtual machine';

/** What the scripts and the other props rely on, and what to do instead. */
const OWNED: { readonly [key: string]: string } = {
  'external_url': 'set the endpoint instead',
  'letsencrypt': 'set the endpoint instead',
  'nginx.enable': 'leave it out; the server is reached through its nginx',
  'nginx.listen_port': 'leave it out; the endpoint decides',
  'nginx.listen_https': 'leave it out; the endpoint decides',
  'nginx.ssl_certificate': 'set the endpoint to a certificate from a Key Vault instead',
  'nginx.ssl_certificate_key': 'set the endpoint to a certificate from a Key Vault instead',
  'high_availability': 'leave it out; it keeps GitLab from starting without its data disk',
  'gitlab_rails.auto_migrate': 'leave it out; an upgrade without its migrations is not finished',
  'gitlab_rails.initial_root_password': 'leave it out; the password is made on the server and put into the server\'s Key Vault',
  'gitlab_rails.initial_shared_runners_registration_token': 'leave it out; it would be readable in the state',
  'postgresql.enable': 'leave it out; upgrades and checks need the database on this server',
  'postgresql.dir': 'leave it out; the data has to be on the data disk',
  'postgresql.data_dir': 'leave it out; the data has to be on the data disk',
  ...Object.fromEntries(['user', 'web_server', 'redis', 'postgresql', 'registry', 'prometheus']
    .flatMap((name) => [[`${name}.uid`, PINNED_IDS], [`${name}.gid`, PINNED_IDS]])),
};

/** Keys that make a later version's reconfigure stop, and that version's major number. */
const REMOVED: { readonly [key: string]: number } = { git_data_dirs: 18, mattermost: 19, mattermost_external_url: 19, spamcheck: 19 };

/** The single keys, which are methods in gitlab.rb; all others are sections. */
const SINGLE = /^(?:[a-z_]+_external_url|roles|runtime_dir)$/;

// a section of this name would call Ruby's own method.
const RUBY_WORDS = new Set(('BEGIN END alias and begin break case class def defined do else elsif end ensure false for if in module next nil not or '
  + 'redo rescue retry return self super then true undef unless until when while yield abort at_exit binding block_given callcc caller catch '
  + 'eval exec exit fork gets instance_eval lambda load loop method open p pp print printf proc public_send putc puts raise rand readline '
  + 'readlines require require_relative select send sleep spawn sprintf srand syscall system tap test throw trap warn').split(' '));

// all of a run command has to stay below 64 kB, the scripts and their other parameters included.
const LONGEST_TEXT = 16_000;

/** Refuses what cannot be written to gitlab.rb, what a later version stops at, and what the scripts or other props decide. */
export function checkOmnibusSettings(where: IConstruct | string, settings: OmnibusSettings | undefined, version: GitLabVersion): void {
  if (!known(settings)) {
    return;
  }
  const refuse = (path: readonly string[], problem: string, got: unknown, remedy: string): never => {
    throw new ValidationError(where, { prop: ['omnibusSettings', ...path].join('.'), problem, got, remedy });
  };
  if (!isSection(settings)) {
    refuse([], 'not a map', shown(settings), 'give gitlab.rb\'s sections, such as {"gitlab_rails": {"time_zone": "Asia/Seoul"}}');
  }
  for (const [name, value] of Object.entries(settings)) {
    if (!/^[a-z][a-z0-9_]*$/.test(name) || RUBY_WORDS.has(name)) {
      refuse([name], 'not a name of gitlab.rb', shown(value), 'give a section such as "gitlab_rails" or a key such as "registry_external_url"');
    }
    if (REMOVED[name] <= version.major) {
      refuse([name], `removed in GitLab ${REMOVED[name]}`, shown(value), 'leave it out');
    }
    checkValue(value, [name], refuse);
    if (SINGLE.test(name) || name in OWNED) {
      checkOwned([name], value, refuse);
    } else if (!isSection(value)) {
      refuse([name], 'not a section', shown(value), `give its keys, such as {"${name}": {"enable": true}}`);
    }
    if (isSection(value)) {
      Object.entries(value).forEach(([key, item]) => checkOwned([name, key], item, refuse));
    }
  }
  if (isSection(settings.gitlab_rails) && settings.gitlab_rails.nginx !== undefined) {
    const nginx = settings.gitlab_rails.nginx;
    if (!isSection(nginx)) {
      refuse(['gitlab_rails', 'nginx'], 'not a section', shown(nginx), 'give its keys, such as {"client_max_body_size": "250m"}');
    }
    Object.entries(nginx as object).forEach(([key, item]) => checkOwned(['gitlab_rails', 'nginx', key], item, refuse));
  }
  const length = jsonText(settings).length;
  if (length > LONGEST_TEXT) {
    refuse([], 'too long', `${length} characters`, `keep it below ${LONGEST_TEXT} characters of JSON`);
  }
}

const SECRET_NAME = /(?:password|passwd|secret|token|(?:access|private|encryption)_?key)$/i;

/** The keys whose names promise a secret; their values can be read in the plan, the state and the virtual machine's run commands. */
export function omnibusSecrets(settings: OmnibusSettings | undefined): string[] {
  const found: string[] = [];
  const visit = (value: unknown, path: string) => {
    if (Array.isArray(value)) {
      value.forEach((item, index) => visit(item, `${path}[${index}]`));
    } else if (isSection(value)) {
      Object.entries(value).forEach(([key, item]) => visit(item, path === '' ? key : `${path}.${key}`));
    } else if (typeof value === 'string' && value !== '' && SECRET_NAME.test(path)) {
      found.push(path);
    }
  };
  visit(settings, '');
  return found;
}

type Refuse = (path: readonly string[], problem: string, got: unknown, remedy: string) => never;

function checkOwned(path: readonly string[], value: unknown, refuse: Refuse): void {
  const key = path.join('.').replace(/^gitlab_rails\.nginx\./, 'nginx.');
  if (value !== undefined && Object.prototype.hasOwnProperty.call(OWNED, key)) {
    refuse(path, 'decided elsewhere', SECRET_NAME.test(key) ? '(hidden)' : shown(value), OWNED[key]);
  }
}

const DEEPEST = 20;

function checkValue(value: unknown, path: readonly string[], refuse: Refuse): void {
  if (value === undefined || value === null || typeof value === 'boolean' || Token.isUnresolved(value)) {
    return;
  }
  const remedy = 'give text, a finite number, true, false, null, or a list or map of these';
  if (path.length > DEEPEST) {
    refuse(path.slice(0, 3), 'nested too deep', `more than ${DEEPEST} levels`, remedy);
  }
  if (typeof value === 'string') {
    checkText(value, path, refuse);
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => checkValue(item ?? null, [...path.slice(0, -1), `${path[path.length - 1]}[${index}]`], refuse));
  } else if (isPlainObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      checkText(key, path, refuse);
      checkValue(item, [...path, key], refuse);
    }
  } else if (typeof value !== 'number' || !Number.isFinite(value)) {
    refuse(path, 'cannot be written to gitlab.rb', shown(value), remedy);
  }
}

function checkText(text: string, path: readonly string[], refuse: Refuse): void {
  if (/[\ud800-\udfff]/u.test(text) || text.includes('\0')) {
    refuse(path, 'not valid text', text, 'give text without null characters and halves of surrogate pairs');
  }
}

/** A value as an error may show it: not all of a map, which may be long and hold secrets. */
function shown(value: unknown): unknown {
  if (Array.isArray(value)) {
    return '[…]';
  }
  return typeof value === 'object' && value !== null ? '{…}' : value;
}
