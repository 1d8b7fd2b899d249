import { instanceOf, textHidden } from '../../private/rules/objects';
import { Rule } from '../../private/rules/rule';
import { KeyVaultSecret } from '../key-vault-secret';

/** A secret in a Key Vault; the secret itself, given in its place by mistake, is not shown. */
export function keyVaultSecret(): Rule<KeyVaultSecret> {
  return textHidden(instanceOf(KeyVaultSecret, 'KeyVaultSecret.of(keyVaultId, secretName)'), 'not a KeyVaultSecret');
}
