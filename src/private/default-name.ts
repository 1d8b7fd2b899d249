import { createHash } from 'crypto';
import { IConstruct } from 'constructs';
import { namedPath } from './construct-moves';
import { known } from './rules/subject';

const DIGEST_LENGTH = 8;

// what we add to a path ourselves: an id of the user's at its end would read the same.
const OWN_ENDINGS = ['rg', 'identity', 'jobidentity', 'datadiskbackup', 'release'];

/**
 * A name made from a construct's path that no other path comes to: lower-case letters, digits and hyphens, a letter first. It depends
 * on the path alone, so it stays whatever else is in the program.
 *
 * Where every id is of ASCII letters and digits, the name is the ids; a construct that is called like its stack says so once. Any
 * other path (`a-b` reads like `a/b`), and one that is too long, keeps its end, which tells more than its start, and gets a digest of
 * the whole. Paths that differ in upper and lower case alone come to one name, for Azure anyway; `UniqueNames` refuses them.
 *
 * @param suffix what the name is for, such as `-rg`.
 */
export function defaultName(construct: IConstruct, maximumLength: number, suffix = ''): string {
  const path = namedPath(construct);
  const ids = path.toLowerCase().split('/');
  const said = ids.length === 2 && ids[0] === ids[1] ? [ids[0]] : ids;
  const name = `${said.join('-')}${suffix}`;
  return name.length <= maximumLength && tellsThePath(path) ? name : `${digested(path, maximumLength - suffix.length)}${suffix}`;
}

/** A name and what is added to it; a long one, or one that `allowed` does not match, is cut and gets a digest. A reference stays whole. */
export function suffixed(name: string, suffix: string, maximumLength: number, allowed = /^/): string {
  const fits = !known(name) || (`${name}${suffix}`.length <= maximumLength && allowed.test(name));
  return `${fits ? name : digested(name, maximumLength - suffix.length)}${suffix}`;
}

/** The end of a text as lower-case letters, digits and hyphens, a letter first, and a digest of the whole. */
export function digested(text: string, maximumLength: number, separator = '-'): string {
  const room = maximumLength - DIGEST_LENGTH - separator.length;
  const words = text.toLowerCase().split(/[^a-z0-9]+/).filter((word, index, all) => word !== all[index - 1]).join(separator);
  const end = words.slice(-room).replace(/^[^a-z]+|-+$/g, '');
  return `${end || 'x'}${separator}${digest(text)}`;
}

/** Eight hexadecimal digits that follow from a text. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, DIGEST_LENGTH);
}

function tellsThePath(path: string): boolean {
  return /^[A-Za-z][A-Za-z0-9]*(\/[A-Za-z0-9]+)*$/.test(path) && !OWN_ENDINGS.includes(path.split('/').pop()!.toLowerCase());
}
