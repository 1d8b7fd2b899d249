import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { AzureCli } from './azure/azure-cli';
import { lane } from './harness/lane';
import { Server } from './harness/server';
import { GitLabEndpoint, GitLabRestore, GitLabVersion } from 'cdktf-azure-gitlab';

const PAGE = [...readFileSync(join(process.env.FIRSTBOOT_REPOSITORY!, 'docs/moving-in.md'), 'utf8').matchAll(/```sh\n([^]*?)```/g)].map(([, block]) => block);
const PROPS = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }), runners: { aks: { tags: ['aks'] } }, backup: {} };
const ACCOUNT = 'movingin00000000';
const PASSWORD = 'chosen by hand, years ago';
const server = new Server();
const { azure, disk, machine } = server;
const folder = mkdtempSync(join(lane.folder, 'moving-'));
new AzureCli({
  azure, folder, resourceGroup: 'gitlab-rg', virtualMachine: 'gitlab-vm', identity: () => server.identity,
  onMachine: async (script) => (await machine.try('/bin/sh', '-c', script)).output,
});
let [earlier, hostKey, accountId, backup]: [any, string, string, string] = [undefined, '', '', ''];

/** The code block of docs/moving-in.md that has a text. */
const block = (text: string) => PAGE.find((one) => one.includes(text))!;

/** Runs a script where a person has `az`. @returns what it prints */
async function atHome(script: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('bash', ['-euc', script], { cwd: folder, env: { ...process.env, PATH: `${folder}:${process.env.PATH}` } }, (error, output, errors) => {
      if (error) {reject(new Error(`${script}\n${output}${errors}`));} else {resolve(output);}
    });
  });
}

const moved = (name: string | undefined = backup) => ({ ...PROPS, restoreFrom: GitLabRestore.blob({ storageAccountId: accountId, backup: name }) });
const storage = () => azure.storage(ACCOUNT);
const verified = async (token: string) => (await server.gitlab('/api/v4/runners/verify', { form: `token=${token}` })).status;
const archive = () => `gitlab-backups/${backup}_gitlab_backup.tar`;
const secrets = () => `gitlab-backups-secrets/${backup}.tar.gz`;

/** What comes out of a blob that is unpacked, changed by a script and packed again. */
function repacked(path: string, script: string): Buffer {
  const work = mkdtempSync(join(folder, 'work-'));
  writeFileSync(join(work, 'blob'), storage().blobs.get(path)!);
  const packing = path.endsWith('gz') ? 'z' : '';
  execFileSync('bash', ['-euc', `mkdir files && cd files && tar -x${packing}f ../blob && ${script} && tar -c${packing}f ../blob *`], { cwd: work });
  return readFileSync(join(work, 'blob'));
}

/** Runs a step while a blob is another one, or gone. @returns what the step says to that */
async function withBlob(step: string, path: string, body: Buffer | undefined): Promise<string> {
  const whole = storage().blobs.get(path)!;
  if (body) {
    storage().put(path, body);
  } else {
    storage().delete(path);
  }
  const said = await server.refused(step);
  storage().put(path, whole);
  return said;
}

