import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Azure, SUBSCRIPTION_ID } from './azure/azure';
import { resolved } from './azure/private-dns';
import { outcome } from './harness/expectation';
import { synthesise } from './harness/program';
import { Workspace } from './harness/workspace';
import { World } from './harness/world';
import {
  AksCluster, AksEgress, AzureProvider, GitLabEndpoint, GitLabNetwork, GitLabPrivateAddressOptions, HttpProxy, SelfHostedGitLab,
} from 'cdktf-azure-gitlab';

const VNET = 'Microsoft.Network/virtualNetworks';
const PUBLIC_IP = 'Microsoft.Network/publicIPAddresses';
const world = new World();
const endpoint = GitLabEndpoint.customDomain('gitlab.example.com', { letsEncrypt: false });

function server(network?: GitLabNetwork): string {
  return synthesise((stack) => {
    new AzureProvider(stack, 'Azure', { azurermMajor: 5 });
    new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', endpoint, network });
  });
}

async function applied(network?: GitLabNetwork): Promise<[Azure, Workspace]> {
  const azure = await world.azure();
  const workspace = world.workspace(azure).load(server(network));
  await workspace.applied();
  return [azure, workspace];
}

const names = (azure: Azure, type: string) => azure.arm.list(type).map(({ name }) => name).sort();

