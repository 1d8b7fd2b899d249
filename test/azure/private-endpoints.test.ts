import { AksCluster, AzureSubnet, KubernetesGitLabRunner, PrivateEndpoints, RunnerCache, SelfHostedGitLab } from '../../src';
import { newStack, resource, resources, synth } from '../synth';

const GROUP = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network';
const SUBNET = `${GROUP}/virtualNetworks/v/subnets/endpoints`;
const VAULT_ZONE = `${GROUP}/privateDnsZones/privatelink.vaultcore.azure.net`;
const BLOB_ZONE = `${GROUP}/privateDnsZones/privatelink.blob.core.windows.net`;

function platform(privateEndpoints: PrivateEndpoints) {
  const stack = newStack();
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', privateEndpoints, backup: {}, objectStorage: {}, tags: { team: 'a' } });
  const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral', subnet: AzureSubnet.existing(SUBNET.replace('endpoints', 'nodes')) });
  new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, tags: ['aks'], cache: RunnerCache.azureBlob({ privateEndpoints }) });
  return synth(stack);
}
const endpoints = (json: any) => Object.entries<any>(resources(json, 'azurerm_private_endpoint'));

describe('private endpoints', () => {
  const json = platform(PrivateEndpoints.dnsZones(SUBNET, VAULT_ZONE, BLOB_ZONE));

  test('there is one for each vault and each storage account, by the kind that Azure knows it by', () => {
    expect(endpoints(json).map(([name, { private_service_connection: to }]) => [name.replace(/_Endpoint_\w+$/, ''), to.subresource_names]).sort()).toEqual([
      ['GitLab_Backup', ['blob']], ['GitLab_Objects', ['blob']], ['GitLab_RunnerVault', ['vault']], ['GitLab_ServerVault', ['vault']], ['Runner_Cache', ['blob']],
    ]);
    endpoints(json).forEach(([, { subnet_id: subnetId, private_service_connection: to, private_dns_zone_group: group }]) => {
      expect([subnetId, to.is_manual_connection]).toEqual([SUBNET, false]);
      expect(group.private_dns_zone_ids).toEqual([to.subresource_names[0] === 'vault' ? VAULT_ZONE : BLOB_ZONE]);
    });
  });

  test('nothing else leads in: vaults and accounts are closed to the Internet', () => {
    const closed = [...Object.values<any>(resources(json, 'azurerm_key_vault')), ...Object.values<any>(resources(json, 'azurerm_storage_account'))];
    expect(closed.map(({ public_network_access_enabled: open }) => open)).toEqual([false, false, false, false, false]);
    expect(Object.values<any>(resources(json, 'azurerm_key_vault')).map(({ network_acls: acls }) => acls))
      .toEqual([1, 2].map(() => ({ bypass: 'AzureServices', default_action: 'Deny' })));
  });

  test('machine and release wait for them', () => {
    const machine = resource(json, 'azurerm_linux_virtual_machine').depends_on.join();
    ['ServerVault', 'RunnerVault', 'Backup', 'Objects'].forEach((id) => expect(machine).toContain(`azurerm_private_endpoint.GitLab_${id}_Endpoint_`));
    expect(resource(json, 'helm_release').depends_on.join()).toContain('azurerm_private_endpoint.Runner_Cache_Endpoint_');
  });

  test('what a policy adds to them stays', () => {
    const all = endpoints(platform(PrivateEndpoints.dnsByPolicy(SUBNET)));
    expect(all).toHaveLength(5);
    all.forEach(([, endpoint]) => {
      expect(endpoint).not.toHaveProperty('private_dns_zone_group');
      expect(endpoint.lifecycle).toEqual({ ignore_changes: ['private_dns_zone_group'] });
    });
  });

  test('fail without a zone for accounts, if there are some', () => {
    expect(() => platform(PrivateEndpoints.dnsZones(SUBNET, VAULT_ZONE))).toThrow(new Error(
      'privateEndpoints.blobZoneId: missing, got nothing; give the id of the zone "privatelink.blob.core.windows.net": there is a storage account (at Test/GitLab/Backup)'));
  });

  test('fail with a zone of another name', () => {
    expect(() => PrivateEndpoints.dnsZones(SUBNET, BLOB_ZONE)).toThrow(new Error(
      `vaultZoneId: a zone of another name, got "${BLOB_ZONE}"; give the id of the zone "privatelink.vaultcore.azure.net" (at PrivateEndpoints.dnsZones)`));
  });
});