before(async () => {
  await server.begin(PROPS);
  // a GitLab as people make it: on the machine's own disk, without a word of this library.
  await machine.shell('echo "deb [trusted=yes] https://packages.gitlab.com/gitlab/gitlab-ce/ubuntu/noble noble main" >/etc/apt/sources.list.d/gitlab.list && apt-get -q update '
    + '-o Dir::Etc::sourcelist=/etc/apt/sources.list.d/gitlab.list -o Dir::Etc::sourceparts=- '
    + `&& GITLAB_ROOT_PASSWORD='${PASSWORD}' EXTERNAL_URL=http://git.example.com apt-get install -y -q gitlab-ce=19.4.1-ce.0`);
  await machine.shell('echo precious >/var/opt/gitlab/git-data/repositories/project.git && chown git: /var/opt/gitlab/git-data/repositories/project.git');
  // one of its variables is as old as its first secrets, which are lost; its runner's note looks like one of ours.
  await server.changeDatabase('database["variables"].merge!("TOKEN" => Instance.encrypted("a variable of CI"), "LOST" => { "key" => "of yore", "value" => "?" }); '
    + 'database["projects"] << { "id" => 1, "full_path" => "team/one", "members" => [] }; '
    + 'database["runners"] << { "id" => 7, "description" => "by hand", "runner_type" => "instance_type", "registration_type" => "registration_token", "created_at" => 1700000000, '
    + '"maintainer_note" => "Made by the stack that made this server. [cdktf-azure-gitlab 00000000000000000000000000000000 runner-token-aks-00000000]", '
    + '"token" => Instance.encrypted("of-the-old-manager") }');
  // it makes backups every night.
  await machine.shell('touch /var/opt/gitlab/backups/9999999999_2286_11_20_19.4.1_gitlab_backup.tar');
  [earlier, hostKey] = [await server.database(), await machine.run('cat', '/etc/ssh/ssh_host_ed25519_key.pub')];
});

test('docs/moving-in.md, on the old server: its version, an archive and what that leaves out', async () => {
  assert.equal(await machine.shell(block('version-manifest.txt')), 'gitlab-ce 19.4.1\n');
  await machine.shell(block('gitlab-ctl stop sidekiq'));
  const said = await machine.shell(block('gitlab-backup create'));
  [, backup] = /^(\d+_\d{4}_\d\d_\d\d_19\.4\.1)\.tar\.gz$/m.exec(said)!;
  assert.match(said, new RegExp(`^${backup}_gitlab_backup\\.tar$`, 'm'));
  [`${backup}_gitlab_backup.tar`, `${backup}.tar.gz`].forEach((file) => cpSync(machine.onHost(`/root/moving/${file}`), join(folder, file)));
});

test('docs/moving-in.md, in a container: the second file has the host keys that lie beside the secrets', async () => {
  await machine.run('cp', '/etc/ssh/ssh_host_ed25519_key', '/etc/gitlab/');
  await machine.shell(`BACKUP=container\n${block('etc/gitlab/ssh_host_')}`);
  assert.equal(await machine.run('tar', '-tzf', '/root/moving/container.tar.gz'), 'etc/gitlab/gitlab-secrets.json\netc/gitlab/ssh_host_ed25519_key\n');
  await machine.run('rm', '/etc/gitlab/ssh_host_ed25519_key', '/root/moving/container.tar.gz');
});

test('docs/moving-in.md, where az is: both files in an account of their own', async () => {
  accountId = (await atHome(block('az storage account create').replace(/BACKUP=\S+/, `BACKUP=${backup}`))).trim().split('\n').at(-1)!;
  assert.match(accountId, /\/storageAccounts\/movingin00000000$/);
  assert.deepEqual([...storage().blobs.keys()], [archive(), secrets()]);
});

