import { SecretFrom } from './secret-from';
import { keyVaultSecret } from '../../azure/access/key-vault-secret-rules';
import { vaultName } from '../../azure/access/vault-name';
import { KeyVaultSecret } from '../../azure/key-vault-secret';
import { objectName } from '../../kubernetes/private/rules';
import { takeValue } from '../../private/rules/rule';
import { secretKey } from '../token/token-rules';

/**
 * A secret that the manager or its jobs use, by where it is. Its value is neither in the program nor in Terraform's state, nor in a ConfigMap.
 *
 * @example
 * new KubernetesGitLabRunner(stack, 'Signing', {
 *   gitlab,
 *   cluster,
 *   environmentSecrets: { SIGNING_KEY: RunnerSecret.kubernetesSecret('signing', 'key') },
 * });
 */
export class RunnerSecret {
  /**
   * A secret in a Key Vault, which the Secrets Store CSI driver mounts into the manager's pod. Available with `KubernetesGitLabRunner`
   * only.
   * @see https://learn.microsoft.com/azure/aks/csi-secrets-store-driver
   */
  static keyVaultSecret(secret: KeyVaultSecret): RunnerSecret {
    const { _keyVaultId: keyVaultId, _secretName: secretName } = takeValue('RunnerSecret.keyVaultSecret', 'secret', secret, keyVaultSecret());
    return new RunnerSecret({ kind: 'vault', keyVaultName: vaultName(keyVaultId), keyVaultId, secretName });
  }

  /**
   * An existing Kubernetes Secret: in the jobs' namespace for `environmentSecrets`, in the manager's namespace for everything else.
   * @param name the Secret's name.
   * @param key the key in the Secret.
   */
  static kubernetesSecret(name: string, key: string): RunnerSecret {
    const where = 'RunnerSecret.kubernetesSecret';
    return new RunnerSecret({ kind: 'secret', name: takeValue(where, 'name', name, objectName()), key: takeValue(where, 'key', key, secretKey()) });
  }

  /** @internal */
  public readonly _source: SecretFrom;

  private constructor(source: SecretFrom) {
    this._source = source;
  }
}
