import { IConstruct } from 'constructs';
import { armIdPart } from './arm-id';
import { AzurePlaces } from './azure-place';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';

/**
 * Refuses a subnet in another subscription than what stands in it, which Azure takes for missing. Where the program names no subscription, only the apply
 * knows.
 * @see https://learn.microsoft.com/azure/private-link/private-endpoint-overview
 */
export function standInOwnSubscription(construct: IConstruct, prop: string, subnetId: string | undefined): void {
  if (!known(subnetId)) {
    return;
  }
  construct.node.addValidation({
    validate() {
      const own = new AzurePlaces().subscriptionOf(construct);
      if (own !== '' && known(own) && armIdPart(subnetId, 2).toLowerCase() !== own) {
        throw new ValidationError(construct, {
          prop, problem: `in another subscription than what stands in it, which is made in ${own}`, got: subnetId,
          remedy: 'give a subnet of that subscription, or a provider of the subnet\'s',
        });
      }
      return [];
    },
  });
}
