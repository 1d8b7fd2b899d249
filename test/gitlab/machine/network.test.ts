import { TerraformVariable } from 'cdktf';
import { AzureSubnet } from '../../../src';
import { resource, resources, TerraformJson } from '../../synth';
import { plain, resolve, rule, runCommand, server, unsynthesised } from '../server';

/** The one subnet of the one virtual network. */
function subnet(json: TerraformJson): any {
  const { subnet: subnets } = resource(json, 'azurerm_virtual_network');
  expect(subnets).toHaveLength(1);
  return subnets[0];
}

describe('the network', () => {
  test('has a standard address with a name of its own', () => {
    const { json, gitlab, stack } = plain;
    const label = json.resource.azurerm_public_ip.GitLab_Network_PublicIp_B7EB4614.domain_name_label;
    expect(label).toBe('gitlab-${local.GitLab_UniqueSuffix_2626B6FE}');
    expect(resource(json, 'azurerm_public_ip')).toMatchObject({ sku: 'Standard', allocation_method: 'Static' });
    expect(resolve(stack, gitlab.fqdn)).toBe(`${label}.koreacentral.cloudapp.azure.com`);
    expect(resolve(stack, gitlab.gitlabUrl)).toBe(`https://${label}.koreacentral.cloudapp.azure.com`);
  });

  test('opens 80 and 443 to all and 22 to nobody', () => {
    const { json } = plain;
    expect(rule(json, 'AllowHttp')).toMatchObject({ destination_port_range: '80', source_address_prefix: '*', priority: 100 });
    expect(rule(json, 'AllowHttps')).toMatchObject({ destination_port_range: '443', source_address_prefix: '*', priority: 110 });
    expect(rule(json, 'AllowSsh')).toBeUndefined();
  });

  test('opens what the user names, from the priority the user names on', () => {
    const { json } = server({
      webAllowedCidrs: ['203.0.113.0/24', '198.51.100.7/32'], httpAllowedCidrs: [], sshAllowedCidrs: ['192.0.2.0/24'],
      firstRulePriority: 300,
    });
    expect(rule(json, 'AllowHttp')).toBeUndefined();
    expect(rule(json, 'AllowHttps')).toMatchObject({ source_address_prefixes: ['203.0.113.0/24', '198.51.100.7/32'], priority: 310 });
    expect(rule(json, 'AllowSsh')).toMatchObject({ destination_port_range: '22', source_address_prefixes: ['192.0.2.0/24'], priority: 320 });
  });

  test('joins a subnet that exists without touching its own rules', () => {
    const subnetId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/s';
    const { json } = server({ subnet: AzureSubnet.existing(subnetId) });
    expect(json.resource).not.toHaveProperty('azurerm_virtual_network');
    expect(resource(json, 'azurerm_network_interface').ip_configuration[0].subnet_id).toBe(subnetId);
    expect(resource(json, 'azurerm_network_interface_security_group_association')).toMatchObject({
      network_interface_id: '${azurerm_network_interface.GitLab_Network_Interface_FA4A5DF3.id}',
      network_security_group_id: '${azurerm_network_security_group.GitLab_Network_SecurityGroup_EAB934B4.id}',
    });
    expect(runCommand(json, 'DataDisk').depends_on.join()).toContain('azurerm_network_interface_security_group_association.');
  });

  test('takes other address blocks', () => {
    const { json } = server({ subnet: AzureSubnet.create({ virtualNetworkCidr: '172.16.0.0/16', subnetCidr: '172.16.4.0/24' }) });
    expect(resource(json, 'azurerm_virtual_network').address_space).toEqual(['172.16.0.0/16']);
    expect(subnet(json).address_prefixes).toEqual(['172.16.4.0/24']);
  });

  test('lets in nobody else, not even the virtual network', () => {
    const { json } = plain;
    const { priority, ...deny } = rule(json, 'DenyOtherInbound');
    expect(deny).toEqual({
      name: 'DenyOtherInbound', access: 'Deny', direction: 'Inbound', protocol: '*',
      source_address_prefix: '*', source_port_range: '*', destination_address_prefix: '*', destination_port_range: '*',
      network_security_group_name: '${azurerm_network_security_group.GitLab_Network_SecurityGroup_EAB934B4.name}',
      resource_group_name: '${azurerm_network_security_group.GitLab_Network_SecurityGroup_EAB934B4.resource_group_name}',
    });
    expect(priority).toBe(4096);
  });

  test('the subnet has its network security group from its first request on, and no outbound address of Azure\'s', () => {
    expect(subnet(plain.json)).toMatchObject({
      name: 'gitlab',
      address_prefixes: ['10.40.0.0/24'],
      security_group: '${azurerm_network_security_group.GitLab_Network_SecurityGroup_EAB934B4.id}',
      default_outbound_access_enabled: false,
    });
    expect(resource(plain.json, 'azurerm_network_interface').ip_configuration[0].subnet_id)
      .toBe('${azurerm_virtual_network.GitLab_Network_VirtualNetwork_508E07D2.id}/subnets/gitlab');
  });
});

