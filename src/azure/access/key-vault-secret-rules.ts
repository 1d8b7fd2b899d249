import { instanceOf, textHidden } from '../../private/rules/objects';
import { also, Rule } from '../../private/rules/rule';
import { InWords, ValidationError } from '../../private/validation-error';
import { KeyVaultSecret } from '../key-vault-secret';

const EXPECTED = 'KeyVaultSecret.of(keyVaultId, secretName)';

/** A secret in a Key Vault as it is; the secret itself, given in its place by mistake, is not shown. */
export function keyVaultSecret(): Rule<KeyVaultSecret> {
  return textHidden(also(instanceOf(KeyVaultSecret, EXPECTED), ({ where, prop }, { _form: { kind, prefix } }) => {
    if (kind !== 'text' || prefix !== undefined) {
      throw new ValidationError(where, {
        prop, problem: 'only omnibusSettings takes another form of a secret', got: new InWords(kind === 'text' ? 'a secret within a text' : `a secret as ${kind}`), remedy: `give ${EXPECTED}`,
      });
    }
  }), 'not a KeyVaultSecret');
}
