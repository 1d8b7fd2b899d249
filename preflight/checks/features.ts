import { Found } from '../finding';
import { Check, inEachSubscription } from '../question';
import { AzureResource, blocks } from '../resources';

/** What a subscription has to be registered for before its disks are encrypted at the host. */
const FEATURE = 'EncryptionAtHost';

export const FEATURES: Check = {
  name: 'feature',
  run: ({ azure, resources }) => inEachSubscription(`the feature ${FEATURE}`, resources.filter(encryptedAtHost), async (subscription): Promise<Found[]> => {
    const { properties: { state } } = await azure.az.get(
      `/subscriptions/${subscription}/providers/Microsoft.Features/providers/Microsoft.Compute/features/${FEATURE}`, '2021-07-01');
    return [state === 'Registered' ? { state: 'ok', what: `the feature ${FEATURE} is registered` } : {
      state: 'refused', what: `the feature ${FEATURE} is not registered (${state}), and hostEncryptionEnabled needs it`,
      remedy: `az feature register --namespace Microsoft.Compute --name ${FEATURE}, and once that is done, az provider register --namespace Microsoft.Compute`,
    }];
  }),
};

/** A machine, or a pool of nodes, that asks for it. */
function encryptedAtHost({ values }: AzureResource): boolean {
  return values.encryption_at_host_enabled === true
    || [values, ...blocks(values.default_node_pool)].some(({ host_encryption_enabled: asked }: any) => asked === true);
}
