import { doesNotMatch, equal, match, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { before, describe, test } from 'node:test';
import { CDKTN_NAME, cdktnApp, moved } from './harness/cdktn';
import { LATE, MISTAKES, program } from './harness/mistakes';
import { kept, nodeFolder } from './harness/npm';
import { assertSame, synthesise, typescript } from './harness/synthesis';
import { tool } from './harness/tool';
import { APP, applicationFolder, emptyFolder, NAME, ROOT } from './harness/workplace';

const LONGEST_MESSAGE = 5000;
const NODES = ['20', '22', '24'];
const MODULES = join(APP, 'node_modules');
const names: string[] = Object.values<any>(JSON.parse(readFileSync(join(MODULES, NAME, '.jsii'), 'utf8')).types)
  .filter(({ kind }) => ['class', 'enum'].includes(kind)).map(({ name }) => name);
/** The quick start of README, as an ES module that names all there is. */
const ES_MODULE = `import { App, TerraformStack } from 'cdktf';
import { ${names.join(', ')} } from '${NAME}';
import * as all from '${NAME}';
import whole from '${NAME}';

const named = { ${names.join(', ')} };
for (const [name, value] of Object.entries(named)) {
  if (value === undefined || value !== (all as any)[name] || value !== (whole as any)[name]) throw new Error(name);
}
const app = new App();
const stack = new TerraformStack(app, 'gitlab');
const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral' });
const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, tags: ['aks'] });
app.synth();
`;
const untyped = (text: string) => text.replaceAll(/\((\w+) as any\)/g, '$1');
const COMMON_JS = untyped(ES_MODULE).replace(/^import whole.*$/m, 'const whole = all;')
  .replaceAll(/^import (?:\* as )?(\{.*\}|\w+) from ('[^']+');$/gm, 'const $1 = require($2);');

/** Runs a program of these lines in a folder of its own, where the package and its peers are found. */
function run(executable: string, file: string, text: string, ...options: string[]) {
  const folder = applicationFolder();
  if (file.startsWith('module/')) {
    mkdirSync(join(folder, 'module'));
    writeFileSync(join(folder, 'module/package.json'), '{"type":"module"}');
  }
  writeFileSync(join(folder, file), text);
  return synthesise('cdktf.out', executable, ...options, join(folder, file));
}

/** What a program that fails prints, on both streams. */
function failure(executable: string, args: string[], cwd: string, env: NodeJS.ProcessEnv = {}): string {
  const { TF_CLI_CONFIG_FILE: _, ...inherited } = process.env;
  const { status, stdout, stderr, error } = spawnSync(executable, args, { cwd, encoding: 'utf8', env: { ...inherited, ...env } });
  equal(error, undefined);
  equal(status, 1, stdout + stderr);
  return stdout + stderr;
}

function assertShort(printed: string, file: string, message: string, first: boolean): void {
  ok(printed.length < LONGEST_MESSAGE, `${printed.length} characters: ${printed.slice(0, 2000)}`);
  ok(printed.includes(message), printed);
  const frames = printed.split('\n').filter((line) => /^\s+at /.test(line));
  match(frames[first ? 0 : frames.findIndex((line) => line.includes(file))] ?? printed, new RegExp(`${file.replaceAll('.', '\\.')}:\\d+:\\d+`));
}

describe('node', () => {
  let nodes: { readonly [version: string]: string };
  before(() => {
    nodes = Object.fromEntries(NODES.map((version) => [version, join(nodeFolder(version), 'node')]));
  });

  test('node: every name can be imported from an ES module, on each Node', () => {
    const expected = run('node', 'main.cjs', COMMON_JS);
    for (const executable of Object.values(nodes)) {
      assertSame(run(executable, 'main.mjs', untyped(ES_MODULE)), expected);
      assertSame(run(executable, 'module/main.js', untyped(ES_MODULE)), expected);
    }
    for (const version of ['22', '24']) {
      assertSame(run(nodes[version], 'main.mts', ES_MODULE, '--experimental-strip-types', '--no-warnings'), expected);
      assertSame(run(nodes[version], 'module/main.ts', ES_MODULE, '--experimental-strip-types', '--no-warnings'), expected);
    }
  });

  test('node: TypeScript finds the types from both kinds of modules, however it resolves them', () => {
    const folder = applicationFolder();
    const text = ES_MODULE.replace(/^import whole.*$/m, 'import * as whole from \'cdktf-azure-gitlab\';');
    Object.entries({ 'main.mts': ES_MODULE, 'main.cts': text, 'main.ts': text }).forEach(([file, source]) => writeFileSync(join(folder, file), source));
    const types = join(ROOT, 'node_modules/@types');
    for (const [module, resolution, ...files] of [['nodenext', 'nodenext', 'main.mts', 'main.cts', 'main.ts'], ['esnext', 'bundler', 'main.mts', 'main.ts']]) {
      tool(join(ROOT, 'node_modules/.bin/tsc'), ['--strict', '--skipLibCheck', '--noEmit', '--target', 'es2022', '--module', module, '--moduleResolution', resolution,
        '--typeRoots', types, '--types', 'node', ...files], { cwd: folder });
    }
  });

  test('node: a program bundled with all that it imports gives the same files', () => {
    const banner = 'import{createRequire}from"module";const require=createRequire(import.meta.url);';
    for (const [file, ...options] of [['plain.cjs'], ['small.cjs', '--minify'], ['module.mjs', '--format=esm', `--banner:js=${banner}`]]) {
      const bundled = join(emptyFolder(), file);
      tool(join(ROOT, 'node_modules/.bin/esbuild'), [join(APP, 'complete.cjs'), '--bundle', '--platform=node', `--outfile=${bundled}`, '--log-level=error', ...options],
        { cwd: APP });
      doesNotMatch(readFileSync(bundled, 'utf8'), /require\("(?:cdktf|cdk8s|constructs)/);
      assertSame(synthesise('cdktf.out', 'node', bundled), typescript());
    }
  });

  test('node: a copy of the library below another package works with the first, one of another version is named', () => {
    const folder = applicationFolder();
    const nested = join(folder, 'node_modules/platform/node_modules', NAME);
    mkdirSync(dirname(nested), { recursive: true });
    cpSync(join(MODULES, NAME), nested, { recursive: true });
    writeFileSync(join(folder, 'node_modules/platform/index.js'), `exports.cluster = (stack) => new (require('${NAME}').AksCluster)(stack, 'Cluster', { location: 'koreacentral' });`);
    writeFileSync(join(folder, 'main.js'), COMMON_JS.replace(/^const cluster = .*$/m, 'const cluster = require("platform").cluster(stack);'));
    assertSame(synthesise('cdktf.out', 'node', join(folder, 'main.js')), run('node', 'main.cjs', COMMON_JS));

    const code = join(nested, 'lib/bundle.js');
    writeFileSync(code, readFileSync(code, 'utf8').replaceAll(/(fqn:"cdktf-azure-gitlab\.\w+",\s*version:)"[^"]*"/g, '$1"1.1.0"'));
    assertShort(failure('node', ['main.js'], folder), 'main.js',
      'cluster: made by cdktf-azure-gitlab 1.1.0, but this is cdktf-azure-gitlab 0.0.0, got "AksCluster"; install one of the two and make everything with it (at gitlab/Runner)', true);
  });

  test('node: a stack of the other framework is named', () => {
    const app = cdktnApp();
    // one copy of constructs for both, as npm installs it.
    ['cdktf', NAME].forEach((name) => symlinkSync(join(MODULES, name), join(app, 'node_modules', name)));
    for (const [file, framework, ours, other] of [['a.js', 'cdktf', CDKTN_NAME, 'cdktn'], ['b.js', 'cdktn', NAME, 'cdktf']]) {
      writeFileSync(join(app, file), program('new SelfHostedGitLab(stack, "GitLab", { location: "koreacentral" });').replaceAll(`'${NAME}'`, `'${ours}'`)
        .replaceAll('\'cdktf\'', `'${framework}'`));
      assertShort(failure('node', ['--preserve-symlinks', file], app), file, `scope: in a stack of ${framework}, but this package is for ${other}, got a TerraformStack; `
        + `install ${framework}-azure-gitlab, or take App and TerraformStack from ${other} (at gitlab/GitLab)`, true);
    }
  });

  for (const [name, [line, message]] of Object.entries({ ...MISTAKES, ...LATE })) {
    test(`node: a mistake is one screen: ${name}`, () => {
      const folder = applicationFolder();
      writeFileSync(join(folder, 'main.js'), program(line));
      for (const executable of Object.values(nodes)) {
        assertShort(failure(executable, ['main.js'], folder), 'main.js', message, name in MISTAKES);
      }
    });
  }

  // each with a Node that it runs on.
  for (const [framework, command, version, nodeVersion] of [['cdktf', 'cdktf-cli', '0.21.0', '20'], ['cdktn', 'cdktn-cli', '0.24.0', '24']]) {
    test(`node: a mistake is one screen under ${command}`, () => {
      const folder = framework === 'cdktn' ? cdktnApp() : applicationFolder();
      const line = join(kept(command, [`${command}@${version}`]), 'node_modules/.bin', framework);
      writeFileSync(join(folder, 'cdktf.json'), JSON.stringify({ language: 'typescript', app: 'node main.js', projectId: 'test', sendCrashReports: 'false' }));
      const path = [dirname(nodes[nodeVersion]), process.env.PATH].join(delimiter);
      for (const [mistake, message] of [MISTAKES.location, LATE['a block that is too small']]) {
        const text = program(mistake);
        writeFileSync(join(folder, 'main.js'), framework === 'cdktn' ? moved(text) : text);
        const printed = failure(nodes[nodeVersion], [line, 'synth'], folder, { PATH: path, CI: '1', CHECKPOINT_DISABLE: '1' });
        assertShort(printed, 'main.js', message, mistake === MISTAKES.location[0]);
      }
    });
  }
});
