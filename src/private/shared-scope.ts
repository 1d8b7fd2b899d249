import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';

const SHARED = Symbol.for('cdktf-azure-gitlab.SharedScope');
const ID = 'CdktfAzureGitLab';

/**
 * The construct of a stack that holds what all of ours in it share, made on first use. It is known by a symbol, which another copy
 * of this package finds too: any id could be one that the user has chosen for something else.
 */
export function sharedScope(scope: Construct): Construct {
  const stack: TerraformStack & { [SHARED]?: Construct } = TerraformStack.of(scope);
  return stack[SHARED] ??= new Construct(stack, ID);
}
