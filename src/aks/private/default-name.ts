import { createHash } from 'crypto';
import { IConstruct } from 'constructs';
import { known } from '../../private/checks';

/**
 * A name made from a construct's path: lower-case letters, digits and hyphens, a letter first, the same at each synth.
 * Paths that are too long keep their end, which tells more than their start, and get a digest of the whole.
 */
export function defaultName(construct: IConstruct, maximumLength: number, suffix = ''): string {
  const path = construct.node.path;
  const words = path.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^[^a-z]+|-+$/g, '') || 'x';
  const name = `${words}${suffix}`;
  if (name.length <= maximumLength) {
    return name;
  }
  const digest = createHash('sha256').update(path).digest('hex').slice(0, 8);
  const room = maximumLength - suffix.length - digest.length - 1;
  return `${words.slice(-room).replace(/^[^a-z]+/, '') || 'x'}-${digest}${suffix}`;
}

/** The first label of the API server's address: the cluster's name as far as it fits; AKS itself makes it unique. */
export function dnsPrefix(construct: IConstruct, clusterName: string): string {
  const prefix = known(clusterName) ? clusterName.replace(/[^A-Za-z0-9-]/g, '-').slice(0, 54).replace(/-+$/, '') : '';
  return prefix || defaultName(construct, 54);
}
