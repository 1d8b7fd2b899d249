import { armId, keyVaultObjectName } from './private/rules';
import { takeValue } from '../private/rules/rule';

/**
 * A secret that you put into your Key Vault before the apply. Its value is neither in the program nor in Terraform's plan or state: whatever
 * needs it reads it from the vault with a managed identity.
 *
 * The vault must use Azure RBAC, not access policies, and its firewall must let the reader in.
 *
 * @see https://learn.microsoft.com/azure/key-vault/general/rbac-guide
 * @example
 * new SelfHostedGitLab(stack, 'GitLab', {
 *   location: 'koreacentral',
 *   endpoint: GitLabEndpoint.certificateFromKeyVault('gitlab.example.com', KeyVaultSecret.of(mailVaultId, 'gitlab')),
 * });
 */
export class KeyVaultSecret {
  /**
   * A secret by its vault and its name.
   * @param keyVaultId the ARM id of the Key Vault.
   * @param secretName the secret's name: letters, digits and `-`, at most 127. A certificate of a vault can be read as the secret of its name.
   */
  static of(keyVaultId: string, secretName: string): KeyVaultSecret {
    const where = 'KeyVaultSecret.of';
    return new KeyVaultSecret(
      takeValue(where, 'keyVaultId', keyVaultId, armId('Microsoft.KeyVault/vaults')),
      takeValue(where, 'secretName', secretName, keyVaultObjectName()),
    );
  }

  private constructor(
    /** @internal */
    public readonly _keyVaultId: string,
    /** @internal */
    public readonly _secretName: string,
  ) {}
}
