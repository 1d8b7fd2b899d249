import { Token } from 'cdktf';
import { InWords, kindOf } from '../../private/validation-error';

/** In place of text that may be a secret, or hold one. */
export const NOT_SHOWN = '…';

/** A value as an error may show it: not all of a map, which may be long and hold secrets. */
export function shown(value: unknown): unknown {
  if (Token.isUnresolved(value)) {
    return value;
  }
  if (Array.isArray(value)) {
    return new InWords('[…]');
  }
  return typeof value === 'object' && value !== null && kindOf(value) === 'Object' ? new InWords('{…}') : value;
}
