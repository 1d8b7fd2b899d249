import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { lane, until } from './harness/lane';
import { leaks, secretTexts } from './harness/secrets';
import { Server } from './harness/server';
import { GitLabEndpoint, GitLabVersion } from 'cdktf-azure-gitlab';

const PROPS = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }), runners: { aks: { tags: ['aks'] } }, backup: {} };
const server = new Server();
const { azure, disk, machine } = server;

before(async () => {
  await server.begin(PROPS);
  disk.attach();
  await server.applied(PROPS);
  await machine.shell('echo precious >/var/opt/gitlab/git-data/repositories/project.git && chown git: /var/opt/gitlab/git-data/repositories/project.git');
  await server.changeDatabase('database["variables"]["TOKEN"] = Instance.encrypted("a variable of CI"); database["projects"] << "one"');
});

const archives = () => azure.storage(server.storageAccount).list('gitlab-backups').filter((name) => name.endsWith('.tar'));
const secrets = () => azure.storage(server.storageAccount).list('gitlab-backups-secrets').filter((name) => name.endsWith('.tar.gz'));
const backUp = () => machine.try('systemctl', 'start', 'gitlab-backup.service');
const journal = () => machine.run('journalctl', '--unit=gitlab-backup', '--output=cat', '--no-pager');

test('the timer is set, and an apply shows that the way to the storage is open', async () => {
  assert.equal(await machine.run('systemctl', 'is-active', 'gitlab-backup.timer'), 'active\n');
  assert.match(await machine.run('systemctl', 'show', '--property=TimersCalendar', 'gitlab-backup.timer'), /OnCalendar=\*-\*-\* 02:30:00 UTC/);
  assert.deepEqual(azure.storage(server.storageAccount).list('gitlab-backups'), ['README']);
  const result = await server.ran('backup');
  assert.match(result.told, /^the next backup is due .* UTC$/);
});

test('a storage account that refuses ends the step with what to do', async () => {
  const role = azure.fail({ host: /blob/, answer: { status: 403, headers: { 'x-ms-error-code': 'AuthorizationPermissionMismatch' } } });
  assert.match(await server.refused('backup', { environment: { PATIENCE_SECONDS: '2' } }),
    /^the storage account gitlabbackup\w+ answers PUT gitlab-backups\/README with 403 AuthorizationPermissionMismatch {2}for 2 seconds; let this machine reach it and give the identity \S+ the role Storage Blob Data Contributor on it, then run this step again$/);
  role.end();
});

test('a scheduled backup is uploaded, secrets apart, and nothing of it stays on the disk', async () => {
  assert.equal((await backUp()).status, 0, await journal());
  assert.match(archives().join(), /^\d{8}T\d{6}Z-19\.4\.1-ce_gitlab_backup\.tar$/);
  assert.deepEqual(secrets(), [archives()[0].replace('_gitlab_backup.tar', '.tar.gz')]);
  assert.equal(await machine.run('ls', '/var/opt/gitlab/backups'), '');
  assert.equal((await machine.try('test', '-e', '/var/opt/gitlab/backup-outgoing')).status, 1);
  const blob = azure.storage(server.storageAccount).blobs.get(`gitlab-backups/${archives()[0]}`)!;
  const texts = await secretTexts(server);
  const { gitlab_rails: keys } = JSON.parse(await machine.run('cat', '/etc/gitlab/gitlab-secrets.json'));
  assert.ok(!Object.values<string>(keys).some((key) => blob.includes(key.slice(0, 60))), 'no key in the archive of the data');
  assert.deepEqual(await leaks(server, texts), []);
});

test('a backup that fails leaves a trace where backups are looked for, and a failed unit', async () => {
  await machine.run('touch', '/run/fail-backup');
  assert.notEqual((await backUp()).status, 0);
  await machine.run('rm', '/run/fail-backup');
  const failures = azure.storage(server.storageAccount).list('gitlab-backups').filter((name) => name.startsWith('failures/'));
  assert.equal(failures.length, 1);
  assert.match(azure.storage(server.storageAccount).blobs.get(`gitlab-backups/${failures[0]}`)!.toString(), /told to fail[^]*GitLab cannot be backed up/);
  assert.match(await journal(), /\d failed: GitLab cannot be backed up, the lines above say why; run this step again once that is mended\nexit:1/);
  assert.match((await server.ran('backup')).output, /WARNING: the last backup failed; see journalctl --unit gitlab-backup on the machine/);
  assert.equal(archives().length, 1);
  assert.ok(await server.isReady());
});

test('an upload that is cut off is no backup; the next one is whole', async () => {
  const cut = azure.fail({ host: /blob/, method: 'PUT', path: /_gitlab_backup\.tar$/, answer: 'no answer', times: 2 });
  await backUp();
  assert.equal(cut.met(), 2);
  assert.equal(archives().length, 2);
});

test('no upgrade without a backup, where there are backups', async () => {
  server.plan({ ...PROPS, version: GitLabVersion.of('19.5.2') });
  await machine.shell('touch /run/fail-backup; rm -f /srv/gitlab/state/backed-up');
  assert.equal(await server.refused('gitlab'),
    'no backup could be made, so nothing is upgraded; mend what the lines above say, or take backup out of the stack, then run this step again');
  assert.match(await machine.run('dpkg-query', '-W', '-f', '${Version}', 'gitlab-ce'), /^19\.4\.1/);
  await machine.run('rm', '/run/fail-backup');
  server.plan(PROPS);
  await server.ran('gitlab');
});

