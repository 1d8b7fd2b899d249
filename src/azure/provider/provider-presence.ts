import { createHash } from 'crypto';
import { IAspect, TerraformDataSource, TerraformProvider, TerraformResource, TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';
import { keepPolicySettings } from './policy-settings';
import { checkRegistrations } from './provider-registrations';
import { sharedScope } from '../../private/shared-scope';
import { ValidationError } from '../../private/validation-error';
import { AzureProvider } from '../azure-provider';
import { AzurePlaces, ownProvider } from '../place/azure-place';
import { StackClouds } from '../place/stack-clouds';
import { azureProviders } from '../place/subscription';
import { keepTags } from '../private/tags';

type Made = TerraformResource | TerraformDataSource;

/** Gives each of a stack's resources the azurerm provider that it belongs to, makes those that the user has not made, and checks the user's. */
export class ProviderPresence implements IAspect {
  visit(node: IConstruct): void {
    if (!TerraformStack.isStack(node)) {
      return;
    }
    const [elements, places] = [azureElements(node), new AzurePlaces()];
    for (const element of elements) {
      element.provider ??= places.providerOf(element, (subscriptionId) => otherSubscription(node, subscriptionId));
    }
    if (elements.some(({ provider }) => provider === undefined) && !azureProviders(node).some(isDefault)) {
      new AzureProvider(sharedScope(node), 'Provider');
    }
    const providers = azureProviders(node);
    checkAliases(providers);
    const own = providers.find(isDefault);
    elements.forEach((element) => leaveToPolicies(element, element.provider instanceof OtherSubscription ? own : element.provider ?? own));
    providers.filter((provider) => !(provider instanceof OtherSubscription))
      .forEach((provider) => checkProvider(provider, elements.filter((element) => (element.provider ?? own) === provider)));
  }
}

/** Another subscription is governed like the default one. */
function leaveToPolicies(element: Made, provider: TerraformProvider | undefined): void {
  if (TerraformResource.isTerraformResource(element) && provider instanceof AzureProvider) {
    keepTags(element, provider._policyTags);
    if (provider._policySettingsKept) {
      keepPolicySettings(element);
    }
  }
}

function azureElements(stack: TerraformStack): Made[] {
  return stack.node.findAll().filter((node): node is Made =>
    (TerraformResource.isTerraformResource(node) || TerraformDataSource.isTerraformDataSource(node)) && node.terraformResourceType.startsWith('azurerm_'));
}

function isDefault({ alias }: TerraformProvider): boolean {
  return alias === undefined;
}

/** A provider for a subscription that a construct's ARM id or another stack names; made once. */
export function otherSubscription(stack: TerraformStack, subscriptionId: string): TerraformProvider {
  const shared = sharedScope(stack);
  const digest = createHash('sha256').update(subscriptionId).digest('hex').slice(0, 8);
  const id = `Provider-${digest}`;
  return shared.node.tryFindChild(id) as TerraformProvider | undefined
    ?? new OtherSubscription(shared, id, { subscriptionId, alias: `subscription_${digest}` });
}

/** It signs in like the stack's default provider. Whoever owns the subscription has registered what is needed there. */
class OtherSubscription extends AzureProvider {
  protected override synthesizeAttributes(): { [name: string]: any } {
    const own = azureProviders(TerraformStack.of(this)).find(isDefault);
    const { alias: _, ...settings } = own?.toTerraform().provider.azurerm[0] ?? super.synthesizeAttributes();
    return { ...settings, subscription_id: this.subscriptionId, resource_provider_registrations: 'none', resource_providers_to_register: [] };
  }
}

function checkAliases(providers: readonly TerraformProvider[]): void {
  for (const [index, provider] of providers.entries()) {
    const twin = providers.slice(0, index).find(({ alias }) => alias === provider.alias);
    if (twin) {
      throw new ValidationError(provider, {
        prop: 'alias', problem: `${twin.node.path} is the stack's azurerm provider ${twin.alias === undefined ? 'without an alias' : 'of this alias'} already`,
        got: provider.alias, remedy: 'give each provider of a stack an alias of its own, all but one',
      });
    }
  }
}

function checkProvider(provider: TerraformProvider, elements: readonly Made[]): void {
  if (provider.alias !== undefined && elements.length === 0) {
    return;
  }
  StackClouds.of(provider).check(provider);
  const [settings] = provider.toTerraform().provider.azurerm;
  const features = [settings.features ?? {}].flat()[0] ?? {};
  const storage = [features.storage ?? {}].flat()[0] ?? {};
  const keylessStorage = elements.some(({ terraformResourceType }) => terraformResourceType === 'azurerm_storage_account');
  if (keylessStorage && storage.data_plane_available !== false && settings.storage_use_azuread !== true) {
    throw new ValidationError(provider, {
      prop: 'features.storage.data_plane_available',
      problem: 'a storage account without shared keys cannot be created',
      got: storage.data_plane_available,
      remedy: 'set it to false, or storage_use_azuread to true, or leave the azurerm provider to this library',
    });
  }
  // one that makes only the user's own resources needs what those need.
  if (isDefault(provider) || elements.some((element) => ownProvider(element) === provider)) {
    checkRegistrations(provider, settings);
  }
}
