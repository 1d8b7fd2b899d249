import { StorageAccount } from '@cdktf/provider-azurerm/lib/storage-account';
import { StorageContainer } from '@cdktf/provider-azurerm/lib/storage-container';
import { StorageManagementPolicy } from '@cdktf/provider-azurerm/lib/storage-management-policy';
import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { AzureBlobCacheOptions } from './runner-cache-options';
import { IAksCluster } from '../../aks/cluster';
import { KeyUser } from '../../azure/access/key-user';
import { partName, platformName } from '../../azure/names/part-names';
import { createPrivateEndpoint } from '../../azure/network/private-endpoint';
import { storageTags } from '../../azure/private/tags';
import { AzureContext } from '../../azure/provider/azure-context';
import { accountEncryption } from '../../azure/storage/account-encryption';
import { keylessAccount } from '../../azure/storage/keyless-account';
import { defaultName } from '../../private/default-name';

const DEFAULT_CONTAINER = 'runner-cache';
const DEFAULT_EXPIRATION_DAYS = 14;

/** A storage account without keys for the caches of jobs, and the rule that deletes old ones. */
export class BlobCache extends Construct {
  public readonly accountId: string;
  public readonly accountName: string;
  public readonly containerName: string;
  /** What has to be applied before jobs reach the account. */
  public readonly ready: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, cluster: IAksCluster, options: AzureBlobCacheOptions) {
    super(scope, id);
    const azure = AzureContext.of(this);
    this.containerName = options.containerName ?? DEFAULT_CONTAINER;

    const placement = { resourceGroupName: cluster.resourceGroupName, location: cluster.location, tags: storageTags(this, cluster.tags) };
    const keyUser = options.customerManagedKey && new KeyUser(this, 'Encryption', {
      placement: { ...placement, tags: cluster.tags }, key: options.customerManagedKey,
      identityName: partName(this, 'identity', defaultName(this, 128, '-encryption-identity'), 'encryption'),
    });
    const account = new StorageAccount(this, 'Resource', {
      name: options.storageAccountName ?? platformName(this, 'storageAccount', 'cache') ?? azure.uniqueName(this, 'cache'),
      ...placement,
      ...keylessAccount(options.privateEndpoints !== undefined),
      accountReplicationType: 'LRS',
      ...accountEncryption(keyUser),
    });
    // by the account's id, so that Azure Resource Manager makes it; the data plane would ask for roles of the deployer's.
    new StorageContainer(this, 'Container', { name: this.containerName, storageAccountId: account.id });
    new StorageManagementPolicy(this, 'Expiry', {
      storageAccountId: account.id,
      rule: [{
        name: 'expire-caches',
        enabled: true,
        filters: { blobTypes: ['blockBlob'], prefixMatch: [`${this.containerName}/`] },
        actions: { baseBlob: { deleteAfterDaysSinceModificationGreaterThan: options.retentionDays ?? DEFAULT_EXPIRATION_DAYS } },
      }],
    });
    if (options.privateEndpoints) {
      this.ready.push(createPrivateEndpoint(this, options.privateEndpoints, { placement, targetId: account.id, targetName: account.name, kind: 'blob', role: 'cache' }));
    }
    this.accountId = account.id;
    this.accountName = account.name;
  }
}
