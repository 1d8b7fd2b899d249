import { dependable, ITerraformDependable, TerraformResource, TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';
import { remembered } from './memory';
import { InWords, ValidationError } from './validation-error';

/**
 * Makes a resource wait for others. Terraform cannot order resources of two stacks, so for a resource of another stack
 * the whole stack has to be applied first.
 */
export function waitFor(resource: TerraformResource, dependables: readonly ITerraformDependable[]): void {
  const stack = TerraformStack.of(resource);
  const own = new Set(resource.dependsOn);
  for (const awaited of dependables) {
    const theirs = TerraformStack.of(awaited as unknown as IConstruct);
    if (theirs === stack) {
      own.add(reference(awaited));
    } else {
      stack.addDependency(theirs);
    }
  }
  resource.dependsOn = own.size > 0 ? [...own] : undefined;
}

/** Refuses the order that the CDK's constructs have: cdktf takes no notice of it. */
export function refuseNodeDependencies(where: IConstruct): void {
  where.node.addValidation({
    validate: () => where.node.dependencies.slice(0, 1).map((awaited) => new ValidationError(where, {
      prop: 'node.addDependency', problem: 'without effect in cdktf', got: new InWords(awaited.node.path), remedy: 'call waitFor() with what it has in ready',
    }).message),
  });
}

/** True if a resource was told by {@link waitFor} to wait for another. */
export function waitsFor(resource: TerraformResource, other: TerraformResource): boolean {
  const [stack, theirs] = [TerraformStack.of(resource), TerraformStack.of(other)];
  return stack === theirs ? (resource.dependsOn ?? []).includes(reference(other)) : stack.dependsOn(theirs);
}

function reference(awaited: ITerraformDependable): string {
  // cdktf makes a new token at each call, which no comparison would find again.
  return remembered(awaited, 'reference', () => dependable(awaited));
}
