// IPv4 blocks, as Azure reads them.
export interface Block {
  readonly first: number;
  readonly last: number;
  readonly size: number;
}

/** undefined for what is no block, host bits included. */
export function parseBlock(text: string): Block | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(text);
  if (!match) {
    return undefined;
  }
  const [a, b, c, d, size] = match.slice(1).map(Number);
  if ([a, b, c, d].some((octet) => octet > 255) || size > 32) {
    return undefined;
  }
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  const count = 2 ** (32 - size);
  return first % count === 0 ? { first, last: first + count - 1, size } : undefined;
}

export const overlaps = (a: Block, b: Block) => a.first <= b.last && b.first <= a.last;
export const contains = (outer: Block, inner: Block) => outer.first <= inner.first && inner.last <= outer.last;
export const address = (value: number) => [24, 16, 8, 0].map((bits) => Math.floor(value / 2 ** bits) % 256).join('.');
