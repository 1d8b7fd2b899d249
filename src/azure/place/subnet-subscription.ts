import { IConstruct } from 'constructs';
import { checkOwnSubscription } from './own-subscription';

/**
 * Refuses a subnet in another subscription than what stands in it, which Azure takes for missing.
 * @see https://learn.microsoft.com/azure/private-link/private-endpoint-overview
 */
export function standInOwnSubscription(construct: IConstruct, prop: string, subnetId: string | undefined): void {
  checkOwnSubscription(construct, prop, subnetId, {
    problem: 'in another subscription than what stands in it', remedy: 'give a subnet of that subscription, or a provider of the subnet\'s',
  });
}
