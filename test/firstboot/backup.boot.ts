import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { AzureCli } from './azure/azure-cli';
import { changes, fingerprint } from './harness/changes';
import { AWAY, lane, sleep, until } from './harness/lane';
import { leaks, secretTexts, TRACED } from './harness/secrets';
import { Server } from './harness/server';
import { GitLabEndpoint, GitLabVersion } from 'cdktf-azure-gitlab';

const PROPS = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }), runners: { aks: { tags: ['aks'] } }, backup: {} };
/** The same in another place, with an account of its own for the backups to come. */
const ELSEWHERE = { ...PROPS, backup: { storageAccountName: 'gitlabbackupelsewhere' } };
const server = new Server();
const { azure, disk, machine } = server;
/** What the person who restores has chosen. */
let [backup, account]: [string, string | undefined] = ['', undefined];
const folder = mkdtempSync(join(lane.folder, 'az-'));
new AzureCli({
  azure, folder, resourceGroup: 'gitlab-rg', virtualMachine: 'gitlab-vm', identity: () => server.identity, onMachine: async (script) => (await machine.try('/bin/sh', '-c', script)).output,
});

before(async () => {
  await server.begin(PROPS);
  disk.attach();
  await server.applied(PROPS);
  await machine.shell('echo precious >/var/opt/gitlab/git-data/repositories/project.git && chown git: /var/opt/gitlab/git-data/repositories/project.git');
  await server.changeDatabase('database["variables"]["TOKEN"] = Instance.encrypted("a variable of CI"); database["projects"] << { "id" => 1, "full_path" => "team/one", "members" => [] }');
});

const TRACE = '/etc/systemd/system/gitlab-backup.service.d';
const archives = () => azure.storage(server.storageAccount).list('gitlab-backups').filter((name) => name.endsWith('.tar'));
const secrets = () => azure.storage(server.storageAccount).list('gitlab-backups-secrets').filter((name) => name.endsWith('.tar.gz'));
const backUp = () => machine.startService('gitlab-backup.service');
const journal = () => machine.journal('--unit=gitlab-backup');

test('the timer is set, and an apply shows that the way to the storage is open', async () => {
  assert.equal(await machine.run('systemctl', 'is-active', 'gitlab-backup.timer'), 'active\n');
  assert.match(await machine.run('systemctl', 'show', '--property=TimersCalendar', 'gitlab-backup.timer'), new RegExp(`OnCalendar=\\*-\\*-\\* ${AWAY}:00 UTC`));
  assert.deepEqual(azure.storage(server.storageAccount).list('gitlab-backups'), ['README']);
  const result = await server.ran('backup');
  assert.match(result.told, /^the next backup is due .* UTC$/);
});

test('a second run changes nothing', async () => {
  const earlier = await fingerprint(server);
  await server.runAll();
  assert.deepEqual(changes(earlier, await fingerprint(server)), []);
});

test('another schedule is what the timer follows', async () => {
  server.plan({ ...PROPS, backup: { schedule: 'Sat,Sun 04:00' } });
  assert.match((await server.ran('backup')).told, /^the next backup is due (Sat|Sun) \S+ 04:00:00 UTC$/);
  server.plan(PROPS);
  assert.match((await server.ran('backup')).told, new RegExp(` ${AWAY}:00 UTC$`));
});

test('a storage account that refuses ends the step with what to do', async () => {
  const role = azure.fail({ host: /blob/, answer: { status: 403, headers: { 'x-ms-error-code': 'AuthorizationPermissionMismatch' } } });
  assert.match(await server.refused('backup', { environment: { PATIENCE_SECONDS: '2' } }),
    /^the storage account gitlabbackup\w+ answers PUT gitlab-backups\/README with 403 AuthorizationPermissionMismatch {2}for 2 seconds; let this machine reach it and give the identity \S+ the role Storage Blob Data Contributor on it, then run this step again$/);
  role.end();
});