describe('allowWebFrom', () => {
  test('does nothing where the ports are open to all', () => {
    const { json } = server({}, (gitlab, stack) => gitlab.allowWebFrom(stack, 'Web', ['20.1.2.3']));
    expect(Object.keys(resources(json, 'azurerm_network_security_rule'))).toHaveLength(3);
  });

  test('opens the ports that are closed, in the scope of whoever asks', () => {
    const { json } = server({ webAllowedCidrs: [] }, (gitlab, stack) => gitlab.allowWebFrom(stack, 'Web', ['20.1.2.3']));
    const { Web: made, ...others } = resources(json, 'azurerm_network_security_rule');
    expect(Object.keys(others)).toEqual(['GitLab_Network_DenyOtherInbound_6713EE2C']);
    expect(made).toMatchObject({
      source_address_prefixes: ['20.1.2.3'],
      destination_port_ranges: ['80', '443'],
      network_security_group_name: '${azurerm_network_security_group.GitLab_Network_SecurityGroup_EAB934B4.name}',
      resource_group_name: '${azurerm_resource_group.GitLab_ResourceGroup_38EEE2BC.name}',
      name: `AllowWeb${made.priority}`,
    });
    expect(made.priority).toBeGreaterThanOrEqual(1000);
    expect(made.priority).toBeLessThan(4000);
  });

  test('gives each asker a priority of its own, which does not depend on the others', () => {
    const priorities = (ids: string[]) => {
      const { json } = server({ webAllowedCidrs: [] }, (gitlab, stack) => ids.forEach((id) => gitlab.allowWebFrom(stack, id, ['20.1.2.3'])));
      const { GitLab_Network_DenyOtherInbound_6713EE2C: _, ...rules } = resources(json, 'azurerm_network_security_rule');
      return Object.fromEntries(Object.entries(rules).map(([name, made]) => [name, made.priority]));
    };
    const ids = [...Array(400).keys()].map((index) => `Web${index}`);
    const all = priorities(ids);
    expect(Object.keys(all)).toHaveLength(400);
    expect(new Set(Object.values(all)).size).toBe(400);
    expect(priorities(['Web7']).Web7).toBe(priorities(['Web3', 'Web7']).Web7);
  });

  test('passes an address that only the apply knows', () => {
    const { json } = server({ webAllowedCidrs: [] }, (gitlab, stack) => {
      gitlab.allowWebFrom(stack, 'Web', [new TerraformVariable(stack, 'egress', {}).stringValue]);
    });
    expect(resources(json, 'azurerm_network_security_rule').Web.source_address_prefixes).toEqual(['${var.egress}']);
  });

  test('fails when a block has host bits', () => {
    const { gitlab, stack } = unsynthesised();
    expect(() => gitlab.allowWebFrom(stack, 'Web', ['20.1.2.3', '10.0.0.1/8'])).toThrow(new Error(
      'addressPrefixes[1]: not an IPv4 block, got "10.0.0.1/8"; the address has host bits set, did you mean "10.0.0.0/8" (at Test)',
    ));
  });

  test('fails when a number begins with a zero, which some programs read as octal', () => {
    const { gitlab, stack } = unsynthesised();
    expect(() => gitlab.allowWebFrom(stack, 'Web', ['010.0.0.0/08'])).toThrow(new Error(
      'addressPrefixes[0]: not an IPv4 block, got "010.0.0.0/08"; leave out zeros in front, did you mean "10.0.0.0/8" (at Test)',
    ));
  });

  test('fails when nobody is let in, and when somebody is twice', () => {
    const { gitlab, stack } = unsynthesised();
    expect(() => gitlab.allowWebFrom(stack, 'Web', [])).toThrow(new Error(
      'addressPrefixes: empty, got []; give at least 1, each an IPv4 address or block such as "20.1.2.3" or "10.0.0.0/16" (at Test)',
    ));
    expect(() => gitlab.allowWebFrom(stack, 'Web', ['20.1.2.3', '20.1.2.3/32'])).toThrow(new Error(
      'addressPrefixes[1]: given twice, got "20.1.2.3/32"; name it once (at Test)',
    ));
  });

  test('fails when an address is none', () => {
    const { gitlab, stack } = unsynthesised();
    expect(() => gitlab.allowWebFrom(stack, 'Web', ['everybody'])).toThrow(new Error(
      'addressPrefixes[0]: not a valid value, got "everybody"; give an IPv4 address or block such as "20.1.2.3" or "10.0.0.0/16" (at Test)',
    ));
  });
});
