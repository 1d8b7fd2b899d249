import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Azure } from './azure/azure';
import { endSoftDelete } from './azure/data-protection';
import { outcome } from './harness/expectation';
import { synthesise } from './harness/program';
import { destroyable } from './harness/provider-versions';
import { tail, Workspace } from './harness/workspace';
import { World } from './harness/world';
import { GitLabDataDiskBackupOptions, ManagedDiskType, SelfHostedGitLab } from 'cdktf-azure-gitlab';

const INSTANCE = 'Microsoft.DataProtection/backupVaults/backupInstances';
const DISK = 'Microsoft.Compute/disks';
const world = new World();
let azure: Azure;
let workspace: Workspace;

function server(dataDiskBackup: GitLabDataDiskBackupOptions = {}): string {
  return synthesise((stack) => {
    new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', dataDiskBackup });
  });
}

function serverOnV2(dataDiskIops: number): string {
  return synthesise((stack) => {
    new SelfHostedGitLab(stack, 'GitLab', {
      location: 'koreacentral', zone: '1', dataDiskType: ManagedDiskType.PREMIUM_V2_LRS, dataDiskIops, dataDiskMegabytesPerSecond: 400, dataDiskBackup: {},
    });
  });
}

const snapshots = () => azure.arm.list('Microsoft.Compute/snapshots');

before(async () => {
  azure = await world.azure();
  // as long as the emitted wait lasts here.
  azure.spreadMs = 3000;
  workspace = world.workspace(azure).load(server());
  await workspace.applied();
});

test('the disk is under the vault once the vault\'s roles count; the second plan is empty', async () => {
  const [{ properties }] = azure.arm.list(INSTANCE);
  assert.equal(properties.currentProtectionState, 'ProtectionConfigured');
  assert.equal(snapshots().length, 1);
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('roles that have not spread: the apply fails as users report, and the way out is that of docs/operate.md', async () => {
  const late = await world.azure();
  late.spreadMs = Infinity;
  const early = world.workspace(late).load(server());
  const { status, output } = await early.apply();
  assert.notEqual(status, 0);
  assert.match(output, /unexpected state 'ProtectionError', wanted target 'ProtectionConfigured'/);

  late.spreadMs = 0;
  const [address] = /azurerm_data_protection_backup_instance_disk\.\w+/.exec(output)!;
  assert.deepEqual((await early.plan()).errors.map((error) => /Resource (\S+) has lifecycle.prevent_destroy set/.exec(error)?.[1]), [address]);
  // what `az dataprotection backup-instance update-policy` does: the same once more.
  const [instance] = late.arm.list(INSTANCE);
  late.arm.provision(instance.id, instance);
  await early.succeed('untaint', '-no-color', address);
  await early.applied();
  assert.equal(late.arm.find(instance.id)!.properties.currentProtectionState, 'ProtectionConfigured');
  assert.deepEqual((await early.plan()).actions, {});
});

test('another policy: the new one, the disk under it, then the old one goes; no snapshot is lost', async () => {
  const since = azure.arm.log.length;
  workspace.load(server({ intervalHours: 24, startTime: '02:30', retentionDays: 30 }));
  assert.deepEqual(outcome(await workspace.plan(), workspace, workspace), {
    'GitLab/DataDiskBackup/Policy': 'replace', 'GitLab/DataDiskBackup/Resource': 'update',
  });
  await workspace.applied();
  assert.deepEqual(azure.arm.log.slice(since).filter(({ method, path }) => ['PUT', 'DELETE'].includes(method) && path.includes('DataProtection'))
    .map(({ method, path }) => `${method} ${path.split('/').slice(-2).join('/')}`), [
    'PUT backupPolicies/every-24h-from-0230-for-30d', 'PUT backupInstances/data-disk', 'DELETE backupPolicies/every-4h-from-0000-for-7d',
  ]);
  assert.equal(snapshots().length, 1);
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('a disk made from a snapshot in the place of the lost one is taken up, as docs/restore-disk.md says', async () => {
  const lost = azure.arm.list(DISK).find(({ name }) => name === 'gitlab-vm-data')!;
  azure.arm.remove(lost.id);
  azure.arm.provision(lost.id, {
    location: lost.location, sku: lost.sku, managedBy: lost.managedBy,
    properties: { diskSizeGB: 128, diskState: 'Attached', creationData: { createOption: 'Copy', sourceResourceId: snapshots()[0].id } },
  });
  assert.deepEqual(outcome(await workspace.plan(), workspace, workspace), {
    'GitLab/DataDiskBackup/DiskReader': 'create', 'GitLab/DataDiskBackup/SpreadingTime': 'replace', 'GitLab/VirtualMachine/DataDisk': 'update',
  });
  await workspace.applied();
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('Premium SSD v2 in a zone, its snapshots, and another speed later: in place, and planned empty', async () => {
  const cloud = await world.azure();
  const { arm } = cloud;
  const fast = world.workspace(cloud).load(serverOnV2(8000));
  await fast.applied();
  const disk = () => arm.list(DISK).find(({ name }) => name === 'gitlab-vm-data')!;
  const { diskIOPSReadWrite, diskMBpsReadWrite } = disk().properties;
  assert.deepEqual({ zones: disk().zones, diskIOPSReadWrite, diskMBpsReadWrite }, { zones: ['1'], diskIOPSReadWrite: 8000, diskMBpsReadWrite: 400 });
  assert.equal(arm.list('Microsoft.DataProtection/backupVaults/backupPolicies')[0].name, 'every-12h-from-0000-for-7d');
  assert.deepEqual((await fast.plan()).actions, {});

  const since = arm.log.length;
  fast.load(serverOnV2(16000));
  assert.deepEqual(outcome(await fast.plan(), fast, fast), { 'GitLab/VirtualMachine/DataDisk': 'update' });
  await fast.applied();
  assert.equal(disk().properties.diskIOPSReadWrite, 16000);
  assert.deepEqual(arm.log.slice(since).filter(({ path }) => /deallocate|powerOff|restart/.test(path)), []);
  assert.deepEqual((await fast.plan()).actions, {});
});

test('a destroy is refused, and one that is meant leaves vault and snapshots until Azure lets them go, as docs/operate.md says', async () => {
  const refused = await workspace.destroy();
  assert.notEqual(refused.status, 0);
  assert.match(refused.output, /Instance cannot be destroyed/);
  workspace.load(server(), destroyable);

  const first = await workspace.destroy();
  assert.notEqual(first.status, 0);
  assert.match(first.output, /Cannot delete the Backup vault as there are existing backup instances/);
  const types = () => [...azure.arm.stored.values()].map(({ resource }) => resource.type).sort();
  assert.deepEqual(types(), [
    'Microsoft.Compute/snapshots', 'Microsoft.DataProtection/backupVaults', 'Microsoft.DataProtection/backupVaults/deletedBackupInstances',
    'Microsoft.Resources/resourceGroups',
  ]);

  endSoftDelete(azure.arm);
  const second = await workspace.destroy();
  assert.equal(second.status, 0, tail(second.output));
  assert.deepEqual(types(), []);
});
