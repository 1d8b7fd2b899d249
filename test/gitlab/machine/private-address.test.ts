import { TerraformVariable } from 'cdktf';
import {
  AksCluster, AzureProvider, AzureSubnet, GitLabEndpoint, GitLabNetwork, GitLabPrivateAddressOptions,
  KeyVaultSecret, KubernetesGitLabRunner, SelfHostedGitLab, SelfHostedGitLabProps,
} from '../../../src';
import { newStack, resource, resources, synth } from '../../synth';
import { LOCATION, parameters, rb, resolve, rule, runCommand, server, SUBNET, unsynthesised, VAULT } from '../server';

const HUB = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/hub';
const DOMAIN = GitLabEndpoint.customDomain('gitlab.example.com');

const privately = (options: GitLabPrivateAddressOptions = {}, props: Partial<SelfHostedGitLabProps> = {}) => ({
  network: GitLabNetwork.privateAddress(options), endpoint: DOMAIN, ...props,
});
const failing = (options: any, props: any = {}) => () => unsynthesised(privately(options, props));

describe('a server with a private address', () => {
  const { json, gitlab, stack } = server(privately());

  test('has the first free address of its subnet, and no public one', () => {
    expect(resource(json, 'azurerm_network_interface').ip_configuration).toEqual([{
      name: 'public',
      subnet_id: '${azurerm_virtual_network.GitLab_Network_VirtualNetwork_508E07D2.id}/subnets/gitlab',
      private_ip_address_allocation: 'Static',
      private_ip_address: '10.40.0.4',
    }]);
    expect([gitlab.privateIpAddress, gitlab.publicIpAddress, gitlab.fqdn, gitlab.hasPrivateAddress]).toEqual(['10.40.0.4', undefined, undefined, true]);
    expect(json.output.GitLab_IpAddress_4A9A3E5C ?? Object.values<any>(json.output).find(({ value }) => value === '10.40.0.4'))
      .toMatchObject({ value: '10.40.0.4', description: 'The private address of the server.' });
  });

  test('gets out through a NAT gateway before the machine is there', () => {
    const [name, address] = Object.entries(resources(json, 'azurerm_public_ip'))[0];
    expect(Object.keys(resources(json, 'azurerm_public_ip'))).toHaveLength(1);
    expect(address).toMatchObject({ name: 'gitlab-vm-nat-ip', sku: 'Standard', allocation_method: 'Static' });
    expect(resource(json, 'azurerm_nat_gateway')).toMatchObject({ name: 'gitlab-vm-nat', sku_name: 'Standard' });
    expect(resource(json, 'azurerm_nat_gateway_public_ip_association')).toMatchObject({ public_ip_address_id: `\${azurerm_public_ip.${name}.id}` });
    expect(resource(json, 'azurerm_subnet_nat_gateway_association').subnet_id).toContain('/subnets/gitlab');
    expect(resource(json, 'azurerm_linux_virtual_machine').depends_on.join()).toContain('azurerm_subnet_nat_gateway_association.');
  });

  test('lets in the networks connected to its own, and nobody of the Internet', () => {
    expect(rule(json, 'AllowHttps')).toMatchObject({ source_address_prefix: 'VirtualNetwork', destination_port_range: '443' });
    expect(rule(json, 'AllowHttp')).toMatchObject({ source_address_prefix: 'VirtualNetwork' });
    expect(JSON.stringify(resources(json, 'azurerm_network_security_rule'))).not.toContain('"Allow","source_address_prefix":"*"');
  });

  test('has a certificate of its own authority, and asks Let\'s Encrypt for none', () => {
    expect(resolve(stack, gitlab.gitlabUrl)).toBe('https://gitlab.example.com');
    expect(parameters(json, 'Gitlab').LETS_ENCRYPT).toBeUndefined();
    expect(rb(json)).toContain('letsencrypt["enable"] = false');
  });

  test('shows the record that its name needs', () => {
    expect(Object.values<any>(json.output).map(({ value }) => value)).toContain('gitlab.example.com A 10.40.0.4');
  });

  test('shows the record of Pages as well', () => {
    const { json: withPages } = server(privately({}, { pages: { domain: 'pages.example.com' } }));
    expect(Object.values<any>(withPages.output).map(({ value }) => value)).toContain('pages.example.com A 10.40.0.4');
  });

  test('can be reached over plain HTTP at its address', () => {
    const plain = unsynthesised(privately({ address: '10.40.0.9' }, { endpoint: GitLabEndpoint.http() }));
    expect(plain.gitlab.gitlabUrl).toBe('http://10.40.0.9');
  });

  test('takes a certificate from a Key Vault, and shows the address for git over SSH behind a proxy', () => {
    expect(parameters(server(privately({}, { endpoint: GitLabEndpoint.certificateFromKeyVault('gitlab.example.com', KeyVaultSecret.of(VAULT, 'tls')) })).json, 'Gitlab'))
      .toMatchObject({ CERTIFICATE: 'key-vault', CERTIFICATE_SECRET: 'tls' });
    expect(rb(server(privately({}, { endpoint: GitLabEndpoint.behindProxy({ host: 'gitlab.example.com', trustedCidrs: ['10.0.1.0/24'] }) })).json))
      .toContain('gitlab_rails["gitlab_ssh_host"] = "10.40.0.4"');
  });
});

