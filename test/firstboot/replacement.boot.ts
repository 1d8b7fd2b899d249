import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { until } from './harness/lane';
import { Server } from './harness/server';
import { GitLabEndpoint, GitLabVersion } from 'cdktf-azure-gitlab';

const PROPS = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }), runners: { aks: { tags: ['aks'] } }, version: GitLabVersion.V19_2 };
const server = new Server();
const { disk, machine } = server;

before(async () => {
  await server.begin(PROPS);
  disk.attach();
  await server.applied(PROPS);
  await machine.shell('echo precious >/var/opt/gitlab/git-data/repositories/project.git && chown git: /var/opt/gitlab/git-data/repositories/project.git');
  await server.changeDatabase('database["variables"]["TOKEN"] = Instance.encrypted("a variable of CI"); database["users"] << { "username" => "mina", '
    + '"admin" => false, "state" => "active", "password" => Digest::SHA256.hexdigest("her password"), "second_factor" => Instance.encrypted("123456") }');
});

const hostKey = async () => (await machine.run('cat', '/etc/ssh/ssh_host_ed25519_key.pub')).trim();
const token = () => server.runnerVault.value(server.runnerVault.names.find((name) => name.startsWith('runner-token-'))!)!;

/** What somebody would miss. */
async function whole(): Promise<void> {
  assert.ok(await server.isReady());
  const password = server.serverVault.value('gitlab-root-password')!;
  assert.equal((await server.gitlab('/api/v4/user', { password })).status, 200);
  const mina = { user: 'mina', password: 'her password' };
  assert.equal((await server.gitlab('/api/v4/user', { ...mina, secondFactor: '123456' })).status, 200);
  assert.equal((await server.gitlab('/api/v4/user', mina)).status, 401);
  assert.equal((await server.gitlab('/api/v4/runners/verify', { form: `token=${token()}` })).status, 200);
  assert.equal(await machine.run('cat', '/var/opt/gitlab/git-data/repositories/project.git'), 'precious\n');
  assert.match(await machine.run('gitlab-rake', 'gitlab:doctor:secrets'), /^Total: 0 row\(s\) affected$/m);
}

test('another machine with the same disk: data, secrets, logins, tokens and host keys are those of before', async () => {
  const [earlier, keys, changes, first] = [await server.database(), await hostKey(), server.serverVault.changes, token()];
  // another order of users, so that ids which are not fixed would be others
  await server.newMachine();
  await machine.run('useradd', '--system', 'somebody');
  assert.notEqual(await hostKey(), keys);
  const results = await server.runAll();
  assert.ok(results.find(({ step }) => step === 'data-disk')!.said.includes('the SSH host keys are those of the earlier machine again'));
  assert.equal(await hostKey(), keys);
  assert.deepEqual(await server.database(), earlier);
  assert.equal(server.serverVault.changes, changes);
  assert.equal(token(), first);
  await whole();
});

test('an administrator\'s new host keys stay, and go along to the next machine', async () => {
  await machine.shell('rm /etc/ssh/ssh_host_ed25519_key*; ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key');
  const keys = await hostKey();
  await server.ran('data-disk');
  assert.equal(await hostKey(), keys);
  await server.newMachine();
  await server.ran('data-disk');
  assert.equal(await hostKey(), keys);
});

test('another machine that shall run a later version: first the disk\'s own version, then the upgrade', async () => {
  const { id } = JSON.parse(await machine.run('cat', '/srv/gitlab/data/postgresql/data/database.json'));
  const results = await server.applied({ ...PROPS, version: GitLabVersion.V19_4 });
  const gitlab = results.find(({ step }) => step === 'gitlab');
  const said = gitlab!.said.join('\n');
  assert.match(said, /the data disk is of GitLab 19\.2\.4 \(ce\)[^]*installing gitlab-ce 19\.2\.4-ce\.0[^]*installing gitlab-ce 19\.4\.1-ce\.0/);
  const database = await server.database();
  assert.deepEqual([database.id, database.schema], [id, '19.4.1']);
  await whole();
});

test('what GitLab\'s user writes does not choose the version of the next machine', async () => {
  // as Omnibus leaves that folder.
  await machine.shell('chown -R git: /var/opt/gitlab/gitlab-rails && runuser -u git -- sh -c "rm -f /var/opt/gitlab/gitlab-rails/VERSION && echo 19.2.4 >/var/opt/gitlab/gitlab-rails/VERSION"');
  await server.newMachine();
  await server.runAll();
  assert.equal((await server.database()).schema, '19.4.1');
  // a set-up of earlier scripts that was cut off left no other word about it.
  await machine.run('mv', '/srv/gitlab/state/version', '/srv/gitlab/state/kept');
  await server.newMachine();
  await server.ran('data-disk');
  assert.equal(await server.refused('gitlab'), 'the data disk has a database and does not say of which GitLab; write edition and version into '
    + '/srv/gitlab/state/version on the machine, such as: ce 19.4.1, then run this step again');
  assert.notEqual((await machine.try('test', '-e', '/opt/gitlab/bin/gitlab-ctl')).status, 0);
  await machine.run('mv', '/srv/gitlab/state/kept', '/srv/gitlab/state/version');
  await server.runAll();
  await whole();
});

test('secrets lost from the disk come back from the vault', async () => {
  const earlier = await machine.run('cat', '/etc/gitlab/gitlab-secrets.json');
  await machine.run('rm', '/etc/gitlab/gitlab-secrets.json');
  const result = await server.ran('gitlab');
  assert.ok(result.said.some((line) => /^gitlab-secrets\.json is restored from Key Vault gitlab-server-/.test(line)));
  assert.equal(await machine.run('cat', '/etc/gitlab/gitlab-secrets.json'), earlier);
  await whole();
});

