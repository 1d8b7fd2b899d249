import { RunnerCache } from '../../../src';
import { resource, resources, synth } from '../../synth';
import { applied, config, joinExisting, roles } from '../joined';

const ACCOUNT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/acme';

describe('the cache', () => {
  test('is a storage account without keys, for which the manager signs by its identity', () => {
    const { stack, runner } = joinExisting({ cache: RunnerCache.azureBlob({ storageAccountName: 'acmecache', containerName: 'jobs', retentionDays: 3 }) });
    const json = synth(stack);
    expect(resource(json, 'azurerm_storage_account')).toMatchObject({
      name: 'acmecache',
      resource_group_name: 'g',
      account_tier: 'Standard',
      account_replication_type: 'LRS',
      shared_access_key_enabled: false,
      default_to_oauth_authentication: true,
      min_tls_version: 'TLS1_2',
      allow_nested_items_to_be_public: false,
    });
    expect(resource(json, 'azurerm_storage_container')).toMatchObject({ name: 'jobs', storage_account_id: expect.stringMatching(/\.id\}$/) });
    expect(resource(json, 'azurerm_storage_management_policy').rule).toEqual([{
      name: 'expire-caches',
      enabled: true,
      filters: { blob_types: ['blockBlob'], prefix_match: ['jobs/'] },
      actions: { base_blob: { delete_after_days_since_modification_greater_than: 3 } },
    }]);
    // on the account: a role on the container alone cannot get the key that signs downloads.
    expect(roles(json)).toEqual([expect.stringMatching(/^Storage Blob Data Contributor: \$\{azurerm_storage_account\.Runner_Cache_\w+\.id\}$/)]);
    const [entry] = config(runner).runners;
    expect(entry.cache).toEqual({
      Type: 'azure',
      Shared: true,
      azure: { AccountName: expect.stringContaining('TfToken'), ContainerName: 'jobs', StorageDomain: 'blob.core.windows.net' },
    });
    expect(resource(json, 'azurerm_federated_identity_credential').subject).toMatch(/:gitlab-runner$/);
    expect(applied(json, 'ServiceAccount', 'gitlab-runner').metadata.annotations).toHaveProperty(['azure.workload.identity/client-id']);
    expect(applied(json, 'Deployment', 'gitlab-runner').spec.template.metadata.labels).toMatchObject({ 'azure.workload.identity/use': 'true' });
    expect(resource(json, 'helm_release').depends_on).toEqual(expect.arrayContaining([expect.stringMatching(/azurerm_role_assignment\.Runner_Identity_Cache/)]));
    // jobs have no identity, and so may have namespaces of their own
    expect(entry.kubernetes).not.toHaveProperty('pod_labels');
    expect(() => joinExisting({ cache: RunnerCache.azureBlob(), kubernetesSettings: { namespace_per_job: true } })).not.toThrow();
    expect(JSON.stringify(json)).not.toMatch(/AccountKey|access_key"/);
  });

  test('has a name that nobody else in Azure has', () => {
    const { stack } = joinExisting({ cache: RunnerCache.azureBlob() });
    expect(resource(synth(stack), 'azurerm_storage_account').name).toMatch(/^cache\$\{local\.Runner_Cache_UniqueSuffix_\w+\}$/);
  });

  test('can be there already', () => {
    const { stack, runner } = joinExisting({
      cache: RunnerCache.existingAzureBlob({ storageAccountName: 'acme', containerName: 'cache', storageAccountId: ACCOUNT }),
    });
    const json = synth(stack);
    expect(resources(json, 'azurerm_storage_account')).toEqual({});
    expect(roles(json)).toEqual([`Storage Blob Data Contributor: ${ACCOUNT}`]);
    expect(config(runner).runners[0].cache.azure.AccountName).toBe('acme');
  });

  test('can be left out', () => {
    const { stack, runner } = joinExisting({ cache: RunnerCache.none() });
    expect(resources(synth(stack), 'azurerm_storage_account')).toEqual({});
    expect(config(runner).runners[0]).not.toHaveProperty('cache');
  });
});
