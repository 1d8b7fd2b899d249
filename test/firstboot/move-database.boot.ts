import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { cutEverywhere } from './harness/cutter';
import { Doctor } from './harness/doctor';
import { until } from './harness/lane';
import { Postgresql } from './harness/postgresql';
import { Server } from './harness/server';
import { GitLabDatabase, GitLabEndpoint, GitLabVersion } from 'cdktf-azure-gitlab';

const HERE = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }) };
const THERE = { ...HERE, database: GitLabDatabase.azurePostgresql({ serverName: 'acme-gitlab' }) };
const HOST = 'acme-gitlab.postgres.database.azure.com';
const OWN = '/var/opt/gitlab/postgresql/data';
const server = new Server();
const { azure, disk, machine } = server;
const postgresql = new Postgresql(azure.authority, 'gitlab-vm-identity');
const there = (sql: string) => postgresql.sql(sql, 'gitlabhq_production');
/** What docs/database.md tells to run on the machine before the database is set back. */
const [, BACK] = /^### Going back$.*?^```sh\n(.*?)^```$/ms.exec(readFileSync(join(process.env.FIRSTBOOT_REPOSITORY!, 'docs/database.md'), 'utf8'))!;
const names = (document: any) => document.projects.map((one: any) => one.full_path);
const exists = async (path: string) => (await machine.try('test', '-e', path)).status === 0;
/** The step that fails, and GitLab that goes on with what it has. */
async function notMoved(): Promise<string> {
  const { told, output } = await server.run('gitlab');
  assert.equal(told,
    `failed: the database is not moved to ${HOST}, the lines above say why, and GitLab goes on with the one on its data disk; run this step again once that is mended`, output);
  assert.ok(await exists(`${OWN}/PG_VERSION`));
  await until('GitLab with its own database', () => server.isReady());
  return output;
}

before(async () => {
  await server.begin(HERE);
  disk.attach();
  await server.applied(HERE);
  await server.changeDatabase('database["projects"] << { "id" => 1, "full_path" => "team/one", "members" => [] }');
  await postgresql.start(HOST);
  postgresql.takeTokensOf(azure.metadata);
  server.plan(THERE);
});
after(() => postgresql.remove());

test('what cannot be moved is refused while GitLab runs: tables there, an upgrade at the same time, a machine that is new', async () => {
  await server.ran('database');
  there('CREATE TABLE precious (id int)');
  assert.match(await server.refused('database'), /has tables already, so the one on the data disk is not moved there; give an empty one, then run this step again$/);
  assert.ok(await server.isReady());
  there('DROP TABLE precious');
  await machine.run('mv', '/var/lib/gitlab-server/reconfigured', '/run/reconfigured');
  assert.match(await server.refused('database'), /^GitLab is not configured on this machine yet, so the database on its data disk is not running and cannot be moved;/);
  await machine.run('mv', '/run/reconfigured', '/var/lib/gitlab-server/reconfigured');
  server.plan({ ...THERE, version: GitLabVersion.of('19.5.2') });
  assert.equal(await server.refused('gitlab'), `GitLab 19.4.1 is to become 19.5.2 and its database is to move to ${HOST}, and only one of them can be done at a time; set the version to 19.4.1, `
    + 'apply, then set it to 19.5.2');
  server.plan(THERE);
  assert.ok(await server.isReady());
});

test('a copy that lacks a row, a table or a place in a sequence is not taken, and GitLab goes on with its own', async () => {
  for (const damage of ['DELETE FROM gitlab_partitions_dynamic.events WHERE id = 1', 'DROP TABLE gitlab_partitions_dynamic.events', 'SELECT setval(\'events_id_seq\', 49999)']) {
    await machine.run('rm', '/opt/gitlab/embedded/bin/pg_restore');
    machine.write('/opt/gitlab/embedded/bin/pg_restore', `#!/bin/sh
/usr/lib/omnibus-postgresql/bin/pg_restore "$@" || exit
case "$*" in
  *--list*) ;;
  *) /usr/lib/omnibus-postgresql/bin/psql -Xqc "${damage}" >/dev/null ;;
esac
`, 0o755);
    assert.match(await notMoved(), /failed: the database on \S+ is not what it is on the data disk \(< .*\); run this step again\n/, damage);
    await machine.run('ln', '-sf', '/usr/lib/omnibus-postgresql/bin/pg_restore', '/opt/gitlab/embedded/bin/pg_restore');
  }
});

test('somebody who is still connected could write what would be lost', async () => {
  machine.write('/usr/local/sbin/gitlab-ctl', `#!/bin/sh
/usr/bin/gitlab-ctl "$@" || exit
if [ "$*" = 'start postgresql' ]; then
  setpriv --reuid=gitlab-psql --regid=gitlab-psql --clear-groups /opt/gitlab/embedded/bin/psql -h /var/opt/gitlab/postgresql -d gitlabhq_production -c 'SELECT pg_sleep(300)' >/dev/null 2>&1 &
  until [ "$(gitlab-psql -Atc "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(300)'")" -ge 1 ]; do sleep 0.2; done
fi
`, 0o755);
  assert.match(await notMoved(), /failed: somebody is still connected to the database on the data disk; end what uses it, such as a console, then run this step again\n/);
  await machine.run('rm', '/usr/local/sbin/gitlab-ctl');
});

