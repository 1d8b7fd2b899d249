import { dependable, ITerraformDependable, TerraformResource, TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';

/**
 * Makes a resource wait for others. Terraform cannot order resources of two stacks, so for a resource of another stack
 * the whole stack has to be applied first.
 */
export function waitFor(resource: TerraformResource, dependables: readonly ITerraformDependable[]): void {
  const stack = TerraformStack.of(resource);
  const own: string[] = [];
  for (const awaited of new Set(dependables)) {
    const theirs = TerraformStack.of(awaited as unknown as IConstruct);
    if (theirs === stack) {
      own.push(dependable(awaited));
    } else {
      stack.addDependency(theirs);
    }
  }
  resource.dependsOn = [...(resource.dependsOn ?? []), ...own];
}
