import { Token } from 'cdktf';

const SECRET_NAME = /(?:password|passwd|secret|token|(?:access|private|encryption)_?key)$/i;

/** Whether a key's name promises a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** A value as an error may show it: not all of a map, which may be long and hold secrets. */
export function shown(value: unknown): unknown {
  if (Token.isUnresolved(value)) {
    return value;
  }
  if (Array.isArray(value)) {
    return '[…]';
  }
  return typeof value === 'object' && value !== null ? '{…}' : value;
}
