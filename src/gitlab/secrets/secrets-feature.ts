import { literalSecrets } from './secret-keys';
import { secretReferences } from './secret-references';
import { secretsSetUp } from './secrets-set-up';
import { Together } from '../../private/rules/rule';
import { timeOfDay, trueOrFalse } from '../../private/rules/scalars';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { warn } from '../../warnings/private/warn';
import { Feature } from '../private/feature';
import { SelfHostedGitLabProps } from '../self-hosted-gitlab-props';

const refuseLiteralSecrets: Together<SelfHostedGitLabProps> = (at, { omnibusSettings, literalSecretsAllowed }) => {
  const [path] = literalSecretsAllowed ? [] : literalSecrets(omnibusSettings ?? {});
  if (path !== undefined) {
    throw new ValidationError(at('omnibusSettings').where, {
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
        const found = literalSecrets(omnibusSettings);
        if (found.length > 0) {
          warn(scope, 'secrets-in-omnibus-settings', {
            prop: 'literalSecretsAllowed', reason: `the Terraform state and the machine's run commands contain the values of ${found.join(', ')}`,
            remedy: 'give each as KeyVaultSecret.of()',
          });
        }
      },
      create: () => ({
        vaultReaders: secretReferences(omnibusSettings).map(({ secret: { _keyVaultId: vaultId } }, index) => ({ id: readerId(vaultId, index), vaultId })),
        setUp: secretsSetUp(secretReloadTime),
      }),
    };
  },
} satisfies Feature;

/** By the vault, so that one secret more or less leaves the other vaults' roles alone. */
function readerId(vaultId: string, index: number): string {
  const name = known(vaultId) ? vaultId.split('/')[8].toLowerCase() : String(index);
  return `SecretReader-${name}`;
}