test('a server that fails while it is loaded takes nothing from GitLab', async () => {
  await machine.run('rm', '/opt/gitlab/embedded/bin/pg_restore');
  machine.write('/opt/gitlab/embedded/bin/pg_restore', '#!/bin/sh\ncase "$*" in\n  *--list*) ;;\n  *) set -- --section=pre-data "$@"; failed=yes ;;\nesac\n'
    + '/usr/lib/omnibus-postgresql/bin/pg_restore "$@"\n[ -z "$failed" ]\n', 0o755);
  await notMoved();
  assert.equal(there('SELECT count(*) FROM gitlab_partitions_dynamic.events'), '0');
  // doctor asks the database that GitLab has, whatever the apply wanted.
  await server.changeDatabase('database["background_migrations"] << { "status" => 4 }');
  assert.deepEqual((await new Doctor(server).found(/^\d+ background|^GitLab's database|^the move/)).sort(), [
    'broken 1 background migration has failed', `warning the move of the database to ${HOST} has not come to its end`,
  ]);
  await server.changeDatabase('database["background_migrations"].clear');
  await machine.run('ln', '-sf', '/usr/lib/omnibus-postgresql/bin/pg_restore', '/opt/gitlab/embedded/bin/pg_restore');
});

test('killed before each of its commands, at last GitLab is on the other server with all that it had', async () => {
  const earlier = await server.database();
  const cuts = await cutEverywhere(server, 'gitlab', { commands: ['gitlab-ctl', 'mv', 'pg_restore', 'rm', 'setpriv', 'sync'] });
  assert.ok(['gitlab-ctl stop', /^setpriv .*pg_dump /, 'pg_restore --jobs', 'mv -T', 'gitlab-ctl stop postgresql', 'gitlab-ctl reconfigure'].every((text) => cuts.some((cut) => cut.match(text))), cuts.join('\n'));
  assert.deepEqual(JSON.parse(there('SELECT document FROM standin')), earlier);
  assert.equal(there('SELECT count(*), (SELECT last_value FROM events_id_seq) FROM gitlab_partitions_dynamic.events'), '50000|50000');
  assert.equal(there('SELECT tableowner FROM pg_tables WHERE tablename = \'standin\''), 'gitlab');
  await server.runAll();
  assert.ok(await server.isReady());
  assert.equal((await server.gitlab('/api/v4/user', { password: server.serverVault.value('gitlab-root-password')! })).status, 200);
});

test('the earlier database is kept, nothing else is left, and the password was no argument', async () => {
  assert.deepEqual(names(JSON.parse(await machine.run('cat', `${OWN}.moved/database.json`))), ['team/one']);
  assert.equal(await exists(OWN), false);
  assert.equal(await machine.run('ls', '/var/opt/gitlab/postgresql'), 'data.moved\n');
  assert.equal(await exists('/srv/gitlab/state/moving'), false);
  assert.equal(await machine.run('cat', '/srv/gitlab/state/database'), `${HOST} 17\n`);
  const logs = await machine.shell('cat /var/log/gitlab-server/* /var/lib/cutter/seen');
  assert.ok(!logs.includes(server.serverVault.value('gitlab-database-password')!));
});

test('the way back is refused while the database is elsewhere, and a second database on the disk is not taken for the first', async () => {
  server.plan(HERE);
  assert.equal(await server.refused('gitlab'), `the database of this GitLab is on ${HOST}, and nothing here moves it; set database back to what it was and apply, and do not run this step again before that`);
  server.plan(THERE);
  await machine.shell(`mkdir ${OWN} && echo 17 >${OWN}/PG_VERSION`);
  assert.match(await server.refused('database'), /^the database of this GitLab was moved to \S+ before, and there is another one in \/var\/opt\/gitlab\/postgresql\/data;/);
  await machine.run('rm', '-r', OWN);
  await server.runAll();
  assert.deepEqual(names(JSON.parse(there('SELECT document FROM standin'))), ['team/one']);
});

test('by hand GitLab goes back to the database that was kept, which is of the time of the move', async () => {
  await server.changeDatabase('database["projects"] << { "id" => 2, "full_path" => "team/two", "members" => [] }');
  await machine.shell(BACK.replaceAll('sudo ', ''));
  await server.applied(HERE);
  assert.ok(await server.isReady());
  assert.deepEqual(names(await server.database()), ['team/one']);
});

test('a move that outlives its step ends by itself, and the step that comes after it finds it done', async () => {
  // the apply above has deleted the server, and the next one makes another.
  await until('nobody is connected', () => postgresql.sql('SELECT count(*) FROM pg_stat_activity WHERE datname = \'gitlabhq_production\'') === '0');
  postgresql.sql('DROP DATABASE gitlabhq_production');
  server.plan(THERE);
  await server.ran('database');
  await machine.run('rm', '/opt/gitlab/embedded/bin/pg_restore');
  machine.write('/opt/gitlab/embedded/bin/pg_restore', `#!/bin/sh
case "$*" in
  *--list*) ;;
  *) touch /run/held; while [ -e /run/held ]; do sleep 0.2; done ;;
esac
exec /usr/lib/omnibus-postgresql/bin/pg_restore "$@"
`, 0o755);
  const run = await server.start('gitlab');
  await until('the database is loaded', () => exists('/run/held'));
  await run.killScript();
  const next = await server.start('gitlab');
  await machine.run('rm', '/run/held');
  assert.ok((await next.wait()).ok);
  assert.deepEqual(names(JSON.parse(there('SELECT document FROM standin'))), ['team/one']);
  assert.ok(await server.isReady());
  assert.ok(await exists(`${OWN}.moved`));
});
