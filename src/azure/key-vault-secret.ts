import { SecretForm } from './access/secret-form';
import { armId, keyVaultObjectName } from './private/rules';
import { takeOptional, takeValue } from '../private/rules/rule';
import { text } from '../private/rules/scalars';

/**
 * A secret that you put into your Key Vault before the apply. Its value is neither in the program nor in Terraform's plan or state:
 * whatever needs it reads it from the vault with a managed identity, which is granted the role "Key Vault Secrets User" there.
 *
 * The vault must use Azure RBAC, not access policies, and its firewall must let the reader in.
 *
 * In `omnibusSettings` a secret can stand wherever a text can, at any depth. `asJson`, `asInteger`, `asPath`, `inText` and `inUrl` say how
 * its value is written there; no other prop takes what they return.
 *
 * @see https://learn.microsoft.com/azure/key-vault/general/rbac-guide
 * @example
 * new SelfHostedGitLab(stack, 'GitLab', {
 *   location: 'koreacentral',
 *   omnibusSettings: { gitlab_rails: { incoming_email_password: KeyVaultSecret.of(mailVaultId, 'incoming-email-password') } },
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
      { kind: 'text' },
    );
  }

  private constructor(
    /** @internal */
    public readonly _keyVaultId: string,
    /** @internal */
    public readonly _secretName: string,
    /** @internal */
    public readonly _form: SecretForm,
  ) {}

  /** In `omnibusSettings`, the map or list that the value holds as JSON: a whole LDAP server, or the connection of an object store. */
  public asJson(): KeyVaultSecret {
    return this.formed({ kind: 'json' });
  }

  /** In `omnibusSettings`, the whole number that the value holds as decimal digits. */
  public asInteger(): KeyVaultSecret {
    return this.formed({ kind: 'integer' });
  }

  /** In `omnibusSettings`, the path of a file with the value, byte for byte, for keys that want a file. GitLab's user `git` can read the file. */
  public asPath(): KeyVaultSecret {
    return this.formed({ kind: 'path' });
  }

  /**
   * In `omnibusSettings`, the value within a text.
   * @param prefix the text before the value.
   * @param suffix the text after it; defaults to none.
   */
  public inText(prefix: string, suffix?: string): KeyVaultSecret {
    return this.formed({ kind: 'text', ...this.affixes('inText', prefix, suffix) });
  }

  /**
   * In `omnibusSettings`, the value within a URL, percent-encoded: `secret.inUrl('rediss://:', '@redis.example.com:6380')`.
   * @param prefix the URL before the value.
   * @param suffix the URL after it; defaults to none.
   */
  public inUrl(prefix: string, suffix?: string): KeyVaultSecret {
    return this.formed({ kind: 'url', ...this.affixes('inUrl', prefix, suffix) });
  }

  private formed(form: SecretForm): KeyVaultSecret {
    return new KeyVaultSecret(this._keyVaultId, this._secretName, form);
  }

  private affixes(method: string, prefix: string, suffix: string | undefined): { prefix: string; suffix: string } {
    const where = `KeyVaultSecret.${method}`;
    return { prefix: takeValue(where, 'prefix', prefix, text('text')), suffix: takeOptional(where, 'suffix', suffix, text('text')) ?? '' };
  }
}
