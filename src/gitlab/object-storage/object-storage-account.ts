import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import { Construct } from 'constructs';
import { objectContainers, ObjectStoragePlan } from './object-storage';
import { KeyUser } from '../../azure/access/key-user';
import { Placement } from '../../azure/place/placement';
import { PrivateEndpoints } from '../../azure/private-endpoints';
import { BlobStorage } from '../../azure/storage/blob-storage';

export interface ObjectStorageAccountProps {
  readonly placement: Placement;
  readonly accountName: string;
  readonly role: string;
  readonly identityName: string;
  readonly objectStorage: ObjectStoragePlan;
  readonly preventDestroy: boolean;
  readonly privateEndpoints?: PrivateEndpoints;
  readonly keyUser?: KeyUser;
}

/** Where GitLab's objects go, and an identity that opens nothing else: GitLab itself may ask for its tokens, and for no others. */
export class ObjectStorageAccount extends BlobStorage {
  public readonly identityId: string;
  public readonly identityClientId: string;

  constructor(scope: Construct, id: string, { objectStorage, identityName, ...props }: ObjectStorageAccountProps) {
    const identity = new UserAssignedIdentity(scope, `${id}Identity`, { ...props.placement, name: identityName });
    super(scope, id, { ...objectStorage, ...props, containers: objectContainers(), principalId: identity.principalId });
    this.identityId = identity.id;
    this.identityClientId = identity.clientId;
  }
}
