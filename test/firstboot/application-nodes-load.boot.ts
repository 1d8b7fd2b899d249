import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Cluster } from './harness/cluster';
import { until } from './harness/lane';
import { Answered, Load, Outside } from './harness/outside';
import { Postgresql } from './harness/postgresql';
import { GitLabDatabase, GitLabEndpoint, GitLabVersion } from 'cdktf-azure-gitlab';

const PROPS = {
  endpoint: GitLabEndpoint.https({ letsEncrypt: false }), objectStorage: {}, version: GitLabVersion.V19_2,
  database: GitLabDatabase.azurePostgresql({ serverName: 'acme-gitlab' }),
};
const nodes = (count: number) => ({ ...PROPS, applicationNodes: { count } });
const [ONE, TWO] = ['gitlab-vm-node-1', 'gitlab-vm-node-2'];

const server = new Cluster();
const { azure, disk, machine } = server;
const postgresql = new Postgresql(azure.authority, 'gitlab-vm-identity');
const outside = new Outside(server.fabric, () => server.runnerVault.value('gitlab-ca-certificate')!);
const serving = async (...names: string[]) => until(`${names.join(' and ')} serves`, () => server.serving().join() === names.join());
/** People who sign in, each time by a new connection, and wait for half a minute. */
const people = () => outside.load({ path: '/api/v4/user', password: server.serverVault.value('gitlab-root-password')!, patienceMilliseconds: 30_000 }, { count: 5000 });
/** Fails with what GitLab on the nodes said, too. */
async function nobodyFailed({ failed }: Load): Promise<void> {
  const told = failed.length === 0 ? [] : await Promise.all([...server.nodes.values()].map(async (node) => node.journal('--unit=gitlab-runsvdir.service', '--lines=60')));
  assert.equal(failed.length, 0, [JSON.stringify(failed.slice(0, 20)), ...told].join('\n'));
}
const since = (answers: readonly Answered[], time: number) => answers.filter(({ begun }) => begun > time);

before(async () => {
  await server.begin(nodes(2));
  await postgresql.start('acme-gitlab.postgres.database.azure.com');
  postgresql.takeTokensOf(azure.metadata);
  disk.attach();
  await server.applied(nodes(2));
  await serving(ONE, TWO);
});
after(() => postgresql.remove());

test('a node that loses its power: those whom it served fail until the balancer notices, and nobody after that', async () => {
  const load = people();
  await load.answered(40);
  await server.node(2).die();
  const died = Date.now();
  await serving(ONE);
  const noticed = Date.now();
  await load.answered(100);
  const answers = await load.stop();
  const failed = load.failed;
  assert.ok(failed.length > 0, 'nobody noticed');
  assert.deepEqual(failed.filter(({ begun, ended }) => ended < died || begun > noticed), []);
  assert.ok(since(answers, noticed).length > 50);
  await server.node(2).start();
  await serving(ONE, TWO);
});

test('a node that falls sick, and one that is restarted: the balancer takes them out, and nobody fails', async () => {
  const load = people();
  await load.answered(40);
  await server.node(1).run('touch', '/run/sick-puma');
  await serving(TWO);
  await server.node(1).run('rm', '/run/sick-puma');
  await serving(ONE, TWO);
  // of units that wait for each other systemd drops one, and which it is differs from boot to boot.
  assert.doesNotMatch((await server.node(2).try('systemd-analyze', 'verify', 'multi-user.target')).output, /ordering cycle/);
  const slow = outside.load({ path: '/standin/slow?seconds=2' }, { count: 8, workers: 8 });
  await until('they wait', () => load.answers.length > 0);
  await server.node(2).shutDown();
  const off = Date.now();
  await server.node(2).start();
  await serving(ONE, TWO);
  await load.answered(40);
  await load.stop();
  await nobodyFailed(load);
  // whom it left waiting it answers once it is back
  assert.deepEqual(load.answers.filter(({ by, begun, ended }) => by === TWO && begun < off && off < ended), []);
  await slow.finished();
  await nobodyFailed(slow);
});

test('a renewed certificate is shown by both nodes, and nobody fails', async () => {
  const load = people();
  await load.answered(20);
  await machine.shell('rm /etc/gitlab/ssl/server.crt');
  assert.equal((await machine.startService('gitlab-certificate.service')).status, 0);
  const renewed = await machine.run('openssl', 'x509', '-in', '/etc/gitlab/ssl/server.crt', '-noout', '-serial');
  for (const number of [1, 2]) {
    const node = server.node(number);
    assert.equal((await node.startService('gitlab-node.service')).status, 0);
    const shown = async () => node.shell('openssl s_client -connect 127.0.0.1:443 </dev/null 2>/dev/null | openssl x509 -noout -serial');
    await until(`node ${number} shows it`, async () => await shown() === renewed);
  }
  await load.answered(20);
  await load.stop();
  await nobodyFailed(load);
});

test('another password of Redis: after one apply all machines have it, and those who need no Redis do not fail', async () => {
  const load = people();
  await load.answered(20);
  server.serverVault.set('gitlab-redis-password', 'r'.repeat(40));
  await server.runAll();
  await serving(ONE, TWO);
  await load.answered(20);
  await load.stop();
  await nobodyFailed(load);
  assert.equal(await server.node(2).run('cat', '/etc/gitlab/redis-password'), `${'r'.repeat(40)}\n`);
  assert.equal((await outside.ask({ path: '/api/v4/jobs/1/trace', method: 'PATCH', body: 'a part', headers: { 'content-range': '0-5' } })).status, 202);
});

test('a standby of the database takes over: nodes come back by themselves', async () => {
  await postgresql.addStandby();
  const load = people();
  await load.answered(20);
  await postgresql.failOver();
  const over = Date.now();
  await until('they are served again', () => {
    const answers = since(load.answers, over);
    return answers.length > 40 && answers.slice(-40).every(({ status }) => status === 200);
  });
  const back = Date.now();
  await load.answered(40);
  const answers = await load.stop();
  assert.deepEqual(since(answers, back).filter(({ status }) => status !== 200), []);
  await serving(ONE, TWO);
});

test('one node fewer: it leaves the balancer before it goes, and nobody fails', async () => {
  const load = people();
  await load.answered(40);
  await server.applied(nodes(1));
  await serving(ONE);
  await load.answered(40);
  await load.stop();
  await nobodyFailed(load);
});
