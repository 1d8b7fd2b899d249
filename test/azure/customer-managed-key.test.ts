import { TerraformVariable } from 'cdktf';
import { AksCluster, AzureProvider, GitLabDatabase, KeyVaultKey, KubernetesGitLabRunner, RunnerCache, SelfHostedGitLab } from '../../src';
import { newStack, resource, resources, synth } from '../synth';

const OWN = '00000000-0000-0000-0000-000000000001';
const VAULT = `/subscriptions/${OWN}/resourceGroups/security/providers/Microsoft.KeyVault/vaults/company-keys`;
const key = KeyVaultKey.of(VAULT, 'gitlab');
const URL = 'https://company-keys.vault.azure.net/keys/gitlab';
const PLACE = { location: 'koreacentral' };
const server = (props: object, place = PLACE) => {
  const stack = newStack();
  new SelfHostedGitLab(stack, 'GitLab', { ...place, ...props });
  return synth(stack);
};
const FIXED = ['infrastructure_encryption_enabled', 'queue_encryption_key_type', 'table_encryption_key_type'];

test('accounts and a database server are encrypted as one identity, which may use the key by then', () => {
  const json = server({ customerManagedKey: key, backup: {}, objectStorage: {}, database: GitLabDatabase.azurePostgresql() });
  const [identity] = Object.entries<any>(resources(json, 'azurerm_user_assigned_identity')).find(([name]) => name.includes('Encryption'))!;
  const [role, { scope, role_definition_name: roleName }] = Object.entries<any>(resources(json, 'azurerm_role_assignment')).find(([name]) => name.includes('KeyRole'))!;
  expect([scope, roleName]).toEqual([`${VAULT}/keys/gitlab`, 'Key Vault Crypto Service Encryption User']);
  const [sleep, { depends_on: waits }] = Object.entries<any>(resources(json, 'time_sleep')).find(([name]) => name.includes('Encryption'))!;
  expect(waits).toEqual([`azurerm_role_assignment.${role}`]);
  const user = `\${azurerm_user_assigned_identity.${identity}.id}`;
  const accounts = Object.values<any>(resources(json, 'azurerm_storage_account'));
  expect(accounts).toHaveLength(2);
  accounts.forEach((account) => expect(account).toMatchObject({
    identity: { type: 'UserAssigned', identity_ids: [user] }, customer_managed_key: { key_vault_key_id: URL, user_assigned_identity_id: user },
    queue_encryption_key_type: 'Account', table_encryption_key_type: 'Account', depends_on: [`time_sleep.${sleep}`],
    lifecycle: { prevent_destroy: true, ignore_changes: FIXED },
  }));
  expect(resource(json, 'azurerm_postgresql_flexible_server')).toMatchObject({
    identity: { type: 'UserAssigned', identity_ids: [user] }, customer_managed_key: { key_vault_key_id: URL, primary_user_assigned_identity_id: user }, depends_on: [`time_sleep.${sleep}`],
  });
});

test('without a key an account is encrypted twice with Azure\'s own, and keeps what it was made with', () => {
  const account = resource(server({ backup: {} }), 'azurerm_storage_account');
  expect(account.lifecycle).toEqual({ prevent_destroy: true, ignore_changes: FIXED });
  expect(Object.keys(account).filter((name) => /identity|customer|encryption/.test(name))).toEqual(FIXED);
  expect(account.infrastructure_encryption_enabled).toBe(true);
});

test('a cache is encrypted as an identity of its own', () => {
  const stack = newStack();
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', PLACE);
  const cluster = new AksCluster(stack, 'Cluster', PLACE);
  new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, cache: RunnerCache.azureBlob({ customerManagedKey: key }) });
  const json = synth(stack);
  expect(resource(json, 'azurerm_storage_account')).toMatchObject({ customer_managed_key: { key_vault_key_id: URL }, lifecycle: { ignore_changes: FIXED } });
});

test('in Azure Government the key is in a vault of that cloud, and a vault may be known to the apply alone', () => {
  expect(resource(server({ customerManagedKey: key, backup: {} }, { location: 'usgovvirginia' }), 'azurerm_storage_account').customer_managed_key.key_vault_key_id)
    .toBe('https://company-keys.vault.usgovcloudapi.net/keys/gitlab');
  const stack = newStack();
  const vault = new TerraformVariable(stack, 'vault', {}).stringValue;
  new SelfHostedGitLab(stack, 'GitLab', { ...PLACE, backup: {}, customerManagedKey: KeyVaultKey.of(vault, 'gitlab') });
  expect(resource(synth(stack), 'azurerm_storage_account').customer_managed_key.key_vault_key_id).toBe('https://${element(split("/", var.vault), 8)}.vault.azure.net/keys/gitlab');
});

describe('fails when', () => {
  test('the key has nothing to encrypt', () => {
    expect(() => server({ customerManagedKey: key })).toThrow('customerManagedKey: there is no storage account and no database server that it could encrypt');
    expect(() => server({ customerManagedKey: key, database: GitLabDatabase.embedded() })).toThrow('set backup or objectStorage, or leave it out: disks have diskEncryptionSetId (at Test/GitLab)');
  });

  test('the database\'s backups are in another region', () => {
    expect(() => server({ customerManagedKey: key, database: GitLabDatabase.azurePostgresql({ geoRedundantBackupEnabled: true }) }))
      .toThrow('customerManagedKey: backups of the database in another region need a key of that region');
  });

  test('the vault is in another subscription, where azurerm does not look', () => {
    const stack = newStack();
    new AzureProvider(stack, 'Azure', { subscriptionId: '00000000-0000-0000-0000-000000000002' });
    new SelfHostedGitLab(stack, 'GitLab', { ...PLACE, backup: {}, customerManagedKey: key });
    expect(() => synth(stack)).toThrow(new Error('customerManagedKey: a key in another subscription than what it encrypts, which is made in 00000000-0000-0000-0000-000000000002, '
      + `got "${VAULT}"; give a key in a vault of that subscription: the provider finds no other (at Test/GitLab)`));
  });

  test.each([
    ['a secret is given', () => server({ backup: {}, customerManagedKey: URL }), 'customerManagedKey: not a KeyVaultKey'],
    ['the vault is a URL', () => KeyVaultKey.of('https://company-keys.vault.azure.net', 'gitlab'), 'keyVaultId: not a valid value'],
    ['the name is a URL', () => KeyVaultKey.of(VAULT, URL), 'keyName: not a valid value'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});
