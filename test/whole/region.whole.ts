// The region of a whole platform is lost, and one apply of another program in another region brings it back from the copy of its backups.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { TerraformStack } from 'cdktf';
import { Whole } from './harness/whole';
import { platform } from '../apply/harness/platform';
import { synthesise } from '../apply/harness/program';
import { Workspace } from '../apply/harness/workspace';
import { log } from '../cluster/gitlab/gitlab';
import { AksCluster, GitLabRestore, KubernetesGitLabRunner, SelfHostedGitLab, StorageReplication } from 'cdktf-azure-gitlab';

const NAMESPACE = 'gitlab-runner';
const HELLO = ['echo "hello from $(hostname)"'];
const PROJECT = '/var/opt/gitlab/git-data/repositories/project.git';
const BACKUP = { replication: StorageReplication.RA_GZRS };

const whole = new Whole();
const { machine, times } = whole.machines;
let elsewhere: Workspace;
let earlier: any;
let [hostKey, token, account, backup]: [string, string, string, string] = ['', '', '', ''];

const project = (id: number, path: string) => `{ "id" => ${id}, "full_path" => "${path}", "members" => [] }`;

/** The platform as docs/recovery.md makes it anew: with other ids, so with other names. */
const recovered = (rerun?: string) => synthesise((stack: TerraformStack) => {
  const gitlab = new SelfHostedGitLab(stack, 'GitLabEast', {
    location: 'japaneast', backup: BACKUP, restoreFrom: GitLabRestore.blob({ storageAccountId: account, secondary: true }), rerun,
  });
  const cluster = new AksCluster(stack, 'ClusterEast', { location: 'japaneast' });
  new KubernetesGitLabRunner(stack, 'RunnerEast', { gitlab, cluster, tags: ['aks'] });
});

before(async () => {
  await whole.start();
  const lost = whole.workspace(synthesise(platform({ gitlab: { backup: BACKUP } })));
  await lost.applied().catch(async (error) => assert.fail(`${await whole.brokenJoint(NAMESPACE)}\n${error.message}`));
  await whole.succeeded(await whole.queue({ script: HELLO }), NAMESPACE);
  await machine.shell(`echo precious >${PROJECT} && chown git: ${PROJECT}`);
  await whole.changeGitlabDatabase(`database["projects"] << ${project(1, 'team/one')}; database["variables"]["TOKEN"] = Instance.encrypted("a variable of CI")`);
  assert.equal((await machine.startService('gitlab-backup.service')).status, 0);
  [earlier, hostKey, [token]] = [await whole.gitlabDatabase(), await machine.run('cat', '/etc/ssh/ssh_host_ed25519_key.pub'), whole.runnerTokens()];
  // what comes after the last backup is lost.
  await whole.changeGitlabDatabase(`database["projects"] << ${project(2, 'team/later')}`);
  const { id, name } = whole.azure.arm.list('Microsoft.Storage/storageAccounts').find((one) => one.name.startsWith('gitlabbackup'))!;
  account = id;
  backup = whole.machines.side.storage(name).list('gitlab-backups').find((one) => one.endsWith('.tar'))!.replace('_gitlab_backup.tar', '');
  await whole.lose('koreacentral');
});

after(async () => whole.stop());

test('the region is lost: one apply elsewhere, and data and keys are there, and a job comes, gets a pod, and succeeds', async () => {
  elsewhere = whole.workspace(recovered());
  const begun = Date.now();
  await elsewhere.applied().catch(async (error) => assert.fail(`${await whole.brokenJoint(NAMESPACE)}\n${error.message}`));
  const applied = Date.now();
  assert.ok(whole.releasedAfterSetUp(), 'broken joint: ordering; the release was begun before the server had made a token');
  const job = await whole.queue({ script: HELLO });
  await whole.succeeded(job, NAMESPACE);
  const seconds = (from: number, to: number) => `${((to - from) / 1000).toFixed(0)} s`;
  console.log(`       applied in ${seconds(begun, applied)}, of which the restore took ${seconds(...times.get('recovery')!)}; the job was done ${seconds(applied, Date.now())} later`);
  assert.match(log(job), /hello from runner-/);
  const now = await whole.gitlabDatabase();
  assert.deepEqual([now.id, now.users, now.projects], [earlier.id, earlier.users, earlier.projects]);
  assert.equal(await machine.run('cat', PROJECT), 'precious\n');
  assert.match(await machine.run('gitlab-rake', 'gitlab:doctor:secrets'), /^Total: 0 row\(s\) affected$/m);
  assert.equal(await machine.run('cat', '/etc/ssh/ssh_host_ed25519_key.pub'), hostKey);
});

test('the runner of the lost region is gone and its token with it; the new one joined by itself', async () => {
  const { runners } = await whole.gitlabDatabase();
  assert.equal(runners.length, 1);
  assert.notEqual(runners[0].id, earlier.runners[0].id);
  assert.equal(whole.runnerTokens().length, 1);
  assert.notEqual(whole.runnerTokens()[0], token);
});

test('never twice: the second plan is empty, and steps that run again restore nothing', async () => {
  assert.deepEqual((await elsewhere.plan()).actions, {});
  assert.equal(await machine.run('cat', '/srv/gitlab/state/recovery/restored'), `${backup}\n`);
  await machine.shell(`echo later >${PROJECT}`);
  const [restored] = times.get('recovery')!;
  await elsewhere.load(recovered('again')).applied();
  assert.ok(times.get('recovery')![0] > restored, 'the step ran again');
  assert.equal(await machine.run('cat', PROJECT), 'later\n');
  assert.equal(await machine.run('cat', '/run/restores'), 'restored\n');
});
