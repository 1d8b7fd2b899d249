
/** Options for a runner token in an Azure Key Vault. */
export interface RunnerKeyVaultSecretOptions {
  /** The vault's name. */
  readonly keyVaultName: string;

  /** The name of the secret that holds the authentication token (`glrt-…`). */
  readonly secretName: string;

  /**
   * The vault's ARM id. If given, `KubernetesGitLabRunner` grants the manager read access to the vault's secrets.
   * @default - none: the manager's identity has the role `Key Vault Secrets User` already
   */
  readonly keyVaultId?: string;

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
   * The name of a secret in the same vault that holds, in PEM, the certificate of the CA that signed GitLab's certificate.
   * @default - none
   */
  readonly caSecretName?: string;
}
