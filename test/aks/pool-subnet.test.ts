import { TerraformVariable } from 'cdktf';
import { AksCluster, AksClusterProps, AksNodePool, AksNodePoolOptions, ApiServerAccess, AzureSubnet, GitLabEndpoint, GitLabNetwork, HttpProxy, KubernetesGitLabRunner, ManifestDelivery, SelfHostedGitLab } from '../../src';
import { newStack, resource, resources, synth } from '../synth';

const PLACE = { location: 'koreacentral' };
const SPOKE = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/spoke/providers/Microsoft.Network/virtualNetworks/spoke';
const subnet = (name: string) => AzureSubnet.existing(`${SPOKE}/subnets/${name}`);

function cluster(props: Partial<AksClusterProps> = {}) {
  const stack = newStack();
  return { stack, made: new AksCluster(stack, 'Cluster', { ...PLACE, subnet: subnet('nodes'), ...props }) };
}

const poolsOf = (json: any) => Object.fromEntries(Object.values<any>(resources(json, 'azurerm_kubernetes_cluster_node_pool')).map((pool) => [pool.name, pool]));
const joined = (json: any) => Object.values<any>(resources(json, 'azurerm_role_assignment')).filter(({ scope }) => `${scope}`.includes('/subnets/'))
  .map(({ scope }) => scope.split('/').pop()).sort();

test('a pool is in the subnet that it is given, after the right to join it; the others are in the cluster\'s', () => {
  const { stack, made } = cluster({ jobNodePool: { subnet: subnet('jobs') } });
  made.addNodePool('Plain');
  const json = synth(stack);
  const { jobs, plain } = poolsOf(json);
  expect([jobs.vnet_subnet_id, plain.vnet_subnet_id]).toEqual([`${SPOKE}/subnets/jobs`, `${SPOKE}/subnets/nodes`]);
  expect(joined(json)).toEqual(['jobs', 'nodes']);
  const [role] = Object.entries<any>(resources(json, 'azurerm_role_assignment')).find(([, { scope }]) => `${scope}`.endsWith('/jobs'))!;
  expect(resources(json, 'azurerm_role_assignment')[role]).toMatchObject({ role_definition_name: 'Network Contributor', principal_type: 'ServicePrincipal' });
  expect(jobs.depends_on).toContain(`azurerm_role_assignment.${role}`);
  expect(plain.depends_on).toBeUndefined();
});

test('a subnet of several pools, and the cluster\'s own, has one role: Azure refuses a second', () => {
  const { stack, made } = cluster({ jobNodePool: { subnet: subnet('jobs') } });
  made.addNodePool('Other', { subnet: AzureSubnet.existing(`${SPOKE}/subnets/JOBS`) });
  made.addNodePool('Same', { subnet: subnet('NODES') });
  const json = synth(stack);
  expect(joined(json)).toEqual(['jobs', 'nodes']);
  expect(poolsOf(json).other.depends_on).toEqual(poolsOf(json).jobs.depends_on);
});

test('a subnet that only the apply knows', () => {
  const { stack, made } = cluster({ jobNodePoolEnabled: false });
  const id = new TerraformVariable(stack, 'subnet', {}).stringValue;
  made.addNodePool('Later', { subnet: AzureSubnet.existing(id) });
  made.addNodePool('Again', { subnet: AzureSubnet.existing(id) });
  const json = synth(stack);
  const scopes = Object.values<any>(resources(json, 'azurerm_role_assignment')).map(({ scope }) => scope);
  expect(scopes.filter((scope) => scope === '${var.subnet}')).toHaveLength(1);
  expect(poolsOf(json).again.vnet_subnet_id).toBe('${var.subnet}');
});

