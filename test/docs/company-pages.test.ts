// What the pages for companies promise, with the tests that show it; what no test here can show is said to be somebody else's word.
import { Claim, claims, wrong } from './proofs';

const PAGES = ['docs/landing-zone.md', 'docs/governance.md', 'docs/pipeline.md'];
/** Whose word it is, and where they give it. */
const OTHERS_WORD = /^the word of (Azure|GitLab|azurerm): \[[^\]]+\]\(https:\/\/[^)]+\)$/;

const unproven = (claim: Claim) => (OTHERS_WORD.test(claim.proofs) ? [] : wrong(claim));

test.each(PAGES)('each claim that %s lists names tests that are there, or whose word it is', (page) => {
  expect(claims(page).length).toBeGreaterThan(3);
  expect(claims(page).flatMap(unproven)).toEqual([]);
});

test.each(['the word of somebody', 'the word of Azure', 'the word of Azure: its pages', '[network](../test/apply/network.apply.ts) "a test that nobody wrote"'])('a claim is not let through with %s', (proofs) => {
  expect(unproven({ page: PAGES[0], where: '', claim: '', proofs })).toHaveLength(1);
});
