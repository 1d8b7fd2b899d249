import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Cluster } from './harness/cluster';
import { until } from './harness/lane';
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
const serving = async (...names: string[]) => until(`${names.join(' and ') || 'nobody'} serves`, () => server.serving().join() === names.join(), 90);
const schema = () => JSON.parse(postgresql.sql('SELECT document FROM standin', 'gitlabhq_production')).schema;
const released = async () => (await machine.run('python3', '-I', '/usr/local/lib/gitlab-server/release.py', 'ask', machine.address, 'GET', 'gitlab-server:release')).trim();
const isHeld = async (moment: string) => until(`the hold in ${moment}`, async () => (await machine.try('test', '-e', `/run/held-in-${moment}`)).status === 0);

/** What served, or worked, on a database of another version; the stand-in of the package looks ten times a second. */
async function mixed(): Promise<string[]> {
  const told = await Promise.all([...server.nodes.values()].map(async (node) => (await node.try('cat', '/var/opt/gitlab/mixed')).output));
  return told.join('').split('\n').filter((line) => line !== '' && !/No such file|machine is off/.test(line));
}

before(async () => {
  await server.begin(of('19.2.4'));
  await postgresql.start('acme-gitlab.postgres.database.azure.com');
  azure.metadata.onToken = (audience, token) => audience === 'https://ossrdbms-aad.database.windows.net' && postgresql.takeToken(token);
  disk.attach();
  await server.applied(of('19.2.4'));
  await serving(ONE, TWO);
});
after(() => postgresql.remove());

test('while the server\'s own machine migrates no node is at work, and one that starts meanwhile rests', async () => {
  server.plan(of('19.4.1'));
  await machine.run('touch', '/run/hold-reconfigure');
  await server.node(2).die();
  const run = await server.start('gitlab');
  await isHeld('reconfigure');
  assert.equal(await released(), 'upgrading 19.4.1-ce');
  assert.deepEqual(server.serving(), []);
  await server.node(2).start();
  assert.notEqual((await server.node(2).try('systemctl', 'is-active', '--quiet', 'gitlab-runsvdir.service')).status, 0);
  assert.equal(schema(), '19.2.4');
  await machine.run('rm', '/run/hold-reconfigure');
  assert.ok((await run.wait()).ok);
  assert.equal(schema(), '19.4.1');
  assert.equal(await released(), '19.4.1-ce');
  assert.deepEqual(server.serving(), []);
  assert.deepEqual(await mixed(), []);
});