describe('in a subnet that exists', () => {
  const { json } = server(privately({ address: '10.1.0.4' }, { subnet: AzureSubnet.existing(SUBNET) }));

  test('the way out is the network\'s own, and nothing has a public address', () => {
    expect(resource(json, 'azurerm_network_interface').ip_configuration[0]).toMatchObject({ subnet_id: SUBNET, private_ip_address: '10.1.0.4' });
    expect(json.resource).not.toHaveProperty('azurerm_public_ip');
    expect(json.resource).not.toHaveProperty('azurerm_nat_gateway');
    expect(json.resource).toHaveProperty('azurerm_network_interface_security_group_association');
  });
});

describe('names', () => {
  const named = (major: 4 | 5, props: Partial<SelfHostedGitLabProps> = {}, dnsVirtualNetworkIds?: string[]) =>
    server(privately({ dnsZoneEnabled: true, dnsVirtualNetworkIds, address: '10.1.0.4' }, { subnet: AzureSubnet.existing(SUBNET), ...props }), (_, stack) => {
      new AzureProvider(stack, 'Azure', { azurermMajor: major });
    }).json;
  const zone = 'azurerm_private_dns_zone.GitLab_Network_Names_Zone_';

  test('are in a zone of exactly GitLab\'s name, which its network and those named see', () => {
    const json = named(5, {}, [HUB, SUBNET.split('/subnets/')[0].toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions')]);
    expect(resource(json, 'azurerm_private_dns_zone')).toMatchObject({ name: 'gitlab.example.com', resource_group_name: expect.stringContaining('azurerm_resource_group.') });
    expect(Object.values<any>(resources(json, 'azurerm_private_dns_zone_virtual_network_link')).map(({ name, virtual_network_id: id }) => [name, id]))
      .toEqual([['hub', HUB], ['v', SUBNET.split('/subnets/')[0]]]);
    expect(resource(json, 'azurerm_private_dns_a_record')).toMatchObject({ name: '@', records: ['10.1.0.4'], ttl: 300 });
    expect(Object.values<any>(json.output).map(({ value }) => value).join()).not.toContain('gitlab.example.com A');
    expect(runCommand(json, 'Gitlab').depends_on.join()).toContain('azurerm_private_dns_a_record.');
  });

  test('are spelled as the major version of azurerm that is meant spells them, and the constraint follows', () => {
    const spelled = (major: 4 | 5) => {
      const json = named(major);
      const [link, record] = ['azurerm_private_dns_zone_virtual_network_link', 'azurerm_private_dns_a_record'].map((type) => resource(json, type));
      return { version: json.terraform.required_providers.azurerm.version, link, record };
    };
    const five = spelled(5);
    expect(five.version).toBe('>= 5.0, < 6');
    expect(five.record.private_dns_zone_id).toContain(zone);
    expect(five.link.private_dns_zone_id).toContain(zone);
    expect(Object.keys({ ...five.record, ...five.link }).filter((key) => /zone_name|resource_group/.test(key))).toEqual([]);
    const four = spelled(4);
    expect(four.version).toBe('>= 4.81, < 5');
    expect(four.record).toMatchObject({ zone_name: expect.stringContaining(zone), resource_group_name: expect.stringContaining(zone) });
    expect(four.link).toMatchObject({ private_dns_zone_name: expect.stringContaining(zone), resource_group_name: expect.stringContaining(zone) });
    expect({ ...four.record, ...four.link }).not.toHaveProperty('private_dns_zone_id');
  });

  test('follow the stack\'s own version constraint too', () => {
    const { json } = server(privately({ dnsZoneEnabled: true }), (_, stack) => stack.addOverride('terraform.required_providers.azurerm', { version: '~> 5.2' }));
    expect(resource(json, 'azurerm_private_dns_a_record')).toHaveProperty('private_dns_zone_id');
  });

  test('fail where both versions may come', () => {
    expect(() => server(privately({ dnsZoneEnabled: true }))).toThrow(
      'network.dnsZoneEnabled: azurerm 4 and 5 spell private DNS differently, and the stack allows both, got nothing; say which is meant: new AzureProvider(stack, "Azure", { azurermMajor: 5 })',
    );
  });

  test('fail where two providers of a stack mean different versions', () => {
    const stack = newStack();
    new AzureProvider(stack, 'One', { azurermMajor: 4 });
    expect(() => new AzureProvider(stack, 'Two', { azurermMajor: 5 })).toThrow(new Error(
      'azurermMajor: another provider of the stack means 4, got 5; give the same everywhere: a stack has one version of azurerm (at Test/Two)'));
  });
});

describe('runners of a server with a private address', () => {
  const joined = (subnet?: AzureSubnet) => {
    const stack = newStack();
    const { gitlab, cluster } = {
      gitlab: new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION, ...privately({}, { webAllowedCidrs: [] }) }),
      cluster: new AksCluster(stack, 'Cluster', { location: LOCATION, subnet }),
    };
    new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, tags: ['aks'] });
    return synth(stack);
  };
  const webAccess = (json: any) => Object.entries<any>(resources(json, 'azurerm_network_security_rule')).find(([name]) => name.startsWith('Runner_WebAccess'))![1];

  test('are let in by the subnet of their nodes', () => {
    expect(webAccess(joined()).source_address_prefixes).toEqual(['10.224.0.0/20']);
  });

  test('are let in by what Azure knows of a subnet that exists', () => {
    const json = joined(AzureSubnet.existing(SUBNET));
    expect(Object.values<any>(json.data.azurerm_subnet)).toEqual([{ name: 's', resource_group_name: 'g', virtual_network_name: 'v' }]);
    expect(webAccess(json).source_address_prefixes).toMatch(/^\$\{data\.azurerm_subnet\.Cluster_NodeSubnet_\w+\.address_prefixes\}$/);
  });
});

