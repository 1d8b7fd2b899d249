// Claims of pages: each is a row of a table whose last cell names the tests that prove it, by file and title.
import { existsSync, readFileSync } from 'fs';
import { dirname, join } from 'path';
import { ROOT, text } from './pages';

export const PROOFS = 'proven by';

export interface Claim { readonly page: string; readonly where: string; readonly claim: string; readonly proofs: string }

/** The rows of all tables that have a column of proofs, which is the last one. */
export function claims(page: string): Claim[] {
  const lines = text(page).split('\n');
  const found: Claim[] = [];
  lines.forEach((line, index) => {
    if (cells(line).at(-1) === PROOFS) {
      for (let row = index + 2; lines[row]?.startsWith('|'); row++) {
        found.push({ page, where: `${page}:${row + 1}`, claim: cells(lines[row])[0], proofs: cells(lines[row]).at(-1)! });
      }
    }
  });
  return found;
}

export const cells = (line: string) => line.split('|').slice(1, -1).map((cell) => cell.trim());

/** The titles of a file's tests, those of cases too, as they are written. */
function titles(file: string): string[] {
  const written = /(?:\b(?:test|describe|judged)(?:\.each\([^\n]*\)|\.each<[^\n]*)?\(|^\s*\]\)\(|^\s*\[|\bt\.test\()(['`])((?:\\.|(?!\1)[^\\\n])+)\1/gm;
  return [...readFileSync(file, 'utf8').matchAll(written)].map(([, , title]) => title.replace(/\\(.)/g, '$1'));
}

/** What is wrong with a cell of proofs: `[file](link) "title"`, several apart by commas. */
export function wrong({ page, where, claim, proofs }: Claim): string[] {
  const named = [...proofs.matchAll(/\[[^\]]+\]\(([^)]+)\)((?:,? "[^"]{12,}")+)/g)];
  const rest = named.reduce((left, [whole]) => left.replace(whole, ''), proofs).replace(/[\s,]/g, '');
  if (named.length === 0 || rest !== '') {
    return [`${where}: "${claim}" names no test, or more than that: ${proofs}`];
  }
  return named.flatMap(([, link, quoted]) => {
    const file = join(ROOT, dirname(page), link);
    if (!/\.ts$/.test(file) || !existsSync(file)) {
      return [`${where}: there is no ${link}`];
    }
    return [...quoted.matchAll(/"([^"]+)"/g)].filter(([, title]) => !titles(file).some((one) => one.includes(title)))
      .map(([, title]) => `${where}: ${link} has no test "${title}"`);
  });
}
