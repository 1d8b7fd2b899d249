import { Token } from 'cdktf';
import { jsonText } from './literals';
import { NGINX, oldNginxOf } from './nginx-places';
import { omnibusKeys } from './omnibus-keys';
import { isSection, isSingleKey, OmnibusSettings, Section } from './omnibus-settings';
import { OWNED, ownedName } from './owned-keys';
import { NOT_SHOWN, shown } from './shown-value';
import { KeyVaultSecret } from '../../azure/key-vault-secret';
import { isLoopValue, LOOP_PROBLEM, LOOP_REMEDY } from '../../private/loop-values';
import { isOne } from '../../private/own-class';
import { isPlainObject, plainMap } from '../../private/rules/collections';
import { refuseReference, Rule } from '../../private/rules/rule';
import { Subject } from '../../private/rules/subject';
import { isToken } from '../../private/terraform-text';
import { InWords, kindOf, ValidationError } from '../../private/validation-error';
import { isSecretName, literalSecrets } from '../set-up/secret-keys';

// a section of this name would call Ruby's own method.
const RUBY_WORDS = new Set(('BEGIN END alias and begin break case class def defined do else elsif end ensure false for if in module next nil not or '
  + 'redo rescue retry return self super then true undef unless until when while yield abort at_exit binding block_given callcc caller catch '
  + 'eval exec exit fork gets instance_eval lambda load loop method open p pp print printf proc public_send putc puts raise rand readline '
  + 'readlines require require_relative select send sleep spawn sprintf srand syscall system tap test throw trap warn').split(' '));

// all of a run command has to stay far below 256 KiB, the scripts and their other parameters included.
const LONGEST_TEXT = 16_000;

const EXPECTED = 'gitlab.rb\'s sections, such as {"gitlab_rails": {"time_zone": "Asia/Seoul"}}';

/** What can be written to gitlab.rb, but for what the scripts or other props decide. */
export function omnibusSettings(): Rule<OmnibusSettings> {
  return {
    expected: EXPECTED,
    take(subject, value) {
      refuseReference(subject, value, 'write the map here; its sections and their values may be references');
      const refuse = refusing(subject);
      if (!isSection(value) || kindOf(value) !== 'Object') {
        // a Map has entries that nobody here would see, and a file as text may have secrets.
        return refuse([], 'not a map', withoutText(value), `give ${EXPECTED}`);
      }
      const given = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
      const settings = Object.fromEntries(given.map(([name, item]) => [name, takeEntry(name, item, refuse)]));
      Object.keys(settings).forEach((name) => checkNginx(settings, name, refuse));
      const length = jsonText(settings).length;
      if (length > LONGEST_TEXT) {
        refuse([], 'too long', new InWords(`${length} characters`), `keep it below ${LONGEST_TEXT} characters of JSON`);
      }
      return settings;
    },
  };
}

/** One entry of the list `omniauth_providers`. */
export function omniauthProvider(): Rule<Section> {
  const expected = 'one entry of gitlab_rails[\'omniauth_providers\'], such as {"name": "github", "app_id": "…"}';
  return {
    expected,
    take(subject, value) {
      const provider = plainMap(subject, value, expected, shown);
      const refuse = refusing(subject);
      const [secret] = literalSecrets({ gitlab_rails: { omniauth_providers: provider } });
      if (secret !== undefined) {
        refuse([secret.replace('gitlab_rails.omniauth_providers.', '')], 'a secret, which the Terraform state would contain', '(hidden)',
          'give KeyVaultSecret.of(keyVaultId, secretName)');
      }
      return takeValue(provider, [], refuse) as Section;
    },
  };
}

type Refuse = (path: readonly string[], problem: string, got: unknown, remedy: string) => never;

function refusing({ where, prop }: Subject): Refuse {
  return (path, problem, got, remedy) => {
    throw new ValidationError(where, { prop: [prop, ...path].join('.'), problem, got, remedy });
  };
}

function takeEntry(name: string, value: unknown, refuse: Refuse): unknown {
  if (!/^[a-z][a-z0-9_]*$/.test(name) || RUBY_WORDS.has(name)) {
    refuse([name], 'not a name of gitlab.rb', withoutText(value), asMap(name)
      ?? 'give a section such as "gitlab_rails" or a key such as "registry_external_url"');
  }
  const taken = isSingleKey(name) ? takeValue(value, [name], refuse) : takeSection(name, value, refuse);
  if (isSingleKey(name) || name in OWNED) {
    checkOwned([name], taken, refuse);
  } else if (omnibusKeys().sections.has(name) && !isSection(taken) && !isReferenceOfMap(taken)) {
    refuse([name], 'not a section', shown(taken), `give its keys, such as {"${name}": {"enable": true}}`);
  }
  if (isSection(taken)) {
    Object.entries(taken).forEach(([key, item]) => checkOwned([name, key], item, refuse));
  }
  return taken;
}

