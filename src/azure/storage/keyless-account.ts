/** What every storage account of this library is like: no keys, nothing public, each call by a role. */
const KEYLESS = {
  accountKind: 'StorageV2',
  accountTier: 'Standard',
  sharedAccessKeyEnabled: false,
  defaultToOauthAuthentication: true,
  minTlsVersion: 'TLS1_2',
  allowNestedItemsToBePublic: false,
  crossTenantReplicationEnabled: false,
  allowedCopyScope: 'AAD',
} as const;

/** The arguments of a storage account without keys. @param closed to all but its private endpoints */
export function keylessAccount(closed: boolean) {
  return {
    ...KEYLESS,
    publicNetworkAccessEnabled: closed ? false : undefined,
    // said of open accounts too: Azure keeps the rules that a plan leaves out, and an account that is opened again would stay shut. No other service of
    // Azure's comes to it, and the provider takes AzureServices, which is Azure's default, for no rules at all.
    networkRules: { defaultAction: closed ? 'Deny' : 'Allow', bypass: ['None'] },
  };
}
