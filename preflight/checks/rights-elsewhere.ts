import { orActivate } from './eligible-roles';
import { allows } from './roles';
import { ARM_TYPES } from '../arm-types';
import { Az } from '../az';
import { Found } from '../finding';
import { answered, Check } from '../question';
import { AzureResource, blocks } from '../resources';

/** What is done at a resource that somebody else has made. */
interface Deed { readonly id: string; readonly action: string }

const ASSIGN = 'Microsoft.Authorization/roleAssignments/write';
const JOIN_SUBNET = 'Microsoft.Network/virtualNetworks/subnets/join/action';
const JOIN_NETWORK = 'Microsoft.Network/virtualNetworks/join/action';
const SEE_DISK_ENCRYPTION_SET = 'Microsoft.Compute/diskEncryptionSets/read';
const ASSIGN_IDENTITY = 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action';
const JOIN_ZONE = 'Microsoft.Network/privateDnsZones/join/action';
/** Azure asks for it where one's logs go to a workspace, though it uses no key. */
const SHARE_KEYS = 'Microsoft.OperationalInsights/workspaces/sharedKeys/action';
const READ_SHARED_KEYS = 'Microsoft.OperationalInsights/workspaces/sharedkeys/read';

/** Subnets, networks, zones, vaults, log workspaces and registries of a hub: the apply joins them, or assigns roles at them, and roles on one's own subscription are no help there. */
export const RIGHTS_ELSEWHERE: Check = {
  name: 'elsewhere',
  async run({ azure, resources }) {
    const deeds = resources.flatMap(deedsOf).filter(({ id }) => /^\/subscriptions\//i.test(id));
    const ids = [...new Map(deeds.map(({ id }) => [id.toLowerCase(), id])).values()];
    const found = await Promise.all(ids.map((id) => answered(`your roles on ${named(id)}`, async () => {
      const { value } = await azure.az.get(`${id}/providers/Microsoft.Authorization/permissions`, '2022-04-01');
      const actions = [...new Set(deeds.filter((deed) => deed.id.toLowerCase() === id.toLowerCase()).map(({ action }) => action))].sort();
      return [await verdict(azure.az, id, actions.filter((action) => !value.some((permission: any) => allows(permission, action))))];
    }, 'the Reader role there')));
    return found.flat();
  },
};

async function verdict(az: Az, id: string, missing: readonly string[]): Promise<Found> {
  return missing.length === 0 ? { state: 'ok', what: `your roles on ${named(id)} allow what the apply does there` } : {
    state: 'refused', what: `your roles on ${named(id)} do not allow ${missing.join(', ')}`,
    remedy: await orActivate(az, id, `ask for ${roleFor(missing)} on ${id}`),
  };
}

/** Who may do what, the greatest first. */
const ROLES = {
  [ASSIGN]: 'Role Based Access Control Administrator', [ASSIGN_IDENTITY]: 'Managed Identity Operator', [SHARE_KEYS]: 'Monitoring Contributor', [READ_SHARED_KEYS]: 'Monitoring Contributor',
  [`${ARM_TYPES.azurerm_virtual_machine_run_command}/write`]: 'Virtual Machine Contributor', [`${ARM_TYPES.azurerm_container_registry_cache_rule}/write`]: 'Contributor',
  [SEE_DISK_ENCRYPTION_SET]: 'Reader',
};

function roleFor(missing: readonly string[]): string {
  return Object.entries(ROLES).find(([action]) => missing.includes(action))?.[1] ?? 'Network Contributor';
}

/** Only ids that are written out: what the program makes itself is a reference. */
function deedsOf({ type, values, known }: AzureResource): Deed[] {
  const deed = (action: string) => (id: unknown): Deed[] => (typeof id === 'string' && !id.includes('${') ? [{ id: known.text(id)!, action }] : []);
  switch (type) {
    case 'azurerm_role_assignment':
      return deed(ASSIGN)(values.scope);
    case 'azurerm_network_interface':
      return blocks(values.ip_configuration).flatMap(({ subnet_id: id }) => deed(JOIN_SUBNET)(id));
    case 'azurerm_kubernetes_cluster':
      return [
        ...blocks(values.default_node_pool).flatMap(({ vnet_subnet_id: id }) => deed(JOIN_SUBNET)(id)),
        ...deed(SEE_DISK_ENCRYPTION_SET)(values.disk_encryption_set_id),
        ...blocks(values.oms_agent).flatMap(({ log_analytics_workspace_id: id }) => deed(READ_SHARED_KEYS)(id)),
        ...blocks(values.api_server_access_profile).flatMap(({ subnet_id: id }) => deed(JOIN_SUBNET)(id)),
      ];
    case 'azurerm_kubernetes_cluster_node_pool':
      return deed(JOIN_SUBNET)(values.vnet_subnet_id);
    case 'azurerm_linux_virtual_machine':
      return [
        ...blocks(values.os_disk).flatMap(({ disk_encryption_set_id: id }) => deed(SEE_DISK_ENCRYPTION_SET)(id)),
        ...blocks(values.identity).flatMap(({ identity_ids: ids }) => ids ?? []).flatMap(deed(ASSIGN_IDENTITY)),
      ];
    case 'azurerm_managed_disk':
      return deed(SEE_DISK_ENCRYPTION_SET)(values.disk_encryption_set_id);
    case 'azurerm_private_endpoint':
      return [
        ...deed(JOIN_SUBNET)(values.subnet_id),
        ...blocks(values.private_dns_zone_group).flatMap(({ private_dns_zone_ids: ids }) => ids ?? []).flatMap(deed(JOIN_ZONE)),
      ];
    case 'azurerm_private_dns_zone_virtual_network_link':
      return deed(JOIN_NETWORK)(values.virtual_network_id);
    case 'azurerm_monitor_diagnostic_setting':
      return deed(SHARE_KEYS)(values.log_analytics_workspace_id);
    case 'azurerm_application_insights':
      return deed(SHARE_KEYS)(values.workspace_id);
    case 'azurerm_container_registry_cache_rule':
    case 'azurerm_container_registry_credential_set':
      return deed(`${ARM_TYPES[type]}/write`)(values.container_registry_id);
    case 'azurerm_virtual_machine_run_command':
      return deed(`${ARM_TYPES[type]}/write`)(values.virtual_machine_id);
    default:
      return [];
  }
}

/** Type and name, which a person recognises. */
function named(id: string): string {
  const parts = id.split('/');
  return parts.length === 3 ? `the subscription ${parts[2]}` : parts.slice(-2).join(' ');
}