test('a server with a private address lets in all the pools\' subnets, and nothing of them goes through a proxy', () => {
  const { stack, made } = cluster({ jobNodePool: { subnet: subnet('jobs') }, httpProxy: HttpProxy.at('http://10.0.0.5:3128') });
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', {
    ...PLACE, subnet: subnet('gitlab'), endpoint: GitLabEndpoint.customDomain('gitlab.example.com'), network: GitLabNetwork.privateAddress({ address: '10.1.0.4' }), webAllowedCidrs: [],
  });
  made.addNodePool('Later', { subnet: subnet('jobs') });
  new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster: made });
  const json = synth(stack);
  const blocks = (name: string) => Object.entries<any>((json as any).data.azurerm_subnet).find(([, one]) => one.name === name)![0];
  const both = [blocks('nodes'), blocks('jobs')];
  const noProxy = JSON.stringify(resource(json, 'azurerm_kubernetes_cluster').http_proxy_config.no_proxy);
  both.forEach((block) => expect(noProxy).toContain(`data.azurerm_subnet.${block}.address_prefixes`));
  const rule = Object.values<any>(resources(json, 'azurerm_network_security_rule')).find(({ source_address_prefixes: sources }) => `${sources}`.includes('azurerm_subnet'));
  both.forEach((block) => expect(JSON.stringify(rule ?? json)).toContain(`data.azurerm_subnet.${block}.address_prefixes`));
});

test('pools in a subnet of their own take no room in the cluster\'s', () => {
  const small = { subnet: AzureSubnet.create({ virtualNetworkCidr: '10.9.0.0/16', subnetCidr: '10.9.0.0/28' }), jobNodePoolEnabled: false };
  const { stack, made } = cluster(small);
  made.addNodePool('Far', { maxCount: 50, subnet: AzureSubnet.existing(new TerraformVariable(stack, 'subnet', {}).stringValue) });
  expect(() => synth(stack)).not.toThrow();
  const near = cluster(small);
  near.made.addNodePool('Near', { maxCount: 50 });
  expect(() => synth(near.stack)).toThrow(/subnet\.subnetCidr: room for 11 nodes/);
});

test('a cluster that exists has its rights from somebody else', () => {
  const stack = newStack();
  const made = AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'a', resourceGroupName: 'b', subnetId: `${SPOKE}/subnets/nodes` });
  new AksNodePool(stack, 'Pool', made, { subnet: subnet('jobs') });
  const json = synth(stack);
  expect(resource(json, 'azurerm_kubernetes_cluster_node_pool').vnet_subnet_id).toBe(`${SPOKE}/subnets/jobs`);
  expect(resources(json, 'azurerm_role_assignment')).toEqual({});
});

describe('fails when', () => {
  test.each<[string, AksNodePoolOptions, Partial<AksClusterProps>, string]>([
    ['the subnet is a new one', { subnet: AzureSubnet.create() }, {},
      'jobNodePool.subnet: a new subnet would be in a network of its own, got "AzureSubnet.create()"; give AzureSubnet.existing() (at Test/Cluster)'],
    ['the subnet is in another network', { subnet: AzureSubnet.existing(`${SPOKE.replace('/spoke', '/hub')}/subnets/jobs`) }, {},
      `subnet: not in the virtual network of the cluster, ${SPOKE}, got "${SPOKE.replace('/spoke', '/hub')}/subnets/jobs"; give a subnet of that network, or leave it out (at Test/Cluster/Jobs)`],
    ['the cluster makes its network', { subnet: subnet('jobs') }, { subnet: undefined },
      `subnet: not in the virtual network of the cluster, which makes its own, got "${SPOKE}/subnets/jobs"; give the cluster AzureSubnet.existing() of the same network, or leave it out (at Test/Cluster/Jobs)`],
    ['the subnet is that of the API server', { subnet: subnet('API') },
      { apiServerAccess: ApiServerAccess.privateEndpoint({ subnetId: `${SPOKE}/subnets/api` }), manifestDelivery: ManifestDelivery.files() },
      `subnet: the API server\'s own subnet, where nothing else may be, got "${SPOKE}/subnets/API"; give another subnet of the network, or leave it out (at Test/Cluster/Jobs)`],
  ])('%s', (_, jobNodePool, props, message) => {
    expect(() => cluster({ ...props, jobNodePool })).toThrow(new Error(message));
  });

  test('a rule has been made without it', () => {
    const { made } = cluster();
    expect(made.nodeSubnetCidrs).toHaveLength(1);
    expect(() => made.addNodePool('Late', { subnet: subnet('jobs') })).toThrow(new Error(
      `subnet: a rule for the nodes' subnets has been made already, which would not let this pool in, got "${SPOKE}/subnets/jobs"; `
      + 'add the pool before the runners and rules that name the cluster (at Test/Cluster/Late)'));
  });
});
