import { spawnSync } from 'child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import * as ts from 'typescript';
import { Block, blocksOf, ROOT, text } from './pages';

if (!existsSync(join(ROOT, 'lib', 'bundle.js'))) {
  throw new Error('no lib/bundle.js: run `npx projen compile` and `npx projen bundle` first');
}

const FIXTURE = text('rosetta/default.ts-fixture');
const GIVEN = [...FIXTURE.matchAll(/^declare const (\w+)/gm)].map(([, name]) => name);
/** Where a snippet's files land: those of cdktf, and those of a cdk8s app of its own. */
const OUT = ['cdktf.out', 'dist'];

export interface Snippet { readonly where: string; readonly code: string; readonly isProgram: boolean }

/** A snippet that imports nothing stands in the fixture that the package's translations use too. */
export const snippetOf = ({ where, code }: Pick<Block, 'where' | 'code'>): Snippet => ({ where, code, isProgram: /^import /m.test(code) });

/** The TypeScript of all pages. */
export const SNIPPETS: readonly Snippet[] = blocksOf('ts').map(snippetOf);

/** The snippets as one strict program that imports the package by its name. */
export function typedProgram(snippets: readonly Snippet[]): { program: ts.Program; files: ReadonlyMap<string, Snippet> } {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.dev.json'), (file) => ts.sys.readFile(file));
  // the fixture declares more than each snippet uses.
  const options = { ...ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, ROOT).options, noUnusedLocals: false };
  const host = ts.createCompilerHost(options);
  const files = new Map(snippets.map((snippet) => [join(ROOT, 'examples', `${snippet.where.replace(/\W/g, '_')}.ts`), snippet]));
  const codeOf = ({ code, isProgram }: Snippet) => (isProgram ? `${code}\nexport {};` : FIXTURE.replace('/// here', () => `{\n${code}\n}`));
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists.call(host, file);
  host.readFile = (file) => (files.has(file) ? codeOf(files.get(file)!) : readFile.call(host, file));
  host.getSourceFile = (file, languageVersion, ...rest) => (files.has(file)
    ? ts.createSourceFile(file, codeOf(files.get(file)!), languageVersion, true) : getSourceFile.call(host, file, languageVersion, ...rest));
  return { program: ts.createProgram([...files.keys()], options, host), files };
}

/** What snippets left behind that ran. */
export interface Run {
  error(where: string): string | undefined;
  /** The files that came out, by their path; `without` holds those of the app before a fragment ran. */
  files(where: string, without?: boolean): { [path: string]: string };
  remove(): void;
}

/** Runs snippets with the package as it is published. */
export function runSnippets(snippets: readonly Snippet[]): Run {
  const work = mkdtempSync(join(tmpdir(), 'snippets-'));
  const folders = new Map(snippets.map(({ where }, index) => [where, join(work, `${index}`)]));
  const modules = join(work, 'node_modules');
  mkdirSync(modules);
  ['cdktf', 'cdk8s', 'constructs'].forEach((name) => symlinkSync(join(ROOT, 'node_modules', name), join(modules, name)));
  symlinkSync(ROOT, join(modules, 'cdktf-azure-gitlab'));
  snippets.forEach((snippet) => {
    mkdirSync(folders.get(snippet.where)!);
    writeFileSync(join(folders.get(snippet.where)!, 'snippet.js'), javascript(snippet));
  });
  const { status, stdout, stderr } = spawnSync('node', [
    '--require', join(ROOT, 'node_modules/ts-node/register/transpile-only'), join(__dirname, 'run-snippets.ts'), ...folders.values(),
  ], { encoding: 'utf8', cwd: work, env: { ...process.env, TS_NODE_PROJECT: join(ROOT, 'tsconfig.dev.json') } });
  if (status !== 0) {
    rmSync(work, { recursive: true });
    throw new Error(`the snippets' program ended with ${status}: ${stderr}`);
  }
  const errors = JSON.parse(stdout.trim().split('\n').at(-1)!);
  return {
    error: (where) => errors[folders.get(where)!],
    files: (where, without = false) => Object.fromEntries((without ? ['without'] : OUT).map((out) => join(folders.get(where)!, out)).filter((folder) => existsSync(folder))
      .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort().filter((file) => statSync(join(folder, file)).isFile())
        .map((file) => [file, readFileSync(join(folder, file), 'utf8')]))),
    remove: () => rmSync(work, { recursive: true }),
  };
}

/** A fragment becomes a function of what it uses of the fixture. */
function javascript({ code, isProgram }: Snippet): string {
  const uses = GIVEN.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  const whole = isProgram ? code : FIXTURE.replace(/^declare const .*$/gm, '')
    .replace('/// here', () => `export function snippet(${uses.map((name) => `${name}: any`).join(', ')}) {\n${code}\n}`);
  return ts.transpileModule(whole, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS } }).outputText;
}
