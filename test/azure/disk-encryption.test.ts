import { TerraformVariable } from 'cdktf';
import { AksCluster, AzureProvider, SelfHostedGitLab } from '../../src';
import { newStack, resource, resources, synth } from '../synth';

const OWN = '00000000-0000-0000-0000-000000000001';
const SET = `/subscriptions/${OWN}/resourceGroups/security/providers/Microsoft.Compute/diskEncryptionSets/disks`;
const PLACE = { location: 'koreacentral' };
const server = (props: object) => {
  const stack = newStack();
  new SelfHostedGitLab(stack, 'GitLab', { ...PLACE, ...props });
  return synth(stack);
};

test('a server\'s disks are encrypted by the set, both of them', () => {
  const json = server({ diskEncryptionSetId: SET });
  expect(resource(json, 'azurerm_linux_virtual_machine').os_disk.disk_encryption_set_id).toBe(SET);
  expect(resource(json, 'azurerm_managed_disk').disk_encryption_set_id).toBe(SET);
});

test('a set may come, and be another one later: the plan sees it', () => {
  const json = server({ diskEncryptionSetId: SET });
  expect(resource(json, 'azurerm_linux_virtual_machine').lifecycle.ignore_changes).toEqual(['admin_ssh_key']);
  expect(resource(json, 'azurerm_managed_disk').lifecycle.ignore_changes).toEqual(['create_option', 'source_resource_id']);
});

test('without the word disks keep the set they have: on the way back the provider would stop the machine, and fail', () => {
  const json = server({});
  expect(resource(json, 'azurerm_linux_virtual_machine').lifecycle.ignore_changes).toContain('os_disk[0].disk_encryption_set_id');
  expect(resource(json, 'azurerm_managed_disk').lifecycle.ignore_changes).toContain('disk_encryption_set_id');
});

test('a cluster\'s control plane may see the set before the cluster is made', () => {
  const stack = newStack();
  new AksCluster(stack, 'Cluster', { ...PLACE, diskEncryptionSetId: SET });
  const json = synth(stack);
  const [name, role] = Object.entries<any>(resources(json, 'azurerm_role_assignment')).find(([, { scope }]) => scope === SET)!;
  expect(role).toMatchObject({ role_definition_name: 'Reader', principal_id: expect.stringContaining('ControlPlaneIdentity') });
  const [sleep, { depends_on: waits }] = Object.entries<any>(resources(json, 'time_sleep'))[0];
  expect(waits).toEqual([`azurerm_role_assignment.${name}`]);
  expect(resource(json, 'azurerm_kubernetes_cluster')).toMatchObject({ disk_encryption_set_id: SET, depends_on: expect.arrayContaining([`time_sleep.${sleep}`]) });
});

test('the set may be made in the same program', () => {
  const stack = newStack();
  const set = new TerraformVariable(stack, 'set', {}).stringValue;
  new SelfHostedGitLab(stack, 'GitLab', { ...PLACE, diskEncryptionSetId: set });
  new AksCluster(stack, 'Cluster', { ...PLACE, diskEncryptionSetId: set });
  const json = synth(stack);
  expect([resource(json, 'azurerm_managed_disk'), resource(json, 'azurerm_kubernetes_cluster')].map((one) => one.disk_encryption_set_id)).toEqual(['${var.set}', '${var.set}']);
});

describe('fails when the set', () => {
  const elsewhere = SET.replace(OWN, '00000000-0000-0000-0000-000000000002');
  test.each([['server', SelfHostedGitLab], ['cluster', AksCluster]] as const)('is in another subscription than the %s', (_, construct) => {
    const stack = newStack();
    new AzureProvider(stack, 'Azure', { subscriptionId: OWN });
    new construct(stack, 'X', { ...PLACE, diskEncryptionSetId: elsewhere });
    expect(() => synth(stack)).toThrow(new Error(
      `diskEncryptionSetId: in another subscription than what it encrypts, which is made in ${OWN}, got "${elsewhere}"; `
      + 'give a set of that subscription: its key may be in a vault of another one (at Test/X)'));
  });

  test.each([['server', SelfHostedGitLab], ['cluster', AksCluster]] as const)('is a key, or a name, of a %s', (_, construct) => {
    for (const wrong of ['disks', 'https://company.vault.azure.net/keys/disks', SET.replace('diskEncryptionSets', 'disks')]) {
      expect(() => new construct(newStack(), 'X', { ...PLACE, diskEncryptionSetId: wrong })).toThrow(new Error(
        `diskEncryptionSetId: not a valid value, got "${wrong}"; give the ARM id of a Microsoft.Compute/diskEncryptionSets (at Test/X)`));
    }
  });
});
