import { TerraformVariable } from 'cdktf';
import { AksCluster, AksClusterProps, AksEgress, ApiServerAccess, AzureSubnet, GitLabEndpoint, GitLabNetwork, KubernetesGitLabRunner, SelfHostedGitLab } from '../../src';
import { newStack, resource, resources, synth } from '../synth';

const LOCATION = 'koreacentral';
const SUBNET = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/nodes';
const ZONE = '/subscriptions/hub/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/privatelink.koreacentral.azmk8s.io';
const zoneNamed = (name: string) => ZONE.replace(/[^/]+$/, name);
const OTHER_ZONE = 'give one named "privatelink.<region>.azmk8s.io", with subnetId also "private.<region>.azmk8s.io", or a subdomain of one label';
const EXISTING = AzureSubnet.existing(SUBNET);

const attempt = (props: Partial<AksClusterProps>) => {
  const stack = newStack();
  return { stack, cluster: new AksCluster(stack, 'Cluster', { location: LOCATION, ...props }) };
};
const cluster = (props: Partial<AksClusterProps>) => synth(attempt(props).stack);
const aks = (json: any) => resource(json, 'azurerm_kubernetes_cluster');

describe('egress', () => {
  test('leaves through the load balancer by default, and by its name', () => {
    expect(cluster({ egress: AksEgress.loadBalancer() })).toEqual(cluster({}));
    expect(aks(cluster({})).network_profile).toMatchObject({ outbound_type: 'loadBalancer', load_balancer_profile: { outbound_ip_address_ids: [expect.anything()] } });
  });

  test('a new subnet gets a NAT gateway with an address, before the cluster', () => {
    const json = cluster({ egress: AksEgress.natGateway(), apiServerAccess: ApiServerAccess.authorizedIpRanges(['203.0.113.0/24']) });
    const { network_profile: profile, depends_on: waits, api_server_access_profile: access } = aks(json);
    expect(profile.outbound_type).toBe('userAssignedNATGateway');
    expect(profile).not.toHaveProperty('load_balancer_profile');
    const [name, ...others] = Object.keys(resources(json, 'azurerm_public_ip'));
    expect([name, others]).toEqual([expect.stringMatching(/^Cluster_Network_WayOut_Address_/), []]);
    expect(waits.join()).toContain('azurerm_subnet_nat_gateway_association.');
    expect(access.authorized_ip_ranges).toEqual(['203.0.113.0/24', `\${azurerm_public_ip.${name}.ip_address}/32`]);
    expect(Object.values<any>(json.output).map(({ value }) => value)).toContain(`\${azurerm_public_ip.${name}.ip_address}`);
    expect(JSON.stringify(resources(json, 'azurerm_role_assignment'))).not.toContain('EgressIp');
  });

  test.each([['a NAT gateway', AksEgress.natGateway(), 'userAssignedNATGateway'], ['routes', AksEgress.routed(), 'userDefinedRouting']])(
    'a subnet that exists has %s of its own, and nothing public is made', (_, egress, outboundType) => {
      const json = cluster({ egress, subnet: EXISTING });
      expect(aks(json).network_profile).toMatchObject({ outbound_type: outboundType });
      expect(json.resource).not.toHaveProperty('azurerm_public_ip');
      expect(json.resource).not.toHaveProperty('azurerm_nat_gateway');
      expect(Object.keys(json.output).join()).not.toContain('EgressIpAddress');
    });

  test('an address that is known joins those that reach the API server, and GitLab', () => {
    const { stack, cluster: routed } = attempt({ egress: AksEgress.routed('203.0.113.7'), subnet: EXISTING, apiServerAccess: ApiServerAccess.authorizedIpRanges(['198.51.100.0/24']) });
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION, webAllowedCidrs: [] });
    new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster: routed, tags: ['aks'] });
    const json = synth(stack);
    expect(aks(json).api_server_access_profile.authorized_ip_ranges).toEqual(['198.51.100.0/24', '203.0.113.7/32']);
    expect(Object.entries<any>(resources(json, 'azurerm_network_security_rule')).find(([name]) => name.startsWith('Runner_WebAccess'))![1].source_address_prefixes)
      .toEqual(['203.0.113.7']);
  });

  test('without an address, runners reach a private GitLab from their nodes', () => {
    const { stack, cluster: routed } = attempt({ egress: AksEgress.routed(), subnet: EXISTING });
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', {
      location: LOCATION, webAllowedCidrs: [], network: GitLabNetwork.privateAddress(), endpoint: GitLabEndpoint.customDomain('gitlab.example.com'),
    });
    new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster: routed, tags: ['aks'] });
    expect(JSON.stringify(resources(synth(stack), 'azurerm_network_security_rule'))).toContain('.address_prefixes}');
  });

  test('a cluster that had a load balancer keeps its address for one apply', () => {
    const json = cluster({ egress: AksEgress.natGateway().afterLoadBalancer() });
    expect(Object.keys(resources(json, 'azurerm_public_ip')).some((name) => name.startsWith('Cluster_Network_EgressIp_'))).toBe(true);
    expect(aks(json).network_profile).not.toHaveProperty('load_balancer_profile');
  });

  test.each<[string, Partial<AksClusterProps>, string]>([
    ['routes of a new subnet', { egress: AksEgress.routed() },
      'egress: a new subnet has no routes that lead out, got "AksEgress.routed()"; give AzureSubnet.existing() with a subnet whose routes lead to a firewall, or choose AksEgress.natGateway()'],
    ['an address of a gateway that is made', { egress: AksEgress.natGateway('203.0.113.7') },
      'egress: a new subnet gets a NAT gateway with an address of its own, got "203.0.113.7"; leave the address out, or give AzureSubnet.existing()'],
    ['nodes that the API server keeps out', { egress: AksEgress.routed(), subnet: EXISTING, apiServerAccess: ApiServerAccess.authorizedIpRanges(['203.0.113.0/24']) },
      'egress: nodes reach the API server from an address that the program does not name, and apiServerAccess would keep them out, got "AksEgress.routed()"; give the address: AksEgress.routed("203.0.113.7")'],
  ])('%s fail', (_, props, message) => {
    expect(() => attempt(props)).toThrow(new Error(`${message} (at Test/Cluster)`));
  });

  test.each(['10.0.0.4', '172.31.0.1', '192.168.1.1', '100.64.0.1', '169.254.169.254', '127.0.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255'])(
    'at %s fails, by which nobody in the Internet knows it', (address) => {
      (['natGateway', 'routed'] as const).forEach((way) => expect(() => AksEgress[way](address)).toThrow(new Error(
        `outboundIpAddress: not a public address, got "${address}"; give the address that the Internet sees requests come from (at AksEgress.${way})`)));
    });

  test.each(['203.0.113.7/32', '2001:db8::7', '203.0.113', 'firewall.example.com', ''])('at %p fails, which is no address', (address) => {
    expect(() => AksEgress.routed(address)).toThrow(new Error(
      `outboundIpAddress: not a valid value, got "${address}"; give an IPv4 address such as "203.0.113.7" (at AksEgress.routed)`));
  });

  test('an address that only the apply knows passes', () => {
    const stack = newStack();
    const address = new TerraformVariable(stack, 'firewall', {}).stringValue;
    expect(() => new AksCluster(stack, 'Cluster', { location: LOCATION, subnet: EXISTING, egress: AksEgress.routed(address) })).not.toThrow();
  });

  // Azure/azure-cli-extensions#1764: AKS knows callers by their public addresses.
  test.each(['10.0.0.0/8', '172.16.0.0/12', '192.168.1.0/24', '169.254.0.0/16'])('ranges of callers cannot be %s', (range) => {
    expect(() => ApiServerAccess.authorizedIpRanges([range])).toThrow(new Error(
      `ranges[0]: not a public address, got "${range}"; give the address that the Internet sees requests come from (at ApiServerAccess.authorizedIpRanges)`));
  });

  // Azure/terraform-azurerm-aks#378: AKS takes it beside no other range, and an address of our own is one.
  test('the range by which AKS means its nodes alone stands for the nodes\' own address', () => {
    const nobodyElse = aks(cluster({ apiServerAccess: ApiServerAccess.authorizedIpRanges(['0.0.0.0/32']) })).api_server_access_profile.authorized_ip_ranges;
    expect(nobodyElse).toEqual([expect.stringMatching(/^\$\{azurerm_public_ip\.Cluster_Network_EgressIp_\w+\.ip_address\}\/32$/)]);
    expect(() => ApiServerAccess.authorizedIpRanges(['203.0.113.0/24', '0.0.0.0/32'])).toThrow(new Error(
      'ranges: 0.0.0.0/32 stands for the nodes alone, so AKS takes no other range with it, got ["203.0.113.0/24","0.0.0.0/32"]; give that one alone, or leave it out (at ApiServerAccess.authorizedIpRanges)'));
  });
});

