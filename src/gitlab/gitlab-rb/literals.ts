import { Fn, IResolvable, Token } from 'cdktf';
import { KeyVaultSecret } from '../../azure/key-vault-secret';
import { isOne } from '../../private/own-class';
import { quoted, rubyQuoted } from '../../private/terraform-text';
import { secretRuby } from '../set-up/secret-file';

/**
 * A JSON text in which tokens of every kind keep their place: Terraform renders them at apply time.
 * The result still has to pass `templateText` once.
 */
export function jsonText(value: unknown): string {
  if (typeof value === 'string') {
    return quoted(value);
  }
  if (value === undefined || value === null) {
    return 'null';
  }
  if (typeof value === 'boolean' || (typeof value === 'number' && !Token.isUnresolved(value))) {
    return JSON.stringify(value);
  }
  if (Token.isUnresolved(value)) {
    return Token.asString(Fn.jsonencode(value as IResolvable));
  }
  return Array.isArray(value)
    ? `[${value.map(jsonText).join(',')}]`
    : `{${definedEntries(value as object).map(([key, item]) => `${quoted(key)}:${jsonText(item)}`).join(',')}}`;
}

/** Ruby that the server evaluates, in the place of a value. */
export class RubyExpression {
  constructor(public readonly code: string) {}
}

/** The same for Ruby. A list or map that only the apply knows is parsed from JSON by Ruby itself. */
export function rubyText(value: unknown): string {
  if (typeof value === 'string') {
    return rubyQuoted(value);
  }
  if (value instanceof RubyExpression) {
    return value.code;
  }
  if (value === undefined || value === null) {
    return 'nil';
  }
  if (isOne(value, KeyVaultSecret)) {
    return secretRuby(value);
  }
  if (typeof value === 'number' && Token.isUnresolved(value)) {
    return Token.asString(value);
  }
  if (typeof value === 'boolean' || typeof value === 'number') {
    return String(value);
  }
  if (Token.isUnresolved(value)) {
    return `JSON.parse(${rubyQuoted(Token.asString(Fn.jsonencode(value as IResolvable)))})`;
  }
  return Array.isArray(value)
    ? `[${value.map(rubyText).join(', ')}]`
    : `{${definedEntries(value as object).map(([key, item]) => `${rubyQuoted(key)} => ${rubyText(item)}`).join(', ')}}`;
}

/** The entries of an object but for those that are undefined, which JSON leaves out too. */
export function definedEntries(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, item]) => item !== undefined);
}
