import { also, Rule } from '../../private/rules/rule';
import { text } from '../../private/rules/scalars';
import { known, Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';

/** What a reference says of an image. */
export interface ImageReference {
  readonly tag?: string;
  readonly digest?: string;
}

// https://github.com/distribution/reference, whose words these are; a digest's algorithms are those that the container runtimes know.
const DOMAIN = /(?:(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[A-Fa-f0-9:]+\])(?::[0-9]+)?/.source;
const WORD = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const NAME = new RegExp(`^(?:${DOMAIN}/)?${WORD}(?:/${WORD})*$`);
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;
const LONGEST_NAME = 255;

const EXAMPLE = 'an image such as "ubuntu:24.04"';

/** Takes a reference apart; the parts may be wrong. A port's colon stands before a slash, a tag's does not. */
function split(reference: string): { readonly name: string } & ImageReference {
  const at = reference.indexOf('@');
  const tagged = at < 0 ? reference : reference.slice(0, at);
  const colon = tagged.indexOf(':', tagged.lastIndexOf('/') + 1);
  return {
    name: colon < 0 ? tagged : tagged.slice(0, colon),
    tag: colon < 0 ? undefined : tagged.slice(colon + 1),
    digest: at < 0 ? undefined : reference.slice(at + 1),
  };
}

/** The tag and the digest of an image, as far as they are known now: a job's variables are not. */
export function imageReference(reference: string | undefined): ImageReference {
  return known(reference) && !reference.includes('$') ? split(reference) : {};
}

/** An image reference. */
export function image(): Rule<string> {
  return also(text(EXAMPLE), (subject, value) => checkReference(subject, value, false));
}

/** An image of a job's container, which may have CI variables in it: GitLab Runner expands them. */
export function jobImage(): Rule<string> {
  return also(text(EXAMPLE), (subject, value) => checkReference(subject, value, true));
}

/** @param variables whether `$NAME` and `${NAME}` stand for something there. */
function checkReference(subject: Subject, value: string, variables: boolean): void {
  const refuse = (problem: string, remedy = `give ${EXAMPLE}`): never => {
    throw new ValidationError(subject.where, { prop: subject.prop, problem, got: value, remedy });
  };
  if (value === '' || /[^\x21-\x7e]/.test(value)) {
    return refuse('not a valid value');
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) {
    return refuse('an address, not an image', `leave out "${value.slice(0, value.indexOf('://') + 3)}"`);
  }
  const { name, tag, digest } = split(value);
  if (digest !== undefined && !(variables && digest.includes('$')) && !DIGEST.test(digest)) {
    return refuse('what follows "@" is not a digest', 'write "@sha256:" and the 64 hexadecimal digits in lower case, or leave "@" and what follows out');
  }
  if (variables && value.includes('$')) {
    return /^[\w.\-/:@${}[\]]+$/.test(value) ? undefined : refuse('not a valid value');
  }
  if (tag !== undefined && !TAG.test(tag)) {
    return refuse('what follows ":" is not a tag', 'give a tag of at most 128 letters, digits, "_", "." and "-", or leave ":" and what follows out');
  }
  if (NAME.test(name) && name.length <= LONGEST_NAME) {
    return undefined;
  }
  return NAME.test(name.toLowerCase()) && name.length <= LONGEST_NAME
    ? refuse('an image\'s name has no upper-case letters', `write ${JSON.stringify(name.toLowerCase())}`)
    : refuse('not a valid value');
}