test('files that are missing, cut off, unreadable or too many are told before anything is installed', async () => {
  server.plan(moved());
  await machine.die();
  disk.attach();
  await server.newMachine();
  [storage().readers, storage().writable] = [new Set([server.identity]), false];
  for (const step of ['metadata', 'data-disk']) {
    await server.ran(step);
  }
  const [tar, packed] = [archive(), secrets()].map((path) => storage().blobs.get(path)!);
  const choice = (path: string, body?: Buffer) => withBlob('backup-choice', path, body);
  const absent = (path: string) => `the storage account ${ACCOUNT} has no ${path}; put it there or choose another backup, then run this step again`;
  assert.equal(await choice(archive()), absent(archive()));
  assert.equal(await choice(secrets()), absent(secrets()));
  // the last is between two files, where nothing but the end is missing.
  const content = tar.reduce((last, byte, index) => (byte === 0 ? last : index), 0) + 1;
  for (const length of [0, 700, 2048, Math.ceil(content / 512) * 512]) {
    assert.equal(await choice(archive(), tar.subarray(0, length)),
      `${archive()} in ${ACCOUNT} is cut off after ${length} bytes; upload it again, or choose another backup, then run this step again`);
  }
  for (const body of [packed.subarray(0, packed.length - 40), Buffer.alloc(0), Buffer.from('{"gitlab_rails": {}}')]) {
    assert.match(await choice(secrets(), body), /^gitlab-backups-secrets\/\S+ in movingin00000000 cannot be unpacked: it is damaged or cut off, or there is no room for it, see \S+ on the machine; /);
  }
  assert.match(await choice(secrets(), repacked(secrets(), 'rm etc/gitlab/gitlab-secrets.json')), /holds no etc\/gitlab\/gitlab-secrets\.json; put the file with it there/);
  assert.match(await choice(secrets(), repacked(secrets(), 'echo "<html>" >etc/gitlab/gitlab-secrets.json')), /^the gitlab-secrets\.json in \S+ in movingin00000000 holds none of GitLab's secrets; /);
  const archived = azure.fail({ host: new RegExp(ACCOUNT), path: /_gitlab_backup\.tar$/, answer: { status: 409, headers: { 'x-ms-error-code': 'BlobArchived' } } });
  assert.match(await server.refused('backup-choice'), /^gitlab-backups\/\S+ is in the archive tier of movingin00000000, where it cannot be read; /);
  archived.end();
  storage().containers.delete('gitlab-backups-secrets');
  assert.match(await server.refused('backup-choice'), /^the storage account movingin00000000 has no container gitlab-backups-secrets; make it or mend its name/);
  storage().containers.add('gitlab-backups-secrets');
  // nobody has said which.
  const other = '1700000000_2023_11_14_19.4.1';
  storage().put(`gitlab-backups/${other}_gitlab_backup.tar`, tar);
  server.plan(moved('latest'));
  assert.equal(await server.refused('backup-choice'), `the storage account ${ACCOUNT} has no backup of this library in gitlab-backups, but archives of gitlab-backup: ${other} ${backup}; `
    + 'give the name of the one that is meant as restoreFrom.backup, then apply');
  storage().delete(`gitlab-backups/${other}_gitlab_backup.tar`);
  assert.notEqual((await machine.try('dpkg-query', '-W', 'gitlab-ce')).status, 0);
});

test('a version that GitLab has no package of is told before anything is installed', async () => {
  const old = backup.replace('19.4.1', '16.11.3');
  [archive(), secrets()].forEach((path) => storage().put(path.replace(backup, old), storage().blobs.get(path)!));
  server.plan({ ...moved(old), version: GitLabVersion.minor('16.11') });
  await server.ran('backup-choice');
  assert.match(await server.refused('gitlab'), /^GitLab publishes no gitlab-ce 16\.11\.3-ce\.0 for Ubuntu noble, and that is the backup's version; upgrade the server that made it to a version of \S+ back it up again, and apply$/);
  assert.notEqual((await machine.try('dpkg-query', '-W', 'gitlab-ce')).status, 0);
});

test('an archive under a name of another release, or without its database, is refused before the secrets are exchanged', async () => {
  azure.packages.month = 'second';
  server.plan(moved());
  for (const step of ['backup-choice', 'gitlab']) {
    await server.ran(step);
  }
  const own = await machine.run('sha256sum', '/etc/gitlab/gitlab-secrets.json', '/etc/ssh/ssh_host_ed25519_key');
  const recovery = (script: string) => withBlob('recovery', archive(), repacked(archive(), script));
  const name = `${backup}_gitlab_backup.tar in ${ACCOUNT}`;
  const remedy = 'give both blobs their own names again and the program that version and edition, then run this step again';
  for (const [version, told] of [['19.4.0', '19.4.0 (ce)'], ['19.5.2', '19.5.2 (ce)'], ['19.4.1-ee', '19.4.1 (ee)']]) {
    assert.equal(await recovery(`sed -i 's/^:gitlab_version:.*/:gitlab_version: ${version}/' backup_information.yml`), `${name} is of GitLab ${told}, whatever its name says; ${remedy}`);
  }
  assert.match(await recovery('rm backup_information.yml'), /is no archive of gitlab-backup: it has no backup_information\.yml; upload the archive, then run this step again$/);
  assert.equal(await recovery('rm -r db'), 'the backup holds no database, so it was made with SKIP=db or the like; choose one that has all parts, then apply');
  assert.equal(await machine.run('sha256sum', '/etc/gitlab/gitlab-secrets.json', '/etc/ssh/ssh_host_ed25519_key'), own);
  assert.equal((await machine.try('cat', '/run/restores')).status, 1);
  assert.equal(await machine.run('ls', '/var/opt/gitlab/backups'), '');
});

test('secrets of another server decrypt nothing: the vault does not get them, and the next run begins anew', async () => {
  const others = repacked(secrets(), 'sed -i \'s/"db_key_base": *"./&x/\' etc/gitlab/gitlab-secrets.json');
  const kept = server.serverVault.value('gitlab-secrets-json');
  assert.equal(await withBlob('recovery', secrets(), others), `the secrets in ${secrets()} decrypt nothing of the backup, so they are of another server; put those of the server that `
    + 'made the backup there, then apply');
  assert.equal(server.serverVault.value('gitlab-secrets-json'), kept);
});

test('one apply: the new server is the old one, and its own runner stands beside those that came along', async () => {
  const results = await server.applied(moved());
  const { said } = results.find(({ step }) => step === 'recovery')!;
  assert.ok(said.includes('runners that came along from the earlier server and stay as they are: 1; see docs/moving-in.md'), said.join('\n'));
  assert.ok(said.some((line) => /^WARNING: rows that the secrets do not decrypt, .*: 1; see/.test(line)), said.join('\n'));
  const after = await server.database();
  assert.deepEqual([after.id, after.projects, after.users], [earlier.id, earlier.projects, earlier.users]);
  assert.equal(await machine.run('cat', '/var/opt/gitlab/git-data/repositories/project.git'), 'precious\n');
  assert.match(await machine.run('gitlab-rake', 'gitlab:doctor:secrets'), /^Total: 1 row\(s\) affected$/m);
  assert.equal(await machine.run('cat', '/etc/ssh/ssh_host_ed25519_key.pub'), hostKey);
  assert.deepEqual(after.runners.map(({ id }: any) => id).sort(), [7, 8]);
  const token = server.runnerVault.value(server.runnerVault.names.find((name) => name.startsWith('runner-token-'))!);
  assert.equal(await verified(token!), 200);
  assert.ok(await server.isReady());
  assert.equal((await server.gitlab('/api/v4/user', { password: PASSWORD })).status, 200);
  for (const step of ['backup-choice', 'recovery']) {
    assert.equal((await server.ran(step)).told, `nothing to do: the backup ${backup} was restored to this data disk`);
  }
});

test('docs/moving-in.md, the old server\'s runners: their managers are still let in, the page tells which they are, and who removes one removes it for good', async () => {
  assert.equal(await verified('of-the-old-manager'), 200);
  assert.match(await atHome(block('FROM ci_runners')), /\n7\|by hand\n/);
  assert.doesNotMatch(await atHome(block('FROM ci_runners')), /^8\|/m);
  assert.equal((await server.gitlab('/api/v4/runners/7', { password: PASSWORD, method: 'DELETE' })).status, 204);
  assert.equal(await verified('of-the-old-manager'), 403);
  await server.runAll();
  assert.deepEqual((await server.database()).runners.map(({ id }: any) => id), [8]);
  assert.doesNotMatch(await atHome(block('FROM ci_runners')), /^\d+\|/m);
});
