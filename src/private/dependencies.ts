import { ITerraformDependable, TerraformResource, TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';

/**
 * Makes a resource wait for others. Terraform cannot order resources of two stacks, so for a resource of another stack
 * the whole stack has to be applied first.
 */
export function waitFor(resource: TerraformResource, dependables: readonly ITerraformDependable[]): void {
  const stack = TerraformStack.of(resource);
  const own: string[] = [];
  for (const dependable of dependables) {
    const theirs = TerraformStack.of(dependable as unknown as IConstruct);
    if (theirs === stack) {
      own.push(dependable.fqn);
    } else {
      stack.addDependency(theirs);
    }
  }
  if (own.length > 0) {
    resource.dependsOn = [...new Set([...(resource.dependsOn ?? []), ...own])];
  }
}
