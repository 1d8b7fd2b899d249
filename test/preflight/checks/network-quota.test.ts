import { App, TerraformStack } from 'cdktf';
import { AksCluster, AksEgress, GitLabEndpoint, GitLabNetwork, PrivateEndpoints, SelfHostedGitLab } from '../../../src';
import { synthesised } from '../../command/program';
import { Answer, LOCATION, SUBSCRIPTION, usage } from '../azure';
import { found } from '../questions';

const SUBNET = `/subscriptions/${SUBSCRIPTION}/resourceGroups/spoke/providers/Microsoft.Network/virtualNetworks/spoke/subnets/endpoints`;
const folder = synthesised((app: App) => {
  const stack = new TerraformStack(app, 'gitlab');
  new SelfHostedGitLab(stack, 'GitLab', {
    location: LOCATION, network: GitLabNetwork.privateAddress(), endpoint: GitLabEndpoint.customDomain('gitlab.example.com'), privateEndpoints: PrivateEndpoints.dnsByPolicy(SUBNET),
  });
  new AksCluster(stack, 'Cluster', { location: LOCATION, egress: AksEgress.natGateway() });
});
const usages = (...value: ReturnType<typeof usage>[]): Answer => ({ call: ['Microsoft.Network', 'usages'], answer: { value } });
const lines = async (...different: Answer[]) => (await found(/(addresses|gateways|endpoints) in .* needed/, different, folder)).about;

describe('quotas of the network', () => {
  test('suffice on the first day', async () => {
    expect((await lines()).sort()).toEqual([
      'ok NAT gateways in koreacentral: 2 needed, 100 of 100 free', 'ok private endpoints in koreacentral: 2 needed, 1000 of 1000 free',
      'ok public IP addresses in koreacentral: 2 needed, 20 of 20 free',
    ]);
  });

  test('are refused where too few are left, by the counter that is the tightest', async () => {
    const { code, about } = await found(/public IP addresses in .* needed/, [usages(usage('PublicIPAddresses', 1000), usage('StandardSkuPublicIpAddresses', 20, 19))], folder);
    expect({ code, about }).toEqual({
      code: 1,
      about: ['REFUSED public IP addresses in koreacentral: 2 needed, 1 of 20 free'
        + ' -> raise the quota "StandardSkuPublicIpAddresses" of koreacentral to 21 or more (portal: Quotas, Networking)'],
    });
  });

  test('what an earlier apply has made is not counted again', async () => {
    const made = [{ id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/gitlab-rg/providers/Microsoft.Network/natGateways/gitlab-vm-nat` }];
    expect(await lines({ call: [`/subscriptions/${SUBSCRIPTION}/resources `], answer: { value: made } })).toContain('ok NAT gateways in koreacentral: 1 needed, 100 of 100 free');
  });

  test('one that Azure has no quota of is said to be unknown', async () => {
    expect(await lines(usages(usage('PublicIPAddresses', 20)))).toContain('unknown NAT gateways in koreacentral: 2 needed; Azure lists no quota of them');
  });
});
