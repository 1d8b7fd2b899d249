import { execFileSync, spawnSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { nodesOf, servedByNodes } from './served-by-nodes';
import { GitLabDatabase, KeyVaultSecret } from '../../../src';
import { scriptPath, scriptTexts } from '../../../src/assets';
import { resources, TerraformJson } from '../../synth';
import { shellcheck, testWith } from '../../tools';
import { VAULT } from '../server';

interface Step { readonly name: string; readonly scripts: readonly string[]; readonly parameters: { readonly [name: string]: string } }

/** The steps of a program, each with the scripts that its command joins. */
function steps(json: TerraformJson): Step[] {
  return Object.entries(resources(json, 'azurerm_virtual_machine_run_command')).map(([name, { source, parameter }]) => ({
    name,
    scripts: [...source.script.matchAll(/\/([a-z-]+\.sh)\\?"/g)].map(([, script]: string[]) => script),
    parameters: Object.fromEntries((parameter ?? []).map((one: any) => [one.name, one.value])),
  }));
}

const composed = (step: Step) => step.scripts.map((script) => scriptTexts('gitlab')[script]).join('\n');

const external = GitLabDatabase.external({ host: 'db.example.com', password: KeyVaultSecret.of(VAULT, 'database'), caCertificate: undefined });
const all = [
  ...steps(servedByNodes().json),
  ...steps(servedByNodes({ database: external }).json),
  ...steps(nodesOf(0).json).filter(({ name }) => name.startsWith('GitLab_SetUp_Gitlab_')),
].filter(({ name }) => /_SetUp_(Gitlab|Node|Secrets)_/.test(name));

test('the scripts of all machines are among the steps', () => {
  const folder = Object.keys(scriptTexts('gitlab')).filter((name) => name.endsWith('.sh') && scriptPath('gitlab', name).includes('/application-nodes/'));
  expect([...new Set(all.flatMap(({ scripts }) => scripts))]).toEqual(expect.arrayContaining([...folder, 'node-database.sh', 'secrets.sh']));
});

test.each(all)('$name is what bash can read', (step) => {
  execFileSync('bash', ['-n'], { input: composed(step) });
});

const folder = mkdtempSync(join(tmpdir(), 'scripts-'));
afterAll(() => rmSync(folder, { recursive: true }));

testWith(shellcheck, 'shellcheck').each(all)('$name gives shellcheck nothing to say', (step) => {
  const file = join(folder, `${step.name}.sh`);
  writeFileSync(file, composed(step));
  // functions of a machine without a data disk, and of a database elsewhere, take the place of lib.sh's.
  expect(spawnSync('shellcheck', ['--exclude=SC2317', file], { encoding: 'utf8' }).stdout).toBe('');
});

test.each(all)('$name reads no variable that is neither given nor optional', (step) => {
  const text = composed(step);
  const made = new Set([...text.matchAll(/(?:^|[\s;(]|\blocal )([A-Z][A-Z_]+)=/gm)].map((match) => match[1]));
  const read = [...text.matchAll(/\$\{?([A-Z][A-Z_]+)(?![A-Z_]*[:-])\}?/g)].map((match) => match[1]);
  const shell = /^(BASH_\w+|LINENO|SECONDS|(PAGES_)?CERTIFICATE_\w+|LETS_ENCRYPT_PAGES|SHARED_NAME|SSH_PORT|PATCH|DATABASE_(AUTHORITY_PEM|ADDRESS|ADMINISTRATOR))$/;
  expect([...new Set(read)].filter((name) => !made.has(name) && !shell.test(name) && !(name in step.parameters))).toEqual([]);
});

test('a step\'s script and what it is told stay far from the most that Azure\'s agent takes', () => {
  for (const step of all) {
    expect(Buffer.byteLength(composed(step))).toBeLessThan(128_000);
  }
});

test('the gate\'s program is what Python can read', () => {
  execFileSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], { input: readFileSync(scriptPath('gitlab', 'release.py')) });
});

test('a node knows whether everybody\'s browser knows who vouches for the certificate', () => {
  const { status, stderr } = spawnSync('bash', ['-c', `set -e
    . "$1"
    SSL=$2/ssl LETS_ENCRYPT_SWITCH=$2/switch AUTHORITIES=$2/authority.crt WORK=$2 LOG=$2/log
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=authority -keyout "$2/authority.key" -out "$2/authority.crt"
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=gitlab.example.com -keyout "$2/own.key" -out "$2/own.csr"
    openssl x509 -req -in "$2/own.csr" -CA "$2/authority.crt" -CAkey "$2/authority.key" -set_serial 2 -days 1 -out "$2/known.crt"
    openssl req -x509 -key "$2/own.key" -days 1 -subj /CN=gitlab.example.com -out "$2/unknown.crt"
    fetch() { SECRET=$(cat "$WORK/$served.crt" "$WORK/own.key"); }
    write_file() { cat >"$1"; }
    served=known; take_web_certificate; [ -f "$LETS_ENCRYPT_SWITCH" ]
    served=unknown; take_web_certificate; [ ! -f "$LETS_ENCRYPT_SWITCH" ]`, 'bash', scriptPath('gitlab', 'node-secrets.sh'), folder], { encoding: 'utf8' });
  expect(status === 0 ? '' : stderr).toBe('');
});
