import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SUBSCRIPTION_ID } from './azure/azure';
import { outcome, Outcome } from './harness/expectation';
import { synthesise } from './harness/program';
import { World } from './harness/world';
import { GitLabRestore, SelfHostedGitLab, SelfHostedGitLabProps, StorageReplication } from 'cdktf-azure-gitlab';

const world = new World();

function server(props: Partial<SelfHostedGitLabProps>): string {
  return synthesise((stack) => {
    new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', ...props });
  });
}

const { LRS, ZRS, GRS, GZRS, RA_GRS, RA_GZRS } = StorageReplication;

for (const [from, inPlace, acrossGroups] of [
  [ZRS, [GZRS, RA_GZRS], [LRS, GRS, RA_GRS]],
  [LRS, [GRS, RA_GRS], [ZRS, GZRS, RA_GZRS]],
] as const) {
  test(`the backups' account changes from ${from} within its group, and never to the other group`, async () => {
    const own = world.workspace(await world.azure()).load(server({ backup: { replication: from } }));
    await own.applied();
    const planned = async (replication: StorageReplication): Promise<Outcome> => {
      const other = own.fork({ stackFolder: server({ backup: { replication } }) });
      return outcome(await other.plan('-refresh=false'), own, other);
    };
    for (const replication of inPlace) {
      assert.deepEqual(await planned(replication), { 'GitLab/Backup/Resource': 'update' }, replication);
    }
    for (const replication of acrossGroups) {
      assert.deepEqual(await planned(replication), { 'GitLab/Backup/Resource': 'refused' }, replication);
    }
    own.load(server({ backup: { replication: inPlace[1] } }));
    await own.applied();
    assert.deepEqual((await own.plan()).actions, {});
  });
}

const ACCOUNT = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/lost/providers/Microsoft.Storage/storageAccounts/lost`;
const STEPS = ['BackupChoice', 'BackupChoiceAttempt', 'Recovery', 'RecoveryAttempt'].map((step) => `GitLab/SetUp/${step}`);

test('a server that begins with a backup: the roles are there before the machine, and without the prop they go and nothing else', async () => {
  const azure = await world.azure();
  azure.arm.put(ACCOUNT.split('/providers/')[0], { location: 'koreacentral' });
  azure.arm.provision(ACCOUNT, { location: 'koreacentral' });
  ['gitlab-backups', 'gitlab-backups-secrets'].forEach((name) => azure.arm.provision(`${ACCOUNT}/blobServices/default/containers/${name}`, { properties: {} }));
  const restoreFrom = GitLabRestore.blob({ storageAccountId: ACCOUNT, secondary: true });
  const workspace = world.workspace(azure).load(server({ backup: {}, restoreFrom }));
  await workspace.applied();
  const written = (part: RegExp) => azure.arm.log.filter(({ method, path }) => method === 'PUT' && part.test(path));
  const roles = written(/storageAccounts\/lost\/.*\/roleAssignments\//);
  assert.deepEqual(roles.map(({ path }) => /containers\/([^/]+)\//.exec(path)?.[1]).sort(), ['gitlab-backups', 'gitlab-backups-secrets']);
  const [machine] = written(/\/virtualMachines\/[^/]+$/);
  assert.ok(roles.every(({ end }) => end! <= machine.start), 'the roles are there before the machine');
  assert.deepEqual((await workspace.plan()).actions, {});

  const without = workspace.fork({ stackFolder: server({ backup: {} }) });
  assert.deepEqual(await outcome(await without.plan('-refresh=false'), workspace, without),
    Object.fromEntries(['GitLab/Recovery/Data', 'GitLab/Recovery/Secrets', ...STEPS].map((path) => [path, 'delete'])));
  workspace.load(server({ backup: {} }));
  await workspace.applied();
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('a program that would claim the lost server\'s names is refused at plan time, in words', async () => {
  const azure = await world.azure();
  await world.workspace(azure).load(server({ backup: {} })).applied();
  const { id } = azure.arm.list('Microsoft.Storage/storageAccounts').find(({ name }) => name.startsWith('gitlabbackup'))!;
  const again = world.workspace(azure).load(server({ backup: {}, restoreFrom: GitLabRestore.blob({ storageAccountId: id }), location: 'koreasouth' }));
  assert.match((await again.plan()).errors.join('\n').replace(/\s+/g, ' '), /restoreFrom: the storage account has the name .*give the construct another id/);
});
