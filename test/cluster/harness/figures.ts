// What benchmarks make of what they measure, and where they write it.
import { readFileSync, writeFileSync } from 'node:fs';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

/** The median, and from where to where it goes. */
export function spread(values: readonly number[], unit: string, digits = 1): string {
  const text = (value: number) => value.toFixed(digits);
  return `${text(median(values))}${unit} (${text(Math.min(...values))} to ${text(Math.max(...values))})`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** Shows tables, and writes them into a page after its mark. */
export function publish(page: string | undefined, ...tables: readonly string[]): void {
  const text = tables.join('\n\n');
  console.log(text);
  if (page) {writeFileSync(page, readFileSync(page, 'utf8').replace(/(<!-- measured -->\n).*?(<!-- end -->)/s, (_, begin, end) => `${begin}\n${text}\n\n${end}`));}
}
