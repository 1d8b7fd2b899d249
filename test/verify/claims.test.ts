import { existsSync } from 'fs';
import { join } from 'path';
import { CLAIMS, OTHER_CLAIMS } from '../../verify/claims';
import { CHECKS } from '../../verify/run';
import { PAGES, ROOT, text } from '../docs/pages';

/** Where a page says of itself that Azure has not shown something. */
const UNPROVEN = /measured in Azure|No test here shows|have not been run|has run in Azure itself|not tried here|Not tested: Azure itself/;

test('each claim has one check, and each check a claim; the destroy is the end of it all', () => {
  expect([...CHECKS.map(({ claim }) => claim), 'destroy'].sort()).toEqual(CLAIMS.map(({ id }) => id).sort());
  expect(CHECKS.flatMap(({ needs }) => needs).filter((need) => !CLAIMS.some(({ id }) => id === need))).toEqual([]);
});

test('what a check needs is tried before it', () => {
  const late = CHECKS.flatMap(({ claim, needs }, index) => needs.filter((need) => CHECKS.findIndex((other) => other.claim === need) >= index).map((need) => `${claim}: ${need}`));
  expect(late).toEqual([]);
});

test('each is of a page that is there', () => {
  expect([...CLAIMS, ...OTHER_CLAIMS].map(({ page }) => page).filter((page) => !existsSync(join(ROOT, page)))).toEqual([]);
});

test('each page that says what Azure has not shown yet has a claim, with or without a check', () => {
  const pages = PAGES.filter((page) => UNPROVEN.test(text(page)) && page !== 'docs/verify.md');
  expect(pages.length).toBeGreaterThan(4);
  const named = new Set([...CLAIMS, ...OTHER_CLAIMS].map(({ page }) => page));
  expect(pages.filter((page) => !named.has(page))).toEqual([]);
});