test('a private server: its name in a zone, a way out before the machine, no address that leads in, planned empty', async () => {
  const [azure, workspace] = await applied(GitLabNetwork.privateAddress({ dnsZoneEnabled: true }));
  const [network] = azure.arm.list(VNET);
  assert.deepEqual(resolved(azure.arm, network.id, 'gitlab.example.com'), ['10.40.0.4']);
  const [nic] = azure.arm.list('Microsoft.Network/networkInterfaces');
  assert.equal(nic.properties.ipConfigurations[0].properties.privateIPAddress, '10.40.0.4');
  assert.equal(nic.properties.ipConfigurations[0].properties.publicIPAddress, undefined);
  const [subnet] = azure.arm.list(`${VNET}/subnets`);
  const [gateway] = azure.arm.list('Microsoft.Network/natGateways');
  assert.equal(subnet.properties.natGateway.id.toLowerCase(), gateway.id.toLowerCase());
  assert.ok(subnet.properties.networkSecurityGroup, 'the subnet keeps its security group');
  assert.deepEqual(names(azure, PUBLIC_IP), ['gitlab-vm-nat-ip']);
  const first = (fragment: string) => azure.arm.log.find(({ method, path }) => method === 'PUT' && path.includes(fragment))!;
  const joined = azure.arm.log.filter(({ method, path }) => method === 'PUT' && path.endsWith('/subnets/gitlab')).at(-1)!;
  assert.ok(joined.end! <= first('/virtualMachines/').start, 'the machine finds its way out');
  assert.ok(first('/privateDnsZones/gitlab.example.com/A/@').end! <= first('/runCommands/').start, 'the set-up finds the name');
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('a public server becomes private in two applies, and public again', async () => {
  const [azure, workspace] = await applied();
  const kept = () => azure.arm.list('Microsoft.Compute/disks').concat(azure.arm.list('Microsoft.KeyVault/vaults'), azure.arm.list('Microsoft.Compute/virtualMachines')).map(({ id }) => id).sort();
  const before = kept();
  const change = async (network?: GitLabNetwork) => {
    workspace.load(server(network));
    const plan = outcome(await workspace.plan(), workspace, workspace);
    await workspace.applied();
    assert.deepEqual((await workspace.plan()).actions, {});
    return plan;
  };
  const inwards = await change(GitLabNetwork.privateAddress().afterPublicAddress());
  assert.deepEqual(inwards, {
    'GitLab/Network/AllowHttp': 'update',
    'GitLab/Network/AllowHttps': 'update',
    'GitLab/Network/Interface': 'update',
    'GitLab/Network/WayOut/Address': 'create',
    'GitLab/Network/WayOut/Gateway': 'create',
    'GitLab/Network/WayOut/GatewayAddress': 'create',
    'GitLab/Network/WayOut/Subnet': 'create',
  });
  assert.deepEqual(names(azure, PUBLIC_IP), ['gitlab-vm-ip', 'gitlab-vm-nat-ip']);
  // the one thing that this program says it no longer wants.
  assert.deepEqual(await change(GitLabNetwork.privateAddress()), { 'azurerm_public_ip.GitLab_Network_PublicIp_B7EB4614': 'delete OF WHAT MUST STAY' });
  assert.deepEqual(names(azure, PUBLIC_IP), ['gitlab-vm-nat-ip']);
  await change();
  assert.deepEqual(names(azure, PUBLIC_IP), ['gitlab-vm-ip']);
  assert.deepEqual(kept(), before);
});

test('without that step Azure refuses, and nothing is lost', async () => {
  const [azure, workspace] = await applied();
  workspace.load(server(GitLabNetwork.privateAddress()));
  const { status, output } = await workspace.apply();
  assert.notEqual(status, 0);
  assert.match(output, /cannot be deleted/);
  assert.ok(names(azure, PUBLIC_IP).includes('gitlab-vm-ip'));
  workspace.load(server(GitLabNetwork.privateAddress().afterPublicAddress()));
  await workspace.applied();
  workspace.load(server(GitLabNetwork.privateAddress()));
  await workspace.applied();
  assert.deepEqual(names(azure, PUBLIC_IP), ['gitlab-vm-nat-ip']);
});

const HUB = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/hub`;
const proxied = (options: GitLabPrivateAddressOptions, httpProxy?: HttpProxy) => synthesise((stack) => {
  new AzureProvider(stack, 'Azure', { azurermMajor: 5 });
  new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', endpoint, httpProxy, network: GitLabNetwork.privateAddress({ dnsZoneEnabled: true, ...options }) });
});

test('what later changes of a private server do: nothing that holds data is replaced', async () => {
  const azure = await world.azure();
  azure.arm.provision(HUB, { location: 'koreacentral' });
  azure.arm.provision(`${HUB}/providers/${VNET}/hub`, { location: 'koreacentral', properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } });
  const proxy = HttpProxy.at('http://10.0.0.5:3128');
  const workspace = world.workspace(azure).load(proxied({}, proxy));
  await workspace.applied();
  const planned = async (options: GitLabPrivateAddressOptions) => {
    const other = workspace.fork({ stackFolder: proxied(options, proxy) });
    return outcome(await other.plan(), workspace, other);
  };
  const setUp = ['DataDisk', 'Gitlab', 'Metadata', 'Runners'].flatMap((step) => [`GitLab/SetUp/${step}`, `GitLab/SetUp/${step}Attempt`]);
  assert.deepEqual(await planned({ dnsVirtualNetworkIds: [`${HUB}/providers/${VNET}/hub`] }), { 'GitLab/Network/Names/Link-hub': 'create' });
  assert.deepEqual(await planned({ dnsZoneEnabled: false }), {
    'GitLab/Network/Names/Address': 'delete', 'GitLab/Network/Names/Link-network-0': 'delete', 'GitLab/Network/Names/Zone': 'delete',
  });
  // others may know the server by that address; the program says that it goes.
  assert.deepEqual(await planned({ natGatewayEnabled: false }), {
    'GitLab/Network/WayOut/Address': 'delete OF WHAT MUST STAY', 'GitLab/Network/WayOut/Gateway': 'delete', 'GitLab/Network/WayOut/GatewayAddress': 'delete',
    'GitLab/Network/WayOut/Subnet': 'delete',
  });
  // the address is among what is reached without the proxy.
  assert.deepEqual(await planned({ address: '10.40.0.9' }), {
    'GitLab/Network/Interface': 'update', 'GitLab/Network/Names/Address': 'update', ...Object.fromEntries(setUp.map((path) => [path, 'replace'])),
  });
  workspace.load(proxied({ address: '10.40.0.9', natGatewayEnabled: false, dnsVirtualNetworkIds: [`${HUB}/providers/${VNET}/hub`] }, proxy));
  await workspace.applied();
  assert.deepEqual(resolved(azure.arm, `${HUB}/providers/${VNET}/hub`, 'gitlab.example.com'), ['10.40.0.9']);
  assert.deepEqual((await workspace.plan()).actions, {});
});

const cluster = (egress?: AksEgress) => synthesise((stack) => {
  new AksCluster(stack, 'Cluster', { location: 'koreacentral', egress });
});

test('a cluster changes from its load balancer to a NAT gateway in two applies, and the way back is refused', async () => {
  const azure = await world.azure();
  const workspace = world.workspace(azure).load(cluster());
  await workspace.applied();
  const [{ id }] = azure.arm.list('Microsoft.ContainerService/managedClusters');
  workspace.load(cluster(AksEgress.natGateway().afterLoadBalancer()));
  assert.deepEqual(outcome(await workspace.plan(), workspace, workspace), {
    'Cluster/Network/WayOut/Address': 'create',
    'Cluster/Network/WayOut/Gateway': 'create',
    'Cluster/Network/WayOut/GatewayAddress': 'create',
    'Cluster/Network/WayOut/Subnet': 'create',
    'Cluster/Resource': 'update',
  });
  await workspace.applied();
  workspace.load(cluster(AksEgress.natGateway()));
  await workspace.applied();
  assert.deepEqual((await workspace.plan()).actions, {});
  assert.deepEqual(azure.arm.list(PUBLIC_IP).map(({ name }) => name), ['gitlab-cluster-nat-ip']);
  assert.equal(azure.arm.list('Microsoft.ContainerService/managedClusters')[0].id, id);
  workspace.load(cluster());
  assert.deepEqual(outcome(await workspace.plan(), workspace, workspace), { 'Cluster/Resource': 'refused' });
});

test('a new cluster behind a NAT gateway: the gateway first, planned empty', async () => {
  const azure = await world.azure();
  const workspace = world.workspace(azure).load(cluster(AksEgress.natGateway()));
  await workspace.applied();
  assert.deepEqual((await workspace.plan()).actions, {});
});
