import { TerraformProvider } from 'cdktf';
import { azurermMajor } from './azurerm-major';
import { resourceProvidersOf } from './resource-providers';
import { warn } from '../../warnings/private/warn';

/** Of the resource providers that this library needs, those in azurerm's smallest set. The others have all of them. */
const CORE = ['Microsoft.Authorization', 'Microsoft.Compute', 'Microsoft.ManagedIdentity', 'Microsoft.Network', 'Microsoft.Storage'];

/** Warns if a provider of the user's registers too little: somebody else may have done it, so it is a risk, not a mistake. */
export function checkRegistrations(provider: TerraformProvider, settings: { readonly [argument: string]: unknown }): void {
  const { resource_provider_registrations: asked, resource_providers_to_register: listed = [] } = settings;
  // azurerm 4 registers most without a word, 5 none.
  const set = asked ?? (azurermMajor(provider) === 4 ? 'legacy' : 'none');
  if (!Array.isArray(listed) || (set !== 'none' && set !== 'core')) {
    return;
  }
  const registered = [...listed, ...set === 'core' ? CORE : []];
  const missing = resourceProvidersOf(provider).filter((name) => !registered.includes(name));
  if (missing.length > 0) {
    warn(provider, 'unregistered-resource-providers', {
      prop: 'resource_providers_to_register', reason: `the subscription must have ${missing.join(', ')} registered already`,
      remedy: 'add them, or set resource_provider_registrations to "legacy"',
    });
  }
}
