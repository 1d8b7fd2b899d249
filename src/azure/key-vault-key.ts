import { armId, keyVaultObjectName } from './private/rules';
import { takeValue } from '../private/rules/rule';

/**
 * A customer-managed key: an RSA key that you put into your Key Vault before the apply. Azure encrypts with its newest version, so that you can
 * rotate it.
 *
 * The vault must use Azure RBAC, not access policies, have purge protection, and let trusted services past its firewall; it must be in the
 * subscription of what is encrypted. If the key is lost, so is the data.
 *
 * @see https://learn.microsoft.com/azure/storage/common/customer-managed-keys-overview
 * @example
 * new SelfHostedGitLab(stack, 'GitLab', {
 *   location: 'koreacentral',
 *   backup: {},
 *   customerManagedKey: KeyVaultKey.of(mailVaultId, 'gitlab'),
 * });
 */
export class KeyVaultKey {
  /**
   * A key by its vault and its name.
   * @param keyVaultId the ARM id of the Key Vault.
   * @param keyName the key's name: letters, digits and `-`, at most 127.
   */
  static of(keyVaultId: string, keyName: string): KeyVaultKey {
    const where = 'KeyVaultKey.of';
    return new KeyVaultKey(
      takeValue(where, 'keyVaultId', keyVaultId, armId('Microsoft.KeyVault/vaults')),
      takeValue(where, 'keyName', keyName, keyVaultObjectName()),
    );
  }

  private constructor(
    /** @internal */
    public readonly _keyVaultId: string,
    /** @internal */
    public readonly _keyName: string,
  ) {}
}