describe('a server that had a public address', () => {
  test('keeps it for one apply, detached', () => {
    const { json, gitlab } = server({ network: GitLabNetwork.privateAddress().afterPublicAddress(), endpoint: DOMAIN });
    expect(resources(json, 'azurerm_public_ip')).toHaveProperty('GitLab_Network_PublicIp_B7EB4614');
    expect(JSON.stringify(resource(json, 'azurerm_network_interface'))).not.toContain('GitLab_Network_PublicIp');
    expect(gitlab.publicIpAddress).toBeUndefined();
  });
});

describe('what needs a public address', () => {
  test.each<[string, any, any, string]>([
    ['Azure\'s name, chosen by default', {}, { endpoint: undefined },
      'endpoint: Azure\'s name belongs to a public address, and network gives the server none, got nothing; give a domain of your own such as GitLabEndpoint.customDomain("gitlab.example.com")'],
    ['Azure\'s name', {}, { endpoint: GitLabEndpoint.https() },
      'endpoint: Azure\'s name belongs to a public address, and network gives the server none, got "GitLabEndpoint.https()"; give a domain of your own such as GitLabEndpoint.customDomain("gitlab.example.com")'],
    ['a label of it', {}, { dnsLabel: 'acme' }, 'dnsLabel: Azure\'s name belongs to a public address, and network gives the server none, got "acme"; leave it out'],
    ['Let\'s Encrypt', {}, { endpoint: GitLabEndpoint.customDomain('gitlab.example.com', { letsEncrypt: true }) },
      'endpoint: Let\'s Encrypt cannot reach a private address, got {"letsEncrypt":true}; leave it out, or choose GitLabEndpoint.certificateFromKeyVault()'],
    ['its notices', {}, { endpoint: GitLabEndpoint.customDomain('gitlab.example.com', { letsEncryptEmail: 'a@b.c' }) },
      'endpoint: Let\'s Encrypt cannot reach a private address, got {"letsEncryptEmail":"a@b.c"}; leave it out, or choose GitLabEndpoint.certificateFromKeyVault()'],
    ['Front Door', {}, { endpoint: GitLabEndpoint.behindFrontDoor('gitlab.example.com', '00000000-0000-0000-0000-000000000001') },
      'endpoint: Front Door reaches public addresses only, got "GitLabEndpoint.behindFrontDoor()"; choose GitLabEndpoint.behindProxy() with a proxy in a connected network'],
    ['no address in a subnet that exists', {}, { subnet: AzureSubnet.existing(SUBNET) },
      'network.address: missing, got nothing; give an address that is free in the subnet that exists, such as "10.1.0.4"'],
    ['networks without a zone', { dnsVirtualNetworkIds: [HUB] }, {},
      `network.dnsVirtualNetworkIds: there is no zone to link them to, got ["${HUB}"]; set dnsZoneEnabled to true, or leave it out`],
    ['a zone without a name', { dnsZoneEnabled: true }, { endpoint: GitLabEndpoint.http() },
      'network.dnsZoneEnabled: the endpoint has no name, got true; leave it out, or choose GitLabEndpoint.customDomain()'],
    ['a zone of a proxy\'s name', { dnsZoneEnabled: true }, { endpoint: GitLabEndpoint.behindProxy({ host: 'gitlab.example.com', trustedCidrs: ['10.0.1.0/24'] }) },
      'network.dnsZoneEnabled: GitLab\'s name leads to the proxy of the endpoint, got true; leave it out, and let the name lead to the proxy'],
    ['an address outside of the subnet', { address: '10.41.0.4' }, {},
      'network.address: not within the subnet (10.40.0.0/24), got "10.41.0.4"; leave it out, or give one such as "10.40.0.4"'],
    ...['10.40.0.0', '10.40.0.3', '10.40.0.255'].map((address): [string, any, any, string] => [`${address}, which Azure keeps`, { address }, {},
      `network.address: one of the five that Azure keeps in each subnet, got "${address}"; leave it out, or give one such as "10.40.0.4"`]),
  ])('%s fails', (_, options, props, message) => {
    expect(failing(options, props)).toThrow(new Error(`${message} (at Test/GitLab)`));
  });

  test.each(['0.0.0.0', '127.0.0.1', '169.254.169.254', '168.63.129.16', '224.0.0.1', '255.255.255.255'])('%s fails, which no machine can have', (address) => {
    expect(() => GitLabNetwork.privateAddress({ address })).toThrow(new Error(
      `address: an address that no machine can have, got "${address}"; give one of the subnet, such as "10.1.0.4" (at GitLabNetwork.privateAddress)`));
  });

  test.each(['10.1.0.4/32', 'fd00::4', '10.1.0', '10.01.0.4', 'gitlab.example.com'])('%p fails, which is no IPv4 address', (address) => {
    expect(() => GitLabNetwork.privateAddress({ address })).toThrow(new Error(
      `address: not a valid value, got "${address}"; give an IPv4 address such as "203.0.113.7" (at GitLabNetwork.privateAddress)`));
  });

  test.each([HUB.replace('virtualNetworks', 'virtualNetworkGateways'), `${HUB}/subnets/s`, 'hub'])('a link to %s fails, which is no virtual network', (id) => {
    expect(() => GitLabNetwork.privateAddress({ dnsZoneEnabled: true, dnsVirtualNetworkIds: [id] })).toThrow(new Error(
      `dnsVirtualNetworkIds[0]: not a valid value, got "${id}"; give the ARM id of a Microsoft.Network/virtualNetworks (at GitLabNetwork.privateAddress)`));
  });

  test('an address that only the apply knows passes', () => {
    const stack = newStack();
    const address = new TerraformVariable(stack, 'address', {}).stringValue;
    expect(() => unsynthesised(privately({ address }))).not.toThrow();
  });
});
