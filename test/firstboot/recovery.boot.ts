import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { changes, fingerprint } from './harness/changes';
import { cutEverywhere } from './harness/cutter';
import { until } from './harness/lane';
import { Server } from './harness/server';
import { GitLabEndpoint, GitLabRestore, GitLabVersion } from 'cdktf-azure-gitlab';

const PROPS = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }), runners: { aks: { tags: ['aks'] } }, backup: {} };
const accountId = (name: string) => `/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/lost/providers/Microsoft.Storage/storageAccounts/${name}`;
/** As in another region, by a program with other constructs, and so with other names. */
const elsewhere = (backup?: string) => ({
  ...PROPS, runners: { west: { tags: ['aks'] } }, backup: { storageAccountName: 'gitlabbackupelsewhere' },
  restoreFrom: GitLabRestore.blob({ storageAccountId: accountId(account), backup, secondary: true }),
});
const server = new Server();
const { azure, disk, machine } = server;
let [account, hostKey, backup]: [string, string, string] = ['', '', ''];
let earlier: any;

before(async () => {
  await server.begin(PROPS);
  disk.attach();
  await server.applied(PROPS);
  await machine.shell('echo precious >/var/opt/gitlab/git-data/repositories/project.git && chown git: /var/opt/gitlab/git-data/repositories/project.git');
  await server.changeDatabase('database["variables"]["TOKEN"] = Instance.encrypted("a variable of CI"); database["projects"] << { "id" => 1, "full_path" => "team/one", "members" => [] }; '
    + 'database["settings"]["minimum_password_length"] = 9');
  assert.equal((await machine.startService('gitlab-backup.service')).status, 0);
  [earlier, hostKey, account] = [await server.database(), await machine.run('cat', '/etc/ssh/ssh_host_ed25519_key.pub'), server.storageAccount];
  const storage = azure.storage(account);
  backup = storage.list('gitlab-backups').find((name) => name.endsWith('.tar'))!.replace('_gitlab_backup.tar', '');
  // the copy in the other region has the last backup's one blob and not yet the other, and more than a page of others.
  const copy = azure.storage(`${account}-secondary`, false);
  storage.containers.forEach((name) => copy.containers.add(name));
  storage.blobs.forEach((body, path) => copy.put(path, body));
  copy.put('gitlab-backups/20991231T023000Z-19.4.1-ce_gitlab_backup.tar', Buffer.from('of another day'));
  ['a', 'b', 'c', 'd'].forEach((name) => copy.put(`gitlab-backups/failures/${name} & co.log`, Buffer.from('no backup')));
  copy.readers = new Set([server.identity]);
  // the region is lost.
  azure.fail({ host: `${account}.blob.core.windows.net`, answer: 'no answer' });
  // meanwhile GitLab publishes further patches.
  azure.packages.month = 'second';
});

const restores = async () => (await machine.try('cat', '/run/restores')).output.split('restored').length - 1;
const installed = () => machine.run('dpkg-query', '-W', '-f', '${Version}', 'gitlab-ce');

/** What somebody would miss. */
async function whole(): Promise<void> {
  const after = await server.database();
  assert.deepEqual([after.id, after.projects, after.users, after.settings], [earlier.id, earlier.projects, earlier.users, earlier.settings]);
  assert.equal(await machine.run('cat', '/var/opt/gitlab/git-data/repositories/project.git'), 'precious\n');
  assert.match(await machine.run('gitlab-rake', 'gitlab:doctor:secrets'), /^Total: 0 row\(s\) affected$/m);
  assert.equal(await machine.run('cat', '/etc/ssh/ssh_host_ed25519_key.pub'), hostKey);
  assert.ok(await server.isReady());
}

test('a backup of another release, or none at all, is told before anything is installed', async () => {
  server.plan({ ...elsewhere(), version: GitLabVersion.V19_2 });
  await server.startOver();
  for (const step of ['metadata', 'data-disk']) {
    await server.ran(step);
  }
  assert.equal(await server.refused('backup-choice'), `the backup ${backup} is of GitLab 19.4.1 (ce) and the program asks for 19.2 (ce); set version to `
    + 'GitLabVersion.minor("19.4") and edition to GitLabEdition.CE, then apply');
  const copy = azure.storage(`${account}-secondary`);
  const secrets = copy.blobs.get(`gitlab-backups-secrets/${backup}.tar.gz`)!;
  copy.delete(`gitlab-backups-secrets/${backup}.tar.gz`);
  server.plan(elsewhere());
  assert.equal(await server.refused('backup-choice'), `the storage account ${account}-secondary has no backup in gitlab-backups with its secrets in gitlab-backups-secrets; `
    + 'give the account and the container that hold one, then apply');
  copy.put(`gitlab-backups-secrets/${backup}.tar.gz`, secrets);
  copy.readers!.clear();
  assert.match(await server.refused('backup-choice', { environment: { PATIENCE_SECONDS: '2' } }), /403 AuthorizationPermissionMismatch .* the role Storage Blob Data Reader on it/);
  copy.readers!.add(server.identity);
});

