import { dependable, ITerraformDependable, TerraformResource, TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';

const AWAITED = new WeakMap<TerraformResource, Set<ITerraformDependable>>();

/**
 * Makes a resource wait for others. Terraform cannot order resources of two stacks, so for a resource of another stack
 * the whole stack has to be applied first.
 */
export function waitFor(resource: TerraformResource, dependables: readonly ITerraformDependable[]): void {
  const stack = TerraformStack.of(resource);
  const awaited = AWAITED.get(resource) ?? new Set();
  AWAITED.set(resource, awaited);
  for (const other of dependables.filter((candidate) => !awaited.has(candidate))) {
    awaited.add(other);
    const theirs = TerraformStack.of(other as unknown as IConstruct);
    if (theirs === stack) {
      resource.dependsOn = [...resource.dependsOn ?? [], dependable(other)];
    } else {
      stack.addDependency(theirs);
    }
  }
}

/** True if the resource was made to wait for the other one, or for the other's stack. */
export function waitsFor(resource: TerraformResource, other: TerraformResource): boolean {
  const [stack, theirs] = [TerraformStack.of(resource), TerraformStack.of(other)];
  return stack === theirs ? AWAITED.get(resource)?.has(other) ?? false : stack.dependsOn(theirs);
}
