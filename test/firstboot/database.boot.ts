import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cutEverywhere } from './harness/cutter';
import { DATABASE_ADDRESS, Postgresql } from './harness/postgresql';
import { Server } from './harness/server';
import { GitLabDatabase } from 'cdktf-azure-gitlab';

const PROPS = { database: GitLabDatabase.azurePostgresql({ serverName: 'acme-gitlab' }) };
const HOST = 'acme-gitlab.postgres.database.azure.com';
const server = new Server();
const { azure, disk, machine } = server;
const postgresql = new Postgresql(azure.authority, 'gitlab-vm-identity');
const password = () => server.serverVault.value('gitlab-database-password')!;
const asGitLab = (secret: string, sql: string) => machine.try('env', 'PGSSLMODE=verify-full', 'PGSSLROOTCERT=/etc/ssl/certs/ca-certificates.crt', `PGPASSWORD=${secret}`,
  '/usr/lib/omnibus-postgresql/bin/psql', '-h', HOST, '-U', 'gitlab', '-d', 'gitlabhq_production', '-XAtqc', sql);

before(async () => {
  await server.begin(PROPS);
  await postgresql.start(HOST);
  postgresql.takeTokensOf(azure.metadata);
  disk.attach();
  for (const step of ['metadata', 'data-disk']) {await server.ran(step);}
});
after(() => postgresql.remove());

/** The package's client, without the rest of the package. */
const installClient = () => machine.shell('mkdir -p /opt/gitlab/embedded/bin && ln -sf /usr/lib/omnibus-postgresql/bin/psql /opt/gitlab/embedded/bin/psql');

test('before GitLab is installed: the server is found by its name, and a password is in the vault before anybody has it', async () => {
  const { told } = await server.ran('database');
  assert.equal(told, `the database gitlabhq_production on ${HOST} is made ready once GitLab is installed`);
  assert.match(await machine.run('cat', '/etc/hosts'), new RegExp(`^${DATABASE_ADDRESS.replaceAll('.', '\\.')} ${HOST} # the database of GitLab, by its stack$`, 'm'));
  assert.match(password(), /^[A-Za-z0-9]{32}$/);
  assert.equal(postgresql.sql('SELECT count(*) FROM pg_roles WHERE rolname = \'gitlab\''), '0');
});

test('then role, database and extensions are made by the identity, and GitLab\'s role has no more than its database', async () => {
  await installClient();
  const { said, told } = await server.ran('database');
  assert.equal(told, `the database gitlabhq_production on ${HOST} is ready`);
  assert.ok(['the role gitlab is made', 'the database gitlabhq_production is made'].every((line) => said.includes(line)));
  assert.equal((await asGitLab(password(), 'SELECT count(*) FROM pg_tables WHERE schemaname = \'public\'')).output, '0\n');
  assert.equal(postgresql.sql('SELECT extname || \' \' || rolname FROM pg_extension JOIN pg_roles ON pg_roles.oid = extowner WHERE extname <> \'plpgsql\' ORDER BY 1', 'gitlabhq_production'),
    'amcheck gitlab-vm-identity\nbtree_gist gitlab-vm-identity\npg_trgm gitlab-vm-identity');
  assert.equal(postgresql.sql('SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = \'gitlab\''), 'f|f|f');
  assert.equal(postgresql.sql('SELECT pg_encoding_to_char(encoding) || \' \' || pg_get_userbyid(datdba) FROM pg_database WHERE datname = \'gitlabhq_production\''), 'UTF8 gitlab');
});

test('again: nothing is made, and the identity asks for no token', async () => {
  const tokens = azure.tokens.all.length;
  const { said } = await server.ran('database');
  assert.ok(!said.some((line) => line.endsWith(' is made')));
  // one for the vault.
  assert.equal(azure.tokens.all.length, tokens + 1);
});

