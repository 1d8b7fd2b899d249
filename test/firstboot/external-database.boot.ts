import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Doctor } from './harness/doctor';
import { DATABASE_ADDRESS, Postgresql } from './harness/postgresql';
import { Server } from './harness/server';
import { CertificateAuthority } from '../apply/azure/certificates';
import { GitLabDatabase, GitLabEndpoint, GitLabVersion, KeyVaultSecret } from 'cdktf-azure-gitlab';

const HOST = 'postgres.example.com';
const PASSWORD = 'a password that nobody sees';
const VAULT = '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/own/providers/Microsoft.KeyVault/vaults/own-vault';
const authority = new CertificateAuthority();
const database = GitLabDatabase.external({ host: HOST, password: KeyVaultSecret.of(VAULT, 'database'), caCertificate: authority.certificate });
/** The time of day some hours from now. */
const clock = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
/** The timer comes at that minute of each hour, so not before the tests are over. */
const [LATER, NOW] = [clock(-12), clock(0)];
const PROPS = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }), runners: { aks: { tags: ['aks'] } }, backup: {}, version: GitLabVersion.V19_2, secretReloadTime: LATER, database };
const server = new Server();
const { azure, disk, machine } = server;
const postgresql = new Postgresql(authority, 'administrator');
const vault = () => azure.vault('own-vault');

/** What docs/database.md tells an administrator to run. */
const [, SQL] = /^```sql\n(.*?)^```$/ms.exec(readFileSync(join(process.env.FIRSTBOOT_REPOSITORY!, 'docs/database.md'), 'utf8'))!;

before(async () => {
  azure.vault('own-vault', (_, method) => method === 'GET');
  azure.furtherHosts = `${DATABASE_ADDRESS} ${HOST}\n`;
  await server.begin(PROPS);
  await postgresql.start(HOST);
  vault().set('database', 'another password');
  disk.attach();
});
after(() => postgresql.remove());

const document = () => JSON.parse(postgresql.sql('SELECT document FROM standin', 'gitlabhq_production'));
const refresh = async () => (await machine.startService('gitlab-secrets.service')).status;

