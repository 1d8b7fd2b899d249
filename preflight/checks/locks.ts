import { Found } from '../finding';
import { Check, inEachSubscription } from '../question';
import { AzureResource } from '../resources';

const ON = '/providers/Microsoft.Authorization/locks/';

/** Locks on what the program's resources lie in. Those on single resources are for the apply to respect. */
export const LOCKS: Check = {
  name: 'lock',
  run({ azure, resources }) {
    return inEachSubscription('locks', resources, async (subscription, all) => {
      const { value } = await azure.az.get(`/subscriptions/${subscription}/providers/Microsoft.Authorization/locks`, '2020-05-01');
      return value.flatMap(({ id, name, properties: { level } }: any): Found[] => {
        const [scope] = id.split(new RegExp(ON, 'i'));
        const held = all.filter(({ id: own }) => own !== undefined && `${own}/`.toLowerCase().startsWith(`${scope}/`.toLowerCase()));
        return verdict(`the lock ${name} (${level}) on ${named(scope)}`, level, held);
      });
    });
  },
};

function verdict(lock: string, level: string, held: readonly AzureResource[]): Found[] {
  if (level === 'ReadOnly' && held.length > 0) {
    return [{ state: 'refused', what: `${lock} lets nothing be made or changed there`, remedy: 'have it removed, or replaced by locks of the kind CanNotDelete on what holds data' }];
  }
  if (level === 'CanNotDelete' && held.some(({ type }) => type === 'azurerm_linux_virtual_machine')) {
    return [{
      state: 'warning', what: `${lock} refuses later applies that run a step on the machine again, as for an upgrade`,
      remedy: 'lock what holds data instead (docs/governance.md tells what), or remove the lock for each such apply',
    }];
  }
  return [];
}

function named(scope: string): string {
  const parts = scope.split('/');
  return parts.length === 3 ? `the subscription ${parts[2]}` : `${/^resourceGroups$/i.test(parts.at(-2)!) ? 'the resource group' : parts.at(-2)} ${parts.at(-1)}`;
}
