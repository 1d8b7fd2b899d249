import { AzureRegistryCacheOptions } from './azure-registry-cache-options';
import { keyVaultSecret } from '../../azure/private/key-vault-secret-rules';
import { armId } from '../../azure/private/rules';
import { required, Rules } from '../../private/rules/rule';
import { text } from '../../private/rules/scalars';

export const AZURE_REGISTRY_CACHE: Rules<AzureRegistryCacheOptions> = {
  registryId: required(armId('Microsoft.ContainerRegistry/registries')),
  dockerHubUsername: required(keyVaultSecret()),
  dockerHubToken: required(keyVaultSecret()),
  loginServer: text('a login server such as "acme-a1b2.azurecr.io"', /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/),
};
