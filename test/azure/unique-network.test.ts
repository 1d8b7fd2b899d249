import { NetworkInterface } from '@cdktf/provider-azurerm/lib/network-interface';
import { PrivateDnsZone } from '@cdktf/provider-azurerm/lib/private-dns-zone';
import { PrivateDnsZoneVirtualNetworkLink } from '@cdktf/provider-azurerm/lib/private-dns-zone-virtual-network-link';
import { TerraformStack, TerraformVariable } from 'cdktf';
import { AzureProvider, AzureSubnet, GitLabEndpoint, GitLabNetwork, GitLabPrivateAddressOptions, SelfHostedGitLab } from '../../src';
import { mistakes, newStack } from '../synth';

const location = 'koreacentral';
const network = (name: string) => `/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/spoke/providers/Microsoft.Network/virtualNetworks/${name}`;
const subnet = (name: string) => `${network(name)}/subnets/gitlab`;

/** A server in the network; what is not said here tells it from the others. */
function server(stack: TerraformStack, id: string, subnetId: string, options: GitLabPrivateAddressOptions, host = `${id.toLowerCase()}.example.com`): void {
  new SelfHostedGitLab(stack, id, {
    location, subnet: AzureSubnet.existing(subnetId), network: GitLabNetwork.privateAddress(options), endpoint: GitLabEndpoint.customDomain(host),
  });
}

function made(fill: (stack: TerraformStack) => void, azurermMajor: number): string[] {
  const stack = newStack();
  new AzureProvider(stack, 'Azure', { azurermMajor });
  fill(stack);
  return mistakes(stack);
}

const names = { address: '10.1.0.4', dnsZoneEnabled: true };
const twice = (zone: string, owner = 'One') => `network.dnsZoneEnabled: Test/${owner} links the same network to a zone of this name, and Azure takes one such link, `
  + `got "${zone}"; make the zone once, and leave the network out of the other (at Test/Two)`;

describe.each([4, 5])('by azurerm %s', (major) => {
  test.each<[string, (stack: TerraformStack) => void, string]>([
    ['an address of two servers in one subnet, in other letters', (stack) => {
      server(stack, 'One', subnet('Spoke'), { address: '10.1.0.4' });
      server(stack, 'Two', subnet('spoke'), { address: '10.1.0.4' });
    }, 'network.address: the address of Test/One in the same subnet, got "10.1.0.4"; give each an address of its own (at Test/Two)'],
    ['an address of the user\'s own interface', (stack) => {
      new NetworkInterface(stack, 'Mine', {
        name: 'mine', location, resourceGroupName: 'spoke',
        ipConfiguration: [{ name: 'one', subnetId: subnet('spoke'), privateIpAddressAllocation: 'Static', privateIpAddress: '10.1.0.4' }],
      });
      server(stack, 'Two', subnet('spoke'), { address: '10.1.0.4' });
    }, 'network.address: the address of Test/Mine in the same subnet, got "10.1.0.4"; give each an address of its own (at Test/Two)'],
    ['two zones of one name for one network', (stack) => {
      server(stack, 'One', subnet('spoke'), names, 'gitlab.example.com');
      server(stack, 'Two', subnet('spoke'), { ...names, address: '10.1.0.5' }, 'gitlab.example.com');
    }, twice('gitlab.example.com')],
    ['a network that both zones of one name are linked to', (stack) => {
      ['One', 'Two'].forEach((id) => server(stack, id, subnet(id), { ...names, dnsVirtualNetworkIds: [network('hub')] }, 'gitlab.example.com'));
    }, twice('gitlab.example.com')],
    ['a zone of the user\'s', (stack) => {
      const zone = new PrivateDnsZone(stack, 'Zone', { name: 'Two.example.com', resourceGroupName: 'hub' });
      new PrivateDnsZoneVirtualNetworkLink(stack, 'Mine', { name: 'spoke', privateDnsZoneName: zone.name, resourceGroupName: 'hub', virtualNetworkId: network('spoke') });
      server(stack, 'Two', subnet('spoke'), names);
    }, twice('two.example.com', 'Mine')],
  ])('%s is refused', (_, fill, message) => {
    expect(made(fill, major)).toEqual([message]);
  });

  test.each<[string, (stack: TerraformStack) => void]>([
    ['one address in two subnets', (stack) => ['One', 'Two'].forEach((id) => server(stack, id, subnet(id), { address: '10.1.0.4' }))],
    ['two addresses in one subnet', (stack) => ['4', '5'].forEach((last) => server(stack, `GitLab${last}`, subnet('spoke'), { address: `10.1.0.${last}` }))],
    ['two zones for one network', (stack) => ['4', '5'].forEach((last) => server(stack, `GitLab${last}`, subnet('spoke'), { ...names, address: `10.1.0.${last}` }))],
    ['one zone name in two networks', (stack) => ['One', 'Two'].forEach((id) => server(stack, id, subnet(id), names, 'gitlab.example.com'))],
    ['addresses that only the apply knows', (stack) => ['One', 'Two'].forEach((id) => {
      server(stack, id, subnet('spoke'), { address: new TerraformVariable(stack, `address${id}`, {}).stringValue });
    })],
  ])('%s goes through', (_, fill) => {
    expect(made(fill, major)).toEqual([]);
  });
});
