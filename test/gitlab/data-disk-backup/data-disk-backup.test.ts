import { TerraformVariable } from 'cdktf';
import { AzureResourceGroup, GitLabDataDiskBackupOptions, SelfHostedGitLab, SelfHostedGitLabProps } from '../../../src';
import { newStack, resource, resources, synth, TerraformJson } from '../../synth';
import { server } from '../server';

const backedUp = (dataDiskBackup: GitLabDataDiskBackupOptions, props: Partial<SelfHostedGitLabProps> = {}) => server({ dataDiskBackup, ...props });

const VAULT = 'azurerm_data_protection_backup_vault';
const POLICY = 'azurerm_data_protection_backup_policy_disk';
const INSTANCE = 'azurerm_data_protection_backup_instance_disk';
const ADDRESS = {
  group: 'azurerm_resource_group.GitLab_DataDiskBackup_ResourceGroup_69CD0FB7',
  vault: `${VAULT}.GitLab_DataDiskBackup_Vault_D82A5A6C`,
  policy: `${POLICY}.GitLab_DataDiskBackup_Policy_CAF8AD37`,
};

/** The settings of the group that vault and snapshots are in. */
const group = (json: TerraformJson) => resources(json, 'azurerm_resource_group')[ADDRESS.group.split('.')[1]];
const roles = (json: TerraformJson) => Object.entries(resources(json, 'azurerm_role_assignment')).filter(([name]) => /DataDiskBackup/.test(name));

describe('the data disk\'s backup', () => {
  const { json, gitlab } = backedUp({});

  test('is a vault and snapshots in a group of their own, none of which can be destroyed', () => {
    expect(group(json)).toMatchObject({ name: 'test-gitlab-datadiskbackup-rg', location: 'koreacentral', lifecycle: { prevent_destroy: true } });
    expect(resource(json, VAULT)).toMatchObject({
      name: 'gitlab-data-disk',
      resource_group_name: `\${${ADDRESS.group}.name}`,
      location: 'koreacentral',
      datastore_type: 'VaultStore',
      redundancy: 'LocallyRedundant',
      soft_delete: 'On',
      retention_duration_in_days: 14,
      identity: { type: 'SystemAssigned' },
      lifecycle: { prevent_destroy: true },
    });
    expect(resource(json, INSTANCE)).toMatchObject({
      location: 'koreacentral',
      vault_id: `\${${ADDRESS.vault}.id}`,
      disk_id: '${azurerm_managed_disk.GitLab_VirtualMachine_DataDisk_06CA1804.id}',
      snapshot_resource_group_name: `\${${ADDRESS.group}.name}`,
      backup_policy_id: `\${${ADDRESS.policy}.id}`,
      lifecycle: { prevent_destroy: true },
    });
    expect(gitlab.dataDiskBackupVaultId).toBeDefined();
  });

  test('keeps its addresses for ever', () => {
    expect([VAULT, INSTANCE].flatMap((type) => Object.keys(resources(json, type)))).toEqual([
      'GitLab_DataDiskBackup_Vault_D82A5A6C', 'GitLab_DataDiskBackup_D8BBBD5E',
    ]);
  });

  test('has two roles of the vault\'s identity, and time for them to spread, before the disk is put under it', () => {
    expect(roles(json).map(([, role]) => [role.role_definition_name, role.scope, role.principal_id, role.principal_type])).toEqual([
      ['Disk Backup Reader', '${azurerm_managed_disk.GitLab_VirtualMachine_DataDisk_06CA1804.id}', `\${${ADDRESS.vault}.identity[0].principal_id}`, 'ServicePrincipal'],
      ['Disk Snapshot Contributor', `\${${ADDRESS.group}.id}`, `\${${ADDRESS.vault}.identity[0].principal_id}`, 'ServicePrincipal'],
    ]);
    expect(resource(json, 'time_sleep')).toMatchObject({
      create_duration: '900s', depends_on: roles(json).map(([name]) => `azurerm_role_assignment.${name}`),
    });
    expect(resource(json, INSTANCE).depends_on).toEqual([`time_sleep.${Object.keys(resources(json, 'time_sleep'))[0]}`]);
  });

  test('gets another policy by a new one that stands beside the old, since Azure changes none and deletes none in use', () => {
    const changed = backedUp({ intervalHours: 24, startTime: '02:30', retentionDays: 30 }).json;
    expect(resource(json, POLICY)).toMatchObject({
      name: 'every-4h-from-0000-for-7d',
      backup_repeating_time_intervals: ['R/2026-01-01T00:00:00+00:00/PT4H'],
      default_retention_duration: 'P7D',
      lifecycle: { create_before_destroy: true },
    });
    expect(resource(changed, POLICY)).toMatchObject({
      name: 'every-24h-from-0230-for-30d',
      backup_repeating_time_intervals: ['R/2026-01-01T02:30:00+00:00/P1D'],
      default_retention_duration: 'P30D',
      lifecycle: { create_before_destroy: true },
    });
    expect({ ...resource(changed, INSTANCE) }).toEqual(resource(json, INSTANCE));
  });

  test('passes the policy\'s way of being replaced on to nothing of the server\'s', () => {
    const own = JSON.stringify([group(json), resource(json, VAULT), resource(json, POLICY)]);
    expect([...own.matchAll(/\b(azurerm_\w+)\.\w+/g)].map(([, type]) => type)).toEqual(['azurerm_resource_group', VAULT]);
  });

  test('follows what is asked for', () => {
    const asked = backedUp({ deletedRetentionDays: 60, resourceGroupName: 'snapshots', vaultName: 'disks' }, { preventDestroy: false, tags: { team: 'a' } }).json;
    expect(group(asked)).toMatchObject({ name: 'snapshots', tags: { team: 'a' }, lifecycle: { prevent_destroy: false } });
    expect(resource(asked, VAULT)).toMatchObject({ name: 'disks', retention_duration_in_days: 60, tags: { team: 'a' }, lifecycle: { prevent_destroy: false } });
    expect(resource(asked, INSTANCE).lifecycle).toEqual({ prevent_destroy: false });
  });

  test('may be told by what only the apply knows', () => {
    const stack = newStack();
    const number: any = new TerraformVariable(stack, 'number', {}).numberValue;
    const text: any = new TerraformVariable(stack, 'text', {}).stringValue;
    new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', dataDiskBackup: { intervalHours: number, startTime: text, retentionDays: number } });
    expect(resource(synth(stack), POLICY)).toMatchObject({
      name: 'every-${tostring(var.number)}h-from-${replace(var.text, ":", "")}-for-${tostring(var.number)}d',
      backup_repeating_time_intervals: ['R/2026-01-01T${var.text}:00+00:00/${(var.number == 24) ? "P1D" : format("PT%sH", var.number)}'],
      default_retention_duration: 'P${tostring(var.number)}D',
    });
  });

  test('is none without a word of the user', () => {
    const stack = newStack();
    const plain = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral' });
    const none = synth(stack);
    expect(plain.dataDiskBackupVaultId).toBeUndefined();
    expect(Object.keys(none.resource).filter((type) => /data_protection|time/.test(type))).toEqual([]);
    expect(Object.keys(none.output).filter((name) => /Snapshot/.test(name))).toEqual([]);
  });
});

