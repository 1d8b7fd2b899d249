import { TerraformProvider, TerraformStack, Token } from 'cdktf';
import { IConstruct } from 'constructs';

/** The subscription that a provider names, so that it can be compared; the empty text stands for the one of the environment. */
export function subscriptionOf(provider: TerraformProvider): string {
  const id: unknown = (provider as { subscriptionId?: unknown }).subscriptionId;
  return typeof id !== 'string' ? '' : Token.isUnresolved(id) ? id : id.toLowerCase();
}

/** A stack's azurerm providers. */
export function azureProviders(stack: TerraformStack): TerraformProvider[] {
  return stack.node.findAll().filter(isAzureProvider);
}

export function isAzureProvider(node: IConstruct): node is TerraformProvider {
  return TerraformProvider.isTerraformProvider(node) && node.terraformResourceType === 'azurerm';
}
