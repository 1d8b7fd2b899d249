import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Azure, SUBSCRIPTION_ID } from './azure/azure';
import { CUSTOMER_KEYS } from './azure/landing-zone-policies';
import { platform, PlatformProps } from './harness/platform';
import { synthesise } from './harness/program';
import { destroyable } from './harness/provider-versions';
import { Workspace } from './harness/workspace';
import { World } from './harness/world';
import { GitLabDatabase, KeyVaultKey, RunnerCache } from 'cdktf-azure-gitlab';

const world = new World();
const GROUP = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/security`;
const set = (name: string) => `${GROUP}/providers/Microsoft.Compute/diskEncryptionSets/${name}`;

const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/company-keys`;
const key = (name: string) => KeyVaultKey.of(VAULT, name);

async function company(): Promise<Azure> {
  const azure = await world.azure();
  azure.arm.provision(GROUP, { location: 'koreacentral' });
  ['disks', 'others'].forEach((name) => azure.arm.provision(set(name), { location: 'koreacentral' }));
  azure.arm.provision(VAULT, { location: 'koreacentral', properties: { enablePurgeProtection: true, enableRbacAuthorization: true } });
  ['one', 'other'].forEach((name) => azure.arm.put(`${VAULT}/keys/${name}`, {}));
  return azure;
}

const DISK = 'Microsoft.Compute/disks';
const setsOf = ({ arm }: Azure) => arm.list(DISK).map(({ properties }) => properties.encryption?.diskEncryptionSetId?.split('/').pop());
const keysOf = ({ arm }: Azure) => arm.list('Microsoft.Storage/storageAccounts').map(({ properties }) => properties.encryption.keyvaultproperties?.keyname);
const power = ({ arm }: Azure) => arm.list('Microsoft.Compute/virtualMachines').map((machine) => machine.powerState);

test('under the policies that ask for a company\'s keys: applied, planned empty, and destroyed', async () => {
  const azure = await company();
  azure.arm.policies = [{ scope: `/subscriptions/${SUBSCRIPTION_ID}`, policies: CUSTOMER_KEYS }];
  const folder = synthesise(platform({
    gitlab: { diskEncryptionSetId: set('disks'), customerManagedKey: key('one'), backup: {}, objectStorage: {}, database: GitLabDatabase.azurePostgresql() },
    cluster: { diskEncryptionSetId: set('disks') }, runner: { cache: RunnerCache.azureBlob({ customerManagedKey: key('one') }) },
  }));
  const workspace = world.workspace(azure).load(folder);
  await workspace.applied();
  assert.deepEqual(setsOf(azure), ['disks', 'disks']);
  assert.deepEqual(keysOf(azure), ['one', 'one', 'one']);
  assert.deepEqual((await workspace.plan()).actions, {});
  workspace.load(folder, destroyable);
  const { status, output } = await workspace.destroy();
  assert.equal(status, 0, output);
  assert.ok(azure.arm.find(set('disks')));
});

test('a set comes to a server that is there, is exchanged, and stays when the word goes; the disks stay, and the machine runs again', async () => {
  const azure = await company();
  const workspace = world.workspace(azure).load(synthesise(platform()));
  await workspace.applied();
  const made = azure.arm.list(DISK).map(({ id, properties }) => [id, properties.uniqueId]);
  const change = async (gitlab: PlatformProps['gitlab']) => {
    workspace.load(synthesise(platform({ gitlab })));
    const { actions } = await workspace.plan();
    await workspace.applied();
    assert.deepEqual((await workspace.plan()).actions, {});
    assert.deepEqual(azure.arm.list(DISK).map(({ id, properties }) => [id, properties.uniqueId]), made);
    assert.deepEqual(power(azure), ['running']);
    return Object.entries(actions).map(([address, action]) => `${address.split('.')[0]} ${action}`).sort();
  };
  assert.deepEqual(setsOf(azure), [undefined, undefined]);
  const both = ['azurerm_linux_virtual_machine update', 'azurerm_managed_disk update'];
  assert.deepEqual(await change({ diskEncryptionSetId: set('disks') }), both);
  assert.deepEqual(setsOf(azure), ['disks', 'disks']);
  assert.deepEqual(await change({ diskEncryptionSetId: set('others') }), both);
  assert.deepEqual(setsOf(azure), ['others', 'others']);
  assert.deepEqual(await change({}), []);
  assert.deepEqual(setsOf(azure), ['others', 'others']);
});

