import { spawn, spawnSync } from 'child_process';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { delimiter, join } from 'path';
import { App, TerraformStack } from 'cdktf';
import { emptyFolder, synthesised } from './program';
import { command } from '../../command/command';
import { AksCluster } from '../../src';
import { SUBSCRIPTION, TENANT, withAz } from '../preflight/azure';
import { testWith } from '../tools';

const ROOT = join(__dirname, '../..');

async function run(...args: string[]) {
  const [told, complained]: string[][] = [[], []];
  const code = await command(args, (line) => told.push(line), (line) => complained.push(line));
  return { code, told, complained };
}

/** What a wrong call says; it has to be one line. */
async function complaint(...args: string[]): Promise<string> {
  const { code, told, complained } = await run(...args);
  expect({ code, told, lines: complained.length }).toEqual({ code: 1, told: [], lines: 1 });
  expect(complained[0]).not.toContain('\n');
  return complained[0];
}

const cluster = () => synthesised((app: App) => { new AksCluster(new TerraformStack(app, 'ci'), 'Cluster', { location: 'koreacentral' }); });

describe('the command', () => {
  test('writes both files where it is told to, and tells their names', async () => {
    const output = join(emptyFolder(), 'new', 'folder');
    expect(await run('diagram', cluster(), '--output', output, '--title', 'Mine', '--depth', '1'))
      .toEqual({ code: 0, told: [join(output, 'diagram.svg'), join(output, 'diagram.mmd')], complained: [] });
    expect(readdirSync(output).sort()).toEqual(['diagram.mmd', 'diagram.svg']);
    expect(readFileSync(join(output, 'diagram.svg'), 'utf8')).toContain('<title id="title">Mine</title>');
    expect(readFileSync(join(output, 'diagram.mmd'), 'utf8')).toContain('["<b>Cluster</b> AksCluster<br/>');
  });

  test('explains itself', async () => {
    for (const args of [['--help'], ['-h'], ['help']]) {
      expect(await run(...args)).toEqual({ code: 0, complained: [], told: [expect.stringMatching(/^Usage: cdktf-azure-gitlab COMMAND .*\n {2}doctor {5}looks at /s)] });
    }
    for (const args of [['diagram', '--help'], ['help', 'diagram'], ['diagram', '/no/such', '-h']]) {
      expect(await run(...args)).toEqual({
        code: 0, complained: [], told: [expect.stringMatching(/^Usage: cdktf-azure-gitlab diagram \[FOLDER\] \[--depth N\] \[--title TEXT\] \[--output FOLDER\]\n/)],
      });
    }
    expect(await run('--version')).toEqual({ code: 0, complained: [], told: [JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version] });
  });

  test('fails when the folder is not there', async () => {
    expect(await complaint('diagram', '/no/such')).toBe('cdktf-azure-gitlab: /no/such: no such folder; synthesise your program, and run this in its folder, where cdktf.out is then');
  });

  test('fails when nothing was synthesised into the folder', async () => {
    const folder = emptyFolder();
    expect(await complaint('diagram', folder))
      .toBe(`cdktf-azure-gitlab: ${folder}: no manifest.json in it; give the folder that your program was synthesised into, such as cdktf.out`);
  });

  test.each(['{}', '[]', 'null', '{"stacks":{}}', '{"stacks":3}'])('fails when the manifest names no stacks: %s', async (manifest) => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'manifest.json'), manifest);
    expect(await complaint('diagram', folder)).toBe(`cdktf-azure-gitlab: ${join(folder, 'manifest.json')}: it names no stacks; synthesise your program again`);
  });

  test('fails when it is given a file', async () => {
    const file = join(emptyFolder(), 'plan.json');
    writeFileSync(file, '{}');
    expect(await complaint('diagram', file))
      .toBe(`cdktf-azure-gitlab: ${file}: this is a file; give the folder that your program was synthesised into, such as cdktf.out`);
  });

  test.each(['null', '3', '{"name":"ci"}', '{"name":"ci","workingDirectory":"stacks/ci"}'])('fails when the manifest does not tell where a stack is: %s', async (stack) => {
    const manifest = join(emptyFolder(), 'manifest.json');
    writeFileSync(manifest, `{"stacks":{"ci":${stack}}}`);
    expect(await complaint('diagram', join(manifest, '..'))).toBe(`cdktf-azure-gitlab: ${manifest}: it does not tell where the stack ci is; synthesise your program again`);
  });

  test('fails when a stack is cut off, is not there, or is HCL', async () => {
    const folder = cluster();
    const stack = join(folder, 'stacks/ci/cdk.tf.json');
    writeFileSync(stack, readFileSync(stack, 'utf8').slice(0, 1000));
    expect(await complaint('diagram', folder)).toMatch(new RegExp(`^cdktf-azure-gitlab: ${stack}: cannot be read as JSON; synthesise your program again \\(.+\\)$`));
    for (const [file, message] of [['none.json', 'cannot be read as JSON'], ['cdk.tf', 'this is HCL; synthesise your program without hclOutput, for JSON']]) {
      writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ stacks: { ci: { name: 'ci', workingDirectory: 'stacks/ci', synthesizedStackPath: file } } }));
      expect(await complaint('diagram', folder)).toContain(`${join(folder, file)}: ${message}`);
    }
  });

  test.each(['{}', '[]', '3', 'null', '{"resource":{"azurerm_subnet":{"x":{}}}}'])('draws a stack that has nothing or little in it: %s', async (json) => {
    const folder = emptyFolder();
    mkdirSync(join(folder, 'ci'));
    writeFileSync(join(folder, 'ci/cdk.tf.json'), json);
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ stacks: { ci: { name: 'ci', workingDirectory: 'ci', synthesizedStackPath: 'ci/cdk.tf.json' } } }));
    expect(await run('diagram', folder, '--output', folder)).toMatchObject({ code: 0, complained: [] });
    expect(readFileSync(join(folder, 'diagram.svg'), 'utf8')).not.toMatch(/NaN|undefined|Infinity/);
  });

  test.each([
    ['--depth', '0', '--depth: a whole number from 1 to 9, got "0"'],
    ['--depth', '2.5', '--depth: a whole number from 1 to 9, got "2.5"'],
    ['--depth', 'deep', '--depth: a whole number from 1 to 9, got "deep"'],
    ['--depth', '', '--depth: a whole number from 1 to 9, got ""'],
    ['--output', '/dev/null/x', "ENOTDIR: not a directory, mkdir '/dev/null/x'"],
    ['another', '--title=x', 'another: one folder at a time'],
    ['--', '', ': one folder at a time'],
  ])('fails when the arguments are %s %s', async (one, other, message) => {
    expect(await complaint('diagram', cluster(), one, other)).toBe(`cdktf-azure-gitlab: ${message}`);
  });

  test('fails when an option or a command is unknown', async () => {
    expect(await complaint('diagram', '--colour')).toBe('cdktf-azure-gitlab: Unknown option \'--colour\'; see cdktf-azure-gitlab diagram --help');
    expect(await complaint('diagram', '--depth')).toBe('cdktf-azure-gitlab: Option \'--depth <value>\' argument missing; see cdktf-azure-gitlab diagram --help');
    const all = 'there are: preflight, doctor, verify, diagram';
    for (const [args, problem] of [[['draw'], 'draw: no such command'], [['draw', '--help'], 'draw: no such command'], [['help', 'draw'], 'draw: no such command'], [[], 'no command given']] as const) {
      expect(await run(...args)).toEqual({ code: 2, told: [], complained: [`cdktf-azure-gitlab: ${problem}; ${all}`] });
    }
  });

  test('fails when a name is empty', async () => {
    expect(await complaint('diagram', '')).toBe('cdktf-azure-gitlab: the folder\'s name is empty; a variable that stands for it may not be set');
  });

  test('a fault of its own is no finding', async () => {
    const { code, told, complained } = await withAz(['doctor', cluster()], [{ call: ['account show'], answer: { id: SUBSCRIPTION, tenantId: TENANT } }]);
    expect({ code, told, complained }).toEqual({
      code: 2, told: [], complained: [expect.stringMatching(/^cdktf-azure-gitlab: a fault of this command, version \S+; please report it with these lines:\nTypeError: .*\n +at /)],
    });
  });
});

