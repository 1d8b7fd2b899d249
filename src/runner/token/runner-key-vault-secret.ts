import { AzureCloud } from '../../azure/azure-cloud';

/** Options for `RunnerToken.keyVaultSecret`. */
export interface RunnerKeyVaultSecretOptions {
  /**
   * The vault's Entra tenant, a UUID. Required for a chart without `KubernetesGitLabRunner`.
   * @default - the cluster's tenant
   */
  readonly tenantId?: string;

  /**
   * The client id of the managed identity that reads the vault, a UUID. Required for a chart without `KubernetesGitLabRunner`.
   * @default - the identity that `KubernetesGitLabRunner` creates
   */
  readonly clientId?: string;

  /**
   * Whether `KubernetesGitLabRunner` grants the identity that it creates the role `Key Vault Secrets User` on the vault.
   * @default - true, unless `clientId` is given
   */
  readonly roleAssignmentEnabled?: boolean;

  /**
   * The name of a secret in the same vault that holds, in PEM, the certificate of the CA that signed GitLab's certificate.
   * @default - none
   */
  readonly caSecretName?: string;

  /**
   * The cloud that the vault is in. `AzureCloud.CHINA` is not supported.
   * @default - the cluster's cloud; for a chart without `KubernetesGitLabRunner`, the public one
   */
  readonly cloud?: AzureCloud;
}
