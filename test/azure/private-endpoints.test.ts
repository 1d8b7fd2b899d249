import { TerraformVariable } from 'cdktf';
import { AksCluster, AzureProvider, AzureSubnet, KubernetesGitLabRunner, PrivateEndpoints, RunnerCache, SelfHostedGitLab } from '../../src';
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

  // hashicorp/terraform-provider-azurerm#14175: an endpoint is in the subscription of its network.
  test('fail in a subnet of another subscription', () => {
    const subscriptionId = '00000000-0000-0000-0000-000000000001';
    const stack = newStack();
    const provider = new AzureProvider(stack, 'Spoke', { alias: 'spoke', subscriptionId });
    new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', provider, privateEndpoints: PrivateEndpoints.dnsByPolicy(SUBNET) });
    expect(() => synth(stack)).toThrow(`privateEndpoints.subnetId: in another subscription than what stands in it, which is made in ${subscriptionId}, got "${SUBNET}"; `
      + 'give a subnet of that subscription, or a provider of the subnet\'s (at Test/GitLab/ServerVault)');
  });

  const government = (vaultZone: string) => () => new SelfHostedGitLab(newStack(), 'GitLab', {
    location: 'usgovvirginia', privateEndpoints: PrivateEndpoints.dnsZones(SUBNET, VAULT_ZONE.replace(/[^/]+$/, vaultZone)),
  });

  test('in Azure Government have that cloud\'s zones, and no others', () => {
    expect(government('privatelink.vaultcore.usgovcloudapi.net')).not.toThrow();
    expect(government('PrivateLink.vaultcore.usgovcloudapi.net')).not.toThrow();
    expect(government('privatelink.vaultcore.azure.net')).toThrow(new Error(
      `privateEndpoints.vaultZoneId: a zone of another cloud, got "${VAULT_ZONE}"; give the id of the zone "privatelink.vaultcore.usgovcloudapi.net" (at Test/GitLab/ServerVault)`));
  });

  test.each([
    ['a virtual network', SUBNET.split('/subnets/')[0]], ['a subnet\'s name', 'endpoints'], ['another service\'s', SUBNET.replace('Network', 'ClassicNetwork')], ['an address', '10.1.2.0/24'],
    ['a trailing slash', `${SUBNET}/`],
  ])('fail in %s', (_, subnetId) => {
    expect(() => PrivateEndpoints.dnsByPolicy(subnetId)).toThrow(new Error(
      `subnetId: not a valid value, got "${subnetId}"; give the ARM id of a Microsoft.Network/virtualNetworks/subnets (at PrivateEndpoints.dnsByPolicy)`));
  });

  test('ids that only the apply knows pass', () => {
    const stack = newStack();
    const [subnetId, vaultZoneId] = ['subnet', 'zone'].map((id) => new TerraformVariable(stack, id, {}).stringValue);
    new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', privateEndpoints: PrivateEndpoints.dnsZones(subnetId, vaultZoneId) });
    expect(endpoints(synth(stack))[0][1]).toMatchObject({ subnet_id: '${var.subnet}', private_dns_zone_group: { private_dns_zone_ids: ['${var.zone}'] } });
  });
});
