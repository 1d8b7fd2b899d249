import { TerraformStack } from 'cdktf';
import { remembered } from './memory';

/** The part of a stack that is there to be overridden. */
interface NamingStack {
  allocateLogicalId(element: unknown): string;
}

/**
 * Lets construct ids begin with a digit or a hyphen. cdktf begins the names of resources, locals and outputs like the first id in the
 * stack, but Terraform wants a letter or an underscore. All other names stay as cdktf, or the stack itself, makes them.
 */
export function acceptAnyId(stack: TerraformStack): void {
  const naming = stack as unknown as NamingStack;
  remembered(stack, 'TerraformNames', () => {
    const allocate = naming.allocateLogicalId.bind(stack);
    naming.allocateLogicalId = (element) => allocate(element).replace(/^(?=[\d-])/, '_');
    return true;
  });
}
