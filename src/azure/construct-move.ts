import { IConstruct } from 'constructs';
import { declareMove } from '../private/construct-moves';
import { takeValue } from '../private/rules/rule';
import { knownText } from '../private/rules/scalars';

const PATH = knownText('a construct\'s path from the app on, such as "stack/GitLab"', /^[^/]+(\/[^/]+)*$/);

/**
 * Renames a construct, or moves it to another place in its stack, without replacing anything.
 *
 * Terraform's state follows by `moved` blocks, for all resources below the construct. Names that are made from its path stay what they were.
 * @see https://developer.hashicorp.com/terraform/language/moved
 * @example
 * ConstructMove.declare(stack, `${stack.node.path}/GitLab`, `${stack.node.path}/Server`);
 * new SelfHostedGitLab(stack, 'Server', { location: 'koreacentral' }); // was called GitLab
 */
export class ConstructMove {
  /**
   * Declares a construct's earlier path. Call it before the construct is defined, and leave the call in the program: the names depend on it.
   * @param scope any construct of the app.
   * @param fromPath the construct's path before, as errors show it.
   * @param toPath the construct's path now.
   */
  public static declare(scope: IConstruct, fromPath: string, toPath: string): void {
    const [from, to] = [takeValue('ConstructMove.declare', 'fromPath', fromPath, PATH), takeValue('ConstructMove.declare', 'toPath', toPath, PATH)];
    declareMove(scope, from, to);
  }

  private constructor() {}
}
