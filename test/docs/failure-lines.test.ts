import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';

const ROOT = join(__dirname, '../..');

/** What to do stands elsewhere in the script. */
const ELSEWHERE = /(?:: |; )(?:…|\$\w+)$/;

/** A script's text with each substitution as one sign: what is in it may have quotes of its own. */
function flat(script: string): string {
  const from = script.indexOf('$(');
  if (from < 0) {
    return script;
  }
  let depth = 0;
  let to = from + 1;
  do {
    depth += { '(': 1, ')': -1 }[script[to]] ?? 0;
    to += 1;
  } while (depth > 0 && to < script.length);
  return `${script.slice(0, from)}…${flat(script.slice(to))}`;
}

/** What steps say when they fail, each behind the name of its script. */
function failureLines(): string[] {
  const scripts = readdirSync(join(ROOT, 'src/gitlab'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sh'));
  return scripts.flatMap((file) => {
    const script = readFileSync(join(ROOT, 'src/gitlab', file), 'utf8').replace(/^ *#.*$/gm, '').replace(/\\\n\s*/g, '');
    const calls = script.split('\n').flatMap((line) => [...flat(line).matchAll(/\bdie ((?:"(?:[^"\\]|\\.)*"\s*)+)/g)]);
    return calls.map(([, said]) => `${file.split('/').pop()}: ${[...said.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, part]) => part).join(' ')}`);
  });
}

const page = readFileSync(join(ROOT, 'docs/operate.md'), 'utf8');
const [, table] = /^\| the line says \| do \|\n\|---\|---\|\n((?:\|.*\n)+)/m.exec(page)!;
const remedies = [...table.matchAll(/^\| "([^"]+)" \|/gm)].map(([, words]) => words);
const lines = failureLines().filter((line) => !ELSEWHERE.test(line));

test('the lines are found, and the words that the page explains', () => {
  expect(lines.length).toBeGreaterThan(150);
  expect(remedies).toHaveLength(6);
});

test('each line by which a step fails says what to do, in words that docs/operate.md explains', () => {
  const remedy = (line: string) => /(?:;|: …,)(.*)/.exec(line)?.[1] ?? '';
  expect(lines.filter((line) => !remedies.some((words) => remedy(line).includes(words)))).toEqual([]);
});

test('docs/operate.md explains no words that no line says', () => {
  expect(remedies.filter((words) => !lines.some((line) => line.includes(words)))).toEqual([]);
});