describe('a private API server', () => {
  // Azure/AKS#3470: without the rights on the zone AKS refuses the cluster, and later its upgrades.
  test('is in a zone of yours after its control plane has the rights', () => {
    const json = cluster({ apiServerAccess: ApiServerAccess.privateEndpoint({ dnsZoneId: ZONE }), subnet: EXISTING });
    expect(aks(json)).toMatchObject({ private_cluster_enabled: true, private_dns_zone_id: ZONE, run_command_enabled: false });
    const roles = Object.entries<any>(resources(json, 'azurerm_role_assignment')).filter(([name]) => name.startsWith('Cluster_ApiServer_'));
    expect(roles.map(([, role]) => [role.scope, role.role_definition_name]).sort()).toEqual([
      [ZONE, 'Private DNS Zone Contributor'], [SUBNET.split('/subnets/')[0], 'Network Contributor'],
    ].sort());
    const sleep = Object.entries<any>(resources(json, 'time_sleep')).find(([name]) => name.startsWith('Cluster_ApiServer_'))!;
    expect(sleep[1]).toMatchObject({ create_duration: '300s' });
    expect(aks(json).depends_on).toContain(`time_sleep.${sleep[0]}`);
  });

  test('has a name in public DNS without any zone', () => {
    expect(aks(cluster({ apiServerAccess: ApiServerAccess.privateEndpoint({ publicFqdnEnabled: true }) })))
      .toMatchObject({ private_dns_zone_id: 'None', private_cluster_public_fqdn_enabled: true });
  });

  test('is in a subnet of the network', () => {
    const subnetId = SUBNET.replace('nodes', 'api');
    const json = cluster({ apiServerAccess: ApiServerAccess.privateEndpoint({ subnetId }), subnet: EXISTING });
    expect(aks(json).api_server_access_profile).toEqual({ virtual_network_integration_enabled: true, subnet_id: subnetId });
    expect(JSON.stringify(resources(json, 'azurerm_role_assignment'))).toContain(`"scope":"${subnetId}"`);
  });

  test('stays as it was without options', () => {
    const plain = aks(cluster({ apiServerAccess: ApiServerAccess.privateEndpoint() }));
    expect(Object.keys(plain).filter((key) => /private_dns|public_fqdn|api_server/.test(key))).toEqual([]);
  });

  test.each(['privatelink.koreacentral.azmk8s.io', 'team-1.privatelink.koreacentral.azmk8s.io', 'PrivateLink.koreacentral.azmk8s.io'])('takes the zone %s', (name) => {
    expect(() => attempt({ apiServerAccess: ApiServerAccess.privateEndpoint({ dnsZoneId: zoneNamed(name) }) })).not.toThrow();
  });

  // MicrosoftDocs/azure-docs#119624, and Azure/terraform-azurerm-aks#670 for a region with a digit.
  test.each([['usgovvirginia', 'privatelink.usgovvirginia.cx.aks.containerservice.azure.us'], ['westus3', 'privatelink.westus3.azmk8s.io']])('in %s takes that region\'s zone', (location, name) => {
    expect(() => attempt({ location, apiServerAccess: ApiServerAccess.privateEndpoint({ dnsZoneId: zoneNamed(name) }) })).not.toThrow();
  });

  // Azure/terraform-azurerm-aks#710, sassoftware/viya4-iac-azure#211: azurerm has words in the place of an id.
  test.each([
    ['None', 'set publicFqdnEnabled to true, and leave this out'], ['System', 'leave it out: AKS makes a zone by itself'],
  ])('says what to write for azurerm\'s word %s', (word, remedy) => {
    expect(() => ApiServerAccess.privateEndpoint({ dnsZoneId: word })).toThrow(new Error(
      `dnsZoneId: not the id of a zone, got "${word}"; ${remedy} (at ApiServerAccess.privateEndpoint)`));
  });

  // MicrosoftDocs/azure-docs#106092 and #111880: the region by its long name, and the cluster's own.
  test.each(['privatelink.westeurope.azmk8s.io', 'privatelink.ne.azmk8s.io', 'privatelink.koreacentral.cx.aks.containerservice.azure.us'])('refuses the zone %s, which is not its region\'s', (name) => {
    expect(() => attempt({ apiServerAccess: ApiServerAccess.privateEndpoint({ dnsZoneId: zoneNamed(name) }) })).toThrow(new Error(
      `apiServerAccess.dnsZoneId: not a zone of the cluster's region, got "${zoneNamed(name)}"; give one named "privatelink.koreacentral.azmk8s.io", or a subdomain of it (at Test/Cluster)`));
  });

  test.each<[string, AzureSubnet | undefined, string, string]>([
    ['of a network that is not there', undefined, SUBNET.replace('nodes', 'api'),
      'the nodes are in a new virtual network, which has no such subnet, got "…"; give AzureSubnet.existing() as subnet, or leave it out'],
    ['that the nodes are in', EXISTING, SUBNET.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions'),
      'the nodes\' own subnet, got "…"; give one of its own, delegated to Microsoft.ContainerService/managedClusters'],
    ['of another network', EXISTING, SUBNET.replace('/v/', '/hub/'), `not in the nodes' virtual network, got "…"; give a subnet of ${SUBNET.split('/subnets/')[0]}`],
  ])('in a subnet %s fails', (_, subnet, subnetId, message) => {
    expect(() => attempt({ subnet, apiServerAccess: ApiServerAccess.privateEndpoint({ subnetId }) })).toThrow(new Error(
      `apiServerAccess.subnetId: ${message.replace('…', subnetId)} (at Test/Cluster)`));
  });

  test.each<[string, any, string]>([
    ['two places for its name', { dnsZoneId: ZONE, publicFqdnEnabled: true }, 'publicFqdnEnabled: the name is in dnsZoneId, got true; leave one of the two out'],
    ['a zone of another name', { dnsZoneId: ZONE.replace('privatelink.', 'link.') },
      `dnsZoneId: a zone of another name, got "${ZONE.replace('privatelink.', 'link.')}"; ${OTHER_ZONE}`],
    ['a zone below a zone below it', { dnsZoneId: zoneNamed('a.b.privatelink.koreacentral.azmk8s.io') },
      `dnsZoneId: a zone of another name, got "${zoneNamed('a.b.privatelink.koreacentral.azmk8s.io')}"; ${OTHER_ZONE}`],
    ['a zone of the public name', { dnsZoneId: zoneNamed('koreacentral.azmk8s.io') }, `dnsZoneId: a zone of another name, got "${zoneNamed('koreacentral.azmk8s.io')}"; ${OTHER_ZONE}`],
    ['a zone for servers in a subnet', { dnsZoneId: zoneNamed('private.koreacentral.azmk8s.io') },
      `dnsZoneId: a zone for an API server in a subnet, got "${zoneNamed('private.koreacentral.azmk8s.io')}"; give subnetId too, or a zone named "privatelink.<region>.azmk8s.io"`],
    ['a public zone', { dnsZoneId: ZONE.replace('privateDnsZones', 'dnsZones') },
      `dnsZoneId: not a valid value, got "${ZONE.replace('privateDnsZones', 'dnsZones')}"; give the ARM id of a Microsoft.Network/privateDnsZones`],
    ['a network in place of a subnet', { subnetId: SUBNET.split('/subnets/')[0] },
      `subnetId: not a valid value, got "${SUBNET.split('/subnets/')[0]}"; give the ARM id of a Microsoft.Network/virtualNetworks/subnets`],
  ])('%s fails', (_, options, message) => {
    expect(() => ApiServerAccess.privateEndpoint(options)).toThrow(new Error(`${message} (at ApiServerAccess.privateEndpoint)`));
  });
});
