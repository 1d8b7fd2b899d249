import { createHash } from 'crypto';
import { IConstruct } from 'constructs';

/**
 * A name made from a construct's path: lower-case letters, digits and hyphens, a letter first, the same at each synth. A word that
 * follows itself stands once, since stacks and constructs like to have one name. Paths that are too long keep their end, which
 * tells more than their start, and get a digest of the whole.
 */
export function defaultName(construct: IConstruct, maximumLength: number, suffix = ''): string {
  const path = construct.node.path;
  const words = path.toLowerCase().split(/[^a-z0-9]+/).filter((word, index, all) => word !== all[index - 1]).join('-')
    .replace(/^[^a-z]+|-+$/g, '') || 'x';
  const name = `${words}${suffix}`;
  if (name.length <= maximumLength) {
    return name;
  }
  const digest = createHash('sha256').update(path).digest('hex').slice(0, 8);
  const room = maximumLength - suffix.length - digest.length - 1;
  return `${words.slice(-room).replace(/^[^a-z]+/, '') || 'x'}-${digest}${suffix}`;
}
