import { ARM_TYPES } from './arm-types';
import { KnownValues } from './known-value';
import { addressed, Addressed, Stack } from '../command/stacks';

/** A resource of azurerm's, and where it will be. */
export interface AzureResource extends Addressed {
  readonly stack: Stack;
  readonly known: KnownValues;
  readonly subscriptionId?: string;
  readonly location?: string;
  readonly name?: string;
  /** How many `count` makes of it; undefined if only the apply knows. */
  readonly count?: number;
  /** Its id in Resource Manager, where all parts of it are known. */
  readonly id?: string;
}

/** Terraform's JSON takes a block alone or in a list. */
export function blocks(block: any): any[] {
  return [block ?? []].flat();
}

/** The settings of the provider that a resource names, or of the one without an alias. */
export function providerOf({ stack, values }: Pick<AzureResource, 'stack' | 'values'>): any {
  const alias = /^azurerm\.(.+)$/.exec(values.provider ?? '')?.[1];
  return blocks(stack.json.provider?.azurerm).find((settings: any) => settings.alias === alias) ?? {};
}

/** All resources of azurerm's in the program; providers that name no subscription work in the given one. */
export function azureResources(stacks: readonly Stack[], subscriptionId: string | undefined): AzureResource[] {
  return stacks.flatMap((stack) => addressed(stack)
    .filter(({ address }) => address.startsWith('azurerm_'))
    .map((one) => resource(stack, one, subscriptionId)));
}

function resource(stack: Stack, one: Addressed, ofEnvironment: string | undefined): AzureResource {
  const subscriptionOf = (values: any) => {
    const { subscription_id: named } = providerOf({ stack, values });
    return named === undefined ? ofEnvironment : new KnownValues(stack).text(named);
  };
  const known = new KnownValues(stack, subscriptionOf);
  const subscriptionId = subscriptionOf(one.values);
  const [name, location, group] = ['name', 'location', 'resource_group_name'].map((argument) => known.text(one.values[argument]));
  const { count, for_each: forEach } = one.values;
  return {
    ...one, stack, known, subscriptionId, name, location: location?.toLowerCase().replace(/ /g, ''),
    count: forEach !== undefined ? undefined : count === undefined ? 1 : known.number(count),
    id: armId(ARM_TYPES[one.type], subscriptionId, group, name),
  };
}

function armId(armType: string | undefined, subscriptionId?: string, group?: string, name?: string): string | undefined {
  if (!subscriptionId || !name) {
    return undefined;
  }
  if (armType === ARM_TYPES.azurerm_resource_group) {
    return `/subscriptions/${subscriptionId}/resourceGroups/${name}`;
  }
  return group && armType?.split('/').length === 2 ? `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/${armType}/${name}` : undefined;
}