function withoutText(value: unknown): unknown {
  return typeof value === 'string' ? NOT_SHOWN : shown(value);
}

/** How a key with its section's name before it, as Ruby has it or with dots, is written as data. */
function asMap(name: string): string | undefined {
  const [, section, key] = name.match(/^(\w+)(?:\[['"]?|\.)(\w+)['"]?\]?$/) ?? [];
  return key !== undefined && omnibusKeys().sections.has(section) ? `give a map in a map, {"${section}": {"${key}": …}}` : undefined;
}

function takeSection(name: string, value: unknown, refuse: Refuse): unknown {
  const section = mapOfReference(takeValue(value, [name], refuse));
  return oldNginxOf(name) !== undefined && isSection(section) && NGINX in section ? { ...section, nginx: mapOfReference(section.nginx) } : section;
}

/** cdktf's functions give text, even those that make a map. */
function mapOfReference(value: unknown): unknown {
  return typeof value === 'string' && isToken(value) ? Token.asAny(value) : value;
}

/** Nginx's keys may stand in a section of their own or within the one that they serve. */
function checkNginx(settings: Section, name: string, refuse: Refuse): void {
  const holder = settings[name];
  const nginx = isSection(holder) ? holder.nginx : undefined;
  const old = oldNginxOf(name);
  if (old === undefined || nginx === undefined || nginx === null) {
    return;
  }
  const path = [name, NGINX];
  if (isSection(nginx)) {
    Object.entries(nginx).forEach(([key, item]) => checkOwned([...path, key], item, refuse));
  } else if (!isReferenceOfMap(nginx)) {
    refuse(path, 'not a section', shown(nginx), 'give its keys, such as {"client_max_body_size": "250m"}');
  }
  if (settings[old] !== undefined && !(isSection(nginx) && isSection(settings[old]))) {
    refuse(path, `a reference beside omnibusSettings.${old}`, shown(nginx), 'give one of the two');
  }
}

function checkOwned(path: readonly string[], value: unknown, refuse: Refuse): void {
  const key = ownedName(path);
  if (value !== undefined && Object.hasOwn(OWNED, key)) {
    refuse(path, 'decided elsewhere', isSecretName(key) ? '(hidden)' : shown(value), OWNED[key]);
  }
}

const DEEPEST = 20;

/** A copy, so that nothing can be put in later that was not looked at. */
function takeValue(value: unknown, path: readonly string[], refuse: Refuse): unknown {
  if (value === undefined || value === null || typeof value === 'boolean' || Token.isUnresolved(value)) {
    if (isLoopValue(value)) {
      refuse(path, LOOP_PROBLEM, value, LOOP_REMEDY);
    }
    return value;
  }
  const remedy = 'give text, a finite number, true, false, null, a KeyVaultSecret, or a list or map of these';
  if (isOne(value, KeyVaultSecret)) {
    return value;
  }
  if (path.length > DEEPEST) {
    refuse(path.slice(0, 3), 'nested too deeply', new InWords(`more than ${DEEPEST} levels`), remedy);
  }
  if (typeof value === 'string') {
    checkText(value, path, refuse);
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => takeValue(item ?? null, [...path.slice(0, -1), `${path[path.length - 1]}[${index}]`], refuse));
  }
  if (isPlainObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => {
      checkText(key, path, refuse);
      return [key, takeValue(item, [...path, key], refuse)];
    }));
  }
  return typeof value === 'number' && Number.isFinite(value) ? value : refuse(path, 'cannot be written to gitlab.rb', shown(value), remedy);
}

function checkText(text: string, path: readonly string[], refuse: Refuse): void {
  if (/[\ud800-\udfff]/u.test(text) || text.includes('\0')) {
    refuse(path, 'not valid text', text, 'give text without null characters and halves of surrogate pairs');
  }
}

/** What the apply may turn out to be a map, unlike a reference that is a text's, a number's or a list's. */
function isReferenceOfMap(value: unknown): boolean {
  return typeof value === 'object' && !Array.isArray(value) && Token.isUnresolved(value);
}
