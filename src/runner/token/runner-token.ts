import { TerraformVariable } from 'cdktf';
import { RunnerKeyVaultSecretOptions } from './runner-key-vault-secret';
import { checkGrant, KEY_VAULT_SECRET, REGISTRATION, relativePath, secretKey, sensitiveVariable, volumeSource } from './token-rules';
import { TokenSource } from './token-source';
import { keyVaultSecret } from '../../azure/access/key-vault-secret-rules';
import { vaultName } from '../../azure/access/vault-name';
import { KeyVaultSecret } from '../../azure/key-vault-secret';
import { GitLabRunnerOptions } from '../../gitlab/gitlab-server';
import { refuseRunnerWithoutJobs } from '../../gitlab/runners/runner-options-rules';
import { objectName } from '../../kubernetes/private/rules';
import { instanceOf, textHidden } from '../../private/rules/objects';
import { also, Rule, takeOptional, takeProps, takeValue } from '../../private/rules/rule';
import { refusal } from '../../private/rules/subject';

/**
 * Where a runner's authentication token (`glrt-…`) comes from. It is mounted into the manager's pod and reloaded when it changes, without
 * losing a job. What GitLab stores about the runner (its tags, whether it is paused, …) was set when the token was created.
 *
 * @see https://docs.gitlab.com/security/tokens/#runner-authentication-tokens
 * @example
 * new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, token: RunnerToken.kubernetesSecret('runner-token') });
 */
export class RunnerToken {
  /** The joined GitLab creates the runner and stores its token in a Key Vault. Available with `KubernetesGitLabRunner` only. */
  static fromGitlab(): RunnerToken {
    return new RunnerToken({ kind: 'gitlab' });
  }

  /**
   * A secret in a Key Vault, mounted by the Azure provider of the Secrets Store CSI driver. It is never stored in Kubernetes.
   * @param secret the secret that holds the authentication token (`glrt-…`).
   * @see https://learn.microsoft.com/azure/aks/csi-secrets-store-driver
   */
  static keyVaultSecret(secret: KeyVaultSecret, options: RunnerKeyVaultSecretOptions = {}): RunnerToken {
    const where = 'RunnerToken.keyVaultSecret';
    const { _keyVaultId: keyVaultId, _secretName: secretName } = takeValue(where, 'secret', secret, keyVaultSecret());
    const { roleAssignmentEnabled, ...given } = takeProps(where, 'options', options, KEY_VAULT_SECRET, checkGrant);
    return new RunnerToken({ ...given, kind: 'vault', keyVaultName: vaultName(keyVaultId), keyVaultId: roleAssignmentEnabled === false ? undefined : keyVaultId, secretName });
  }

  /**
   * An existing Kubernetes Secret in the manager's namespace.
   * @param name the Secret's name.
   * @param key the key in the Secret; defaults to `runner-token`, as in GitLab's Helm chart.
   */
  static kubernetesSecret(name: string, key?: string): RunnerToken {
    const where = 'RunnerToken.kubernetesSecret';
    return new RunnerToken({
      kind: 'secret', name: takeValue(where, 'name', name, objectName()), key: takeOptional(where, 'key', key, secretKey()) ?? 'runner-token',
    });
  }

  /**
   * A file in any type of Kubernetes volume.
   * @param volume the volume as in a pod, without its name, such as `{ csi: { driver: … } }`.
   * @param fileName the file in the volume.
   */
  static volume(volume: { [key: string]: any }, fileName: string): RunnerToken {
    const where = 'RunnerToken.volume';
    return new RunnerToken({
      kind: 'volume', volume: takeValue(where, 'volume', volume, volumeSource()), fileName: takeValue(where, 'fileName', fileName, relativePath()),
    });
  }

  /**
   * A Terraform variable, which must be `sensitive`. The token is stored in the Terraform state, in Helm's release records and in a
   * Kubernetes Secret. Gives a warning.
   */
  static terraformVariable(variable: TerraformVariable): RunnerToken {
    return new RunnerToken({ kind: 'variable', variable: takeValue('RunnerToken.terraformVariable', 'variable', variable, sensitiveVariable()) });
  }

  /**
   * A registration token. The manager registers a runner with it at each start, and removes the runner at each orderly stop. GitLab disables
   * registration tokens unless an administrator allows them, and will remove them in 20.0. Gives a warning.
   * @param token where the registration token comes from; neither `fromGitlab` nor another registration token.
   * @param options what GitLab stores about the runner.
   * @see https://docs.gitlab.com/ci/runners/new_creation_workflow/
   */
  static legacyRegistrationToken(token: RunnerToken, options: GitLabRunnerOptions = {}): RunnerToken {
    const where = 'RunnerToken.legacyRegistrationToken';
    const { _source: source } = takeValue(where, 'token', token, registrationToken());
    const taken = takeProps(where, 'options', options, REGISTRATION, refuseRunnerWithoutJobs);
    return new RunnerToken({ kind: 'registration', token: source, options: taken });
  }

  /** @internal */
  public readonly _source: TokenSource;

  private constructor(source: TokenSource) {
    this._source = source;
  }
}

/** Where a registration token may come from. */
function registrationToken(): Rule<RunnerToken> {
  const rule = textHidden(instanceOf(RunnerToken, 'RunnerToken.keyVaultSecret(), kubernetesSecret(), volume() or terraformVariable()'), 'not a RunnerToken');
  return also(rule, (subject, { _source: { kind } }) => {
    if (kind === 'gitlab' || kind === 'registration') {
      throw refusal(subject, 'not a source of a registration token', kind, `give ${rule.expected}`);
    }
  });
}
