// .ci/commits.mjs, in repositories made for it.
import { execFileSync, spawnSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

const SCRIPT = readFileSync(join(__dirname, '../.ci/commits.mjs'), 'utf8');
const work = mkdtempSync(join(tmpdir(), 'commits-'));
afterAll(() => rmSync(work, { recursive: true }));

/** What a git of nobody's settings says. */
const git = (folder: string, ...args: string[]) => execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b.example', '-c', 'commit.gpgsign=false', ...args], {
  encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
}).trim();

/** A repository whose first commit breaks the rules, then has these. */
function repository(...subjects: string[]): { folder: string; first: string } {
  const folder = mkdtempSync(join(work, 'repository-'));
  git(folder, 'init', '--quiet', '--initial-branch', 'main');
  ['What; was before.', ...subjects].forEach((subject) => git(folder, 'commit', '--quiet', '--allow-empty', '--message', subject));
  return { folder, first: git(folder, 'rev-list', '--max-parents=0', 'HEAD') };
}

function judged(folder: string, unchecked: string): { status: number | null; lines: string[]; stderr: string } {
  const script = join(work, 'commits.mjs');
  writeFileSync(script, SCRIPT.replace(/(?<=^const UNCHECKED = ')\w+/m, unchecked));
  const { status, stdout, stderr } = spawnSync('node', [script], { cwd: folder, encoding: 'utf8' });
  return { status, lines: stdout.trim().split('\n').map((line) => line.replace(/^[0-9a-f]{7,} /, '')), stderr };
}

const LONGEST = `fix(aks): ${'é'.repeat(62)}`;

test('lets through what follows the rules, and counts it', () => {
  const { folder, first } = repository('feat: one', 'fix(aks)!: two', LONGEST, 'refactor(job-pods): a body is free\n\nIt may have; a semicolon.');
  expect(judged(folder, first)).toMatchObject({ status: 0, lines: [`looked at 4 commits since ${first.slice(0, 7)}: 0 problems`] });
});

test.each([
  ['Fix the pool', /^"Fix the pool" does not begin with a type, such as "fix\(runner\): "; types are build, chore, /],
  ['wip: try it', /^"wip: try it" does not begin with a type/],
  ['fix(Aks): a', /does not begin with a type/],
  ['fix:a', /does not begin with a type/],
  [`${LONGEST}x`, /is longer than 72 characters$/],
  ['fix: one thing; another', /^"fix: one thing; another" has a semicolon: two concerns are two commits$/],
])('fails on %s', (subject, problem) => {
  const { folder, first } = repository('feat: one', subject, 'feat: three');
  const { status, lines: [told, count, ...more] } = judged(folder, first);
  expect({ status, count, more }).toEqual({ status: 1, count: `looked at 3 commits since ${first.slice(0, 7)}: 1 problems`, more: [] });
  expect(told).toMatch(problem);
});

test('leaves out merges, not what they bring', () => {
  const { folder, first } = repository('feat: one');
  git(folder, 'checkout', '--quiet', '-b', 'other', first);
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'Bad');
  git(folder, 'merge', '--quiet', '--no-ff', '--message', 'Merge branch \'main\'; all of it', 'main');
  expect(judged(folder, first)).toMatchObject({
    status: 1, lines: [/^"Bad" /, `looked at 2 commits since ${first.slice(0, 7)}: 1 problems`].map((line) => (
      typeof line === 'string' ? line : expect.stringMatching(line))),
  });
});

test('fails where there is nothing to look at', () => {
  const { folder, first } = repository();
  expect(judged(folder, first)).toMatchObject({ status: 1, lines: [`looked at 0 commits since ${first.slice(0, 7)}: 0 problems`] });
});

test('looks at what a shallow clone has', () => {
  const { folder, first } = repository('Bad', 'feat: two', 'feat: three');
  const shallow = join(work, 'shallow');
  git(work, 'clone', '--quiet', '--depth', '2', `file://${folder}`, shallow);
  expect(judged(shallow, first)).toMatchObject({ status: 0, lines: ['looked at 2 commits that this shallow clone has: 0 problems'] });
});

test('fails where the last unchecked commit is not in the history', () => {
  const { folder } = repository('feat: one');
  const { status, stderr } = judged(folder, '0'.repeat(40));
  expect(status).toBe(1);
  expect(stderr).toContain('is not in the history of HEAD; set UNCHECKED in .ci/commits.mjs');
});
