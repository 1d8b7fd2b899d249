// Microsoft.Network: private endpoints and the groups by which their names get into zones.
// Not checked: manual approval, what an endpoint costs, and that clients resolve the name; a group says only which zone it would be in.
import { AzureError } from './azure-error';
import { Arm } from './core';
import { uuidOf } from './login';

const ENDPOINT = 'Microsoft.Network/privateEndpoints';
const GROUP = `${ENDPOINT}/privateDnsZoneGroups`;
/** What may be asked for of a type, and the zone that Azure looks the name up in. */
const TARGETS: { readonly [type: string]: { readonly [group: string]: string } } = {
  'Microsoft.KeyVault/vaults': { vault: 'privatelink.vaultcore.azure.net' },
  'Microsoft.DBforPostgreSQL/flexibleServers': { postgresqlServer: 'privatelink.postgres.database.azure.com' },
  'Microsoft.Storage/storageAccounts': { blob: 'privatelink.blob.core.windows.net' },
};

export function addPrivateEndpoints(arm: Arm): void {
  arm.references.push({ key: /(^|\.)privateDnsZoneId$/, type: 'Microsoft.Network/privateDnsZones' });
  arm.add(
    {
      type: ENDPOINT,
      slow: true,
      check({ body }) {
        for (const { properties } of body.properties.privateLinkServiceConnections ?? []) {
          const target = arm.find(properties.privateLinkServiceId);
          if (!target) {
            throw new AzureError(404, 'ResourceNotFound', `${properties.privateLinkServiceId} was not found`);
          }
          const wrong = properties.groupIds.find((group: string) => !(group in (TARGETS[target.type] ?? {})));
          if (wrong) {
            throw new AzureError(400, 'PrivateEndpointConnectionInvalidGroupId', `${target.type} has no group ${wrong}`);
          }
        }
      },
      fill(resource) {
        const { properties } = resource;
        properties.networkInterfaces = [{ id: `${resource.id.replace(/privateEndpoints\/.*/, '')}networkInterfaces/${resource.name}.nic.${uuidOf(resource.id)}` }];
        arm.put(properties.networkInterfaces[0].id, {
          location: resource.location,
          properties: { ipConfigurations: [{ name: 'privateEndpointIpConfig', properties: { privateIPAddress: '10.40.0.200', primary: true, subnet: properties.subnet } }] },
        });
        properties.customDnsConfigs = [];
        properties.ipConfigurations ??= [];
        properties.manualPrivateLinkServiceConnections ??= [];
        for (const connection of properties.privateLinkServiceConnections ?? []) {
          connection.properties.privateLinkServiceConnectionState ??= { status: 'Approved', description: 'Auto-Approved', actionsRequired: 'None' };
        }
      },
      gone({ properties }) {
        properties.networkInterfaces.forEach(({ id }: any) => arm.remove(id));
      },
    },
    {
      type: GROUP,
      slow: true,
      check({ id, body }) {
        const [connection] = arm.find(id.split('/privateDnsZoneGroups/')[0])!.properties.privateLinkServiceConnections;
        const target = arm.find(connection.properties.privateLinkServiceId)!;
        for (const { properties } of body.properties.privateDnsZoneConfigs) {
          const wanted = TARGETS[target.type][connection.properties.groupIds[0]];
          if (properties.privateDnsZoneId.split('/').pop().toLowerCase() !== wanted) {
            throw new AzureError(400, 'PrivateDnsZoneGroupInvalid', `${target.id} is looked up in ${wanted}`);
          }
        }
      },
      fill(resource) {
        for (const { properties } of resource.properties.privateDnsZoneConfigs) {
          properties.recordSets ??= [];
        }
      },
    },
  );
}
