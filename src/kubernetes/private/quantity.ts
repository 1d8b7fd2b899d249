import { known } from '../../private/rules/subject';

const FACTORS: { readonly [suffix: string]: number } = {
  'n': 1e-9, 'u': 1e-6, 'm': 1e-3, '': 1, 'k': 1e3, 'M': 1e6, 'G': 1e9, 'T': 1e12, 'P': 1e15, 'E': 1e18,
  'Ki': 2 ** 10, 'Mi': 2 ** 20, 'Gi': 2 ** 30, 'Ti': 2 ** 40, 'Pi': 2 ** 50, 'Ei': 2 ** 60,
};

/** A quantity as a number, for comparisons; undefined where it is not known, and for what is none. */
export function amount(quantity: string | undefined): number | undefined {
  const match = known(quantity) ? /^(\d{1,15}(?:\.\d{0,9})?|\.\d{1,9})(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,2}))?$/.exec(quantity) : null;
  return match ? Number(match[1]) * (match[3] === undefined ? FACTORS[match[2] ?? ''] : 10 ** Number(match[3])) : undefined;
}

/** More than the largest of Azure's machines have. */
const MOST_CORES = 2048;
const LEAST_BYTES = 2 ** 20;

/** What is wrong with a number of cores that is a quantity: nobody means gigabytes of them, or thousands for lack of an `m`. */
export function reasonAgainstCores(quantity: string): string | undefined {
  const cores = amount(quantity) ?? 0;
  return cores > 0 && /[kMGTPE]i?$/.test(quantity) ? 'a unit of memory, and this is CPU' : cores > MOST_CORES ? 'more cores than any node has' : undefined;
}

/** The same of memory and storage: `512m` is half a byte, and `512` hardly more. */
export function reasonAgainstBytes(quantity: string): string | undefined {
  const bytes = amount(quantity);
  return bytes && bytes < LEAST_BYTES ? 'less than a mebibyte' : undefined;
}
