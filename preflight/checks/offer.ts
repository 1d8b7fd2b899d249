import { Found } from '../finding';
import { Check, inEachSubscription } from '../question';

/** Offers whose quotas nobody raises. */
const TRIALS: { readonly [start: string]: string } = {
  FreeTrial_: 'a free trial', LightweightTrial_: 'a free trial', AzureForStudents: 'Azure for Students', DreamSpark_: 'Azure for Students', AzurePass_: 'an Azure Pass',
};
/** The offer's name, if its quotas stay what they are. */
export function trialOf(quotaId = ''): string | undefined {
  return Object.entries(TRIALS).find(([start]) => quotaId.startsWith(start))?.[1];
}

/** It still works, until somebody loses patience. */
const UNPAID = 'PastDue';
const TRIAL_ADDRESSES = 3;

export const OFFER: Check = {
  name: 'offer',
  run({ azure, resources, machines }) {
    return inEachSubscription('the subscription', resources, async (subscription, all) => {
      const { displayName, state, subscriptionPolicies: { quotaId = '', spendingLimit } = {} as any } = await azure.subscription(subscription);
      const name = `subscription ${displayName}`;
      if (state !== 'Enabled' && state !== UNPAID) {
        return [{ state: 'refused', what: `${name}: its state is ${state}, and nothing can be made in it`, remedy: 'reactivate it, or choose another with az account set' }];
      }
      const trial = trialOf(quotaId);
      const unpaid: Found[] = state !== UNPAID ? [] : [{
        state: 'warning', what: `${name}: a bill has not been paid, for which it may be disabled`, remedy: 'see to the payment (portal: Cost Management + Billing)',
      }];
      if (!trial) {
        const limited: Found = { state: 'warning', what: `${name}: offer ${quotaId} with a spending limit, at which all machines stop`, remedy: 'remove the limit for anything but a look' };
        return [...unpaid, spendingLimit === 'On' ? limited : { state: 'ok', what: `${name}: enabled, offer ${quotaId}` }];
      }
      const addresses = all.filter(({ type }) => type === 'azurerm_public_ip').reduce((sum, { count = 1 }) => sum + count, 0);
      const spot = machines.some((machine) => machine.spot && machine.resource.subscriptionId === subscription);
      const findings: Found[] = [...unpaid, {
        state: 'warning', what: `${name}: ${trial}, whose quotas are not raised${spendingLimit === 'On' ? ', and which stops when its credit is spent' : ''}`,
        remedy: 'upgrade it to pay-as-you-go for anything but a look',
      }];
      if (addresses > TRIAL_ADDRESSES) {
        findings.push({
          state: 'refused', what: `public IP addresses: ${addresses} needed, ${trial} has ${TRIAL_ADDRESSES} in each region`, remedy: 'upgrade the subscription to pay-as-you-go',
          need: { amount: addresses, unit: 'addresses' }, have: { amount: TRIAL_ADDRESSES, unit: 'addresses' },
        });
      }
      if (spot) {
        findings.push({ state: 'refused', what: `Spot machines: ${trial} has none`, remedy: 'leave out spot, or upgrade the subscription to pay-as-you-go' });
      }
      return findings;
    });
  },
};
