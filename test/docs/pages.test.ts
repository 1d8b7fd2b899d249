import { existsSync, readdirSync, readFileSync } from 'fs';
import { dirname, join } from 'path';
import * as ts from 'typescript';

const ROOT = join(__dirname, '..');
const PAGES = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md')).map((file) => join('docs', file))];
const text = (page: string) => readFileSync(join(ROOT, page), 'utf8');

interface Snippet { readonly name: string; readonly code: string }

/** The TypeScript of a page; a snippet that imports nothing stands in the fixture that the package's translations use too. */
function snippets(page: string): Snippet[] {
  const fixture = readFileSync(join(ROOT, 'rosetta', 'default.ts-fixture'), 'utf8');
  return [...text(page).matchAll(/^```ts(?: .*)?\n(.*?)^```$/gms)].map(([, code], i) => ({
    name: `${page.replace(/\W/g, '_')}_${i}.ts`,
    code: /^import /m.test(code) ? `${code}\nexport {};` : fixture.replace('/// here', () => `{\n${code}\n}`),
  }));
}

test('every TypeScript snippet of README and docs compiles strictly', () => {
  const all = PAGES.flatMap(snippets);
  expect(all.length).toBeGreaterThan(0);
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.dev.json'), (file) => ts.sys.readFile(file));
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, ROOT);
  // the fixture declares more than each snippet uses.
  const host = ts.createCompilerHost({ ...options, noUnusedLocals: false });
  const files = new Map(all.map(({ name, code }) => [join(ROOT, 'examples', name), code]));
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists.call(host, file);
  host.readFile = (file) => files.get(file) ?? readFile.call(host, file);
  host.getSourceFile = (file, languageVersion, ...rest) => {
    const code = files.get(file);
    return code === undefined ? getSourceFile.call(host, file, languageVersion, ...rest) : ts.createSourceFile(file, code, languageVersion, true);
  };
  const program = ts.createProgram([...files.keys()], { ...options, noUnusedLocals: false }, host);
  const problems = [...files.keys()].flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)));
  expect(problems.map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`)).toEqual([]);
});

test('no page links to a file that is not there', () => {
  const broken = PAGES.flatMap((page) => [...text(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)(?:#[^)]*)?\)/g)]
    .map(([, link]) => link).filter((link) => !existsSync(join(ROOT, dirname(page), link))).map((link) => `${page}: ${link}`));
  expect(broken).toEqual([]);
});

test('the README fits its 250 lines', () => {
  expect(text('README.md').split('\n').length).toBeLessThanOrEqual(250);
});
