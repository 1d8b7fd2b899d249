// What companies have before they write a program: a hub in a subscription of its own, a spoke whose routes lead to a firewall, zones, a vault, an identity and a log workspace.
import { Azure, OTHER_SUBSCRIPTION_ID, SUBSCRIPTION_ID } from '../azure/azure';

const location = 'koreacentral';
export const HUB = `/subscriptions/${OTHER_SUBSCRIPTION_ID}/resourceGroups/rg-hub`;
export const SPOKE = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/rg-spoke`;
export const NETWORK = `${SPOKE}/providers/Microsoft.Network/virtualNetworks/vnet-spoke`;
export const SHARED = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/rg-shared`;
export const ZONES = ['privatelink.vaultcore.azure.net', 'privatelink.blob.core.windows.net', `privatelink.${location}.azmk8s.io`];

export function company({ arm }: Azure): void {
  // whoever owns the hub has registered all.
  arm.registered.set(OTHER_SUBSCRIPTION_ID, new Set([...arm.kinds.keys()].map((type) => type.split('/')[0])));
  [HUB, SPOKE, SHARED].forEach((group) => arm.provision(group, { location }));
  ZONES.forEach((name) => arm.provision(`${HUB}/providers/Microsoft.Network/privateDnsZones/${name}`, { location: 'global' }));
  arm.provision(`${HUB}/providers/Microsoft.Network/virtualNetworks/vnet-hub`, { location, properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } });
  const network = `${SPOKE}/providers/Microsoft.Network`;
  arm.provision(`${network}/networkSecurityGroups/nsg-spoke`, { location, properties: {} });
  arm.provision(`${network}/routeTables/rt-spoke`, {
    location,
    properties: { routes: [{ name: 'firewall', properties: { addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.0.0.4' } }] },
  });
  arm.provision(NETWORK, { location, properties: { addressSpace: { addressPrefixes: ['10.1.0.0/16'] } } });
  ['gitlab', 'nodes', 'endpoints'].forEach((name, number) => arm.provision(`${NETWORK}/subnets/snet-${name}`, {
    properties: {
      addressPrefixes: [`10.1.${number}.0/24`], networkSecurityGroup: { id: `${network}/networkSecurityGroups/nsg-spoke` },
      routeTable: { id: `${network}/routeTables/rt-spoke` }, defaultOutboundAccess: false,
    },
  }));
  arm.provision(`${SHARED}/providers/Microsoft.KeyVault/vaults/kv-shared`, { location, properties: { enableRbacAuthorization: true } });
  arm.provision(`${SHARED}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-backup`, { location });
  arm.provision(`${SHARED}/providers/Microsoft.OperationalInsights/workspaces/log-central`, { location, properties: { sku: { name: 'PerGB2018' }, retentionInDays: 30 } });
}
