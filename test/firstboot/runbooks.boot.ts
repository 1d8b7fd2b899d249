import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { AzureCli } from './azure/azure-cli';
import { lane } from './harness/lane';
import { handOver } from './harness/run-command';
import { Server } from './harness/server';
import { GitLabEndpoint, GitLabVersion } from 'cdktf-azure-gitlab';

const DOCS = join(process.env.FIRSTBOOT_REPOSITORY!, 'docs');
const PAGES = [...readdirSync(join(DOCS, 'runbooks')).map((page) => `runbooks/${page}`), 'operate.md'];
const PROPS = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }), backup: {}, version: GitLabVersion.minor('19.4'), metrics: true };
const PREFIX = 'az vm run-command invoke --resource-group gitlab-rg --name gitlab-vm --command-id RunShellScript --query "value[0].message" --output tsv';
/** What is run elsewhere, or by nobody, and why. */
const NOT_HERE: { readonly [command: string]: string } = {
  'gitlab-ctl tail': 'it never ends, as its page says',
  'systemctl restart gitlab-release.service': 'a unit of application nodes: application-nodes-upgrade.boot.ts restarts it',
};

const server = new Server();
const { azure, disk, machine } = server;
const folder = mkdtempSync(join(lane.folder, 'az-'));

before(async () => {
  let sequence = 0;
  // what Azure shows is the end of a command's output.
  new AzureCli({
    azure, folder, resourceGroup: 'gitlab-rg', virtualMachine: 'gitlab-vm', identity: () => server.identity,
    onMachine: async (script) => {
      sequence += 1;
      const handed = handOver(machine, sequence, { name: 'RunShellScript', script: `#!/bin/sh\n${script}\n`, parameters: {} });
      await handed.done;
      return ['stdout', 'stderr'].map((name) => machine.read(`${handed.folder}/${name}`)).join('').slice(-4096);
    },
  });
  await server.begin(PROPS);
  disk.attach();
  await server.applied(PROPS);
  // what is there once the kernel is newer than the one that runs.
  await machine.shell('echo linux-image-6.8.0 >/run/reboot-required.pkgs');
  await server.changeDatabase('database["background_migrations"] << { "status" => 4 }');
});

/** What the pages have their readers run on the machine, each with its pages: in blocks by a run command, else as a line that begins with a program, which takes the place of a block's. */
function commands(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  PAGES.forEach((page) => {
    const text = readFileSync(join(DOCS, page), 'utf8').replace(/\\\n */g, '');
    const given = [...text.matchAll(/az vm run-command invoke [^\n`]*--scripts "([^"]*)"/g)].map(([command, script]) => [command, script]);
    const lines = page.startsWith('runbooks/') ? [...text.matchAll(/`((?:export HOME=\/root; )?(?:apt-get|dpkg|gitlab-\w+|journalctl|systemctl|tail) [^`]*)`/g)] : [];
    [...given, ...lines.map(([, line]) => [`${PREFIX} --scripts "${line}"`, line])].filter(([, script]) => !(script in NOT_HERE)).forEach(([command]) => {
      const filled = command.replaceAll('<task>', 'gitlab-certificate').replaceAll('<step>', 'gitlab').replaceAll('<service>', 'nginx').replaceAll('<GitLab>', 'gitlab.example.com');
      found.set(filled, [...found.get(filled) ?? [], page]);
    });
  });
  return found;
}

const COMMANDS = commands();
/** What a program says of a name, an option or a file that it does not know. */
const LOST = /not found|could not be found|not loaded|[Nn]o such|unrecognized|invalid (option|number)|[Uu]nknown|[Ss]yntax error|[Uu]sage:|cannot access|HOME is not set|Traceback/;

test('the commands are found, and those that are not run here stand on a page', () => {
  assert.ok(COMMANDS.size > 20, `${COMMANDS.size}`);
  const pages = PAGES.map((page) => readFileSync(join(DOCS, page), 'utf8')).join('\n');
  assert.deepEqual(Object.keys(NOT_HERE).filter((command) => !pages.includes(command)), []);
});

for (const [command, pages] of COMMANDS) {
  test(`${pages.join(', ')}: ${command}`, async () => {
    const output = await new Promise<string>((resolve, reject) => {
      execFile('bash', ['-euc', command], { env: { ...process.env, PATH: `${folder}:${process.env.PATH}` } }, (error, said, errors) => {
        if (error) {reject(new Error(`${said}${errors}`));} else {resolve(said);}
      });
    });
    assert.doesNotMatch(output, LOST);
  });
}
