import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { remembered } from './memory';
import { acceptAnyId } from './terraform-names';

const ID = 'CdktfAzureGitLab';

/**
 * The construct of a stack that holds what all of ours in it share, made on first use. It is not looked for by its id, which could be one
 * that the user has chosen for something else.
 */
export function sharedScope(scope: Construct): Construct {
  const stack = TerraformStack.of(scope);
  acceptAnyId(stack);
  return remembered(stack, 'SharedScope', () => new Construct(stack, ID));
}