test('a disk made from a snapshot is not replaced for where it came from', () => {
  expect(resource(backedUp({}).json, 'azurerm_managed_disk').lifecycle).toEqual({ prevent_destroy: true, ignore_changes: ['create_option', 'source_resource_id', 'disk_encryption_set_id'] });
});

describe('a backup of the data disk fails when', () => {
  test.each<[string, any, string]>([
    ['it is a text', 'daily', 'dataDiskBackup: not an object, got "daily"; give an object with its props'],
    ['Azure has no such interval', { intervalHours: 3 }, 'dataDiskBackup.intervalHours: not supported, got 3; give one of 1, 2, 4, 6, 8, 12, 24'],
    ['the hour is none', { startTime: '24:00' }, 'dataDiskBackup.startTime: not a valid value, got "24:00"; give a time of day in UTC such as "02:30"'],
    ['nothing is kept', { retentionDays: 0 }, 'dataDiskBackup.retentionDays: out of range, got 0; give a whole number from 1 to 365'],
    ['it is kept for more than a year', { intervalHours: 24, retentionDays: 366 }, 'dataDiskBackup.retentionDays: out of range, got 366; give a whole number from 1 to 365'],
    ['Azure keeps fewer snapshots', { intervalHours: 1, retentionDays: 19 },
      'dataDiskBackup.retentionDays: more than 450 snapshots, one every 1 h, got 19; give at most 18, or a longer intervalHours'],
    ['Azure keeps fewer at the default interval', { retentionDays: 76 },
      'dataDiskBackup.retentionDays: more than 450 snapshots, one every 4 h, got 76; give at most 75, or a longer intervalHours'],
    ['deleted ones are kept for a week', { deletedRetentionDays: 7 }, 'dataDiskBackup.deletedRetentionDays: out of range, got 7; give a whole number from 14 to 180'],
    ['the group ends with a dot', { resourceGroupName: 'group.' },
      'dataDiskBackup.resourceGroupName: not a valid value, got "group."; give at most 90 letters, digits, "-", "_", ".", "(" and ")", without a final "."'],
    ['the vault has a dot', { vaultName: 'a.b' }, 'dataDiskBackup.vaultName: not a valid value, got "a.b"; give 2 to 50 letters, digits and "-", first a letter'],
  ])('%s', (_, backup, message) => {
    expect(() => backedUp(backup)).toThrow(new Error(`${message} (at Test/GitLab)`));
  });

  test.each(['create', 'existing'] as const)('its group is the server\'s, by %s', (way) => {
    expect(() => backedUp({ resourceGroupName: 'Shared-rg' }, { resourceGroup: AzureResourceGroup[way]('shared-rg') })).toThrow(new Error(
      'dataDiskBackup.resourceGroupName: the server\'s resource group, got "Shared-rg"; give another name: snapshots that Azure keeps would keep the '
      + 'server\'s group from being deleted (at Test/GitLab)',
    ));
  });

  test.each([[1, 18], [2, 37], [4, 75], [6, 112], [8, 150], [12, 225], [24, 365]])('no: every %i hours, Azure takes %i days', (intervalHours, retentionDays) => {
    expect(() => backedUp({ intervalHours, retentionDays })).not.toThrow();
  });
});
