import { spawn } from 'child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'fs';
import { delimiter, join } from 'path';
import { emptyFolder } from '../command/program';
import { SUBSCRIPTION, TENANT } from '../preflight/azure';
import { Answer, firstDay } from '../preflight/first-day';

const ROOT = join(__dirname, '../..');
const CLAIMS = Buffer.from(JSON.stringify({ oid: '33333333-3333-3333-3333-333333333333' })).toString('base64url');

/** Who is signed in, and a subscription on its first day, in which no group is left. */
export const SIGNED_IN: readonly Answer[] = [
  { call: ['version --only'], answer: { 'azure-cli': '2.80.0' } },
  { call: ['account show'], answer: { id: SUBSCRIPTION, name: 'Pay-As-You-Go', tenantId: TENANT, user: { name: 'ada@example.com' } } },
  { call: ['account get-access-token'], answer: { accessToken: `a.${CLAIMS}.c`, expires_on: 1 } },
];
const NO_GROUP: Answer = {
  call: ['/resourceGroups/'], error: 'ERROR: Not Found({"error":{"code":"ResourceGroupNotFound","message":"it could not be found"}})',
};

export interface Ended {
  readonly code: number | null;
  readonly told: string;
  readonly complained: string;
  readonly calls: readonly string[];
  readonly home: string;
}

/** What the stand-in of Terraform does with a command, as lines of a shell script. */
export type Commands = { readonly [command: string]: string };

/** Says in Terraform's books that there is something. */
export const MADE = 'echo \'{"resources":[{"mode":"managed","type":"azurerm_resource_group"}]}\' > "$STATE"';
export const GONE = 'echo \'{"resources":[]}\' > "$STATE"';
const USUAL: Commands = { version: 'echo \'{"terraform_version":"1.9.0","provider_selections":{"registry.terraform.io/hashicorp/azurerm":"5.2.0"}}\'', init: 'exit 0', destroy: GONE, output: 'echo \'{}\'' };

/** A command of Terraform's that goes on until it is told to end, and then writes down what it has made. */
export const ENDLESS = `trap '${MADE.replace(/'/g, '\'"\'"\'')}; exit 1' INT; touch "$READY"; while true; do sleep 0.1; done`;

/** An answer, or none for as long as somebody waits. */
type Slow = Answer & { readonly hangs?: boolean };

/** Runs the published command with such programs; with `interrupt` somebody presses Ctrl-C once ENDLESS is at work, or an answer that hangs. */
export function verify(
  args: readonly string[], commands: Commands,
  { answers = [], home = emptyFolder(), interrupt = false }: { answers?: readonly Slow[]; home?: string; interrupt?: boolean } = {},
): Promise<Ended> {
  const bin = emptyFolder();
  const write = (name: string, text: string) => {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  };
  const all: readonly Slow[] = [...answers, ...SIGNED_IN, ...firstDay(SUBSCRIPTION), NO_GROUP];
  const cases = all.map(({ call, answer, error, hangs = false }, index) => {
    writeFileSync(join(bin, `answer-${index}`), `${error ?? JSON.stringify(answer)}\n`);
    const first = hangs ? `touch '${bin}/ready'; while kill -0 $PPID; do sleep 0.1; done; ` : '';
    return `*${call.map((part) => `'${part}'`).join('*')}*) ${first}${error === undefined ? 'cat' : 'cat >&2'} '${bin}/answer-${index}'; exit ${error === undefined ? 0 : 1} ;;`;
  });
  write('az', `#!/bin/sh\necho "az $*" >> ${bin}/calls\ncase "$* " in\n${cases.join('\n')}\n*) echo "ERROR: not in the stand-in: $*" >&2; exit 1 ;;\nesac\n`);
  const subcommands = Object.entries({ ...USUAL, ...commands }).map(([name, text]) => `${name}) ${text} ;;`);
  write('terraform', `#!/bin/sh\necho "terraform $*" >> ${bin}/calls\nSTATE=../../../terraform.$(basename "$PWD").tfstate READY=${bin}/ready\ncase "$1" in\n${subcommands.join('\n')}\n*) exit 1 ;;\nesac\n`);
  const { ARM_SUBSCRIPTION_ID: _, ...env } = process.env;
  const child = spawn(process.execPath, [join(ROOT, 'lib/command.js'), 'verify', ...args], { cwd: home, env: { ...env, PATH: [bin, process.env.PATH].join(delimiter) } });
  let [told, complained] = ['', ''];
  child.stdout.on('data', (chunk) => { told += chunk; });
  child.stderr.on('data', (chunk) => { complained += chunk; });
  child.stdin.end();
  const watching = setInterval(() => {
    if (interrupt && existsSync(join(bin, 'ready'))) {
      clearInterval(watching);
      child.kill('SIGINT');
    }
  }, 20);
  return new Promise((resolve) => child.on('close', (code) => {
    clearInterval(watching);
    resolve({ code, told, complained, home, calls: existsSync(join(bin, 'calls')) ? readFileSync(join(bin, 'calls'), 'utf8').trim().split('\n') : [] });
  }));
}

/** Terraform's way to tell an error. */
export function failing(summary: string, detail: string): string {
  return `echo '${JSON.stringify({ '@level': 'error', 'type': 'diagnostic', 'diagnostic': { severity: 'error', summary, detail, address: 'azurerm_linux_virtual_machine.GitLab' } })}'; exit 1`;
}
