import { App, TerraformStack } from 'cdktf';
import { AzureProvider, GitLabEndpoint, GitLabNetwork, PrivateEndpoints, SelfHostedGitLab } from '../../../src';
import { synthesised } from '../../command/program';
import { Answer, LOCATION, preflight, SUBSCRIPTION } from '../azure';
import { found, small } from '../questions';

describe('policies', () => {
  const assignment = '/providers/Microsoft.Management/managementGroups/corp/providers/Microsoft.Authorization/policyAssignments/Deny-Public-IP-On-NIC';
  const denial = (policyEffect: string) => ({
    contentEvaluationResult: {
      policyEvaluations: [{
        policyInfo: { policyDefinitionId: '/providers/Microsoft.Authorization/policyDefinitions/83a86a26', policyAssignmentId: assignment },
        evaluationResult: 'NonCompliant', effectDetails: { policyEffect }, evaluationDetails: { reason: 'Network interfaces should not have public IPs' },
      }],
    },
  });
  // the interface with a public address, sent as the provider will.
  const onNic = (effect: string): Answer => ({ call: ['checkPolicyRestrictions', 'networkInterfaces', `"publicIPAddress":{"id":"/subscriptions/${SUBSCRIPTION}/`], answer: denial(effect) });

  test('what one denies is refused, with its name', async () => {
    expect(await found(/polic(y|ies)/, [onNic('Deny')])).toEqual({
      code: 1,
      about: ['REFUSED policy Deny-Public-IP-On-NIC denies networkInterfaces gitlab-vm-nic: Network interfaces should not have public IPs'
        + ` -> docs/landing-zone.md tells what answers it; else ask who governs the subscription for an exemption from this assignment: ${assignment}`],
    });
  });

  test('an audit denies nothing', async () => {
    expect((await found(/polic(y|ies)/, [onNic('Audit')])).about).toEqual([expect.stringMatching(/^ok policies: none denies one of the \d+ resources/)]);
  });

  test('subnets are sent with their security group, vaults and clusters with who may reach them', async () => {
    const { calls } = await preflight(small());
    const bodies = calls.filter((call) => call.includes('checkPolicyRestrictions')).map((call) => JSON.parse(/--body (\{.*\})/.exec(call)![1]).resourceDetails.resourceContent);
    const of = (type: string) => bodies.filter((body) => body.type === type);
    const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/gitlab-cluster-rg/providers/Microsoft.Network/networkSecurityGroups/`;
    expect(of('Microsoft.Network/virtualNetworks')).toContainEqual(expect.objectContaining({
      name: 'gitlab-cluster-vnet', location: LOCATION, properties: expect.objectContaining({
        subnets: [{ name: 'nodes', properties: { addressPrefixes: ['10.224.0.0/20'], defaultOutboundAccess: false, networkSecurityGroup: { id: expect.stringContaining(group) } } }],
      }),
    }));
    expect(of('Microsoft.KeyVault/vaults').map(({ properties }) => properties.publicNetworkAccess)).toEqual(['Enabled', 'Enabled']);
    expect(of('Microsoft.ContainerService/managedClusters')[0].properties.apiServerAccessProfile).toEqual({ enablePrivateCluster: false, disableRunCommand: true });
  });

  test.each(['networkSecurityGroups', 'userAssignedIdentities', 'workspaces'])('that deny a type, such as %s, are heard', async (type) => {
    const { about } = await found(/polic(y|ies)/, [{ call: ['checkPolicyRestrictions', `/${type}"`], answer: denial('Deny') }]);
    expect(about).toEqual([expect.stringMatching(new RegExp(`^REFUSED policy Deny-Public-IP-On-NIC denies ${type} `))]);
  });

  test('a company\'s platform asks about its ways in and out and its names too, each as the provider will send it', async () => {
    const subnetId = `/subscriptions/${SUBSCRIPTION}/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub/subnets/endpoints`;
    const { calls } = await preflight(synthesised((app: App) => {
      const stack = new TerraformStack(app, 'gitlab');
      new AzureProvider(stack, 'Azure', { azurermMajor: 5 });
      new SelfHostedGitLab(stack, 'GitLab', {
        location: LOCATION, endpoint: GitLabEndpoint.customDomain('gitlab.example.com'), network: GitLabNetwork.privateAddress({ dnsZoneEnabled: true }),
        privateEndpoints: PrivateEndpoints.dnsByPolicy(subnetId),
      });
    }));
    const bodies = calls.filter((call) => call.includes('checkPolicyRestrictions')).map((call) => JSON.parse(/--body (\{.*\})/.exec(call)![1]).resourceDetails.resourceContent);
    const [gateway, zone, endpoint] = ['natGateways', 'privateDnsZones', 'privateEndpoints'].map((type) => bodies.find((body) => body.type === `Microsoft.Network/${type}`));
    expect(gateway).toMatchObject({ location: LOCATION, sku: { name: 'Standard' } });
    expect(zone).toMatchObject({ name: 'gitlab.example.com', location: 'global' });
    expect(endpoint.properties).toMatchObject({ subnet: { id: subnetId }, privateLinkServiceConnections: [{ properties: { groupIds: ['vault'] } }] });
  });
});
