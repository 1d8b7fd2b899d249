import { GitLabVersion } from '../../../src';
import { resources, warnings } from '../../synth';
import { named, parameters, rb } from '../server';

describe('object storage', () => {
  const { json, stack } = named({ objectStorage: {} });

  test('has a container of its own for each kind, no keys, and keeps what is deleted', () => {
    expect(Object.values(resources(json, 'azurerm_storage_account'))).toMatchObject([{
      name: expect.stringMatching(/^gitlabobjects\$\{local\./), shared_access_key_enabled: false, account_replication_type: 'ZRS',
      blob_properties: { versioning_enabled: true, delete_retention_policy: { days: 14 } }, lifecycle: { prevent_destroy: true },
    }]);
    expect(Object.values(resources(json, 'azurerm_storage_container')).map(({ name }) => name).sort()).toEqual([
      'agent-plan-content', 'artifacts', 'ci-secure-files', 'dependency-proxy', 'external-diffs', 'lfs-objects', 'packages', 'pages', 'terraform-state', 'uploads',
    ]);
    expect(warnings(stack)).toEqual([]);
  });

  test('is opened by an identity of its own, which opens nothing else', () => {
    const both = named({ objectStorage: {}, backup: {} }).json;
    const [own] = Object.keys(resources(both, 'azurerm_user_assigned_identity')).filter((name) => name.startsWith('GitLab_ObjectsIdentity_'));
    const [account] = Object.keys(resources(both, 'azurerm_storage_account')).filter((name) => name.startsWith('GitLab_Objects_'));
    const roles = Object.values(resources(both, 'azurerm_role_assignment'));
    expect(roles.filter(({ principal_id: id }) => id.includes(own))).toMatchObject([{
      role_definition_name: 'Storage Blob Data Contributor', scope: `\${azurerm_storage_account.${account}.id}`,
    }]);
    expect(roles.filter(({ scope }) => scope.includes(account))).toHaveLength(1);
    const [machine] = Object.values(resources(both, 'azurerm_linux_virtual_machine'));
    expect(machine.identity.identity_ids).toEqual([expect.stringContaining('.GitLab_Identity_'), `\${azurerm_user_assigned_identity.${own}.id}`]);
    expect(parameters(both, 'Metadata').OBJECTS_CLIENT_ID).toBe(`\${azurerm_user_assigned_identity.${own}.client_id}`);
    for (const step of ['DataDisk', 'Gitlab', 'Runners', 'Backup']) {
      expect(JSON.stringify(parameters(both, step))).not.toContain(own);
    }
    expect(parameters(named({}).json, 'Metadata')).not.toHaveProperty('OBJECTS_CLIENT_ID');
  });

  test('is told to GitLab without a key', () => {
    const line = rb(json).find((candidate) => candidate.startsWith('gitlab_rails["object_store"]'))!;
    expect(line).toMatch(new RegExp('^gitlab_rails\\["object_store"\\] = \\{"enabled" => true, "proxy_download" => true, "connection" => \\{"provider" => "AzureRM", '
      + '"azure_storage_account_name" => ".*", "azure_storage_domain" => "blob.core.windows.net"\\}, "objects" => \\{"artifacts" => \\{"bucket" => "artifacts"\\}, '));
    expect(line).toContain('"agent_plan_content"');
    expect(rb(named({ objectStorage: {}, version: GitLabVersion.V18_11 }).json).join()).not.toContain('agent_plan_content');
    expect(parameters(json, 'Gitlab').OBJECT_STORAGE).toBe('yes');
  });

  test('warns beside a backup, which does not hold it', () => {
    expect(warnings(named({ objectStorage: { replication: 'GRS' }, backup: {} }).stack)).toEqual([
      'Test/GitLab: objectStorage: backups do not include what is in Blob storage; restore deleted and overwritten blobs within '
      + 'objectStorage.deletedRetentionDays, and protect against larger losses with objectStorage.replication',
    ]);
  });

  test.each<[string, any, string]>([
    ['it is a text', { objectStorage: 'blob' }, 'objectStorage: not an object, got "blob"; give an object with its props'],
    ['the account has capitals', { objectStorage: { storageAccountName: 'Acme' } },
      'objectStorage.storageAccountName: not a valid value, got "Acme"; give 3 to 24 lower-case letters and digits'],
    ['nothing is kept', { objectStorage: { deletedRetentionDays: 0 } },
      'objectStorage.deletedRetentionDays: out of range, got 0; give a whole number from 1 to 365'],
    ['the copies are of no kind', { objectStorage: { replication: 'X' } },
      'objectStorage.replication: not supported, got "X"; give one of "LRS", "ZRS", "GRS", "GZRS", "RAGRS", "RAGZRS"'],
    ['the account is the backups\'', { objectStorage: { storageAccountName: 'acme' }, backup: { storageAccountName: 'acme' } },
      'objectStorage.storageAccountName: the same as backup.storageAccountName, got "acme"; give another name: a backup belongs in an account of its own'],
    ['GitLab is too old', { objectStorage: {}, version: GitLabVersion.of('17.8.7') },
      'objectStorage: it needs GitLab 17.9 or later, which signs in to Blob storage without a key, got "17.8.7"; set a later version'],
    ['gitlab.rb names another one', { objectStorage: {}, omnibusSettings: { gitlab_rails: { artifacts_object_store_enabled: true } } },
      'omnibusSettings.gitlab_rails.artifacts_object_store_enabled: set together with objectStorage, got {…}; leave one of the two out'],
  ])('fails when %s', (_, given, message) => {
    expect(() => named(given)).toThrow(new Error(`${message} (at Test/GitLab)`));
  });
});
