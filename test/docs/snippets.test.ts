import { spawnSync } from 'child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import * as ts from 'typescript';
import { blocksOf, ROOT, text } from './pages';

if (!existsSync(join(ROOT, 'lib', 'bundle.js'))) {
  throw new Error('no lib/bundle.js: run `npx projen compile` and `npx projen bundle` first');
}

const FIXTURE = text('rosetta/default.ts-fixture');
const GIVEN = [...FIXTURE.matchAll(/^declare const (\w+)/gm)].map(([, name]) => name);

interface Snippet { readonly where: string; readonly code: string; readonly isProgram: boolean }

/** The TypeScript of all pages; a snippet that imports nothing stands in the fixture that the package's translations use too. */
const SNIPPETS: Snippet[] = blocksOf('ts').map(({ where, code }) => ({ where, code, isProgram: /^import /m.test(code) }));

test('every TypeScript snippet of README and docs compiles strictly', () => {
  expect(SNIPPETS.length).toBeGreaterThan(0);
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.dev.json'), (file) => ts.sys.readFile(file));
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, ROOT);
  // the fixture declares more than each snippet uses.
  const host = ts.createCompilerHost({ ...options, noUnusedLocals: false });
  const files = new Map(SNIPPETS.map(({ where, code, isProgram }) => [
    join(ROOT, 'examples', `${where.replace(/\W/g, '_')}.ts`), isProgram ? `${code}\nexport {};` : FIXTURE.replace('/// here', () => `{\n${code}\n}`),
  ]));
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

describe('run with the package as it is published', () => {
  const work = mkdtempSync(join(tmpdir(), 'snippets-'));
  const folders = new Map(SNIPPETS.map(({ where }, index) => [where, join(work, `${index}`)]));
  let errors: { [folder: string]: string | undefined };

  beforeAll(() => {
    const modules = join(work, 'node_modules');
    mkdirSync(modules);
    ['cdktf', 'cdk8s', 'constructs'].forEach((name) => symlinkSync(join(ROOT, 'node_modules', name), join(modules, name)));
    symlinkSync(ROOT, join(modules, 'cdktf-azure-gitlab'));
    SNIPPETS.forEach((snippet) => {
      mkdirSync(folders.get(snippet.where)!);
      writeFileSync(join(folders.get(snippet.where)!, 'snippet.js'), javascript(snippet));
    });
    const { status, stdout, stderr } = spawnSync('node', [
      '--require', join(ROOT, 'node_modules/ts-node/register/transpile-only'), join(__dirname, 'run-snippets.ts'), ...folders.values(),
    ], { encoding: 'utf8', cwd: work, env: { ...process.env, TS_NODE_PROJECT: join(ROOT, 'tsconfig.dev.json') } });
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    errors = JSON.parse(stdout.trim().split('\n').at(-1)!);
  });
  afterAll(() => rmSync(work, { recursive: true }));

  /** A fragment becomes a function of what it uses of the fixture. */
  function javascript({ code, isProgram }: Snippet): string {
    const uses = GIVEN.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
    const whole = isProgram ? code : FIXTURE.replace(/^declare const .*$/gm, '')
      .replace('/// here', () => `export function snippet(${uses.map((name) => `${name}: any`).join(', ')}) {\n${code}\n}`);
    return ts.transpileModule(whole, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS } }).outputText;
  }

  /** All files below a folder, one after the other. */
  function synthesised(where: string, out = 'cdktf.out'): string {
    const folder = join(folders.get(where)!, out);
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort().map((file) => join(folder, file))
      .filter((file) => statSync(file).isFile()).map((file) => readFileSync(file, 'utf8')).join('\n');
  }

  test.each(SNIPPETS.map(({ where }) => [where]))('%s', (where) => {
    expect(errors[folders.get(where)!]).toBeUndefined();
    const out = synthesised(where);
    expect(out).toContain('cdk.tf.json');
    expect(out).not.toContain('@cdktf/error');
    if (existsSync(join(folders.get(where)!, 'without'))) {
      expect(out).not.toBe(synthesised(where, 'without'));
    }
  });

  test.each([
    ['microsoft_defender', /"microsoft_defender": \{\s+"log_analytics_workspace_id": "\/subscriptions\//],
    ['VirtualMachine', /"azurerm_linux_virtual_machine": [^]*"license_type": "UBUNTU_PRO"/],
    ['cost-center', /"azurerm_managed_disk": [^]*"tags": \{\s+"cost-center": "ci"/],
    ['omnibusSettings', /gitlab_rails\[\\"time_zone\\"\] = \\"Asia\/Seoul\\"/],
    ['kubernetesSettings', /dns_policy = \\"cluster-first\\"/],
    ['JsonPatch', /"priorityClassName": "system-cluster-critical"[^]*"kind": "ResourceQuota"/],
    ['addHelmChart', /"chart": "ingress-nginx"/],
  ])('the escape hatch %s changes what is synthesised', (hatch, expected) => {
    const [found, ...more] = SNIPPETS.filter(({ where, code }) => where.startsWith('docs/escape-hatches.md') && code.includes(hatch));
    expect(more).toEqual([]);
    expect(synthesised(found.where)).toMatch(expected);
  });
});
