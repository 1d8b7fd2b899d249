import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { until } from './harness/lane';
import { Server } from './harness/server';
import { GitLabEndpoint, GitLabVersion } from 'cdktf-azure-gitlab';

const PROPS = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }), runners: { aks: { tags: ['aks'] } }, version: GitLabVersion.minor('19.4') };
const server = new Server();
const { azure, disk, machine } = server;

before(async () => {
  await server.begin(PROPS);
  disk.attach();
  await server.applied(PROPS);
});

const installed = () => machine.run('dpkg-query', '-W', '-f', '${db:Status-Abbrev}${Version}', 'gitlab-ce');
const marked = () => machine.run('cat', '/srv/gitlab/state/version');
const there = async (path: string) => (await machine.try('test', '-e', path)).status === 0;
const held = (moment: string) => until(`the hold in ${moment}`, () => there(`/run/held-in-${moment}`));

test('an update that a restart cut off goes on when the machine is up again', async () => {
  azure.packages.month = 'second';
  await machine.run('touch', '/run/hold-postinst');
  await machine.run('systemctl', 'start', '--no-block', 'gitlab-update.service');
  await held('postinst');
  await machine.die();
  await machine.start();
  await until('the update', async () => await installed() === 'hi 19.4.10-ce.0' && !await there('/var/lib/gitlab-server/updating'));
  assert.equal(await marked(), 'ce 19.4.10\n');
  assert.equal((await server.database()).schema, '19.4.10');
  assert.ok(await server.isReady());
});

test('a machine that dies after the migrations of an update: the next one never meets the data with older code', async () => {
  azure.packages.month = 'first';
  await server.startOver();
  await server.runAll();
  const { id } = await server.database();
  azure.packages.month = 'second';
  await machine.run('touch', '/run/hold-migrated');
  await machine.run('systemctl', 'start', '--no-block', 'gitlab-update.service');
  await held('migrated');
  await server.newMachine();
  const results = await server.runAll();
  assert.match(results.find(({ step }) => step === 'gitlab')!.said.join('\n'), /the data disk is of GitLab 19\.4\.10 \(ce\)[^]*installing gitlab-ce 19\.4\.10-ce\.0/);
  const database = await server.database();
  assert.deepEqual([database.id, database.schema], [id, '19.4.10']);
  assert.ok(await server.isReady());
});

test('a new machine with the disk of an older patch keeps it, and of several patches a new server takes the newest', async () => {
  azure.packages.month = 'first';
  await server.startOver();
  await server.runAll();
  azure.packages.month = 'second';
  await server.newMachine();
  await server.runAll();
  assert.equal(await installed(), 'hi 19.4.1-ce.0');
  await machine.run('systemctl', 'start', 'gitlab-update.service');
  assert.equal(await installed(), 'hi 19.4.10-ce.0');
  await server.startOver();
  await server.runAll();
  assert.equal(await installed(), 'hi 19.4.10-ce.0');
});