test('secrets lost from disk and vault: nothing makes new ones', async () => {
  await machine.shell('mv /etc/gitlab/gitlab-secrets.json /root/kept');
  const packed = server.serverVault.value('gitlab-secrets-json')!;
  server.serverVault.purge('gitlab-secrets-json');
  assert.match(await server.refused('gitlab'), /^the data disk has a database but neither it nor Key Vault gitlab-server-\w+ has gitlab-secrets\.json; put that file back into \/etc\/gitlab from a backup, then run this step again$/);
  server.serverVault.set('gitlab-secrets-json', 'not what was put there');
  assert.match(await server.refused('gitlab'), /^gitlab-secrets-json in Key Vault gitlab-server-\w+ cannot be read; restore an older version of it, then run this step again$/);
  assert.equal((await machine.try('test', '-e', '/etc/gitlab/gitlab-secrets.json')).status, 1);
  server.serverVault.set('gitlab-secrets-json', packed);
  await server.ran('gitlab');
  await whole();
});

test('secrets too long for one secret of the vault: several hold the file, and wherever writing them is cut off, one whole file comes back', async () => {
  const FILE = '/etc/gitlab/gitlab-secrets.json';
  const secrets = () => machine.run('cat', FILE);
  const withFurtherKeys = async () => {
    await machine.shell(`openssl rand -base64 45000 | python3 -c 'import json, sys
with open("${FILE}") as file:
    secrets = json.load(file)
secrets["further"] = sys.stdin.read()
with open("${FILE}", "w") as file:
    json.dump(secrets, file)'`);
    return secrets();
  };
  const fromVault = async () => {
    await machine.run('mv', FILE, '/root/kept');
    await server.ran('gitlab');
    return secrets();
  };
  const short = await secrets();
  await machine.run('cp', '--preserve', FILE, '/root/short');
  const first = await withFurtherKeys();
  await server.ran('gitlab');
  assert.equal(await fromVault(), first);
  const second = await withFurtherKeys();
  for (const path of [/\/gitlab-secrets-json-2$/, /\/gitlab-secrets-json$/]) {
    const cut = server.azure.fail({ host: /vault/, method: 'PUT', path, answer: 'no answer' });
    const run = await server.start('gitlab');
    await until(`writing ${path}`, () => cut.met() > 0 || run.finished);
    assert.ok(cut.met() > 0);
    await run.killScript();
    cut.end();
    assert.equal(await fromVault(), first);
    await machine.run('mv', '/root/kept', FILE);
  }
  await server.ran('gitlab');
  assert.equal(await fromVault(), second);
  server.serverVault.purge('gitlab-secrets-json-2');
  await machine.run('mv', FILE, '/root/kept');
  assert.match(await server.refused('gitlab'), /^gitlab-secrets-json in Key Vault gitlab-server-\w+ cannot be read; /);
  await machine.run('mv', '/root/short', FILE);
  await server.ran('gitlab');
  assert.equal(await fromVault(), short);
  await whole();
});

test('a database lost from the disk of a GitLab that was set up: nothing makes an empty one', async () => {
  const lost = 'this data disk is of a GitLab that was set up, and its database is gone from /var/opt/gitlab/postgresql/data; '
    + 'bring the disk back from a snapshot, or remove '
    + '/srv/gitlab/state/set-up on the machine to begin with an empty one, then run this step again';
  await machine.shell('gitlab-ctl stop; mv /var/opt/gitlab/postgresql/data /var/opt/gitlab/kept');
  assert.equal(await server.refused('gitlab'), lost);
  await server.newMachine();
  await server.ran('data-disk');
  assert.equal(await server.refused('gitlab'), lost);
  assert.equal((await machine.try('test', '-e', '/var/opt/gitlab/postgresql/data')).status, 1);
  await machine.run('mv', '/var/opt/gitlab/kept', '/var/opt/gitlab/postgresql/data');
  await server.runAll();
  await whole();
});

test('a disk made from a snapshot of the running server, in the place of the lost one', async () => {
  await machine.run('sync');
  const replace = disk.snapshot();
  const earlier = await server.database();
  await machine.shell('echo later >/var/opt/gitlab/git-data/repositories/project.git');
  await machine.shutDown();
  replace().attach();
  await server.newMachine();
  await server.runAll();
  assert.deepEqual(await server.database(), earlier);
  await whole();
});

test('an empty disk in the place of the old one is a new server, not a broken old one', async () => {
  const { id } = await server.database();
  await machine.shutDown();
  disk.create().attach();
  await server.newMachine();
  await server.runAll();
  assert.notEqual((await server.database()).id, id);
  assert.ok(await server.isReady());
});

test('another machine after a first set-up that was cut off installs what had begun on the disk', async () => {
  const earlier = { ...PROPS, version: GitLabVersion.V19_2 };
  await machine.shutDown();
  disk.create().attach();
  await server.newMachine();
  server.plan(earlier);
  await machine.run('touch', '/run/fail-reconfigure');
  await server.ran('data-disk');
  await server.refused('gitlab');
  // as far as a database, but no further.
  await machine.shell('mkdir -p /var/opt/gitlab/postgresql/data && echo 16 >/var/opt/gitlab/postgresql/data/PG_VERSION');
  await server.newMachine();
  server.plan({ ...PROPS, version: GitLabVersion.V19_4 });
  await server.ran('data-disk');
  assert.match((await server.run('gitlab')).said.join('\n'), /the data disk is of GitLab 19\.2\.4 \(ce\)\n.*\n?.*installing gitlab-ce 19\.2\.4-ce\.0/);
});
