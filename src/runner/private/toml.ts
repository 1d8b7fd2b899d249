import { Fn, Token } from 'cdktf';
import { stringify } from 'smol-toml';
import { hasToken, quoted } from '../../private/terraform-text';

// letters and digits only, so that it stands bare as a key and between quotes as a value.
const PLACEHOLDER = /"?cdktf0placeholder(\d+)end"?/g;

// characters that TOML takes in a string but YAML or Helm change on the way.
const FRAGILE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/**
 * The data as TOML; what is undefined or null is left out. Tokens are written by Terraform at apply time: those inside text as part
 * of a quoted string, whole values as TOML values of their own type.
 */
export function toToml(data: { [key: string]: unknown }): string {
  const rendered: string[] = [];
  const text = stringify(hideTokens(data, (toml) => `cdktf0placeholder${rendered.push(toml) - 1}end`));
  const toml = text.replace(FRAGILE, escape).replace(PLACEHOLDER, (_match, index) => rendered[Number(index)]);
  return toml.endsWith('\n') ? toml : `${toml}\n`;
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function hideTokens(value: any, hide: (toml: string) => string): any {
  if (typeof value === 'string') {
    return hasToken(value) ? hide(quoted(value).replace(FRAGILE, escape)) : value;
  }
  if (Token.isUnresolved(value)) {
    // JSON of strings, numbers, booleans and lists of them is TOML too.
    return hide(Token.asString(Fn.jsonencode(value)));
  }
  if (Array.isArray(value)) {
    return value.map((element) => hideTokens(element, hide));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined && item !== null)
      .map(([key, item]) => [hideTokens(key, hide), hideTokens(item, hide)]));
  }
  return value;
}