test('another password in the vault is the role\'s from then on', async () => {
  const earlier = password();
  server.serverVault.set('gitlab-database-password', 'x'.repeat(40));
  await server.ran('database');
  assert.equal((await asGitLab('x'.repeat(40), 'SELECT 1')).output, '1\n');
  assert.notEqual((await asGitLab(earlier, 'SELECT 1')).status, 0);
  assert.equal(await machine.run('cat', '/etc/gitlab/database-password'), `${'x'.repeat(40)}\n`);
});

test('an extension that is gone comes back', async () => {
  postgresql.sql('DROP EXTENSION btree_gist', 'gitlabhq_production');
  await server.ran('database');
  assert.equal(postgresql.sql('SELECT count(*) FROM pg_extension WHERE extname = \'btree_gist\'', 'gitlabhq_production'), '1');
});

test('tables with a data disk that is of no GitLab: refused, and nothing is touched', async () => {
  await asGitLab(password(), 'CREATE TABLE projects (id int)');
  assert.equal(await server.refused('database'), `the database gitlabhq_production on ${HOST} has tables and the data disk is of no GitLab; give an empty database, or attach the disk `
    + 'that belongs to it, then run this step again');
  assert.equal((await asGitLab(password(), 'SELECT count(*) FROM projects')).output, '0\n');
  await asGitLab(password(), 'DROP TABLE projects');
});

test('a GitLab that has data finds no empty database in their place, here or on another server', async () => {
  await machine.shell('touch /srv/gitlab/state/set-up');
  assert.match(await server.refused('database'), new RegExp(`^this data disk is of a GitLab that was set up, and its database is gone from ${HOST}; restore it there to an earlier time`));
  await machine.shell('echo elsewhere.example.com 17 >/srv/gitlab/state/database');
  assert.match(await server.refused('database'), /^the database of this GitLab is on elsewhere\.example\.com, and nothing here moves it;/);
  await machine.shell('rm /srv/gitlab/state/set-up');
  await server.ran('database');
});

test('statistics are collected once for each version', async () => {
  const collected = async () => (await server.ran('database')).said.includes('collecting the database\'s statistics');
  assert.equal(await collected(), false);
  await machine.shell(`echo ${HOST} 16 >/srv/gitlab/state/database`);
  assert.equal(await collected(), true);
  assert.equal(await collected(), false);
});

test('a server that is away is said to be', async () => {
  await postgresql.close();
  assert.match(await server.refused('database', { environment: { PATIENCE_SECONDS: '12' } }), /^the database server acme-gitlab\.postgres\.database\.azure\.com does not let the identity gitlab-vm-identity in \(.*Connection refused/);
  await postgresql.open();
  await server.ran('database');
});

test('a server with a certificate for another name gets no token and no password', async () => {
  await postgresql.close();
  postgresql.certify('another.postgres.database.azure.com');
  await postgresql.open();
  assert.match(await server.refused('database', { environment: { PATIENCE_SECONDS: '12' } }), /server certificate for "another\.postgres\.database\.azure\.com" does not match host name/);
  await postgresql.close();
  postgresql.certify(HOST);
  await postgresql.open();
  await server.ran('database');
});

test('cut off before each of its commands, it ends the same', async () => {
  postgresql.sql('DROP DATABASE gitlabhq_production');
  postgresql.sql('DROP ROLE gitlab');
  await cutEverywhere(server, 'database');
  assert.equal((await asGitLab(password(), 'SELECT count(*) FROM pg_extension')).output, '4\n');
});

test('no password and no token is in an output, a log or a file that others read, and the server never sees GitLab\'s', async () => {
  assert.match(postgresql.log, /CREATE ROLE "gitlab" LOGIN PASSWORD/);
  assert.ok(!postgresql.log.includes(password()));
  const logs = await machine.shell('cat /var/log/gitlab-server/* /var/lib/waagent/run-command-handler/download/*/*/std* 2>/dev/null; cat /usr/local/lib/gitlab-server/database.env');
  azure.secrets.forEach((secret) => assert.ok(!logs.includes(secret)));
  assert.equal((await machine.run('stat', '-c', '%a', '/etc/gitlab/database-password')).trim(), '600');
});
