import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { AzureCli } from './azure/azure-cli';
import { lane } from './harness/lane';
import { Server } from './harness/server';
import { GitLabEndpoint, GitLabRestore } from 'cdktf-azure-gitlab';

const PAGE = [...readFileSync(join(process.env.FIRSTBOOT_REPOSITORY!, 'docs/moving-in.md'), 'utf8').matchAll(/```sh\n([^]*?)```/g)].map(([, block]) => block);
const PROPS = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }), runners: { aks: { tags: ['aks'] } }, backup: {} };
const server = new Server();
const { azure, disk, machine } = server;
const folder = mkdtempSync(join(lane.folder, 'moving-'));
new AzureCli({ azure, folder, resourceGroup: 'gitlab-rg', virtualMachine: 'gitlab-vm', identity: () => server.identity, onMachine: () => Promise.reject(new Error('no machine')) });
let [earlier, hostKey, accountId, backup]: [any, string, string, string] = [undefined, '', '', ''];

/** The code block of docs/moving-in.md that has a text. */
const block = (text: string) => PAGE.find((one) => one.includes(text))!;

before(async () => {
  await server.begin(PROPS);
  // a GitLab as people make it: on the machine's own disk, without a word of this library.
  await machine.shell('echo "deb [trusted=yes] https://packages.gitlab.com/gitlab/gitlab-ce/ubuntu/noble noble main" >/etc/apt/sources.list.d/gitlab.list && apt-get -q update '
    + '-o Dir::Etc::sourcelist=/etc/apt/sources.list.d/gitlab.list -o Dir::Etc::sourceparts=- && EXTERNAL_URL=http://git.example.com apt-get install -y -q gitlab-ce=19.4.1-ce.0');
  await machine.shell('echo precious >/var/opt/gitlab/git-data/repositories/project.git && chown git: /var/opt/gitlab/git-data/repositories/project.git');
  await server.changeDatabase('database["variables"]["TOKEN"] = Instance.encrypted("a variable of CI"); database["projects"] << { "id" => 1, "full_path" => "team/one", "members" => [] }; '
    + 'database["runners"] << { "id" => 7, "description" => "by hand", "runner_type" => "instance_type", "registration_type" => "registration_token", "created_at" => 1700000000, '
    + '"maintainer_note" => "Made by the stack that made this server. [cdktf-azure-gitlab 00000000000000000000000000000000 runner-token-aks-00000000]", "token" => Instance.encrypted("old") }');
  [earlier, hostKey] = [await server.database(), await machine.run('cat', '/etc/ssh/ssh_host_ed25519_key.pub')];
});

test('docs/moving-in.md, on the old server: its version, an archive and what that leaves out', async () => {
  assert.match(await machine.shell(block('version-manifest.txt')), /19\.4\.1/);
  const files = (await machine.shell(block('gitlab-backup create'))).trim().split('\n').slice(-2);
  [, backup] = /^(\d+_\d{4}_\d\d_\d\d_19\.4\.1)\.tar\.gz$/.exec(files[0])!;
  assert.equal(files[1], `${backup}_gitlab_backup.tar`);
  files.forEach((file) => cpSync(machine.onHost(`/root/moving/${file}`), join(folder, file)));
});

test('docs/moving-in.md, where az is: both files in an account of their own', async () => {
  const script = block('az storage account create').replace(/BACKUP=\S+/, `BACKUP=${backup}`);
  accountId = await new Promise<string>((resolve, reject) => {
    execFile('bash', ['-euc', script], { cwd: folder, env: { ...process.env, PATH: `${folder}:${process.env.PATH}` } }, (error, output, errors) => {
      if (error) {reject(new Error(`${script}\n${output}${errors}`));} else {resolve(output.trim().split('\n').at(-1)!);}
    });
  });
  assert.match(accountId, /\/storageAccounts\/movingin00000000$/);
});

test('one apply: the new server is the old one, and its own runner stands beside those that came along', async () => {
  const moved = { ...PROPS, restoreFrom: GitLabRestore.blob({ storageAccountId: accountId, backup }) };
  azure.packages.month = 'second';
  server.plan(moved);
  await machine.die();
  disk.attach();
  await server.newMachine();
  const storage = azure.storage('movingin00000000');
  [storage.readers, storage.writable] = [new Set([server.identity]), false];
  const results = await server.applied(moved);
  assert.ok(results.find(({ step }) => step === 'recovery')!.said.includes('runners that came along from the earlier server and stay as they are: 1; see docs/moving-in.md'));
  const after = await server.database();
  assert.deepEqual([after.id, after.projects, after.users], [earlier.id, earlier.projects, earlier.users]);
  assert.equal(await machine.run('cat', '/var/opt/gitlab/git-data/repositories/project.git'), 'precious\n');
  assert.equal(await machine.run('gitlab-rake', 'gitlab:doctor:secrets'), 'Total: 0 row(s) affected\n');
  assert.equal(await machine.run('cat', '/etc/ssh/ssh_host_ed25519_key.pub'), hostKey);
  assert.deepEqual(after.runners.map(({ id }: any) => id).sort(), [7, 8]);
  assert.match(after.runners.find(({ id }: any) => id === 8).maintainer_note, /^Made by the stack that made this server\./);
  const token = server.runnerVault.value(server.runnerVault.names.find((name) => name.startsWith('runner-token-'))!);
  assert.equal((await server.gitlab('/api/v4/runners/verify', { form: `token=${token}` })).status, 200);
  assert.ok(await server.isReady());
});
