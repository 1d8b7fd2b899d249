import { existsSync } from 'fs';
import { dirname, join, normalize } from 'path';
import { PAGES, ROOT, text, TIER_PAGES } from './pages';

const LINKING = [...PAGES, ...TIER_PAGES, 'API.md', 'SECURITY.md'];
/** GitHub's own rule for the anchors of headings. */
const anchors = (page: string) => [...text(page).matchAll(/^#+ (.*)$/gm)]
  .map(([, title]) => title.toLowerCase().replace(/[^\p{L}\p{N}\- _]/gu, '').replaceAll(' ', '-'));

test('no page links to a file or a heading that is not there', () => {
  const links = LINKING.flatMap((page) => [...text(page).matchAll(/\]\((?!https?:|mailto:)([^)#]*)(?:#([^)]*))?\)/g)]
    .map(([, path, anchor]) => ({ page, target: path ? normalize(join(dirname(page), path)) : page, anchor })));
  expect(links.length).toBeGreaterThan(LINKING.length);
  const isThere = (file: string, anchor?: string) => existsSync(join(ROOT, file)) && (anchor === undefined || anchors(file).includes(anchor));
  expect(links.filter(({ target, anchor }) => !isThere(target, anchor))).toEqual([]);
});

test('the README fits its 250 lines', () => {
  expect(text('README.md').split('\n').length).toBeLessThanOrEqual(250);
});

describe('the map', () => {
  const map = text('docs/README.md');
  const onMap = [...map.matchAll(/\]\(([^)]*)\)/g)].map(([, link]) => normalize(join('docs', link)));

  test('has each page once', () => {
    const pages = [...PAGES, 'API.md', 'SECURITY.md', 'test/README.md'].filter((page) => page !== 'docs/README.md');
    expect(onMap.sort()).toEqual(pages.sort());
  });

  test('is what the README sends its readers to', () => {
    expect(text('README.md')).toContain('(docs/README.md)');
  });

  test('calls each decision by its title', () => {
    const decisions = PAGES.filter((page) => page.startsWith('docs/decisions/'));
    expect(decisions.length).toBeGreaterThan(0);
    const wrong = decisions.filter((page) => {
      const [, number, title] = /^# (\d+)\. (.*)/.exec(text(page))!;
      return !map.includes(`\n${number}. [${title}](${page.slice('docs/'.length)})\n`);
    });
    expect(wrong).toEqual([]);
  });
});
