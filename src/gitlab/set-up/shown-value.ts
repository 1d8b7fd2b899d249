import { Token } from 'cdktf';
import { InWords } from '../../private/validation-error';

/** A value as an error may show it: not all of a map, which may be long and hold secrets. */
export function shown(value: unknown): unknown {
  if (Token.isUnresolved(value)) {
    return value;
  }
  if (Array.isArray(value)) {
    return new InWords('[…]');
  }
  return typeof value === 'object' && value !== null ? new InWords('{…}') : value;
}