test('the region is lost: one apply elsewhere, cut off before every command, brings the server back from the latest whole backup, in its own patch', async () => {
  const commands = await cutEverywhere(server, 'backup-choice');
  await server.ran('gitlab');
  assert.equal(await installed(), '19.4.1-ce.0');
  commands.push(...await cutEverywhere(server, 'recovery', { cutOff: /failed: the restore was cut off; run this step again to go on\nexit:1\n$/ }));
  console.log(`       cut off before ${commands.length} commands`);
  assert.ok(commands.some((command) => command.startsWith('gitlab-backup restore')), commands.join('\n'));
  assert.match(await machine.run('cat', '/srv/gitlab/state/recovery/restored'), new RegExp(`^${backup}$`, 'm'));
  for (const step of ['runners', 'backup']) {
    await server.ran(step);
  }
  await whole();
  const { gunzipSync } = await import('node:zlib');
  assert.equal(gunzipSync(Buffer.from(server.serverVault.value('gitlab-secrets-json')!, 'base64')).toString(), await machine.run('cat', '/etc/gitlab/gitlab-secrets.json'));
});

test('the runners of the program that restores are the only ones, and their tokens are in the new vault', async () => {
  const { runners } = await server.database();
  assert.equal(runners.length, 1);
  assert.notEqual(runners[0].id, earlier.runners[0].id);
  const names = server.runnerVault.names.filter((name) => name.startsWith('runner-token-'));
  assert.deepEqual(names.map((name) => name.replace(/-[0-9a-f]{8}$/, '')), ['runner-token-west']);
  assert.equal((await server.gitlab('/api/v4/runners/verify', { form: `token=${server.runnerVault.value(names[0])}` })).status, 200);
});

test('never twice: later runs change nothing, whatever has happened since, and neither does a program without the prop', async () => {
  await machine.shell('echo later >/var/opt/gitlab/git-data/repositories/project.git && rm -f /run/restores');
  const first = await fingerprint(server);
  const results = await server.runAll();
  for (const step of ['backup-choice', 'recovery']) {
    assert.equal(results.find((result) => result.step === step)!.told, `nothing to do: the backup ${backup} was restored to this data disk`);
  }
  assert.deepEqual(changes(first, await fingerprint(server)), []);
  await server.newMachine();
  await server.runAll();
  assert.equal(await restores(), 0);
  assert.equal(await machine.run('cat', '/var/opt/gitlab/git-data/repositories/project.git'), 'later\n');
  const { restoreFrom: given, ...rest } = elsewhere();
  assert.ok(given);
  assert.deepEqual((await server.applied(rest)).map(({ step }) => step), []);
});

test('a server with projects is left as it is', async () => {
  server.plan(elsewhere());
  await machine.run('rm', '/srv/gitlab/state/recovery/restored', '/srv/gitlab/state/recovery/chosen');
  assert.equal(await server.refused('recovery'), 'this server has 1 projects already, so nothing is restored; take restoreFrom out of the program, or apply it where there is no server yet');
  assert.equal(await machine.run('cat', '/var/opt/gitlab/git-data/repositories/project.git'), 'later\n');
});

test('a restore that takes longer than the step goes on by itself, and the next run waits for it', async () => {
  server.plan(elsewhere(backup));
  await server.startOver();
  for (const step of ['metadata', 'data-disk', 'backup-choice', 'gitlab']) {
    await server.ran(step);
  }
  await machine.run('touch', '/run/hold-restore');
  const run = server.run('recovery', { environment: { DEADLINE_SECONDS: '60' } });
  await until('a restore that is held', async () => (await machine.try('test', '-e', '/run/held-in-restore')).status === 0);
  assert.match((await run).output, /failed: restoring the backup, which goes on by itself, was not finished within 60 seconds; run this step again to go on from here\nexit:1\n/);
  const next = await server.start('recovery');
  await machine.run('rm', '/run/hold-restore');
  assert.ok((await next.wait()).ok);
  assert.equal(await restores(), 1);
  await server.ran('runners');
  await whole();
});
