import { known } from '../../private/rules/subject';

/** Azure's names do not tell capitals from small letters. */
export function isSameName(one: string | undefined, other: string | undefined): boolean {
  return known(one) && known(other) && one.toLowerCase() === other.toLowerCase();
}
