/** Widths in Helvetica and those that share its metrics, in thousandths of the size. What is not here is as wide as an em dash. */
const WIDTHS: readonly [number, string][] = [
  [222, 'ijl\''], [278, ' !,./:;I[]\\ft|'], [333, '()-`r"'], [400, '*^{}'], [500, 'Jckvxyzs'],
  [556, '0123456789abdeghnopqu_?$#L'], [584, '+<=>~×'], [611, 'FTZ'], [667, 'ABEKPSVXY&'], [722, 'CDHNRUw'], [778, 'GOQ'], [833, 'mM'], [889, '%'], [944, 'W'],
];
const BY_CHARACTER = new Map(WIDTHS.flatMap(([width, characters]) => [...characters].map((character): [string, number] => [character, width])));

/** About how wide a text will be; a little more, since each machine has its own fonts. */
export function textWidth(text: string, size: number, bold = false): number {
  const thousandths = [...text].reduce((sum, character) => sum + (BY_CHARACTER.get(character) ?? 1000), 0);
  return Math.ceil(thousandths * size * (bold ? 1.2 : 1.1) / 1000);
}
