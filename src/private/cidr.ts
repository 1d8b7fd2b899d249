import { Token } from 'cdktf';
import { known } from './rules/subject';

/** An IPv4 block as numbers; arithmetic instead of bit operators, because JavaScript's are signed 32 bit. */
export interface Block {
  readonly first: number;
  readonly size: number;
}

/** The block, or what to do about a text that is none. */
export function parseCidr(text: string): Block | string {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) {
    return /^[\d.]+$/.test(text) ? `did you mean "${text}/32"` : 'give an IPv4 block such as "10.0.0.0/16"';
  }
  const numbers = match.slice(1).map(Number);
  const prefix = numbers[4];
  if (numbers.slice(0, 4).some((n) => n > 255) || prefix > 32) {
    return 'give an IPv4 block such as "10.0.0.0/16"';
  }
  // some programs read such numbers as octal.
  if (/(^|[./])0\d/.test(text)) {
    return `leave out zeros in front, did you mean "${numbers.slice(0, 4).join('.')}/${prefix}"`;
  }
  const first = numbers.slice(0, 4).reduce((sum, n) => sum * 256 + n, 0);
  const size = 2 ** (32 - prefix);
  if (first % size !== 0) {
    const network = first - (first % size);
    const dotted = [3, 2, 1, 0].map((i) => Math.floor(network / 256 ** i) % 256).join('.');
    return `the address has host bits set, did you mean "${dotted}/${prefix}"`;
  }
  return { first, size };
}

/** True if `inner` lies in `outer`; unknown values are taken to fit. */
export function contains(outer: string, inner: string): boolean {
  return compare(outer, inner, (a, b) => b.first >= a.first && b.first + b.size <= a.first + a.size, true);
}

/** True if the two blocks share an address; unknown values are taken not to. */
export function overlaps(one: string, other: string): boolean {
  return compare(one, other, (a, b) => a.first < b.first + b.size && b.first < a.first + a.size, false);
}

function compare(one: string, other: string, test: (a: Block, b: Block) => boolean, unknown: boolean): boolean {
  if (!known(one) || !known(other)) {
    return unknown;
  }
  const [a, b] = [parseCidr(one), parseCidr(other)];
  return typeof a === 'string' || typeof b === 'string' ? unknown : test(a, b);
}

/** Where no machine can be: "this" network, loopback, link-local, Azure's own service, multicast and what is kept for the future. */
const UNUSABLE = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '168.63.129.16/32', '224.0.0.0/3'];

/** What the Internet does not lead to: RFC 1918, and RFC 6598 between a provider and its customers. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

/** True if no machine of a network can have an address of the block. */
export function isUnusable(block: string): boolean {
  return known(block) && UNUSABLE.some((one) => contains(one, block));
}

/** True if a network of that block would have addresses that no machine can have. */
export function holdsUnusable(block: string): boolean {
  return UNUSABLE.some((one) => overlaps(one, block));
}

/** True if a block is known and not of the Internet. */
export function isPrivate(block: string): boolean {
  return known(block) && PRIVATE.some((one) => contains(one, block));
}

/** True if the whole Internet is among the blocks. */
export function isOpenToAll(cidrs: readonly string[]): boolean {
  return !Token.isUnresolved(cidrs) && cidrs.includes('0.0.0.0/0');
}

// a block with a shorter prefix is no network of anybody's.
const WIDEST_PREFIX = 8;

/** The blocks in words, if they hold much of the Internet. */
export function tooWide(cidrs: readonly string[] | undefined): string | undefined {
  if (!known(cidrs)) {
    return undefined;
  }
  if (isOpenToAll(cidrs)) {
    return 'the whole Internet';
  }
  const wide = cidrs.filter((cidr) => known(cidr) && Number(cidr.split('/')[1]) < WIDEST_PREFIX);
  return wide.length > 0 ? `${wide.join(' and ')}, which is much of the Internet` : undefined;
}
