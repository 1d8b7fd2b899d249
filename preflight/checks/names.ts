import { Found } from '../finding';
import { answered, Azure, Check, Question } from '../question';
import { AzureResource, providerOf } from '../resources';

/** A kind of name that is unique in all of Azure, or in a location. */
interface Kind {
  readonly what: string;
  readonly argument: string;
  readonly ask: (azure: Azure, resource: AzureResource, name: string) => Promise<{ readonly free: boolean; readonly reason?: string }>;
}

const KINDS: { readonly [type: string]: Kind } = {
  azurerm_key_vault: { what: 'Key Vault', argument: 'name', ask: available('Microsoft.KeyVault', 'vaults', '2023-07-01') },
  azurerm_storage_account: { what: 'storage account', argument: 'name', ask: available('Microsoft.Storage', 'storageAccounts', '2023-05-01') },
  azurerm_public_ip: {
    what: 'DNS name',
    argument: 'domain_name_label',
    async ask(azure, { subscriptionId, location }, name) {
      const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Network/locations/${location}/CheckDnsNameAvailability`;
      return { free: (await azure.az.get(path, '2024-05-01', { domainNameLabel: name })).available };
    },
  },
};

export const NAMES: Check = {
  name: 'name',
  async run(question) {
    const named = question.resources.filter(({ type, values }) => KINDS[type] && (values[KINDS[type].argument] ?? undefined) !== undefined);
    const found = await Promise.all(named.map((resource) => {
      const kind = KINDS[resource.type];
      const name = resource.known.text(resource.values[kind.argument]);
      if (name === undefined || !resource.location || !resource.subscriptionId) {
        return [{ state: 'unknown', what: `${kind.what} of ${resource.path.join('/')}: only the apply knows its name or place` } as Found];
      }
      return answered(`${kind.what} ${name}`, () => verdict(question, resource, kind, name));
    }));
    return found.flat();
  },
};

async function verdict({ azure }: Question, resource: AzureResource, kind: Kind, name: string): Promise<Found[]> {
  const told = `${kind.what} ${name}`;
  if (await azure.exists(resource)) {
    return [{ state: 'ok', what: `${told}: is there already, in the program's own resource group` }];
  }
  const { free, reason } = await kind.ask(azure, resource, name);
  if (free) {
    return [{ state: 'ok', what: `${told}: free` }];
  }
  const deleted = resource.type === 'azurerm_key_vault' ? await deletedVault(azure, resource, name) : undefined;
  if (deleted) {
    return [ofDeleted(told, resource, deleted)];
  }
  return [{ state: 'refused', what: `${told}: taken${reason ? ` (${reason})` : ''}`, remedy: 'give another name, or the construct another id' }];
}

function available(namespace: string, type: string, apiVersion: string): Kind['ask'] {
  return async (azure, { subscriptionId }, name) => {
    const path = `/subscriptions/${subscriptionId}/providers/${namespace}/checkNameAvailability`;
    const { nameAvailable, reason } = await azure.az.ask(path, apiVersion, { name, type: `${namespace}/${type}` });
    return { free: nameAvailable, reason };
  };
}

async function deletedVault(azure: Azure, { subscriptionId }: AzureResource, name: string): Promise<any> {
  const { value } = await azure.az.get(`/subscriptions/${subscriptionId}/providers/Microsoft.KeyVault/deletedVaults`, '2023-07-01');
  return value.find((vault: any) => vault.name.toLowerCase() === name.toLowerCase());
}

/** A deleted vault keeps its name; azurerm recovers it where it was. */
function ofDeleted(told: string, resource: AzureResource, { properties }: any): Found {
  const features = [providerOf(resource).features ?? {}].flat()[0] ?? {};
  const recovers = [features.key_vault ?? {}].flat()[0]?.recover_soft_deleted_key_vaults !== false;
  const location = properties.location.toLowerCase().replace(/ /g, '');
  const same = location === resource.location && properties.vaultId?.toLowerCase() === resource.id?.toLowerCase();
  return same && recovers
    ? { state: 'ok', what: `${told}: deleted, and the apply recovers it` }
    : {
      state: 'refused', what: `${told}: taken by a deleted vault in ${location}, until ${properties.scheduledPurgeDate}`,
      remedy: 'give another name, or the construct another id',
    };
}
