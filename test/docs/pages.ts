import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';

export const ROOT = join(__dirname, '../..');

const markdown = (folder: string) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md')).map((file) => join(folder, file));

/** What users and contributors read. */
export const PAGES = ['README.md', 'CONTRIBUTING.md', ...markdown('docs')].sort();

/** The pages about tests: of all, and of each tier. */
export const TIER_PAGES = ['test/README.md', ...readdirSync(join(ROOT, 'test'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => readdirSync(join(ROOT, 'test', name)).filter((file) => file === 'README.md').map((file) => join('test', name, file)))];

export const text = (page: string) => readFileSync(join(ROOT, page), 'utf8');

/** A code block of a page. */
export interface Block { readonly where: string; readonly page: string; readonly language: string; readonly code: string }

/** All code blocks of a page, each with the line that it begins in. */
export function blocks(page: string): Block[] {
  const whole = text(page);
  return [...whole.matchAll(/^ *```(\w*)[^\n]*\n(.*?)^ *```$/gms)].map((match) => ({
    where: `${page}:${whole.slice(0, match.index).split('\n').length}`, page, language: match[1], code: match[2],
  }));
}

export const blocksOf = (...languages: string[]) => PAGES.flatMap(blocks).filter(({ language }) => languages.includes(language));
