// Each claim of docs/security.md is a row of a table, and its last cell names the tests that prove it, by file and title.
import { existsSync, readFileSync } from 'fs';
import { dirname, join } from 'path';
import { ROOT, text } from './pages';

const PAGE = 'docs/security.md';
const PROOFS = 'proven by';

interface Claim { readonly where: string; readonly claim: string; readonly proofs: string }

/** The rows of all tables that have a column of proofs, which is the last one. */
function claims(): Claim[] {
  const lines = text(PAGE).split('\n');
  const found: Claim[] = [];
  lines.forEach((line, index) => {
    if (cells(line).at(-1) === PROOFS) {
      for (let row = index + 2; lines[row]?.startsWith('|'); row++) {
        found.push({ where: `${PAGE}:${row + 1}`, claim: cells(lines[row])[0], proofs: cells(lines[row]).at(-1)! });
      }
    }
  });
  return found;
}

const cells = (line: string) => line.split('|').slice(1, -1).map((cell) => cell.trim());

/** The titles of a file's tests, those of cases too, as they are written. */
function titles(file: string): string[] {
  const written = /(?:\b(?:test|describe|judged)(?:\.each\([^\n]*\)|\.each<[^\n]*)?\(|^\s*\]\)\(|^\s*\[|\bt\.test\()(['`])((?:\\.|(?!\1)[^\\\n])+)\1/gm;
  return [...readFileSync(file, 'utf8').matchAll(written)].map(([, , title]) => title.replace(/\\(.)/g, '$1'));
}

/** What is wrong with a cell of proofs: `[file](link) "title"`, several apart by commas. */
function wrong({ where, claim, proofs }: Claim): string[] {
  const named = [...proofs.matchAll(/\[[^\]]+\]\(([^)]+)\)((?:,? "[^"]{12,}")+)/g)];
  const rest = named.reduce((left, [whole]) => left.replace(whole, ''), proofs).replace(/[\s,]/g, '');
  if (named.length === 0 || rest !== '') {
    return [`${where}: "${claim}" names no test, or more than that: ${proofs}`];
  }
  return named.flatMap(([, link, quoted]) => {
    const file = join(ROOT, dirname(PAGE), link);
    if (!/\.ts$/.test(file) || !existsSync(file)) {
      return [`${where}: there is no ${link}`];
    }
    return [...quoted.matchAll(/"([^"]+)"/g)].filter(([, title]) => !titles(file).some((one) => one.includes(title)))
      .map(([, title]) => `${where}: ${link} has no test "${title}"`);
  });
}

test('each claim names tests that are there', () => {
  expect(claims().flatMap(wrong)).toEqual([]);
});

test('each row of a table is a claim, which a test proves', () => {
  const rows = text(PAGE).split('\n').filter((line) => line.startsWith('|') && !line.startsWith('|---') && cells(line).at(-1) !== PROOFS);
  expect(claims().map(({ claim }) => claim)).toEqual(rows.map((line) => cells(line)[0]));
});

test('each attacker has claims, and what is left is said', () => {
  const parts = text(PAGE).split(/^## /m).slice(1).filter((part) => part.includes(PROOFS));
  const names = (some: string[]) => some.map((part) => part.split('\n')[0]);
  const attackers = [
    'A job', 'A member', 'An administrator of GitLab', 'The Internet', 'A neighbour in the network', 'A reader of the state', 'A reader of the subscription',
    'A thief of a backup or a snapshot', 'A poisoned image or package', 'A server that is taken over',
  ];
  expect(names(parts)).toEqual([...attackers, 'Where secrets are', 'Identities']);
  expect(names(parts.filter((part) => part.includes('**What is left.**')))).toEqual(attackers);
});

test.each([
  ['no test', ''],
  ['words in place of a test', 'seen by hand'],
  ['a test and words', '[jobs](../test/runner/job-network/job-network.test.ts) "nobody reaches a job" and more'],
  ['a file without a title', '[jobs](../test/runner/job-network/job-network.test.ts)'],
  ['a file that is not there', '[jobs](../test/runner/job-network/network.test.ts) "nobody reaches a job"'],
  ['a title that is not there', '[jobs](../test/runner/job-network/job-network.test.ts) "everybody reaches a job"'],
  ['text that is no title', '[jobs](../test/runner/job-network/job-network.test.ts) "policyTypes: [\'Ingress\'"'],
  ['a title too short to say anything', '[jobs](../test/runner/job-network/job-network.test.ts) "a job"'],
])('a claim is not let through with %s', (_, proofs) => {
  expect(wrong({ where: '', claim: '', proofs })).toHaveLength(1);
});
