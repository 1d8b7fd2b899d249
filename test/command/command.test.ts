import { spawnSync } from 'child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { App, TerraformStack } from 'cdktf';
import { emptyFolder, synthesised } from './program';
import { command } from '../../command/command';
import { AksCluster } from '../../src';

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

describe('the command', () => {
  const cluster = () => synthesised((app: App) => { new AksCluster(new TerraformStack(app, 'ci'), 'Cluster', { location: 'koreacentral' }); });

  test('writes both files where it is told to, and tells their names', async () => {
    const output = join(emptyFolder(), 'new', 'folder');
    expect(await run('diagram', cluster(), '--output', output, '--title', 'Mine', '--depth', '1'))
      .toEqual({ code: 0, told: [join(output, 'diagram.svg'), join(output, 'diagram.mmd')], complained: [] });
    expect(readdirSync(output).sort()).toEqual(['diagram.mmd', 'diagram.svg']);
    expect(readFileSync(join(output, 'diagram.svg'), 'utf8')).toContain('<title id="title">Mine</title>');
    expect(readFileSync(join(output, 'diagram.mmd'), 'utf8')).toContain('["<b>Cluster</b> AksCluster<br/>');
  });

  test('explains itself', async () => {
    const { code, told } = await run('--help');
    expect(code).toBe(0);
    expect(told.join('\n')).toMatch(/^Usage: cdktf-azure-gitlab diagram \[FOLDER\] \[--depth N\] \[--title TEXT\] \[--output FOLDER\]\n/);
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
  ])('fails when the arguments are %s %s', async (one, other, message) => {
    expect(await complaint('diagram', cluster(), one, other)).toBe(`cdktf-azure-gitlab: ${message}`);
  });

  test('fails when an option or a command is unknown', async () => {
    expect(await complaint('diagram', '--colour')).toBe('cdktf-azure-gitlab: Unknown option \'--colour\'; see cdktf-azure-gitlab diagram --help');
    expect(await complaint('diagram', '--depth')).toBe('cdktf-azure-gitlab: Option \'--depth <value>\' argument missing; see cdktf-azure-gitlab diagram --help');
    expect(await complaint('draw')).toBe('cdktf-azure-gitlab: draw: no such command; there are: diagram, doctor, preflight, verify');
    expect(await complaint()).toBe('cdktf-azure-gitlab: no command given; there are: diagram, doctor, preflight, verify');
  });
});

describe('as it is published', () => {
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
