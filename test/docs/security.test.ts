// Each claim of docs/security.md is a row of a table, and its last cell names the tests that prove it, by file and title.
import { text } from './pages';
import { cells, claims, PROOFS, wrong } from './proofs';

const PAGE = 'docs/security.md';

test('each claim names tests that are there', () => {
  expect(claims(PAGE).flatMap(wrong)).toEqual([]);
});

test('each row of a table is a claim, which a test proves', () => {
  const rows = text(PAGE).split('\n').filter((line) => line.startsWith('|') && !line.startsWith('|---') && cells(line).at(-1) !== PROOFS);
  expect(claims(PAGE).map(({ claim }) => claim)).toEqual(rows.map((line) => cells(line)[0]));
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
  expect(wrong({ page: PAGE, where: '', claim: '', proofs })).toHaveLength(1);
});
