import { StorageAccount } from '@cdktf/provider-azurerm/lib/storage-account';
import { StorageContainer } from '@cdktf/provider-azurerm/lib/storage-container';
import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { accountEncryption } from './account-encryption';
import { keylessAccount } from './keyless-account';
import { KeyUser } from '../access/key-user';
import { assignIdentityRole } from '../access/role-assignment';
import { AzureRole } from '../azure-role';
import { createPrivateEndpoint } from '../network/private-endpoint';
import { Placement } from '../place/placement';
import { storageTags } from '../private/tags';
import { PrivateEndpoints } from '../private-endpoints';
import { StorageReplication } from '../storage-replication';

export interface BlobStorageProps {
  readonly placement: Placement;
  readonly accountName: string;
  /** What the account is for, in names of what belongs to it. */
  readonly role: string;
  /** Names by the ids of their constructs, which stay when a name changes: only so does `preventDestroy` see it. */
  readonly containers: { readonly [id: string]: string };
  readonly replication: StorageReplication;
  /** How long what was deleted or overwritten can be brought back. */
  readonly deletedRetentionDays: number;
  readonly preventDestroy: boolean;
  /** The object id of the managed identity that reads and writes all of it. */
  readonly principalId: string;
  /** Who encrypts with a key of the user's. */
  readonly keyUser?: KeyUser;
  /** Closes the account to the Internet. */
  readonly privateEndpoints?: PrivateEndpoints;
}

/** A storage account without keys for data that nobody wants to lose, which one identity gets into. */
export class BlobStorage extends Construct {
  public readonly accountId: string;
  public readonly accountName: string;
  /** What has to be there before the identity can use the account. */
  public readonly usable: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: BlobStorageProps) {
    super(scope, id);
    const days = props.deletedRetentionDays;
    const lifecycle = { preventDestroy: props.preventDestroy };
    const account = new StorageAccount(this, 'Resource', {
      ...props.placement,
      name: props.accountName,
      tags: storageTags(this, props.placement.tags),
      ...keylessAccount(props.privateEndpoints !== undefined),
      accountReplicationType: props.replication,
      // the identity's role ends where old versions begin: a stolen server cannot destroy what it has written.
      blobProperties: { versioningEnabled: true, deleteRetentionPolicy: { days }, containerDeleteRetentionPolicy: { days } },
      ...accountEncryption(props.keyUser, lifecycle),
    });
    const containers = Object.entries(props.containers).map(([containerId, name]) =>
      // by the account's id, so that Azure Resource Manager makes it; the data plane would ask for roles of the deployer's.
      new StorageContainer(this, containerId, { name, storageAccountId: account.id, lifecycle }));
    const role = assignIdentityRole(this, 'Server', AzureRole.STORAGE_BLOB_DATA_CONTRIBUTOR, account.id, props.principalId);
    this.accountId = account.id;
    this.accountName = account.name;
    this.usable = [...containers, role];
    if (props.privateEndpoints) {
      const { placement, accountName: targetName } = props;
      this.usable.push(createPrivateEndpoint(this, props.privateEndpoints, { placement, targetId: account.id, targetName, kind: 'blob', role: props.role }));
    }
  }
}
