import { TerraformStack } from 'cdktf';

const DONE = Symbol.for('cdktf-azure-gitlab/TerraformNames');

/** The part of a stack that is there to be overridden. */
interface NamingStack {
  [DONE]?: true;
  allocateLogicalId(element: unknown): string;
}

/**
 * Lets construct ids begin with a digit or a hyphen. cdktf begins the names of resources, locals and outputs like the first id in the
 * stack, but Terraform wants a letter or an underscore. All other names stay as cdktf, or the stack itself, makes them.
 */
export function acceptAnyId(stack: TerraformStack): void {
  const naming = stack as unknown as NamingStack;
  if (!naming[DONE]) {
    const allocate = naming.allocateLogicalId.bind(stack);
    naming.allocateLogicalId = (element) => allocate(element).replace(/^(?=[\d-])/, '_');
    naming[DONE] = true;
  }
}
