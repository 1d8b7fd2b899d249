import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Server } from './harness/server';
import { GitLabEdition, GitLabEndpoint, GitLabVersion } from 'cdktf-azure-gitlab';

const at = (version: string, more = {}) => ({
  endpoint: GitLabEndpoint.https({ letsEncrypt: false }), runners: { aks: { tags: ['aks'] } }, backup: {}, version: GitLabVersion.of(version), ...more,
});
const server = new Server();
const { disk, machine } = server;

before(async () => {
  await server.begin(at('18.8.11'));
  disk.attach();
  await server.applied(at('18.8.11'));
});

/** The releases of the backups, oldest first. */
const backups = () => server.azure.storage(server.storageAccount).list('gitlab-backups').map((name) => /Z-([\d.]+-[ce]e)_gitlab_backup\.tar$/.exec(name)?.[1]).filter(Boolean);
const installed = () => machine.run('dpkg-query', '-W', '-f', '${db:Status-Abbrev}${Version}', 'gitlab-ce');

test('a version behind required stops is refused with the way there', async () => {
  server.plan(at('19.4.1'));
  assert.equal(await server.refused('gitlab'), 'GitLab 18.8.11 cannot become 19.4.1 in one step, the way is 18.11, 19.2, 19.4.1; set upgradeThroughStopsAllowed to true and apply, '
    + 'or set the version to 18.11.11 and apply, and so on');
  assert.equal(await installed(), 'hi 18.8.11-ce.0');
  assert.ok(await server.isReady());
});

test('an earlier version is refused with what to do', async () => {
  server.plan(at('18.8.10'));
  assert.equal(await server.refused('gitlab'), 'this server runs GitLab 18.8.11 and cannot go back to 18.8.10; set the version to 18.8.11 or later and apply, '
    + 'or restore a backup of 18.8.10 onto a new data disk');
});

test('a later version that was never published is refused, and what runs goes on', async () => {
  server.plan(at('18.11.77'));
  assert.match(await server.refused('gitlab'), /^gitlab-ce 18\.11\.77 cannot be downloaded, the lines above say why; choose a version of https:\/\/packages\.gitlab\.com\/gitlab\/gitlab-ce and run this step again$/);
  assert.equal(await installed(), 'hi 18.8.11-ce.0');
  assert.ok(await server.isReady());
});

test('a failed background migration stops an upgrade before it begins', async () => {
  await server.changeDatabase('database["background_migrations"] << { "status" => 4 }');
  server.plan(at('18.11.11'));
  assert.equal(await server.refused('gitlab'), 'a background migration of GitLab 18.8.11 has failed; open Admin, Monitoring, Background migrations, retry it, then apply again');
  assert.equal(await installed(), 'hi 18.8.11-ce.0');
  await server.changeDatabase('database["background_migrations"].clear');
});

test('background migrations that take longer than there is time end the step with that', async () => {
  await server.changeDatabase('database["background_migrations"] << { "status" => 1 }');
  assert.equal(await server.refused('gitlab', { environment: { DEADLINE_SECONDS: '605' } }),
    '1 background migrations of GitLab 18.8.11 are still running; they go on by themselves, run this step again later');
  await server.changeDatabase('database["background_migrations"].clear');
});

test('over two required stops in one apply: newest patch of each, migrations awaited, a backup before each, one database', async () => {
  const { id, users } = await server.database();
  const databases = (await machine.run('ls', '/var/opt/gitlab/backups')).split('\n').length;
  // the disk's own version counts on the way too, so that another machine would begin where this one got to.
  const results = await server.applied(at('19.4.1', { upgradeThroughStopsAllowed: true }));
  const gitlab = results.find(({ step }) => step === 'gitlab')!;
  const said = gitlab.said.join('\n');
  assert.match(said, /GitLab 18\.8\.11 \(ce\) becomes 18\.11\.11 \(ce\)[^]*GitLab 18\.11\.11 \(ce\) becomes 19\.2\.4 \(ce\)[^]*waiting for 2 background migrations of GitLab 18\.11\.11[^]*GitLab 19\.2\.4 \(ce\) becomes 19\.4\.1 \(ce\)[^]*waiting for 2 background migrations of GitLab 19\.2\.4/);
  assert.equal((await machine.run('ls', '/var/opt/gitlab/backups')).split('\n').length, databases + 3);
  assert.deepEqual(backups(), ['18.8.11-ce', '18.11.11-ce', '19.2.4-ce']);
  assert.equal(await installed(), 'hi 19.4.1-ce.0');
  assert.equal(await machine.run('cat', '/srv/gitlab/state/version'), 'ce 19.4.1\n');
  assert.equal(await machine.run('cat', '/var/opt/gitlab/postgresql/data/PG_VERSION'), '17\n');
  const database = await server.database();
  assert.deepEqual([database.id, database.schema, database.users], [id, '19.4.1', users]);
  assert.equal(database.runners.length, 1);
  assert.ok(await server.isReady());
});

test('a stop that no table knows yet is read from the package', async () => {
  server.plan(at('19.7.0'));
  // the script without its table is the script of an older release of this library
  assert.equal(await server.refused('gitlab', { environment: { UPGRADE_STOPS: ' ' } }),
    'GitLab 19.4.1 cannot become 19.7.0 in one step, the way is 19.5, 19.7.0; set upgradeThroughStopsAllowed to true and apply, or set the version to 19.5.2 and apply, and so on');
});

test('an upgrade that runs out of time says how far it is, and goes on', async () => {
  server.plan(at('19.7.0', { upgradeThroughStopsAllowed: true }));
  assert.equal(await server.refused('gitlab', { environment: { HOP_SECONDS: '99999' } }),
    'GitLab is at 19.5.2, ahead are 19.7.0, for which this run has no time left; run this step again to go on');
  assert.equal(await installed(), 'hi 19.5.2-ce.0');
  await server.ran('gitlab');
  assert.equal(await installed(), 'hi 19.7.0-ce.0');
  assert.deepEqual(backups().slice(3), ['19.4.1-ce', '19.5.2-ce']);
});

test('from the Community to the Enterprise Edition of the same version, and not back', async () => {
  server.plan(at('19.4.1'));
  await server.startOver();
  await server.runAll();
  const { id } = await server.database();
  await server.applied(at('19.4.1', { edition: GitLabEdition.EE }));
  assert.equal((await server.database()).id, id);
  assert.equal(await machine.run('apt-mark', 'showhold'), 'gitlab-ee\n');
  server.plan(at('19.4.1'));
  assert.equal(await server.refused('gitlab'), 'this server runs the Enterprise Edition, and going back to the Community Edition needs steps by hand; set the edition to EE and apply');
  assert.ok(await server.isReady());
});
