import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Cluster } from './harness/cluster';
import { sleep, until } from './harness/lane';
import { Machine } from './harness/machine';
import { Postgresql } from './harness/postgresql';
import { GitLabDatabase, GitLabEndpoint, GitLabVersion } from 'cdktf-azure-gitlab';

const PROPS = {
  endpoint: GitLabEndpoint.https({ letsEncrypt: false }), objectStorage: {}, backup: {}, database: GitLabDatabase.azurePostgresql({ serverName: 'acme-gitlab' }),
  applicationNodes: { count: 2 },
};
const of = (version: string) => ({ ...PROPS, version: GitLabVersion.of(version) });
const [ONE, TWO] = ['gitlab-vm-node-1', 'gitlab-vm-node-2'];

const server = new Cluster();
const { azure, disk, machine } = server;
const postgresql = new Postgresql(azure.authority, 'gitlab-vm-identity');
const serving = async (...names: string[]) => until(`${names.join(' and ') || 'nobody'} serves`, () => server.serving().join() === names.join());
const schema = () => JSON.parse(postgresql.sql('SELECT document FROM standin', 'gitlabhq_production')).schema;
const released = async () => (await machine.run('python3', '-I', '/usr/local/lib/gitlab-server/release.py', 'ask', machine.address, 'GET', 'gitlab-server:release')).trim();
const isHeld = async (moment: string, on = machine) => until(`the hold in ${moment}`, async () => (await on.try('test', '-e', `/run/held-in-${moment}`)).status === 0);
/** What of GitLab's application runs on a node. */
const working = async (node: Machine) => (await node.shell('for one in puma sidekiq; do [ -e /run/stopped-$one ] || echo $one; done')).split('\n').filter(Boolean);

/** What served, or worked, on a database of another version; the stand-in of the package looks ten times a second. */
async function mixed(): Promise<string[]> {
  const told = await Promise.all([...server.nodes.values()].map(async (node) => (await node.try('cat', '/var/opt/gitlab/mixed')).output));
  return told.join('').split('\n').filter((line) => line !== '' && !/No such file|machine is off/.test(line));
}

before(async () => {
  await server.begin(of('19.2.4'));
  await postgresql.start('acme-gitlab.postgres.database.azure.com');
  postgresql.takeTokensOf(azure.metadata);
  disk.attach();
  await server.applied(of('19.2.4'));
  await serving(ONE, TWO);
});
after(() => postgresql.remove());

test('while the server\'s own machine migrates no node is at work, and one that starts meanwhile rests', async () => {
  server.plan(of('19.4.1'));
  await machine.run('touch', '/run/hold-reconfigure');
  await server.node(2).die();
  // it comes when the next test says so
  await server.node(1).run('systemctl', 'stop', 'gitlab-node.timer', 'gitlab-node.service');
  const run = await server.start('gitlab');
  await isHeld('reconfigure');
  assert.equal(await released(), 'upgrading 19.4.1-ce');
  await serving();
  assert.deepEqual(await working(server.node(1)), []);
  await server.node(2).start();
  // and this one
  await server.node(2).run('systemctl', 'stop', 'gitlab-node.timer', 'gitlab-node.service');
  assert.notEqual((await server.node(2).try('systemctl', 'is-active', '--quiet', 'gitlab-runsvdir.service')).status, 0);
  assert.equal(schema(), '19.2.4');
  await machine.run('rm', '/run/hold-reconfigure');
  assert.ok((await run.wait()).ok);
  assert.equal(schema(), '19.4.1');
  assert.equal(await released(), '19.4.1-ce');
  assert.deepEqual(server.serving(), []);
});

