import { SecretVault } from '../../azure/access/secret-vault';
import { objectIds } from '../../azure/private/rules';
import { known } from '../../private/rules/subject';
import { Feature, FeatureOutput } from '../private/feature';
import { ROOT_PASSWORD_SECRET } from '../set-up/bootstrap';

/** Who may read the first password of `root`, and how. */
export const ROOT_PASSWORD_FEATURE = {
  rules: { secretReaderObjectIds: objectIds() },
  plan: ({ secretReaderObjectIds = [] }) => ({
    create({ serverVault }) {
      grantReaders(serverVault, secretReaderObjectIds);
      return { outputs: outputs(serverVault, secretReaderObjectIds.length > 0) };
    },
  }),
} satisfies Feature;

function grantReaders(vault: SecretVault, readers: readonly string[]): void {
  // named after the person, so that one more or less leaves the others' roles alone.
  readers.forEach((objectId, index) => {
    const reader = known(objectId) ? objectId.toLowerCase() : objectId;
    vault.grantReader(`Administrator${known(objectId) ? reader : index}`, reader);
  });
}

function outputs({ vaultId, vaultName }: SecretVault, hasReaders: boolean): FeatureOutput[] {
  const grant = {
    id: 'RootPasswordGrantCommand',
    description: 'Lets you read the first password; it takes some minutes to have effect.',
    value: `az role assignment create --role "Key Vault Secrets User" --scope ${vaultId} --assignee "$(az ad signed-in-user show --query id --output tsv)"`,
  };
  return [{
    id: 'RootPasswordCommand',
    description: 'Shows the first password of the user "root".',
    value: `az keyvault secret show --vault-name ${vaultName} --name ${ROOT_PASSWORD_SECRET} --query value --output tsv`,
  }, ...hasReaders ? [] : [grant]];
}
