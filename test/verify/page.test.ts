import { CLAIMS, OTHER_CLAIMS } from '../../verify/claims';
import { CHECKS } from '../../verify/run';
import { text } from '../docs/pages';

const page = text('docs/verify.md');
const linked = (of: string) => `[${of.split('/').at(-1)!.replace('.md', '')}](${of.startsWith('docs/') ? of.slice(5) : `../${of}`})`;
const [, shown] = /```console\n(.*?)^```$/ms.exec(page)!;

test('docs/verify.md lists each claim, and each that is not tried, with its reason', () => {
  const rows = [...CLAIMS.map(({ what, page: of }) => `| ${what} | ${linked(of)} |`), ...OTHER_CLAIMS.map(({ what, page: of, why }) => `| ${what} | ${linked(of)} | ${why} |`)];
  expect(page.split('\n').filter((line) => /^\| .* \| \[.*\]\(.*\.md\) \|/.test(line))).toEqual(rows);
});

test('the output that it shows has each check, and a word on each claim', () => {
  const steps = [...shown.matchAll(/^ ?\d+\/(\d+) (.*)$/gm)].map(([, of, doing]) => [Number(of), doing]);
  expect(steps).toEqual(CHECKS.map(({ doing }) => [CHECKS.length, doing]));
  const told = [...shown.matchAll(/^ {4}(?:confirmed|REFUTED|not tried): (.*?)(?: \(\d+ s\))?$/gm)].map(([, what]) => what);
  expect(told).toEqual([...CHECKS.map(({ claim }) => claim), 'destroy'].map((claim) => CLAIMS.find(({ id }) => id === claim)!.what));
});
