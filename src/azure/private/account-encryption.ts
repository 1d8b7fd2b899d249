import { KeyUser } from './key-user';

/** Decided when an account is made, and of no weight for blobs: what an account has, it keeps. */
const FIXED = ['queue_encryption_key_type', 'table_encryption_key_type'];

/** The arguments by which a storage account is encrypted with a key of the user's, with Azure's own if there is none. */
export function accountEncryption(keyUser: KeyUser | undefined, lifecycle: { readonly preventDestroy?: boolean } = {}) {
  return {
    ...keyUser && {
      identity: { type: 'UserAssigned', identityIds: [keyUser.identityId] },
      customerManagedKey: { keyVaultKeyId: keyUser.keyUrl, userAssignedIdentityId: keyUser.identityId },
      // else Azure would keep keys of its own for these, which policies refuse.
      queueEncryptionKeyType: 'Account',
      tableEncryptionKeyType: 'Account',
      dependsOn: keyUser.ready,
    },
    lifecycle: { ...lifecycle, ignoreChanges: FIXED },
  };
}
