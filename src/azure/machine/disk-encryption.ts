import { IConstruct } from 'constructs';
import { Rule } from '../../private/rules/rule';
import { checkOwnSubscription } from '../place/own-subscription';
import { armId } from '../private/rules';

/** The set that says which key of the customer's encrypts disks. */
export function diskEncryptionSetId(): Rule<string> {
  return armId('Microsoft.Compute/diskEncryptionSets');
}

/**
 * Refuses a set in another subscription than the disks, which Azure takes for missing.
 * @see https://learn.microsoft.com/azure/virtual-machines/disk-encryption#restrictions
 */
export function encryptInOwnSubscription(construct: IConstruct, setId: string | undefined): void {
  checkOwnSubscription(construct, 'diskEncryptionSetId', setId, {
    problem: 'in another subscription than what it encrypts', remedy: 'give a set of that subscription: its key may be in a vault of another one',
  });
}
