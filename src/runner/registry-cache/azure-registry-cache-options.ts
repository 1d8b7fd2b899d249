import { KeyVaultSecret } from '../../azure/key-vault-secret';

/**
 * Options for an Azure container registry that caches images of other registries.
 *
 * @see https://learn.microsoft.com/azure/container-registry/artifact-cache-overview
 */
export interface AzureRegistryCacheOptions {
  /** The ARM id of the container registry, of any service tier. It must not have cache rules for the same repositories yet. */
  readonly registryId: string;

  /** The name of an account at Docker Hub, which Azure needs to cache its images. */
  readonly dockerHubUsername: KeyVaultSecret;

  /** An access token of that account that may read public repositories. In the same Key Vault as the name, or in another one. */
  readonly dockerHubToken: KeyVaultSecret;

  /**
   * The registry's login server.
   * @default - the registry's name and `.azurecr.io`, in Azure's public cloud
   */
  readonly loginServer?: string;
}