describe('as it is published', () => {
  /** What it comes to where its lines go there. */
  const told = async (stdout: 'pipe' | number, args: readonly string[], path = '') => {
    const child = spawn(join(ROOT, 'lib/command.js'), args, { stdio: ['ignore', stdout, 'pipe'], env: { ...process.env, PATH: [path, process.env.PATH].join(delimiter) } });
    // long before it says anything.
    child.stdout?.destroy();
    let stderr = '';
    child.stderr!.on('data', (chunk) => { stderr += chunk; });
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, stderr })));
  };

  test('a reader that has enough is no fault: what is begun goes on, to its own end', async () => {
    // node ends at what is said after the first words that nobody takes.
    const bin = emptyFolder();
    const account = { id: SUBSCRIPTION, tenantId: TENANT, user: { name: 'ada@example.com' } };
    writeFileSync(join(bin, 'az'), `#!/bin/sh\ncase "$*" in account\\ show*) echo '${JSON.stringify(account)}' ;; *) exit 1 ;; esac\n`, { mode: 0o755 });
    expect(await told('pipe', ['doctor', cluster()], bin)).toEqual({ code: 2, stderr: '' });
  });

  testWith(existsSync('/dev/full') ? '/dev/full' : undefined, '/dev/full')('a disk that is full is told', async () => {
    expect(await told(openSync('/dev/full', 'w'), ['verify', '--help']))
      .toEqual({ code: 2, stderr: 'cdktf-azure-gitlab: not all of the output could be written: ENOSPC: no space left on device, write\n' });
  });

  const published = (...args: string[]) => spawnSync(join(ROOT, 'lib/command.js'), args, { encoding: 'utf8' });

  test('a wrong call ends with status 1 and one line', () => {
    const { status, stdout, stderr } = published('diagram', '/no/such');
    expect({ status, stdout, stderr }).toEqual({
      status: 1, stdout: '', stderr: 'cdktf-azure-gitlab: /no/such: no such folder; synthesise your program, and run this in its folder, where cdktf.out is then\n',
    });
  });

  test('the pictures of README and docs are those of the complete example; `npm run diagram` draws them again', () => {
    const folder = emptyFolder();
    const example = spawnSync('node', ['--require', join(ROOT, 'node_modules/ts-node/register/transpile-only'), join(ROOT, 'examples/typescript/complete/main.ts')], {
      cwd: folder, encoding: 'utf8', env: { ...process.env, TS_NODE_PROJECT: join(ROOT, 'tsconfig.dev.json') },
    });
    expect(example).toMatchObject({ status: 0, stderr: '' });
    const [page, drawn] = ['README.md', 'docs/diagram.svg'].map((file) => readFileSync(join(ROOT, file), 'utf8'));
    const title = /<title id="title">(.*)<\/title>/.exec(drawn)![1];
    expect(published('diagram', join(folder, 'cdktf.out'), '--title', title, '--output', folder)).toMatchObject({ status: 0, stderr: '' });
    expect(drawn).toBe(readFileSync(join(folder, 'diagram.svg'), 'utf8'));
    expect([...page.matchAll(/^```mermaid\n(.*?)^```$/gms)].map(([, mermaid]) => mermaid)).toEqual([readFileSync(join(folder, 'diagram.mmd'), 'utf8')]);
  });
});