test('a scheduled backup is uploaded, secrets apart, and nothing of it stays on the disk', async () => {
  machine.write(`${TRACE}/trace.conf`, `[Service]\nExecStart=\nExecStart=${TRACED.under!.join(' ')} /bin/bash /usr/local/lib/gitlab-server/backup.sh create\n`);
  await machine.run('systemctl', 'daemon-reload');
  assert.equal((await backUp()).status, 0, await journal());
  await machine.shell(`rm -r ${TRACE} && systemctl daemon-reload`);
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

test('a backup that was missed while the machine was off is made up for', async () => {
  await machine.run('touch', '--date=-2 days', '/var/lib/systemd/timers/stamp-gitlab-backup.timer');
  await machine.reboot();
  // to start what still works is to wait for it
  await until('the end of the backup after the start', async () =>
    archives().length === 2 && secrets().length === 2 && (await machine.try('systemctl', 'is-active', 'gitlab-backup.service')).output === 'inactive\n');
  await until('GitLab after the start', () => server.isReady());
});

test('a backup that fails, or is killed, leaves an alert, a failed unit, and a trace where backups are looked for', async () => {
  const traces = () => azure.storage(server.storageAccount).list('gitlab-backups').filter((name) => name.startsWith('failures/'))
    .map((name) => azure.storage(server.storageAccount).blobs.get(`gitlab-backups/${name}`)!.toString());
  const alerts = () => machine.journal('--priority=alert', '--identifier=gitlab-backup');
  const told = () => until('the end of the report', async () =>
    (await machine.try('systemctl', 'is-active', 'gitlab-backup-failed.service')).output === 'inactive\n' && traces().at(-1));
  await machine.run('touch', '/run/fail-backup');
  assert.notEqual((await backUp()).status, 0);
  await machine.run('rm', '/run/fail-backup');
  assert.match(await told(), /told to fail[^]*failed: GitLab cannot be backed up, the lines above say why; run this step again once that is mended\nexit:1/);
  assert.equal(await alerts(), 'GitLab was not backed up; see journalctl --unit gitlab-backup\n');
  assert.match((await server.ran('backup')).output, /WARNING: the last backup failed; see journalctl --unit gitlab-backup on the machine/);

  // a trace is named by the second of its making.
  await sleep(1000);
  await machine.run('touch', '/run/hold-backup');
  const killed = backUp();
  await until('a backup to kill', async () => (await machine.try('test', '-e', '/run/held-in-backup')).status === 0);
  await machine.run('systemctl', 'kill', '--signal=KILL', 'gitlab-backup.service');
  await machine.run('rm', '/run/hold-backup', '/run/held-in-backup');
  assert.notEqual((await killed).status, 0);
  await until('the second trace', () => traces().length === 2).catch(async ({ message }) => {
    const said = await machine.journal('--unit=gitlab-backup', '--unit=gitlab-backup-failed', '--lines=80', '--output=short-precise');
    assert.fail(`${message}\n${said}\n${await machine.run('ps', '-ef')}`);
  });
  assert.match(await told(), /Main process exited, code=killed/);
  assert.equal((await alerts()).split('\n').length, 3);
  assert.equal(archives().length, 2);
  assert.ok(await server.isReady());
});

test('an archive that breaks off is no backup', async () => {
  machine.write('/usr/local/sbin/tar', '#!/bin/sh\ncase "$*" in\n  *backup-outgoing*) /usr/bin/tar "$@" | head -c 2000; exit 2 ;;\n  *) exec /usr/bin/tar "$@" ;;\nesac\n', 0o755);
  assert.notEqual((await backUp()).status, 0);
  await machine.run('rm', '/usr/local/sbin/tar');
  assert.match(await journal(), /failed: tar failed while its output was uploaded to gitlab-backups\/\S+; see \S+ on the machine, then run this step again\nexit:1/);
  assert.equal(archives().length, 2);
});

test('an upload that is cut off is no backup; the next one is whole', async () => {
  const cut = azure.fail({ host: /blob/, method: 'PUT', path: /_gitlab_backup\.tar$/, answer: 'no answer', times: 2 });
  await backUp();
  assert.equal(cut.met(), 2);
  assert.equal(archives().length, 3);
});

test('a disk without room for a backup: none is begun, and GitLab goes on', async () => {
  await machine.shell('fallocate -l $(($(df --output=avail -B1 /srv/gitlab | tail -n 1) - 500000000)) /srv/gitlab/data/filler');
  assert.notEqual((await backUp()).status, 0);
  await machine.run('rm', '/srv/gitlab/data/filler');
  assert.match(await journal(), /failed: \/var\/opt\/gitlab has only \d+ MB free and \d+ MB are needed; make room or enlarge the disk, then run this step again\nexit:1\n/);
  assert.equal(archives().length, 3);
  assert.ok(await server.isReady());
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

test('Azure deletes old backups, keeps those for a while, and then no more', async () => {
  const storage = azure.storage(server.storageAccount);
  await backUp();
  const [name] = archives().slice(-1);
  storage.pass(14);
  assert.ok(archives().includes(name));
  storage.pass(1);
  assert.deepEqual([archives(), secrets()], [[], []]);
  await documented('bring_back() {', { BACKUP: name.replace('_gitlab_backup.tar', '') });
  assert.deepEqual([archives(), secrets()], [[name], [name.replace('_gitlab_backup.tar', '.tar.gz')]]);
  storage.pass(30);
  await assert.rejects(documented('bring_back() {', { BACKUP: name.replace('_gitlab_backup.tar', '') }), /BlobNotFound/);
});

test('names that GitLab\'s user gives are neither options nor lines to root', async () => {
  const asGit = 'setpriv --reuid=git --regid=git --clear-groups';
  await machine.shell(`mkdir /precious && ${asGit} mkdir $'/var/opt/gitlab/backups/x\\nprecious'`);
  await machine.run('touch', '/run/hold-backup');
  const run = backUp();
  await until('a backup that is held', async () => (await machine.try('test', '-e', '/run/held-in-backup')).status === 0);
  await machine.shell(`cd /var/opt/gitlab/backups && ${asGit} touch -- --checkpoint=1 '--checkpoint-action=exec=touch pwned' $'y\\nprecious'`);
  await machine.run('rm', '/run/hold-backup', '/run/held-in-backup');
  assert.equal((await run).status, 0, await journal());
  assert.equal(await machine.shell('find / /srv/gitlab -xdev -name pwned -not -path "/proc/*"'), '');
  await machine.run('rmdir', '/precious');
  assert.equal(await machine.run('ls', '/var/opt/gitlab/backups'), '');
});

test('a set-up while the timer\'s backup is uploaded does not wait for it', async () => {
  const [made, away] = [archives().length, azure.fail({ host: /blob/, method: 'PUT', path: /_gitlab_backup\.tar$/, answer: { status: 503 } })];
  await machine.shell('systemctl stop gitlab-backup.timer && touch --date="-2 days" /var/lib/systemd/timers/stamp-gitlab-backup.timer && systemctl start gitlab-backup.timer');
  await until('the upload', () => away.met() > 0);
  assert.equal((await server.ran('backup')).told, 'the next backup is due once this one is made');
  away.end();
  await until('the end of the backup', async () => (await machine.try('systemctl', 'is-active', 'gitlab-backup.service')).output === 'inactive\n');
  assert.equal(archives().length, made + 1);
});

/** What somebody would miss. */
async function whole(earlier: any, keys: string): Promise<void> {
  const after = await server.database();
  assert.deepEqual([after.id, after.projects, after.users], [earlier.id, earlier.projects, earlier.users]);
  // the runner of the backup, and no second one
  assert.deepEqual(after.runners, earlier.runners);
  assert.equal(await machine.run('cat', '/var/opt/gitlab/git-data/repositories/project.git'), 'precious\n');
  assert.match(await machine.run('gitlab-rake', 'gitlab:doctor:secrets'), /^Total: 0 row\(s\) affected$/m);
  assert.equal(await machine.run('cat', '/etc/ssh/ssh_host_ed25519_key.pub'), keys);
  const token = server.runnerVault.value(server.runnerVault.names.find((name) => name.startsWith('runner-token-'))!);
  assert.equal((await server.gitlab('/api/v4/runners/verify', { form: `token=${token}` })).status, 200);
  assert.ok(await server.isReady());
}

/** The last part of the restore. */
async function restored(): Promise<string> {
  let text = '';
  try {
    return await until('the restore', async () => {
      text = await documented('journalctl');
      return /^exit:\d+$/m.test(text) && text;
    });
  } catch (error) {
    const more = await machine.try('sh', '-c', 'systemctl status --full gitlab-restore; journalctl --unit=gitlab-restore --no-pager; systemd-cgls --no-pager');
    throw new Error(`${(error as Error).message}, after\n${text}\n${more.output}`);
  }
}

test('docs/restore.md, the data disk is lost and somebody deleted the backup: brought back and restored onto an empty disk of the same machine', async () => {
  assert.equal((await backUp()).status, 0, await journal());
  const [earlier, keys] = [await server.database(), await machine.run('cat', '/etc/ssh/ssh_host_ed25519_key.pub')];
  backup = archives().at(-1)!.replace('_gitlab_backup.tar', '');
  const storage = azure.storage(server.storageAccount);
  [`gitlab-backups/${backup}_gitlab_backup.tar`, `gitlab-backups-secrets/${backup}.tar.gz`].forEach((path) => storage.delete(path));
  storage.pass(3);
  await machine.shutDown();
  disk.detach().create();
  await machine.start();
  disk.attach();
  await server.applied({ ...PROPS, rerun: 'an empty disk' });
  assert.notEqual((await server.database()).id, earlier.id);

  assert.doesNotMatch(await documented('export BACKUP='), new RegExp(backup));
  // the journal hears of it once it has ended.
  await machine.run('systemctl', 'kill', '--signal=STOP', 'systemd-journald.service');
  await documented('backup.sh restore');
  await until('the end of the restore', async () => (await machine.try('systemctl', 'is-failed', '--quiet', 'gitlab-restore.service')).status === 0);
  await machine.run('systemctl', 'kill', '--signal=CONT', 'systemd-journald.service');
  assert.match(await restored(), new RegExp(`failed: the storage account \\w+ has no gitlab-backups-secrets/${backup}\\.tar\\.gz; put it there or choose another backup, then run this step again\nexit:1`));
  await documented('bring_back() {');
  assert.match(await documented('export BACKUP='), new RegExp(`^${backup}_gitlab_backup\\.tar$`, 'm'));
  await documented('systemctl reset-failed gitlab-restore');
  await machine.run('touch', '/run/fail-restore');
  await documented('backup.sh restore');
  assert.match(await restored(), /failed: the backup cannot be restored, the lines above say why; restore again once that is mended\nexit:1/);
  assert.deepEqual(await server.database(), {});
  await machine.run('rm', '/run/fail-restore');
  await documented('systemctl reset-failed gitlab-restore');
  machine.write('/usr/local/sbin/tar', '#!/bin/sh\nid -un >>/run/tar-users\nexec /usr/bin/tar "$@"\n', 0o755);
  await machine.shell('touch /run/tar-users && chmod 666 /run/tar-users');
  await documented('backup.sh restore');
  assert.match(await restored(), /the backup \S+ is restored; give another rerun and apply[^\n]*\nexit:0/);
  // the configuration as root, GitLab's own archive as the user whose folder it goes into
  assert.equal(await machine.run('cat', '/run/tar-users'), 'root\ngit\n');
  await machine.run('rm', '/usr/local/sbin/tar');
  await server.applied({ ...PROPS, rerun: 'restored' });
  await whole(earlier, keys);
});

test('docs/restore.md, all is lost but the storage account: another server reads it and restores', async () => {
  const [earlier, keys] = [await server.database(), await machine.run('cat', '/etc/ssh/ssh_host_ed25519_key.pub')];
  account = server.storageAccount;
  const old = azure.storage(account);
  [old.readers, old.writable] = [new Set(), false];
  server.plan(ELSEWHERE);
  await server.startOver();
  await server.runAll();
  assert.notEqual(server.storageAccount, account);
  assert.notEqual((await server.database()).id, earlier.id);

  await documented('az role assignment create');
  assert.deepEqual([...old.readers], [server.identity]);
  await documented('backup.sh restore');
  assert.match(await restored(), /the backup \S+ is restored; give another rerun and apply[^\n]*\nexit:0/);
  await server.applied({ ...ELSEWHERE, rerun: 'restored' });
  await whole(earlier, keys);
});

test('a restore over projects, of another release, or of nothing is refused', async () => {
  const restore = async (...args: string[]) => (await machine.try('/bin/bash', '/usr/local/lib/gitlab-server/backup.sh', 'restore', ...args)).output;
  assert.match(await restore(backup), /failed: this server has 1 projects, which a restore would replace; if that is meant, restore again with overwrite after the storage account's name\nexit:1/);
  assert.match(await restore('20261231T023000Z-18.11.11-ce'), /failed: the backup is of GitLab 18\.11\.11-ce and this server runs 19\.4\.1-ce; set version and edition to those, apply, then restore\nexit:1/);
  assert.match(await restore('20261231T023000Z-19.4.1-ce', server.storageAccount, 'overwrite'), /failed: the storage account \w+ has no gitlab-backups-secrets\/20261231T023000Z-19\.4\.1-ce\.tar\.gz; put it there or choose another backup, then run this step again\nexit:1/);
  assert.match(await restore('yesterday'), /failed: "yesterday" is no backup's name; restore again with one such as 20261231T023000Z-19\.4\.1-ce\nexit:1/);
});

test('a stack without backups makes none any more', async () => {
  const { backup: given, ...rest } = ELSEWHERE;
  assert.ok(given);
  await server.applied({ ...rest, rerun: 'restored' });
  assert.notEqual((await machine.try('systemctl', 'is-enabled', 'gitlab-backup.timer')).output.trim(), 'enabled');
});

/** The code block of docs/restore.md that has a text, in the shell of a person who has `az`, after the block that sets its variables. */
async function documented(text: string, values: { readonly [name: string]: string } = {}): Promise<string> {
  const blocks = [...readFileSync(join(process.env.FIRSTBOOT_REPOSITORY!, 'docs/restore.md'), 'utf8').matchAll(/```sh\n([^]*?)```/g)].map(([, block]) => block);
  const [variables, wanted] = ['export BACKUP=', text].map((part) => blocks.find((block) => block.includes(part))!);
  const chosen = Object.entries({ ACCOUNT: account ?? server.storageAccount, BACKUP: backup, ...values })
    .reduce((block, [name, value]) => block.replace(new RegExp(`${name}=\\S+`), `${name}=${value}`), variables);
  const script = wanted === variables ? chosen : `{ ${chosen} } >/dev/null\n${wanted}`;
  return new Promise((resolve, reject) => {
    execFile('bash', ['-euc', script], { env: { ...process.env, PATH: `${folder}:${process.env.PATH}` } }, (error, output, errors) => {
      if (error) {reject(new Error(`${script}\n${output}${errors}`));} else {resolve(output);}
    });
  });
}
