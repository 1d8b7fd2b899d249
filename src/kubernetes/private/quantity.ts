import { known } from '../../private/rules/subject';

const FACTORS: { readonly [suffix: string]: number } = {
  '': 1, 'm': 1e-3, 'k': 1e3, 'M': 1e6, 'G': 1e9, 'T': 1e12, 'P': 1e15, 'E': 1e18,
  'Ki': 2 ** 10, 'Mi': 2 ** 20, 'Gi': 2 ** 30, 'Ti': 2 ** 40, 'Pi': 2 ** 50, 'Ei': 2 ** 60,
};

/** A quantity as a number, for comparisons; undefined where it is not known. */
export function amount(quantity: string | undefined): number | undefined {
  const match = known(quantity) ? /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(quantity) : null;
  return match ? Number(match[1]) * FACTORS[match[2]] : undefined;
}