test('a node serves from when its release is configured, and not before, whether its own step brings it or its timer', async () => {
  const [one, two] = [server.node(1), server.node(2)];
  await one.run('touch', '/run/hold-postinst');
  const step = await server.start('node-1');
  await isHeld('postinst', one);
  // so long, that its watch has looked.
  await sleep(4000);
  assert.deepEqual(await working(one), []);
  await one.run('rm', '/run/hold-postinst');
  assert.ok((await step.wait()).ok);
  await serving(ONE);
  assert.notEqual((await two.try('systemctl', 'is-active', '--quiet', 'gitlab-runsvdir.service')).status, 0);
  assert.equal((await two.startService('gitlab-node.service')).status, 0);
  await serving(ONE, TWO);
  assert.deepEqual(await mixed(), []);
});

test('the server\'s own machine dies half-way: no node serves until it is done', async () => {
  server.plan(of('19.5.1'));
  await machine.run('touch', '/run/hold-migrated');
  await server.start('gitlab');
  await isHeld('migrated');
  assert.equal(schema(), '19.5.1');
  await machine.die();
  await server.node(1).reboot();
  await machine.start();
  await until('Redis answers', async () => (await machine.try('ss', '--no-header', '--listening', '--tcp', 'sport = :6380')).output !== '');
  assert.equal(await released(), 'upgrading 19.5.1-ce');
  await server.node(2).run('systemctl', 'restart', 'gitlab-release.service');
  assert.deepEqual(server.serving(), []);
  await server.applied(of('19.5.1'));
  await serving(ONE, TWO);
  assert.deepEqual(await mixed(), []);
});

test('a node whose watch hangs is told to stop by the next one', async () => {
  await server.node(2).run('systemctl', 'kill', '--signal=STOP', 'gitlab-release.service');
  // systemd ends it before its last word is out of date.
  await server.applied(of('19.5.2'));
  assert.equal(schema(), '19.5.2');
  await serving(ONE, TWO);
  assert.deepEqual(await mixed(), []);
});

test('a node that does not stop is waited for and named', async () => {
  // a watch that nobody ends, and whose last word stays good
  await server.node(2).run('systemctl', 'service-watchdogs', 'no');
  await server.node(2).run('systemctl', 'kill', '--signal=STOP', 'gitlab-release.service');
  const earlier = schema();
  await machine.run('python3', '-I', '/usr/local/lib/gitlab-server/release.py', 'ask', machine.address, 'SET', `gitlab-server:node:${TWO}`, `${earlier}-ce`);
  azure.packages.month = 'second';
  server.plan(of('19.6.0'));
  const told = await server.refused('gitlab', { environment: { PATIENCE_SECONDS: '60' } });
  assert.match(told, /nodes do not stop: gitlab-vm-node-2; /);
  assert.equal(schema(), earlier);
  await server.node(2).run('systemctl', 'service-watchdogs', 'yes');
  await server.node(2).run('systemctl', 'kill', '--signal=CONT', 'gitlab-release.service');
  await server.applied(of('19.6.0'));
  await serving(ONE, TWO);
  assert.deepEqual(await mixed(), []);
});

test('a backup is restored while all nodes are at rest, and they serve what was restored', async () => {
  assert.equal((await machine.startService('gitlab-backup.service')).status, 0);
  const [archive] = azure.storage(server.storageAccount).list('gitlab-backups').filter((name) => name.endsWith(`${schema()}-ce_gitlab_backup.tar`));
  await server.changeDatabase('database["projects"] << { "id" => 1, "full_path" => "team/mistake", "members" => [] }');
  await machine.run('touch', '/run/hold-restore');
  const restored = machine.try('bash', '/usr/local/lib/gitlab-server/backup.sh', 'restore', archive, server.storageAccount, 'overwrite');
  await Promise.race([isHeld('restore'), restored.then(({ output }) => assert.fail(output.slice(-2000)))]);
  await serving();
  assert.deepEqual([...await working(server.node(1)), ...await working(server.node(2))], []);
  await machine.run('rm', '/run/hold-restore');
  const { status, output } = await restored;
  assert.equal(status, 0, output.slice(-2000));
  assert.deepEqual(server.serving(), []);
  await server.runAll();
  await serving(ONE, TWO);
  assert.deepEqual((await server.database()).projects, []);
});