test('restored into an empty machine by the commands of docs/restore.md', async () => {
  assert.equal((await backUp()).status, 0, await journal());
  const [earlier, backup] = [await server.database(), archives().at(-1)!.replace('_gitlab_backup.tar', '')];
  const keys = await machine.run('cat', '/etc/ssh/ssh_host_ed25519_key.pub');
  // everything is lost but the storage account
  await server.startOver();
  await server.runAll();
  assert.notEqual((await server.database()).id, earlier.id);

  const blocks = [...readFileSync(join(process.env.FIRSTBOOT_REPOSITORY!, 'docs/restore.md'), 'utf8').matchAll(/```sh\n([^]*?)```/g)].map(([, text]) => text);
  const choose = blocks.find((text) => text.includes('export BACKUP='))!.replace(/ACCOUNT=\S+/, `ACCOUNT=${server.storageAccount}`).replace(/BACKUP=\S+/, `BACKUP=${backup}`);
  const restore = blocks.find((text) => text.includes('backup.sh restore'))!;
  const watch = blocks.find((text) => text.includes('journalctl --unit=gitlab-restore'))!;
  assert.match(await shell(choose), new RegExp(`^${backup}_gitlab_backup\\.tar$`, 'm'));
  await shell(choose + restore);
  const output = await until('the restore', async () => {
    const text = await shell(choose + watch);
    return /^exit:\d+$/m.test(text) && text;
  });
  assert.match(output, /the backup \S+ is restored; give another rerun and apply[^\n]*\nexit:0/);

  await server.applied({ ...PROPS, rerun: 'restored' });
  const after = await server.database();
  assert.deepEqual([after.id, after.projects, after.users], [earlier.id, earlier.projects, earlier.users]);
  assert.equal(await machine.run('cat', '/var/opt/gitlab/git-data/repositories/project.git'), 'precious\n');
  assert.equal(await machine.run('gitlab-rake', 'gitlab:doctor:secrets'), 'Total: 0 row(s) affected\n');
  assert.equal(await machine.run('cat', '/etc/ssh/ssh_host_ed25519_key.pub'), keys);
  const token = server.runnerVault.value(server.runnerVault.names.find((name) => name.startsWith('runner-token-'))!);
  assert.equal((await server.gitlab('/api/v4/runners/verify', { form: `token=${token}` })).status, 200);
  assert.ok(await server.isReady());
});

test('a restore over projects, of another release, or of nothing is refused', async () => {
  const restore = async (...args: string[]) => (await machine.try('/bin/bash', '/usr/local/lib/gitlab-server/backup.sh', 'restore', ...args)).output;
  assert.match(await restore(archives().at(-1)!), /failed: this server has 1 projects, which a restore would replace; say overwrite after the storage account's name if that is meant\nexit:1/);
  assert.match(await restore('20261231T023000Z-18.11.11-ce'), /failed: the backup is of GitLab 18\.11\.11-ce and this server runs 19\.4\.1-ce; set version and edition to those, apply, then restore\nexit:1/);
  assert.match(await restore('20261231T023000Z-19.4.1-ce', server.storageAccount, 'overwrite'), /failed: the storage account \w+ has no gitlab-backups-secrets\/20261231T023000Z-19\.4\.1-ce\.tar\.gz; choose another backup\nexit:1/);
  assert.match(await restore('yesterday'), /failed: "yesterday" is no backup's name; give one such as 20261231T023000Z-19\.4\.1-ce\nexit:1/);
});

test('a stack without backups makes none any more', async () => {
  const { backup, ...rest } = PROPS;
  assert.ok(backup);
  await server.applied({ ...rest, rerun: 'restored' });
  assert.notEqual((await machine.try('systemctl', 'is-enabled', 'gitlab-backup.timer')).output.trim(), 'enabled');
});

/** A shell of a person who has `az`, whose two commands that matter are led to the machine and to the storage account. */
async function shell(script: string): Promise<string> {
  const az = join(lane.folder, 'az');
  writeFileSync(join(lane.folder, 'listing'), `${azure.storage(server.storageAccount).list('gitlab-backups').join('\n')}\n`);
  writeFileSync(az, `#!/bin/bash
case "$1 $2 $3" in
  'storage blob list') cat ${join(lane.folder, 'listing')} ;;
  'vm run-command invoke')
    while [ "$1" != --scripts ]; do shift; done
    exec ${machine.enter().join(' ')} /bin/sh -c "$2" ;;
  *) echo "az: no $*" >&2; exit 2 ;;
esac
`);
  chmodSync(az, 0o755);
  return new Promise((resolve, reject) => {
    execFile('bash', ['-euc', script], { env: { ...process.env, PATH: `${lane.folder}:${process.env.PATH}` } }, (error, output, errors) => {
      if (error) {reject(new Error(`${script}\n${output}${errors}`));} else {resolve(output);}
    });
  });
}