test('a cluster gets a set on its first day: later it can neither come, nor change, nor go', async () => {
  const azure = await company();
  const folder = (diskEncryptionSetId?: string) => synthesise(platform({ cluster: { diskEncryptionSetId } }));
  const refused = async (workspace: Workspace) => {
    const { status, errors } = await workspace.plan();
    assert.equal(status, 1);
    assert.match(errors.join('\n'), /Instance cannot be destroyed: Resource azurerm_kubernetes_cluster/);
  };
  const workspace = world.workspace(azure).load(folder(set('disks')));
  await workspace.applied();
  assert.equal(azure.arm.list('Microsoft.ContainerService/managedClusters')[0].properties.diskEncryptionSetID, set('disks'));
  for (const other of [set('others'), undefined]) {
    await refused(workspace.load(folder(other)));
  }
  const plain = world.workspace(await company()).load(folder());
  await plain.applied();
  await refused(plain.load(folder(set('disks'))));
});

test('a key comes to accounts that are there, is exchanged, and goes; the accounts stay', async () => {
  const azure = await company();
  const folder = (customerManagedKey?: KeyVaultKey) => synthesise(platform({
    gitlab: { customerManagedKey, backup: {}, objectStorage: {} }, runner: { cache: RunnerCache.azureBlob({ customerManagedKey }) },
  }));
  const workspace = world.workspace(azure).load(folder());
  await workspace.applied();
  const accounts = azure.arm.list('Microsoft.Storage/storageAccounts').map(({ id }) => id);
  for (const name of ['one', 'other', undefined]) {
    workspace.load(folder(name === undefined ? undefined : key(name)));
    const { actions } = await workspace.plan();
    assert.deepEqual(Object.entries(actions).filter(([address]) => address.startsWith('azurerm_storage_account.')).map(([, action]) => action), ['update', 'update', 'update']);
    await workspace.applied();
    assert.deepEqual((await workspace.plan()).actions, {});
    assert.deepEqual(azure.arm.list('Microsoft.Storage/storageAccounts').map(({ id }) => id), accounts);
    assert.deepEqual(keysOf(azure), [name, name, name]);
  }
});

test('a database server gets a key on its first day: another one may take its place, but it can neither come later nor go', async () => {
  const azure = await company();
  const folder = (customerManagedKey?: KeyVaultKey) =>
    synthesise(platform({ gitlab: { customerManagedKey, backup: {}, database: GitLabDatabase.azurePostgresql() } }));
  const workspace = world.workspace(azure).load(folder(key('one')));
  await workspace.applied();
  workspace.load(folder(key('other')));
  const { actions } = await workspace.plan();
  assert.deepEqual(Object.entries(actions).filter(([address]) => /^azurerm_postgresql_flexible_server\./.test(address)).map(([, action]) => action), ['update']);
  const plain = world.workspace(await company()).load(folder());
  await plain.applied();
  for (const [there, other] of [[workspace, undefined], [plain, key('one')]] as const) {
    const { status, errors } = await there.load(folder(other)).plan();
    assert.equal(status, 1);
    assert.match(errors.join('\n'), /Instance cannot be destroyed: Resource azurerm_postgresql_flexible_server/);
  }
});

test('accounts and vaults of an earlier version, which said less, are brought up to date in place and keep how they are encrypted', async () => {
  const azure = await company();
  const folder = synthesise(platform({ gitlab: { backup: {}, objectStorage: {} }, runner: { cache: RunnerCache.azureBlob() } }));
  const workspace = world.workspace(azure).load(folder, (json) => {
    const { resource } = json;
    for (const account of Object.values<any>(resource.azurerm_storage_account)) {
      ['allowed_copy_scope', 'network_rules', 'infrastructure_encryption_enabled', 'queue_encryption_key_type', 'table_encryption_key_type'].forEach((argument) => delete account[argument]);
    }
    Object.values<any>(resource.azurerm_key_vault).forEach((vault) => delete vault.network_acls);
    return json;
  });
  await workspace.applied();
  workspace.load(folder);
  const { actions } = await workspace.plan();
  assert.deepEqual(Object.entries(actions).map(([address, action]) => `${address.split('.')[0]} ${action}`), Array(3).fill('azurerm_storage_account update'));
  await workspace.applied();
  assert.deepEqual((await workspace.plan()).actions, {});
});
