import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { changes, fingerprint } from './harness/changes';
import { until } from './harness/lane';
import { LostServer } from './harness/lost-server';
import { GitLabVersion } from 'cdktf-azure-gitlab';

const lost = new LostServer();
const { server, server: { machine } } = lost;

before(() => lost.lose());

const restores = async () => (await machine.try('cat', '/run/restores')).output.split('restored').length - 1;

test('a backup of another release, or none at all, is told before anything is installed', async () => {
  server.plan({ ...lost.elsewhere(), version: GitLabVersion.V19_2 });
  await server.startOver();
  for (const step of ['metadata', 'data-disk']) {
    await server.ran(step);
  }
  assert.equal(await server.refused('backup-choice'), `the backup ${lost.backup} is of GitLab 19.4.1 (ce) and the program asks for 19.2 (ce); set version to `
    + 'GitLabVersion.minor("19.4") and edition to GitLabEdition.CE, then apply');
  const copy = lost.copy();
  const secrets = copy.blobs.get(`gitlab-backups-secrets/${lost.backup}.tar.gz`)!;
  copy.delete(`gitlab-backups-secrets/${lost.backup}.tar.gz`);
  server.plan(lost.elsewhere());
  assert.equal(await server.refused('backup-choice'), `the storage account ${lost.account}-secondary has no backup in gitlab-backups with its secrets in gitlab-backups-secrets; `
    + 'give the account and the container that hold one, then apply');
  copy.put(`gitlab-backups-secrets/${lost.backup}.tar.gz`, secrets);
  copy.readers!.clear();
  assert.match(await server.refused('backup-choice', { environment: { PATIENCE_SECONDS: '2' } }), /403 AuthorizationPermissionMismatch .* the role Storage Blob Data Reader on it/);
  copy.readers!.add(server.identity);
});

test('the region is lost: one apply elsewhere, cut off before half of its commands, brings the server back from the latest whole backup, in its own patch', async () => {
  await lost.restoreCutOff(0);
});

test('the runners of the program that restores are the only ones, and their tokens are in the new vault', async () => {
  const { runners } = await server.database();
  assert.equal(runners.length, 1);
  assert.notEqual(runners[0].id, lost.earlier.runners[0].id);
  const names = server.runnerVault.names.filter((name) => name.startsWith('runner-token-'));
  assert.deepEqual(names.map((name) => name.replace(/-[0-9a-f]{8}$/, '')), ['runner-token-west']);
  assert.equal((await server.gitlab('/api/v4/runners/verify', { form: `token=${server.runnerVault.value(names[0])}` })).status, 200);
});

test('never twice: later runs change nothing, whatever has happened since, and neither does a program without the prop', async () => {
  await machine.shell('echo later >/var/opt/gitlab/git-data/repositories/project.git && rm -f /run/restores');
  const first = await fingerprint(server);
  const results = await server.runAll();
  for (const step of ['backup-choice', 'recovery']) {
    assert.equal(results.find((result) => result.step === step)!.told, `nothing to do: the backup ${lost.backup} was restored to this data disk`);
  }
  assert.deepEqual(changes(first, await fingerprint(server)), []);
  await server.newMachine();
  await server.runAll();
  assert.equal(await restores(), 0);
  assert.equal(await machine.run('cat', '/var/opt/gitlab/git-data/repositories/project.git'), 'later\n');
  const { restoreFrom: given, ...rest } = lost.elsewhere();
  assert.ok(given);
  assert.deepEqual((await server.applied(rest)).map(({ step }) => step), []);
});

test('a server with projects is left as it is', async () => {
  server.plan(lost.elsewhere());
  await machine.run('rm', '/srv/gitlab/state/recovery/restored', '/srv/gitlab/state/recovery/chosen');
  assert.equal(await server.refused('recovery'), 'this server has 1 projects already, so nothing is restored; take restoreFrom out of the program, or apply it where there is no server yet');
  assert.equal(await machine.run('cat', '/var/opt/gitlab/git-data/repositories/project.git'), 'later\n');
});

test('a restore that takes longer than the step goes on by itself, and the next run waits for it', async () => {
  server.plan(lost.elsewhere(lost.backup));
  await server.startOver();
  for (const step of ['metadata', 'data-disk', 'backup-choice', 'gitlab']) {
    await server.ran(step);
  }
  await machine.run('touch', '/run/hold-restore');
  const run = server.run('recovery', { environment: { DEADLINE_SECONDS: '60' } });
  await until('a restore that is held', async () => (await machine.try('test', '-e', '/run/held-in-restore')).status === 0);
  assert.match((await run).output, /failed: restoring the backup, which goes on by itself, was not finished within 60 seconds; run this step again to go on from here\nexit:1\n/);
  const next = await server.start('recovery');
  await machine.run('rm', '/run/hold-restore');
  assert.ok((await next.wait()).ok);
  assert.equal(await restores(), 1);
  await server.ran('runners');
  await lost.isWhole();
});
