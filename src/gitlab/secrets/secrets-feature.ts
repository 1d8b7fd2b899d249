import { secretsSetUp } from './secrets-set-up';
import { vaultName } from '../../azure/access/vault-name';
import { KeyVaultSecret } from '../../azure/key-vault-secret';
import { Together } from '../../private/rules/rule';
import { timeOfDay, trueOrFalse } from '../../private/rules/scalars';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { warn } from '../../warnings/private/warn';
import { secretReferences } from '../gitlab-rb/secret-references';
import { Feature, VaultReader } from '../private/feature';
import { SelfHostedGitLabProps } from '../self-hosted-gitlab-props';
import { literalSecrets } from '../set-up/secret-keys';

const refuseLiteralSecrets: Together<SelfHostedGitLabProps> = (at, { omnibusSettings, literalSecretsAllowed }) => {
  const { where } = at('omnibusSettings');
  const [path] = literalSecretsAllowed ? [] : literalSecrets(omnibusSettings ?? {}, typeof where === 'string' ? undefined : where);
  if (path !== undefined) {
    throw new ValidationError(where, {
      prop: `omnibusSettings.${path}`,
      problem: 'a secret, which the Terraform state and the machine\'s run commands would contain',
      got: '(hidden)',
      remedy: 'give KeyVaultSecret.of(keyVaultId, secretName), or set literalSecretsAllowed to true',
    });
  }
};

/** Secrets from the user's Key Vaults in gitlab.rb. Those that other features write there are fetched too. */
export const SECRETS_FEATURE = {
  rules: {
    literalSecretsAllowed: trueOrFalse(),
    secretReloadTime: timeOfDay('a time of day in UTC such as "03:00"'),
  },
  together: refuseLiteralSecrets,
  plan({ omnibusSettings = {}, secretReloadTime = '03:00' }) {
    return {
      warn(scope) {
        const found = literalSecrets(omnibusSettings, scope);
        if (found.length > 0) {
          warn(scope, 'secrets-in-omnibus-settings', {
            prop: 'literalSecretsAllowed', reason: `the Terraform state and the machine's run commands contain the values of ${found.join(', ')}`,
            remedy: 'give each as KeyVaultSecret.of()',
          });
        }
      },
      create: () => ({
        vaultReaders: secretReferences(omnibusSettings).map(({ secret }, index) => vaultReader(secret, index)),
        setUp: secretsSetUp(secretReloadTime),
      }),
    };
  },
} satisfies Feature;

/** Named by the vault, so that one secret more or less leaves the other vaults' roles alone. */
function vaultReader({ _keyVaultId: vaultId }: KeyVaultSecret, index: number): VaultReader {
  return { id: `SecretReader-${known(vaultId) ? vaultName(vaultId).toLowerCase() : index}`, vaultId };
}
