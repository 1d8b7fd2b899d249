import { AzureBlobCacheOptions, ExistingAzureBlobCacheOptions } from './runner-cache-options';
import { privateEndpoints } from '../../azure/private/private-endpoints-rule';
import { armId, storageAccountName, storageContainerName } from '../../azure/private/rules';
import { required, Rules } from '../../private/rules/rule';
import { integer, text, trueOrFalseSetting } from '../../private/rules/scalars';

export const AZURE_BLOB_CACHE: Rules<AzureBlobCacheOptions> = {
  storageAccountName: storageAccountName(),
  containerName: storageContainerName(),
  retentionDays: integer(1, 3650),
  privateEndpoints: privateEndpoints(),
  shared: trueOrFalseSetting(),
};

export const EXISTING_AZURE_BLOB_CACHE: Rules<ExistingAzureBlobCacheOptions> = {
  storageAccountName: required(storageAccountName()),
  containerName: required(storageContainerName()),
  storageAccountId: armId('Microsoft.Storage/storageAccounts'),
  storageDomain: text('a host such as "blob.core.windows.net"', /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/),
  shared: trueOrFalseSetting(),
};
