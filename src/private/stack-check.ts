import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { followMoves } from './construct-moves';
import { className, otherPackage } from './own-class';
import { InWords, ValidationError, withArticle } from './validation-error';

/**
 * Refuses a construct that is in no stack, or in one of cdktn's where this is the package for cdktf, or the reverse: each framework takes
 * the other's objects, and fails at synthesis.
 */
export function checkStack(where: Construct): void {
  const { scope, scopes, root } = where.node;
  const stack = scopes.find((one) => TerraformStack.isStack(one));
  const got = scope && new InWords(withArticle(className((stack ?? scope).constructor)));
  if (!stack) {
    const remedy = `give a TerraformStack or a construct in one${scope === root ? ', such as new TerraformStack(app, "gitlab")' : ''}`;
    throw new ValidationError(where, { prop: 'scope', problem: 'not in a TerraformStack', got, remedy });
  }
  const other = otherPackage(stack, TerraformStack);
  if (other) {
    throw new ValidationError(where, {
      prop: 'scope', problem: `in a stack of ${other.theirs}, but this package is for ${other.ours}`, got,
      remedy: `install ${other.theirs}-azure-gitlab, or take App and TerraformStack from ${other.ours}`,
    });
  }
  followMoves(where);
}
