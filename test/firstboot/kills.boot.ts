import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { cutEverywhere } from './harness/cutter';
import { until } from './harness/lane';
import { Run, Server } from './harness/server';
import { GitLabEndpoint, GitLabVersion } from 'cdktf-azure-gitlab';

const PROPS = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }), runners: { aks: { tags: ['aks'] } } };
const OLDER = { ...PROPS, version: GitLabVersion.V19_2 };

const server = new Server();
const { disk, machine } = server;

before(() => server.begin({ ...PROPS, backup: {} }));

/** One runner, one version of each secret, and they fit the database. */
async function consistent(): Promise<void> {
  assert.ok(await server.isReady());
  const { users, runners } = await server.database();
  assert.equal(users.length, 1);
  assert.equal(runners.length, 1);
  const password = server.serverVault.value('gitlab-root-password')!;
  assert.equal((await server.gitlab('/api/v4/user', { password })).status, 200);
  const [name] = server.runnerVault.names.filter((one) => one.startsWith('runner-token-'));
  assert.equal((await server.gitlab('/api/v4/runners/verify', { form: `token=${server.runnerVault.value(name)}` })).status, 200);
  server.serverVault.names.forEach((secret) => assert.equal(server.serverVault.versions(secret).length, 1, secret));
  assert.equal(server.runnerVault.versions(name).length, 1);
  const packed = Buffer.from(server.serverVault.value('gitlab-secrets-json')!, 'base64');
  machine.write('/root/packed', '');
  const { gunzipSync } = await import('node:zlib');
  assert.equal(gunzipSync(packed).toString(), await machine.run('cat', '/etc/gitlab/gitlab-secrets.json'));
}

async function held(run: Run, file: string): Promise<void> {
  await until(file, async () => {
    assert.ok(!run.finished, 'the step ended before it could be held');
    return (await machine.try('test', '-e', file)).status === 0;
  });
}

test('cut off before every command in turn, each step goes on from there', async () => {
  disk.attach();
  const commands = [];
  for (const step of ['metadata', 'data-disk', 'gitlab', 'runners', 'backup']) {
    commands.push(...await cutEverywhere(server, step));
  }
  console.log(`       cut off before ${commands.length} commands`);
  assert.ok(commands.length > 40, commands.join('\n'));
  await consistent();
  for (const timer of ['gitlab-certificate.timer', 'gitlab-backup.timer']) {
    assert.equal(await machine.run('systemctl', 'is-enabled', timer), 'enabled\n');
    assert.equal(await machine.run('systemctl', 'is-active', timer), 'active\n');
  }
  const again = await server.runAll();
  assert.ok(again.every(({ ok }) => ok));
});

test('Azure\'s time-out in the middle of an installation: children go on, and the next run waits for them', async () => {
  server.plan(OLDER);
  await server.startOver();
  await server.ran('data-disk');
  await machine.run('touch', '/run/hold-postinst');
  const run = await server.start('gitlab');
  await held(run, '/run/held-in-postinst');
  await run.killScript();
  const next = await server.start('gitlab');
  await machine.run('rm', '/run/hold-postinst');
  const result = await next.wait();
  assert.ok(result.ok, result.output);
  await server.ran('runners');
  await consistent();
});

test('Azure\'s time-out in the middle of a reconfigure', async () => {
  server.plan({ ...OLDER, omnibusSettings: { gitlab_rails: { time_zone: 'Asia/Seoul' } } });
  await machine.run('touch', '/run/hold-reconfigure');
  const run = await server.start('gitlab');
  await held(run, '/run/held-in-reconfigure');
  await run.killScript();
  await machine.run('rm', '/run/hold-reconfigure');
  await server.ran('gitlab');
  const { sections } = JSON.parse(await machine.run('cat', '/var/opt/gitlab/gitlab.json'));
  assert.equal(sections.gitlab_rails.time_zone, 'Asia/Seoul');
  await consistent();
});

test('Azure\'s time-out while Rails makes a runner', async () => {
  await server.changeDatabase('database["runners"].clear');
  const [name] = server.runnerVault.names.filter((one) => one.startsWith('runner-token-'));
  server.runnerVault.purge(name);
  await machine.run('touch', '/run/hold-rails');
  const run = await server.start('runners');
  await held(run, '/run/held-in-rails');
  await run.killScript();
  await machine.run('rm', '/run/hold-rails');
  await server.ran('runners');
  await consistent();
});

test('the machine dies while an upgrade unpacks its package', async () => {
  // whoever reads the package's files stops after some of them
  await machine.shell('mv /usr/bin/dpkg-deb /usr/bin/dpkg-deb.real');
  machine.write('/usr/bin/dpkg-deb', '#!/bin/bash\ncase "$*" in\n  *--fsys-tarfile*)\n    /usr/bin/dpkg-deb.real "$@" | head -c 3000000\n    touch /run/in-unpack\n    sleep 600\n    ;;\n'
    + '  *) exec /usr/bin/dpkg-deb.real "$@" ;;\nesac\n', 0o755);
  // asked now: after its start a machine may take a while to mount the disk.
  const earlier = (await server.database()).id;
  server.plan(PROPS);
  const run = await server.start('gitlab');
  await held(run, '/run/in-unpack');
  await machine.die();
  await machine.start();
  await machine.shell('mv /usr/bin/dpkg-deb.real /usr/bin/dpkg-deb');
  assert.doesNotMatch(await machine.run('dpkg-query', '-W', '-f', '${db:Status-Status}', 'gitlab-ce'), /^installed/);
  await server.runAll();
  assert.equal((await server.database()).id, earlier);
  assert.equal(await machine.run('dpkg-query', '-W', '-f', '${db:Status-Status} ${Version}', 'gitlab-ce'), 'installed 19.4.1-ce.0');
  await consistent();
});

test('the machine dies while an upgrade configures its package', async () => {
  server.plan({ ...PROPS, version: GitLabVersion.of('19.5.2') });
  await machine.run('touch', '/run/hold-postinst');
  const run = await server.start('gitlab');
  await held(run, '/run/held-in-postinst');
  await machine.die();
  await machine.start();
  assert.doesNotMatch(await machine.run('dpkg-query', '-W', '-f', '${db:Status-Status}', 'gitlab-ce'), /^installed/);
  await server.runAll();
  assert.equal(await machine.run('dpkg-query', '-W', '-f', '${db:Status-Status} ${Version}', 'gitlab-ce'), 'installed 19.5.2-ce.0');
  assert.equal((await server.database()).schema, '19.5.2');
  await consistent();
});
