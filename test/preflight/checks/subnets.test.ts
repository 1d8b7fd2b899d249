import { App, TerraformStack } from 'cdktf';
import { AksCluster, AksEgress, ApiServerAccess, AzureSubnet, GitLabEndpoint, GitLabNetwork, PrivateEndpoints, SelfHostedGitLab } from '../../../src';
import { synthesised } from '../../command/program';
import { Answer, failure, LOCATION, SUBSCRIPTION, usage, usages } from '../azure';
import { found, small } from '../questions';

const NETWORK = `/subscriptions/${SUBSCRIPTION}/resourceGroups/spoke/providers/Microsoft.Network/virtualNetworks/spoke`;
const AKS = 'Microsoft.ContainerService/managedClusters';
const inSpoke = (name: string) => AzureSubnet.existing(`${NETWORK}/subnets/${name}`);
const ROUTED = { addressPrefixes: ['10.1.0.0/24'], routeTable: { id: 'routes' } };
const subnet = (name: string, properties: object): Answer => ({ call: [`--url ${NETWORK}/subnets/${name} `], answer: { properties } });
const delegated = (serviceName: string) => ({ ...ROUTED, delegations: [{ properties: { serviceName } }] });

const platform = (egress: AksEgress) => synthesised((app: App) => {
  const stack = new TerraformStack(app, 'gitlab');
  new SelfHostedGitLab(stack, 'GitLab', {
    location: LOCATION, subnet: inSpoke('gitlab'), endpoint: GitLabEndpoint.customDomain('gitlab.example.com'), network: GitLabNetwork.privateAddress({ address: '10.1.0.4' }),
    privateEndpoints: PrivateEndpoints.dnsByPolicy(`${NETWORK}/subnets/endpoints`),
  });
  const cluster = new AksCluster(stack, 'Cluster', {
    location: LOCATION, subnet: inSpoke('nodes'), egress, apiServerAccess: ApiServerAccess.privateEndpoint({ subnetId: `${NETWORK}/subnets/api` }), jobNodePool: { maxCount: 20 },
  });
  cluster.addNodePool('Big', { subnet: inSpoke('big'), maxCount: 9 });
});
const folders = new Map<AksEgress, string>();
const [routed, balanced, gateway] = [AksEgress.routed(), AksEgress.loadBalancer(), AksEgress.natGateway()];
const API = subnet('api', delegated(AKS));
const ENOUGH = usages(usage('cores', 1000), usage('standardDSv5Family', 1000));
async function told(egress: AksEgress, ...different: Answer[]) {
  const folder = folders.get(egress) ?? platform(egress);
  folders.set(egress, folder);
  const { about, code } = await found(/ subnet \S+ of /, [...different, API, ENOUGH], folder);
  return { code, wrong: about.filter((line) => !line.startsWith('ok')), fine: about.filter((line) => line.startsWith('ok')) };
}

describe('subnets of others', () => {
  test('that fit are told of, each once', async () => {
    const { wrong, fine } = await told(routed);
    expect(wrong).toEqual([]);
    expect(fine.sort()).toEqual(['api', 'big', 'endpoints', 'gitlab', 'nodes'].map((name) => `ok subnet ${name} of spoke: takes what the program puts there`));
  });

  test.each<[string, AksEgress, Answer, string]>([
    ['that is not there', routed, { call: [`--url ${NETWORK}/subnets/nodes `], error: failure('Not Found', 'NotFound', 'Resource was not found.') },
      `REFUSED subnet nodes of spoke: is not there -> have it made first, or correct the id: ${NETWORK}/subnets/nodes`],
    ['of another region', routed, { call: [`--url ${NETWORK} `], answer: { location: 'westeurope' } },
      `REFUSED subnet nodes of spoke: is in westeurope, and a node pool would be in ${LOCATION} -> give a subnet of the same region, or another location`],
    ['that belongs to a service', routed, subnet('nodes', delegated('Microsoft.Web/serverFarms')),
      'REFUSED subnet nodes of spoke: is delegated to Microsoft.Web/serverFarms, where a node pool cannot be -> give another subnet'],
    ['that does not belong to the API server', routed, subnet('api', ROUTED), `REFUSED subnet api of spoke: is not delegated to ${AKS}, as the API server asks for -> have it delegated`],
    ['without routes', routed, subnet('big', { addressPrefix: '10.1.2.0/24' }),
      'REFUSED subnet big of spoke: has no route table, which AKS asks for with AksEgress.routed() -> have one associated that leads 0.0.0.0/0 to a firewall, or choose another egress'],
    ['with a NAT gateway beside a load balancer', balanced, subnet('nodes', { ...ROUTED, natGateway: { id: 'nat' } }),
      'REFUSED subnet nodes of spoke: has a NAT gateway, beside which AKS takes no load balancer as the way out -> set egress to AksEgress.natGateway()'],
    ['without a NAT gateway', gateway, subnet('big', { ...ROUTED, natGateway: { id: 'nat' } }),
      'REFUSED subnet nodes of spoke: has no NAT gateway, which AKS asks for with AksEgress.natGateway() -> have one associated, or choose another egress'],
    ['with other addresses', routed, subnet('gitlab', { addressPrefixes: ['10.1.1.0/24', '10.1.2.0/24'] }),
      'REFUSED subnet gitlab of spoke: has 10.1.1.0/24 and 10.1.2.0/24, and not 10.1.0.4 -> give an address of the subnet'],
    ['where somebody has the address', routed, { call: [`${NETWORK}/CheckIPAddressAvailability `, 'ipAddress=10.1.0.4'], answer: { available: false } },
      'REFUSED subnet gitlab of spoke: 10.1.0.4 is taken, or kept by Azure -> give another address'],
    ['with few addresses', routed, subnet('nodes', { ...ROUTED, addressPrefixes: ['10.1.0.0/28'] }),
      'warning subnet nodes of spoke: has room for 11 nodes, and the pools at their largest, while they are upgraded, have 25 -> give a larger subnet, or lower maxCount'],
  ])('one %s is told of', async (_, egress, answer, expected) => {
    const { wrong, code } = await told(egress, answer);
    expect(wrong).toContain(expected);
    expect(code).toBe(expected.startsWith('REFUSED') ? 1 : 0);
  });

  test('an address that the server has from an earlier apply is its own', async () => {
    const interfaceId = `/subscriptions/${SUBSCRIPTION}/resourceGroups/gitlab-rg/providers/Microsoft.Network/networkInterfaces/gitlab-vm-nic`;
    expect((await told(routed, { call: [`/subscriptions/${SUBSCRIPTION}/resources `], answer: { value: [{ id: interfaceId }] } },
      { call: ['CheckIPAddressAvailability'], answer: { available: false } })).wrong).toEqual([]);
  });

  test('where a network may not be asked about, its subnets are all the same', async () => {
    const error = failure('Forbidden', 'AuthorizationFailed', 'The client "ada" has no authorization over scope');
    expect((await told(routed, { call: [`--url ${NETWORK} `], error })).wrong).toEqual([]);
    const { wrong, code } = await told(routed, { call: [`--url ${NETWORK}/subnets/nodes `], error });
    expect(wrong).toEqual([expect.stringMatching(/^NO ANSWER subnet nodes of spoke: not checked, .* -> ask for the Reader role there/)]);
    expect(code).toBe(2);
  });

  test('a program that makes its own asks nothing', async () => {
    expect((await found(/ subnet \S+ of /, [], small())).about).toEqual([]);
  });
});
