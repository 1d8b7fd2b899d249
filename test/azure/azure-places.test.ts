import { AzureLogWorkspace, AzureResourceGroup, AzureSubnet } from '../../src';

describe('fails when', () => {
  test.each<[string, () => unknown, string]>([
    ['a group\'s name ends with a dot', () => AzureResourceGroup.create('group.'),
      'resourceGroupName: not a valid value, got "group."; give at most 90 letters, digits, "-", "_", ".", "(" and ")", without a final "." '
      + '(at AzureResourceGroup.create)'],
    ['an existing group\'s name is empty', () => AzureResourceGroup.existing(''),
      'resourceGroupName: not a valid value, got ""; give at most 90 letters, digits, "-", "_", ".", "(" and ")", without a final "." '
      + '(at AzureResourceGroup.existing)'],
    ['a network is an address', () => AzureSubnet.create({ virtualNetworkCidr: '10.1.0.0' }),
      'virtualNetworkCidr: not an IPv4 block, got "10.1.0.0"; did you mean "10.1.0.0/32" (at AzureSubnet.create)'],
    ['a network has host bits', () => AzureSubnet.create({ virtualNetworkCidr: '10.0.0.1/24' }),
      'virtualNetworkCidr: not an IPv4 block, got "10.0.0.1/24"; the address has host bits set, did you mean "10.0.0.0/24" (at AzureSubnet.create)'],
    ['a subnet is too small', () => AzureSubnet.create({ subnetCidr: '10.40.0.0/30' }),
      'subnetCidr: wrong size, got "10.40.0.0/30"; give a prefix length from /8 to /29 (at AzureSubnet.create)'],
    ['an existing subnet is a name', () => AzureSubnet.existing('nodes'),
      'subnetId: not a valid value, got "nodes"; give the ARM id of a Microsoft.Network/virtualNetworks/subnets (at AzureSubnet.existing)'],
    ['logs are kept for a week', () => AzureLogWorkspace.create(7),
      'retentionDays: out of range, got 7; give a whole number from 30 to 730 (at AzureLogWorkspace.create)'],
    ['an existing workspace is a name', () => AzureLogWorkspace.existing('hub'),
      'workspaceId: not a valid value, got "hub"; give the ARM id of a Microsoft.OperationalInsights/workspaces (at AzureLogWorkspace.existing)'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(new Error(message));
  });
});
