import { Construct, IConstruct } from 'constructs';
import { acknowledge } from './private/warn';
import { WARNING_IDS, WarningId } from './private/warning-ids';
import { checkGiven, checkType } from '../private/checks';
import { nearest } from '../private/nearest';
import { ValidationError } from '../private/validation-error';

/**
 * The warnings that this library gives about a construct and all below it. Each has an id, and is printed to standard error once when
 * the app is synthesised; docs/warnings.md tells what they mean.
 *
 * @example
 * const trial = new SelfHostedGitLab(stack, 'Trial', { location: 'koreacentral', endpoint: GitLabEndpoint.http() });
 * Warnings.of(trial).acknowledge('plain-http', 'A trial that is gone by Friday.');
 */
export class Warnings {
  /** The warnings of a construct and of all below it; of an app, all. */
  static of(scope: IConstruct): Warnings {
    if (!Construct.isConstruct(scope)) {
      throw new ValidationError('Warnings.of', { prop: 'scope', problem: 'not a construct', got: typeof scope, remedy: 'give an app, a stack or a construct in it' });
    }
    return new Warnings(scope);
  }

  private constructor(private readonly scope: IConstruct) {}

  /**
   * Tells that what a warning warns of is meant: it is no longer shown, whether it was given before or will be later. An acknowledgement
   * that fits no warning is warned of itself.
   * @param id the warning's id, as it is printed; an unknown one is refused.
   * @param reason why it is meant, for those who read the program later; an empty one is refused.
   */
  public acknowledge(id: string, reason: string): void {
    const where = this.scope.node.path ? this.scope : 'Warnings.acknowledge';
    checkGiven({ where, prop: 'id' }, id);
    if (!(WARNING_IDS as readonly string[]).includes(id)) {
      throw new ValidationError(where, {
        prop: 'id', problem: 'not the id of a warning', got: id, remedy: `did you mean ${JSON.stringify(nearest(String(id), WARNING_IDS))}`,
      });
    }
    checkGiven({ where, prop: 'reason' }, reason);
    checkType({ where, prop: 'reason' }, reason, 'string');
    acknowledge(this.scope, id as WarningId, reason);
  }
}
