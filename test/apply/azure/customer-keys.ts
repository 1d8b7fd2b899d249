// Keys of customers' in vaults, which accounts and database servers encrypt with as an identity of theirs.
// Not checked: the keys themselves, a vault's firewall, rotation, and what happens once a key is gone.
import { hasRole } from './authorization';
import { AzureError } from './azure-error';
import { Arm } from './core';
import { Resource } from './resource';

/** An account uses an identity of its own for the key, which may use it by then. */
export function checkAccountKey(arm: Arm, body: any): void {
  const { keySource, keyvaultproperties: key, identity } = body.properties.encryption ?? {};
  if (/^microsoft\.keyvault$/i.test(keySource ?? '')) {
    checkKey(arm, body, `${key?.keyvaulturi?.replace(/\/$/, '')}/keys/${key?.keyname}`, identity?.userAssignedIdentity);
  }
}

/** A database server has a key from the first day, or never; another one may take its place. */
export function checkServerKey(arm: Arm, body: any, before: Resource | undefined): void {
  const encryption = body.properties.dataEncryption;
  if (before && Boolean(before.properties.dataEncryption?.primaryKeyURI) !== Boolean(encryption?.primaryKeyURI)) {
    throw new AzureError(400, 'ServerDataEncryptionCannotChange', 'data encryption with a customer-managed key cannot be enabled or disabled later');
  }
  if (encryption?.primaryKeyURI) {
    checkKey(arm, body, encryption.primaryKeyURI, encryption.primaryUserAssignedIdentityId);
  }
}

function checkKey(arm: Arm, body: any, url: string, identityId: string | undefined): void {
  const user = Object.keys(body.identity?.userAssignedIdentities ?? {}).find((id) => id.toLowerCase() === identityId?.toLowerCase());
  const [, vaultUri, keyName] = /^(https:\/\/[^/]+)\/keys\/([^/]+)\/?$/.exec(url) ?? [];
  const vault = arm.list('Microsoft.KeyVault/vaults').find(({ properties }) => properties.vaultUri.replace(/\/$/, '') === vaultUri);
  if (!user || !vault?.properties.enablePurgeProtection) {
    throw new AzureError(400, 'InvalidCustomerManagedKey', `${url} needs an identity of what it encrypts, and a vault with purge protection`);
  }
  if (!hasRole(arm, arm.find(user)?.properties.principalId, ['Key Vault Crypto Service Encryption User'], `${vault.id}/keys/${keyName}`, 0)) {
    throw new AzureError(403, 'KeyVaultAuthenticationFailure', `${user} may not use the key ${keyName} of ${vault.id}`);
  }
}
