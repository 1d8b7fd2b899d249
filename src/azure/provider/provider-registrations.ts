import { TerraformProvider } from 'cdktf';
import { azurermMajor } from './azurerm-major';
import { resourceProvidersOf } from './resource-providers';
import { refusal } from '../../private/rules/subject';
import { warn } from '../../warnings/private/warn';

/** Of the resource providers that this library needs, those in azurerm's smallest set. The others have all of them. */
const CORE = ['Microsoft.Authorization', 'Microsoft.Compute', 'Microsoft.ManagedIdentity', 'Microsoft.Network', 'Microsoft.Storage'];

/** Warns if a provider of the user's registers too little: somebody else may have done it, so it is a risk, not a mistake. */
export function checkRegistrations(provider: TerraformProvider, settings: { readonly [argument: string]: unknown }): void {
  const { resource_provider_registrations: asked, resource_providers_to_register: listed = [], skip_provider_registration: skipped } = settings;
  checkSkipped(provider, skipped);
  // azurerm 4 registers most without a word, 5 none.
  const set = asked ?? (azurermMajor(provider) === 4 && skipped !== true ? 'legacy' : 'none');
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

/** Azurerm 5 refuses the argument by which 4 registers nothing, whatever its value. */
function checkSkipped(provider: TerraformProvider, skipped: unknown): void {
  const [prop, remedy] = ['skip_provider_registration', 'use resource_provider_registrations instead, whose "none" registers nothing'];
  const major = azurermMajor(provider);
  if (skipped === undefined || skipped === null || major === 4) {
    return;
  }
  if (major === 5) {
    throw refusal({ where: provider, prop }, 'azurerm 5 has no such argument', skipped, remedy);
  }
  warn(provider, 'skip-provider-registration', { prop, reason: 'azurerm 5, which Terraform installs unless a lock file holds 4, has no such argument', remedy });
}
