import { IConstruct } from 'constructs';
import { AzureRegistryCacheOptions } from './azure-registry-cache-options';
import { ARCHITECTURE_LABEL } from './cached-image';
import { keyVaultSecret } from '../../azure/access/key-vault-secret-rules';
import { registryId } from '../../azure/private/rules';
import { required, Rules } from '../../private/rules/rule';
import { text } from '../../private/rules/scalars';
import { ValidationError } from '../../private/validation-error';
import { Settings } from '../config/settings';
import { mayMatch } from '../job-pod/overwrites';

export const AZURE_REGISTRY_CACHE: Rules<AzureRegistryCacheOptions> = {
  registryId: required(registryId()),
  dockerHubUsername: required(keyVaultSecret()),
  dockerHubToken: required(keyVaultSecret()),
  loginServer: text('a login server such as "acme-a1b2.azurecr.io"', /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/),
};

/** Refuses jobs that choose nodes for which the cache's image of the helper is not made. */
export function refuseChosenArchitecture(where: IConstruct, settings: Settings, nodeSelector: { readonly [label: string]: string }): void {
  const pattern = settings.node_selector_overwrite_allowed;
  const [own, other] = nodeSelector[ARCHITECTURE_LABEL] === 'arm64' ? ['arm64', 'amd64'] : ['amd64', 'arm64'];
  if (!settings.helper_image && mayMatch(pattern, `${ARCHITECTURE_LABEL}=${other}`)) {
    throw new ValidationError(where, {
      prop: 'kubernetesSettings.node_selector_overwrite_allowed', problem: `lets jobs choose nodes for ${other}, and the helper's image of registryCache is for ${own}`, got: pattern,
      remedy: 'write a pattern that does not match it, or give helper_image',
    });
  }
}
