/** What every storage account of this library is like: no keys, nothing public, each call by a role. */
export const KEYLESS = {
  accountKind: 'StorageV2',
  accountTier: 'Standard',
  sharedAccessKeyEnabled: false,
  defaultToOauthAuthentication: true,
  minTlsVersion: 'TLS1_2',
  allowNestedItemsToBePublic: false,
  crossTenantReplicationEnabled: false,
} as const;
