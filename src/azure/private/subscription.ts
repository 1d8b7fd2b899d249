import { TerraformProvider, TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';

/** The subscription that a provider names, so that it can be compared; the empty text stands for the one of the environment. */
export function subscriptionOf(provider: TerraformProvider): string {
  const id: unknown = (provider as any).subscriptionIdInput;
  return typeof id === 'string' ? id.toLowerCase() : '';
}

/** The subscription that a stack works in if no resource says otherwise. */
export function defaultSubscription(stack: TerraformStack): string {
  const provider = stack.node.findAll().find(isDefaultProvider);
  return provider ? subscriptionOf(provider) : '';
}

export function isDefaultProvider(node: IConstruct): node is TerraformProvider {
  return TerraformProvider.isTerraformProvider(node) && node.terraformResourceType === 'azurerm' && node.alias === undefined;
}