test('without database and role, then with a wrong password, then without extensions: GitLab is installed and not set up, and the step says why', async () => {
  const steps = (await server.apply(PROPS)).map(({ step, ok }) => [step, ok]);
  assert.deepEqual(steps.at(-1), ['gitlab', false]);
  assert.match(await server.refused('gitlab'), /^the database on postgres\.example\.com does not answer \(.*password authentication failed for user "gitlab"/);
  postgresql.script(SQL.replace('…', PASSWORD).replace(/^CREATE EXTENSION amcheck;\n/m, ''));
  assert.match((await server.run('gitlab')).output, /does not answer \(.*password authentication failed for user "gitlab"/);
  vault().set('database', PASSWORD);
  await server.ran('secrets');
  assert.match((await server.run('gitlab')).output, /lacks the extensions amcheck; have an administrator run CREATE EXTENSION for each in it/);
  assert.equal(postgresql.sql('SELECT count(*) FROM pg_tables WHERE schemaname = \'public\'', 'gitlabhq_production'), '0');
  assert.notEqual((await machine.try('test', '-e', '/etc/gitlab/gitlab-secrets.json')).status, 0);
});

test('once all is there, GitLab is set up in it, and its own PostgreSQL is not', async () => {
  postgresql.script('\\connect gitlabhq_production\nCREATE EXTENSION amcheck');
  await server.applied(PROPS);
  assert.ok(await server.isReady());
  assert.equal(document().schema, '19.2.4');
  assert.equal((await server.gitlab('/api/v4/user', { password: server.serverVault.value('gitlab-root-password')! })).status, 200);
  assert.notEqual((await machine.try('test', '-e', '/var/opt/gitlab/postgresql/data')).status, 0);
  assert.equal(await machine.run('cat', '/srv/gitlab/state/database'), `${HOST} 17\n`);
});

test('a machine with a new OS disk goes on with both', async () => {
  await server.changeDatabase('database["projects"] << { "id" => 1, "full_path" => "team/one", "members" => [] }');
  const earlier = document();
  await server.newMachine();
  await server.runAll();
  assert.deepEqual(document(), earlier);
  assert.match(await machine.run('gitlab-rake', 'gitlab:doctor:secrets'), /^Total: 0 row\(s\) affected$/m);
});

test('a password that the server does not take changes nothing, and one that it takes is taken', async () => {
  await machine.run('sed', '-i', `s/^SECRETS_RELOAD_TIME=.*/SECRETS_RELOAD_TIME=${NOW}/`, '/usr/local/lib/gitlab-server/secrets.env');
  vault().set('database', 'a mistake');
  assert.notEqual(await refresh(), 0);
  assert.ok(await server.isReady());
  assert.equal((await server.gitlab('/api/v4/user', { password: server.serverVault.value('gitlab-root-password')! })).status, 200);
  postgresql.sql('ALTER ROLE gitlab PASSWORD \'the next\'');
  vault().set('database', 'the next');
  assert.equal(await refresh(), 0);
  assert.equal((await server.gitlab('/api/v4/user', { password: server.serverVault.value('gitlab-root-password')! })).status, 200);
});

test('an upgrade is refused whose package has no client that could dump the database', async () => {
  server.plan({ ...PROPS, version: GitLabVersion.of('19.4.1') });
  assert.match(await server.refused('gitlab', { environment: { DATABASE_CLIENTS: '19.3:17,18 18.0:16' } }),
    /^GitLab 19\.2\.\d+ has no client for PostgreSQL 17, so its package cannot back the database up before it becomes 19\.4\.1; /);
  assert.match(await machine.run('dpkg-query', '-W', '-f', '${Version}', 'gitlab-ce'), /^19\.2\./);
});

test('an upgrade dumps the database, waits for what the last one left, and migrates', async () => {
  await server.applied({ ...PROPS, version: GitLabVersion.of('19.4.1') });
  assert.equal(document().schema, '19.4.1');
  assert.deepEqual(document().projects.map((one: any) => one.full_path), ['team/one']);
});

test('a backup holds the database, and brings it back', async () => {
  assert.equal((await machine.startService('gitlab-backup.service')).status, 0);
  const [archive] = azure.storage(server.storageAccount).list('gitlab-backups').filter((name) => name.endsWith('19.4.1-ce_gitlab_backup.tar'));
  await server.changeDatabase('database["projects"].first["full_path"] = "team/lost"');
  const restore = (...more: string[]) => machine.try('bash', '/usr/local/lib/gitlab-server/backup.sh', 'restore', archive, server.storageAccount, ...more);
  await machine.run('touch', '/run/fail-restore');
  assert.match((await restore('overwrite')).output, /failed: the backup cannot be restored/);
  assert.equal(postgresql.sql('SELECT count(*) FROM pg_tables WHERE schemaname = \'public\'', 'gitlabhq_production'), '0');
  await machine.run('rm', '/run/fail-restore');
  const restored = await restore();
  assert.equal(restored.status, 0, restored.output.slice(-2000));
  assert.deepEqual(document().projects.map((one: any) => one.full_path), ['team/one']);
  assert.ok(await server.isReady());
});

test('doctor asks the database where it is, of its runners and jobs too, and says so when it is away', async () => {
  const doctor = new Doctor(server);
  // the upgrade has left some.
  await server.changeDatabase('database["background_migrations"].clear');
  assert.deepEqual(await doctor.found(/migration/), ['ok background migrations: all finished']);
  await server.changeDatabase('database["background_migrations"] << { "status" => 4 }; database["pending_builds"] = [(Time.now - 7500).utc.strftime("%F %T.%6N")]; '
    + 'database["runners"].each { |one| one["contacted_at"] = Time.now.utc.strftime("%F %T.%6N") }');
  assert.deepEqual((await doctor.found(/migration|^runner|waits for a/)).map((one) => one.replace(/runner \S+:/, 'runner:')).sort(), [
    'broken 1 background migration has failed', 'ok runner: asks for jobs', 'warning 1 job waits for a runner, the oldest for 2 hours',
  ]);
  await postgresql.close();
  assert.deepEqual(await doctor.found(/^GitLab's database|migration/), ['broken GitLab\'s database does not answer']);
  await postgresql.open();
  await server.changeDatabase('database["background_migrations"].clear; database["pending_builds"].clear');
});

test('an empty database in its place is refused, and so is going back to the data disk', async () => {
  const props = { ...PROPS, version: GitLabVersion.of('19.4.1') };
  const results = await server.apply({ ...props, database: GitLabDatabase.embedded() });
  assert.equal(results.at(-1)!.told, `failed: the database of this GitLab is on ${HOST}, and nothing here moves it; set database back to what it was and apply, and do not run this step again before that`);
  assert.ok(await server.isReady());
  await server.applied(props);
  assert.deepEqual(document().projects.map((one: any) => one.full_path), ['team/one']);
});
