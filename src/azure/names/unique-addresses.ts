import { TerraformDataSource, TerraformElement, TerraformLocal, TerraformOutput, TerraformResource, TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';
import { ValidationError } from '../../private/validation-error';

/** The id that cdktf leaves out of Terraform's names, as constructs' conventions have it. */
const LEFT_OUT = 'Default';

/**
 * Says which constructs called `Default` make two of a stack's elements one to Terraform: `Default/Cluster` and `Cluster` get the same names, and
 * cdktf would write one over the other.
 */
export function sharedAddresses(stack: TerraformStack): string[] {
  const elements = stack.node.findAll().filter((node) => node instanceof TerraformElement && TerraformStack.of(node) === stack) as TerraformElement[];
  const hidden = elements.filter((element) => unseen(element) !== undefined);
  if (hidden.length === 0) {
    return [];
  }
  const byAddress = new Map<string, TerraformElement[]>();
  for (const element of elements) {
    const address = `${kind(element)}.${element.friendlyUniqueId}`;
    byAddress.set(address, [...byAddress.get(address) ?? [], element]);
  }
  const messages = new Map<string, string>();
  for (const same of [...byAddress.values()].filter(({ length }) => length > 1)) {
    const one = same.find((element) => hidden.includes(element));
    const where = one && unseen(one);
    if (where && !messages.has(where.node.path)) {
      const other = same.find((element) => element !== one)!;
      messages.set(where.node.path, new ValidationError(where, {
        prop: 'id', problem: `Terraform leaves this id out of names, so ${one.node.path} and ${other.node.path} would be one`, got: LEFT_OUT, remedy: 'give another id',
      }).message);
    }
  }
  return [...messages.values()];
}

function unseen(element: IConstruct): IConstruct | undefined {
  return element.node.scopes.find(({ node }) => node.id === LEFT_OUT);
}

function kind(element: TerraformElement): string {
  if (TerraformResource.isTerraformResource(element)) {
    return element.terraformResourceType;
  }
  return TerraformDataSource.isTerraformDataSource(element) ? `data.${element.terraformResourceType}`
    : [TerraformOutput, TerraformLocal].find((type) => element instanceof type)?.name ?? 'other';
}
