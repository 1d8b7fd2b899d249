import { Construct, IConstruct } from 'constructs';
import { acknowledge } from './private/warn';
import { WARNING_IDS, WarningId } from './private/warning-ids';
import { nearest } from '../private/nearest';
import { shown } from '../private/rules/objects';
import { takeValue } from '../private/rules/rule';
import { knownText } from '../private/rules/scalars';
import { ValidationError } from '../private/validation-error';

/**
 * The warnings that this library gives about a construct and everything below it. Each has an id, and is printed to standard error once
 * when the app is synthesised. They are explained in docs/warnings.md.
 * @example
 * const trial = new SelfHostedGitLab(stack, 'Trial', { location: 'koreacentral', endpoint: GitLabEndpoint.http() });
 * Warnings.of(trial).acknowledge('plain-http', 'A trial that is gone by Friday.');
 */
export class Warnings {
  /** The warnings of a construct and everything below it. For an app, that is all of them. */
  static of(scope: IConstruct): Warnings {
    if (!Construct.isConstruct(scope)) {
      throw new ValidationError('Warnings.of', { prop: 'scope', problem: 'not a construct', got: shown(scope), remedy: 'give an app, a stack or a construct in it' });
    }
    return new Warnings(scope);
  }

  private constructor(private readonly scope: IConstruct) {}

  /**
   * Acknowledges a warning as intended. It is no longer shown, whether it was given before or will be given later. An acknowledgement that
   * matches no warning gives a warning itself.
   * @param id the warning's id, as printed.
   * @param reason why it is intended, for people who read the program later.
   */
  public acknowledge(id: string, reason: string): void {
    const where = this.scope.node.path ? this.scope : 'Warnings.acknowledge';
    takeValue(where, 'id', id, knownText('the id of a warning'));
    if (!(WARNING_IDS as readonly string[]).includes(id)) {
      throw new ValidationError(where, {
        prop: 'id', problem: 'not the id of a warning', got: id, remedy: `did you mean ${JSON.stringify(nearest(String(id), WARNING_IDS))}`,
      });
    }
    acknowledge(this.scope, id as WarningId, takeValue(where, 'reason', reason, knownText('a reason, as text', /./)));
  }
}
