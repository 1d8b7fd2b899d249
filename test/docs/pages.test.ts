import { existsSync } from 'fs';
import { dirname, join } from 'path';
import { PAGES, ROOT, text } from './pages';

test('no page links to a file that is not there', () => {
  const broken = PAGES.flatMap((page) => [...text(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)(?:#[^)]*)?\)/g)]
    .map(([, link]) => link).filter((link) => !existsSync(join(ROOT, dirname(page), link))).map((link) => `${page}: ${link}`));
  expect(broken).toEqual([]);
});

test('the README fits its 250 lines', () => {
  expect(text('README.md').split('\n').length).toBeLessThanOrEqual(250);
});
