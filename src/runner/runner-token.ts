import { TerraformVariable } from 'cdktf';
import { KEY_VAULT_SECRET, REGISTRATION, relativePath, secretKey, sensitiveVariable, volumeSource } from './private/token-rules';
import { TokenSource } from './private/token-source';
import { GitLabRunnerOptions } from '../gitlab/gitlab-server';
import { refuseRunnerWithoutJobs } from '../gitlab/private/runner-options-rules';
import { objectName } from '../kubernetes/private/rules';
import { isOne } from '../private/own-class';
import { refuseStranger, shown } from '../private/rules/objects';
import { takeOptional, takeProps, takeValue } from '../private/rules/rule';
import { ValidationError } from '../private/validation-error';

/** A secret in an Azure Key Vault. */
export interface RunnerKeyVaultSecretOptions {
  /** The vault's name. */
  readonly keyVaultName: string;

  /** The secret that holds the authentication token (`glrt-…`). */
  readonly secretName: string;

  /**
   * The vault's ARM id. With it `KubernetesGitLabRunner` lets the manager read the vault's secrets.
   * @default - none: the manager's identity has the role `Key Vault Secrets User` already
   */
  readonly keyVaultId?: string;

  /**
   * The vault's Entra tenant, a UUID. A chart without `KubernetesGitLabRunner` needs it.
   * @default - the cluster's tenant
   */
  readonly tenantId?: string;

  /**
   * The client id of the managed identity that reads the vault, a UUID. A chart without `KubernetesGitLabRunner` needs it.
   * @default - the identity that `KubernetesGitLabRunner` makes
   */
  readonly clientId?: string;

  /**
   * A secret of the same vault that holds the certificate of the authority which signed GitLab's certificate, PEM.
   * @default - none
   */
  readonly caSecretName?: string;
}

/**
 * Where a runner's authentication token (`glrt-…`) comes from. It is mounted into the manager's pod and read again when it changes; no job
 * is lost then. What GitLab knows of the runner (tags, whether it is paused, …) was set when the token was made.
 *
 * @see https://docs.gitlab.com/security/tokens/#runner-authentication-tokens
 */
export class RunnerToken {
  /** The joined GitLab makes the runner and leaves its token in a Key Vault. Only `KubernetesGitLabRunner` can use it. */
  static fromGitlab(): RunnerToken {
    return new RunnerToken({ kind: 'gitlab' });
  }

  /**
   * A secret in a Key Vault, mounted by the Secrets Store CSI driver's Azure provider. It never reaches Kubernetes' own storage.
   * @see https://learn.microsoft.com/azure/aks/csi-secrets-store-driver
   */
  static keyVaultSecret(options: RunnerKeyVaultSecretOptions): RunnerToken {
    return new RunnerToken({ ...takeProps('RunnerToken.keyVaultSecret', 'options', options, KEY_VAULT_SECRET), kind: 'vault' });
  }

  /**
   * A Kubernetes Secret in the manager's namespace, made by somebody else.
   * @param name the Secret's name.
   * @param key the key in it; `runner-token` if left out, as in GitLab's Helm chart.
   */
  static kubernetesSecret(name: string, key?: string): RunnerToken {
    const where = 'RunnerToken.kubernetesSecret';
    return new RunnerToken({
      kind: 'secret', name: takeValue(where, 'name', name, objectName()), key: takeOptional(where, 'key', key, secretKey()) ?? 'runner-token',
    });
  }

  /**
   * A file in any volume that Kubernetes knows.
   * @param volume the volume as in a pod, without its name, such as `{ csi: { driver: … } }`.
   * @param fileName the file in it.
   */
  static volume(volume: { [key: string]: any }, fileName: string): RunnerToken {
    const where = 'RunnerToken.volume';
    return new RunnerToken({
      kind: 'volume', volume: takeValue(where, 'volume', volume, volumeSource()), fileName: takeValue(where, 'fileName', fileName, relativePath()),
    });
  }

  /**
   * A Terraform variable; one that is not `sensitive` is refused. The token lands in the Terraform state, in Helm's records and in a
   * Kubernetes Secret: gives a warning.
   */
  static terraformVariable(variable: TerraformVariable): RunnerToken {
    return new RunnerToken({ kind: 'variable', variable: takeValue('RunnerToken.terraformVariable', 'variable', variable, sensitiveVariable()) });
  }

  /**
   * A registration token, with which each start of the manager registers a runner and each orderly stop removes it again. GitLab has them
   * switched off unless an administrator allows them, and will drop them in 20.0: gives a warning.
   * @param token where the registration token comes from; `fromGitlab` and another registration token are refused.
   * @param options what GitLab has to know of the runner.
   * @see https://docs.gitlab.com/ci/runners/new_creation_workflow/
   */
  static legacyRegistrationToken(token: RunnerToken, options: GitLabRunnerOptions = {}): RunnerToken {
    const where = 'RunnerToken.legacyRegistrationToken';
    refuseStranger({ where, prop: 'token' }, token, RunnerToken);
    const given = isOne(token, RunnerToken);
    if (!given || ['gitlab', 'registration'].includes(token._source.kind)) {
      throw new ValidationError(where, {
        prop: 'token', problem: 'not a source of a registration token', got: given ? token._source.kind : shown(token),
        remedy: 'give RunnerToken.keyVaultSecret(), kubernetesSecret(), volume() or terraformVariable()',
      });
    }
    const taken = takeProps(where, 'options', options, REGISTRATION, refuseRunnerWithoutJobs);
    return new RunnerToken({ kind: 'registration', token: token._source, options: taken });
  }

  /** @internal */
  public readonly _source: TokenSource;

  private constructor(source: TokenSource) {
    this._source = source;
  }
}
