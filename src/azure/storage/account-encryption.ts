import { KeyUser } from '../access/key-user';

/** Decided when an account is made: what an account has, it keeps. */
const FIXED = {
  infrastructureEncryptionEnabled: true,
  // else a key of the user's would be for blobs alone, which policies refuse.
  queueEncryptionKeyType: 'Account',
  tableEncryptionKeyType: 'Account',
} as const;
const IGNORED = ['infrastructure_encryption_enabled', 'queue_encryption_key_type', 'table_encryption_key_type'];

/** The arguments by which a storage account is encrypted twice, with a key of the user's or else Azure's own. */
export function accountEncryption(keyUser: KeyUser | undefined, lifecycle: { readonly preventDestroy?: boolean } = {}) {
  return {
    ...FIXED,
    ...keyUser && {
      identity: { type: 'UserAssigned', identityIds: [keyUser.identityId] },
      customerManagedKey: { keyVaultKeyId: keyUser.keyUrl, userAssignedIdentityId: keyUser.identityId },
      dependsOn: keyUser.ready,
    },
    lifecycle: { ...lifecycle, ignoreChanges: IGNORED },
  };
}
