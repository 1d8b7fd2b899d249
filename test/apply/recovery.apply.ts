import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcome, Outcome } from './harness/expectation';
import { synthesise } from './harness/program';
import { World } from './harness/world';
import { SelfHostedGitLab, SelfHostedGitLabProps, StorageReplication } from 'cdktf-azure-gitlab';

const world = new World();

function server(props: Partial<SelfHostedGitLabProps>): string {
  return synthesise((stack) => {
    new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', ...props });
  });
}

for (const [from, inPlace, acrossGroups] of [
  [StorageReplication.ZRS, [StorageReplication.GZRS, StorageReplication.RA_GZRS], [StorageReplication.LRS, StorageReplication.GRS, StorageReplication.RA_GRS]],
  [StorageReplication.LRS, [StorageReplication.GRS, StorageReplication.RA_GRS], [StorageReplication.ZRS, StorageReplication.GZRS, StorageReplication.RA_GZRS]],
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
