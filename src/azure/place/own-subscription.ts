import { IConstruct } from 'constructs';
import { armIdPart } from './arm-id';
import { AzurePlaces } from './azure-place';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';

/** What is said of an id of another subscription. */
export interface Elsewhere {
  readonly problem: string;
  readonly remedy: string;
}

/** Refuses an id of another subscription than the construct's. Where the program names no subscription, only the apply knows. */
export function checkOwnSubscription(construct: IConstruct, prop: string, id: string | undefined, elsewhere: Elsewhere): void {
  if (!known(id)) {
    return;
  }
  construct.node.addValidation({
    validate() {
      const own = new AzurePlaces().subscriptionOf(construct);
      if (own !== '' && known(own) && armIdPart(id, 2).toLowerCase() !== own) {
        throw new ValidationError(construct, { prop, problem: `${elsewhere.problem}, which is made in ${own}`, got: id, remedy: elsewhere.remedy });
      }
      return [];
    },
  });
}
