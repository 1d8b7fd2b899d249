import { Token, Tokenization } from 'cdktf';
import { isPlainObject } from '../../private/rules/collections';
import { Subject } from '../../private/rules/subject';
import { templateText } from '../../private/terraform-text';
import { InWords, ValidationError } from '../../private/validation-error';

const DEEPEST = 100;
// YAML readers look no further than 1024 bytes for the colon.
const LONGEST_KEY = 1000;

// Helm writes each object as JSON and reads that as YAML, whose reader refuses these; U+0085 turns into a blank.
const UNWRITABLE = /[\u007F-\u009F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]|^\uFEFF/;

/**
 * Plain data as Terraform's JSON syntax takes it: template marks of literal text escaped, in keys too, tokens left for
 * cdktf. Read back by Terraform it is the same data, value for value.
 */
export function terraformData(value: any): any {
  if (typeof value === 'string') {
    return templateText(value);
  }
  if (typeof value !== 'object' || value === null || Tokenization.isResolvable(value) || isEncodedToken(value)) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(terraformData);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [terraformKey(key), terraformData(item)]));
}

/** The same data with another value in the place of each text, number, list or map that holds a token. */
export function replaceTokens(value: any, replacement: (holder: any) => any): any {
  if (Token.isUnresolved(value)) {
    return replacement(value);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((item) => replaceTokens(item, replacement));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) =>
    [Token.isUnresolved(key) ? replacement(key) : key, replaceTokens(item, replacement)]));
}

/** Every text, number, list or map of the data that holds a token. */
export function tokenHolders(value: any): any[] {
  if (Token.isUnresolved(value)) {
    return [value];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Array.isArray(value) ? value.flatMap(tokenHolders)
    : [...Object.keys(value).filter((key) => Token.isUnresolved(key)), ...Object.values(value).flatMap(tokenHolders)];
}

/** In Terraform's JSON syntax a key `//` is a comment, dropped without a word, at any depth. */
function terraformKey(key: string): string {
  return key === '//' ? '${"//"}' : templateText(key);
}

/** Refuses what does not come out of Terraform, YAML and Helm the way it went in. Tokens pass. */
export function checkData(subject: Subject, value: any, depth = 0): void {
  const refuse = (problem: string, got: unknown, remedy: string) => {
    throw new ValidationError(subject.where, { prop: subject.prop, problem, got, remedy });
  };
  if (typeof value === 'string') {
    checkText(subject, value);
    return;
  }
  if (value === undefined || value === null || typeof value === 'boolean' || Tokenization.isResolvable(value) || isEncodedToken(value)) {
    return;
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) {
      refuse('not a number that JSON can hold', String(value), 'give a finite number');
    }
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER) {
      refuse('a number that Helm would round', value, 'write numbers beyond 9007199254740991 as text');
    }
  } else if (depth > DEEPEST) {
    refuse('nested too deeply, or inside itself', new InWords(`more than ${DEEPEST} levels`), `keep to ${DEEPEST} levels`);
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => checkData(inside(subject, () => `[${index}]`), item, depth + 1));
  } else if (isPlainObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      checkKey(subject, key);
      checkData(inside(subject, () => step(key)), item, depth + 1);
    }
  } else {
    refuse('not plain data', String(value?.constructor?.name ?? typeof value), 'give objects, lists, texts, numbers, true, false and null only');
  }
}

/** The path is put together only for a message: manifests are large, and most have nothing wrong. */
function inside(subject: Subject, last: () => string): Subject {
  return {
    where: subject.where,
    get prop() {
      return `${subject.prop}${last()}`;
    },
  };
}

function checkKey(subject: Subject, key: string): void {
  checkText(subject, key);
  if (Buffer.byteLength(JSON.stringify(key)) > LONGEST_KEY) {
    throw new ValidationError(subject.where, {
      prop: subject.prop, problem: 'a key longer than YAML allows', got: `${key.slice(0, 60)}…`, remedy: `keep keys under ${LONGEST_KEY} bytes`,
    });
  }
  if (key === '<<') {
    // Helm's toYaml writes it without quotes, and reads it back as a merge.
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'YAML reads this key as a merge', got: key, remedy: 'rename it' });
  }
  if (key === '__proto__') {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'JavaScript reserves this key', got: key, remedy: 'rename it' });
  }
}

function checkText(subject: Subject, text: string): void {
  if (/^[\t\n\r -~]*$/.test(text)) {
    return;
  }
  const found = UNWRITABLE.exec(text);
  if (found) {
    const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    throw new ValidationError(subject.where, {
      prop: subject.prop,
      problem: `the character U+${code} does not survive YAML`,
      got: text.slice(Math.max(0, found.index - 10), found.index + 10),
      remedy: 'remove it, or carry the text in base64',
    });
  }
  if (text.normalize('NFC') !== text) {
    // Terraform keeps all text in this form, so it would arrive changed.
    throw new ValidationError(subject.where, {
      prop: subject.prop, problem: 'text that is not in Unicode\'s composed form (NFC)', got: text.slice(0, 60),
      remedy: 'compose it (in JavaScript: text.normalize()), or carry it in base64',
    });
  }
}

/** How a key is written in the path to a value. */
function step(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** Numbers, lists and maps that stand for a value only the apply knows; texts may mix literal and token and are walked. */
function isEncodedToken(value: unknown): boolean {
  return typeof value !== 'string' && Token.isUnresolved(value);
}
