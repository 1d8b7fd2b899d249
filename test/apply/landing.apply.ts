import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Fn } from 'cdktf';
import { Azure, SUBSCRIPTION_ID } from './azure/azure';
import { outcome } from './harness/expectation';
import { synthesise } from './harness/program';
import { Workspace } from './harness/workspace';
import { World } from './harness/world';
import {
  AksCluster, AksEgress, ApiServerAccess, AzureSubnet, GitLabEndpoint, GitLabNetwork, HttpProxy, KubernetesGitLabRunner,
  ManifestDelivery, PrivateEndpoints, RunnerCache, SelfHostedGitLab,
} from 'cdktf-azure-gitlab';

const world = new World();
const GROUP = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/spoke`;
const NETWORK = `${GROUP}/providers/Microsoft.Network/virtualNetworks/spoke`;
const ZONES = `${GROUP}/providers/Microsoft.Network/privateDnsZones`;
const subnet = (name: string) => AzureSubnet.existing(`${NETWORK}/subnets/${name}`);

/** A spoke as a company hands it out: routes to a firewall, zones of a hub. */
function spoke(azure: Azure): void {
  const network = `${GROUP}/providers/Microsoft.Network`;
  azure.arm.provision(GROUP, { location: 'koreacentral' });
  azure.arm.provision(`${network}/networkSecurityGroups/spoke`, { location: 'koreacentral', properties: {} });
  azure.arm.provision(`${network}/routeTables/spoke`, {
    location: 'koreacentral',
    properties: { routes: [{ name: 'out', properties: { addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.0.0.4' } }] },
  });
  azure.arm.provision(NETWORK, { location: 'koreacentral', properties: { addressSpace: { addressPrefixes: ['10.1.0.0/16'] } } });
  Object.entries({ gitlab: 0, nodes: 1, endpoints: 2, api: 3, jobs: 4, others: 5 }).forEach(([name, number]) => azure.arm.provision(`${NETWORK}/subnets/${name}`, {
    properties: {
      addressPrefixes: [`10.1.${number}.0/24`], networkSecurityGroup: { id: `${network}/networkSecurityGroups/spoke` }, routeTable: { id: `${network}/routeTables/spoke` },
      delegations: name === 'api' ? [{ name: 'aks', properties: { serviceName: 'Microsoft.ContainerService/managedClusters' } }] : [],
    },
  }));
  ['privatelink.vaultcore.azure.net', 'privatelink.blob.core.windows.net', 'privatelink.koreacentral.azmk8s.io', 'private.koreacentral.azmk8s.io']
    .forEach((name) => azure.arm.provision(`${ZONES}/${name}`, { location: 'global' }));
}

interface Choices {
  readonly jobs?: string;
  /** The proxy by which nodes reach the Internet, if any. */
  readonly proxy?: HttpProxy | 'none';
  /** Certificates of authorities that nodes trust. */
  readonly trusted?: string[];
  /** Of those that the server trusts. */
  readonly serverTrusts?: string[];
  readonly endpoints?: PrivateEndpoints;
  readonly access?: ApiServerAccess;
}

const httpProxy = HttpProxy.at('http://10.0.0.5:3128', ['gitlab.example.com']);
const ENDPOINTS = `${NETWORK}/subnets/endpoints`;
const zones = PrivateEndpoints.dnsZones(ENDPOINTS, `${ZONES}/privatelink.vaultcore.azure.net`, `${ZONES}/privatelink.blob.core.windows.net`);

function program({ jobs = 'jobs', proxy = httpProxy, trusted, serverTrusts, endpoints, access = ApiServerAccess.privateEndpoint({ dnsZoneId: `${ZONES}/privatelink.koreacentral.azmk8s.io` }) }: Choices): string {
  return synthesise((stack) => {
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', {
      location: 'koreacentral', subnet: subnet('gitlab'), network: GitLabNetwork.privateAddress({ address: '10.1.0.4' }),
      endpoint: GitLabEndpoint.customDomain('gitlab.example.com'), privateEndpoints: endpoints, httpProxy, backup: {}, webAllowedCidrs: [],
      customCaTrustCertificates: serverTrusts,
    });
    const cluster = new AksCluster(stack, 'Cluster', {
      location: 'koreacentral', subnet: subnet('nodes'), egress: AksEgress.routed(), httpProxy: proxy === 'none' ? undefined : proxy, apiServerAccess: access, manifestDelivery: ManifestDelivery.files(),
      jobNodePool: { subnet: subnet(jobs) }, customCaTrustCertificates: trusted,
    });
    new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, tags: ['aks'], cache: RunnerCache.azureBlob({ privateEndpoints: endpoints }) });
  });
}

async function applied(choices: Choices): Promise<[Azure, Workspace]> {
  const azure = await world.azure();
  spoke(azure);
  const workspace = world.workspace(azure).load(program(choices));
  await workspace.applied();
  return [azure, workspace];
}

test('a platform in a spoke: nothing of it is public, planned empty', async () => {
  const [azure, workspace] = await applied({ endpoints: zones });
  assert.deepEqual(azure.arm.list('Microsoft.Network/publicIPAddresses'), []);
  const closed = [...azure.arm.list('Microsoft.KeyVault/vaults'), ...azure.arm.list('Microsoft.Storage/storageAccounts')];
  assert.equal(closed.length, 4);
  assert.deepEqual([...new Set(closed.map(({ properties }) => properties.publicNetworkAccess))], ['Disabled']);
  const led = azure.arm.list('Microsoft.Network/privateEndpoints').map(({ properties }) => properties.privateLinkServiceConnections[0].properties.privateLinkServiceId);
  assert.deepEqual(led.sort(), closed.map(({ id }) => id).sort());
  assert.equal(azure.arm.list('Microsoft.Network/privateEndpoints/privateDnsZoneGroups').length, 4);
  const [cluster] = azure.arm.list('Microsoft.ContainerService/managedClusters');
  assert.equal(cluster.properties.networkProfile.outboundType, 'userDefinedRouting');
  assert.match(cluster.properties.apiServerAccessProfile.privateDNSZone, /privatelink\.koreacentral\.azmk8s\.io$/);
  assert.deepEqual(cluster.properties.httpProxyConfig.noProxy.toSorted(), [
    '.cluster.local', '.svc', '10.0.0.0/16', '10.1.1.0/24', '10.1.4.0/24', '10.244.0.0/16', '127.0.0.1', '168.63.129.16', '169.254.169.254', 'gitlab.example.com', 'localhost',
  ]);
  const rule = azure.arm.list('Microsoft.Network/networkSecurityGroups/securityRules').find(({ name }) => name.startsWith('AllowWeb'))!;
  assert.deepEqual(rule.properties.sourceAddressPrefixes.toSorted(), ['10.1.1.0/24', '10.1.4.0/24']);
  const first = (fragment: string) => azure.arm.log.find(({ method, path }) => method === 'PUT' && path.includes(fragment))!;
  azure.arm.log.filter(({ method, path }) => method === 'PUT' && /privateEndpoints\/gitlab-(server|runner)/.test(path))
    .forEach(({ end }) => assert.ok(end! <= first('/virtualMachines/').start, 'the machine finds the vaults'));
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('names that a policy gives the endpoints stay through the next applies', async () => {
  const [azure, workspace] = await applied({ endpoints: PrivateEndpoints.dnsByPolicy(ENDPOINTS) });
  assert.equal(azure.arm.list('Microsoft.Network/privateEndpoints/privateDnsZoneGroups').length, 0);
  azure.arm.list('Microsoft.Network/privateEndpoints').forEach(({ id, properties }) => {
    const kind = properties.privateLinkServiceConnections[0].properties.groupIds[0] === 'vault' ? 'privatelink.vaultcore.azure.net' : 'privatelink.blob.core.windows.net';
    azure.arm.provision(`${id}/privateDnsZoneGroups/deployedByPolicy`, {
      properties: { privateDnsZoneConfigs: [{ name: kind.replaceAll('.', '-'), properties: { privateDnsZoneId: `${ZONES}/${kind}` } }] },
    });
  });
  assert.deepEqual((await workspace.plan()).actions, {});
  await workspace.applied();
  assert.equal(azure.arm.list('Microsoft.Network/privateEndpoints/privateDnsZoneGroups').length, 4);
});

test('a platform that is there is closed in place, and opened again', async () => {
  const [azure, workspace] = await applied({});
  // the networks that are let in: an open account behind rules that deny is as shut as a closed one.
  const letsIn = () => [...new Set([...azure.arm.list('Microsoft.KeyVault/vaults'), ...azure.arm.list('Microsoft.Storage/storageAccounts')]
    .map(({ properties }) => `${properties.publicNetworkAccess} ${properties.networkAcls.defaultAction}`))];
  assert.deepEqual(letsIn(), ['Enabled Allow']);
  const change = async (choices: Choices) => {
    workspace.load(program(choices));
    const plan = outcome(await workspace.plan(), workspace, workspace);
    await workspace.applied();
    assert.deepEqual((await workspace.plan()).actions, {});
    return Object.fromEntries(Object.entries(plan).filter(([path]) => !/^azurerm_private_endpoint|^GitLab\/SetUp\//.test(path)));
  };
  const accounts = { 'GitLab/Backup/Resource': 'update', 'GitLab/RunnerVault/Resource': 'update', 'GitLab/ServerVault/Resource': 'update', 'Runner/Cache/Resource': 'update' };
  assert.deepEqual(await change({ endpoints: zones }), {
    ...accounts, ...Object.fromEntries(Object.keys(accounts).map((path) => [path.replace('Resource', 'Endpoint'), 'create'])),
  });
  assert.deepEqual(letsIn(), ['Disabled Deny']);
  assert.deepEqual(await change({}), accounts);
  assert.deepEqual(letsIn(), ['Enabled Allow']);
});

test('an API server in a subnet of the network, and one with a public name', async () => {
  for (const access of [
    ApiServerAccess.privateEndpoint({ subnetId: `${NETWORK}/subnets/api`, dnsZoneId: `${ZONES}/private.koreacentral.azmk8s.io` }),
    ApiServerAccess.privateEndpoint({ publicFqdnEnabled: true }),
  ]) {
    const [, workspace] = await applied({ access });
    assert.deepEqual((await workspace.plan()).actions, {});
  }
});

test('another place of the API server\'s name is refused at plan time', async () => {
  const [, workspace] = await applied({});
  workspace.load(program({ access: ApiServerAccess.privateEndpoint({ publicFqdnEnabled: true }) }));
  assert.deepEqual(outcome(await workspace.plan(), workspace, workspace), { 'Cluster/Resource': 'refused' });
});

test('a proxy comes to a cluster, changes and goes without another cluster; AKS keeps the last one until somebody switches it off', async () => {
  const [azure, workspace] = await applied({ proxy: 'none' });
  const [{ properties }] = azure.arm.list('Microsoft.ContainerService/managedClusters');
  assert.equal(properties.httpProxyConfig, undefined);
  const plan = async () => outcome(await workspace.plan(), workspace, workspace);
  const changed = { 'Cluster/Resource': 'update' };
  const proxyOf = () => azure.arm.list('Microsoft.ContainerService/managedClusters')[0].properties.httpProxyConfig?.httpProxy;
  for (const [proxy, there] of [[httpProxy, '10.0.0.5'], [HttpProxy.at('http://10.0.0.6:3128', ['gitlab.example.com']), '10.0.0.6'], ['none', '10.0.0.6']] as const) {
    workspace.load(program({ proxy }));
    assert.deepEqual(await plan(), changed);
    await workspace.applied();
    assert.equal(proxyOf(), `http://${there}:3128/`);
  }
  assert.deepEqual(await plan(), changed);
  // az aks update --disable-http-proxy
  delete azure.arm.list('Microsoft.ContainerService/managedClusters')[0].properties.httpProxyConfig;
  assert.deepEqual(await plan(), {});
});

// hashicorp/terraform-provider-azurerm#31459, Azure/AKS#5214: several in one text were refused, and the last ones stayed.
test('nodes come to trust authorities of the company\'s, others, and none, on the same cluster', async () => {
  const [one, other] = ['AAAA', 'BBBB'].map((body) => `-----BEGIN CERTIFICATE-----\r\n${body}\r\n-----END CERTIFICATE-----\r\n`);
  const [azure, workspace] = await applied({ proxy: 'none' });
  const trusted = () => azure.arm.list('Microsoft.ContainerService/managedClusters')[0].properties.securityProfile.customCATrustCertificates
    ?.map((certificate: string) => Buffer.from(certificate, 'base64').toString().split('\n')[1]);
  const steps: [string[] | undefined, string[]][] = [[[one, other], ['AAAA', 'BBBB']], [[other], ['BBBB']], [undefined, []]];
  for (const [certificates, there] of steps) {
    workspace.load(program({ proxy: 'none', trusted: certificates }));
    assert.deepEqual(outcome(await workspace.plan(), workspace, workspace), { 'Cluster/Resource': 'update' });
    await workspace.applied();
    assert.deepEqual(trusted(), there);
    assert.deepEqual((await workspace.plan()).actions, {});
  }
});

test('the server comes to trust them too, others, and none: its steps run again, and nothing else changes', async () => {
  const [one, other] = ['AAAA', 'BBBB'].map((body) => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`);
  const [azure, workspace] = await applied({});
  const told = () => azure.arm.list('Microsoft.Compute/virtualMachines/runCommands').find(({ name }) => name.startsWith('metadata-'))!
    .properties.parameters.find(({ name }: { name: string }) => name === 'CUSTOM_CA_TRUST')?.value;
  for (const [serverTrusts, there] of [[[one, other], `${one}\n${other}`], [[other], other], [undefined, undefined]] as const) {
    workspace.load(program({ serverTrusts: serverTrusts && [...serverTrusts] }));
    const changes = Object.entries(outcome(await workspace.plan(), workspace, workspace));
    assert.deepEqual(changes.filter(([path, action]) => !path.startsWith('GitLab/SetUp/') || action !== 'replace'), []);
    assert.ok(changes.some(([path]) => path === 'GitLab/SetUp/Gitlab'));
    await workspace.applied();
    assert.equal(told(), there);
    assert.deepEqual((await workspace.plan()).actions, {});
  }
});

test('behind a proxy of theirs the add-ons are told of them too', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'authority-')), 'ca.pem');
  writeFileSync(file, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
  const [azure, workspace] = await applied({ trusted: [Fn.file(file)] });
  const [{ properties }] = azure.arm.list('Microsoft.ContainerService/managedClusters');
  assert.equal(Buffer.from(properties.httpProxyConfig.trustedCa, 'base64').toString().split('\n')[1], 'AAAA');
  assert.deepEqual(properties.securityProfile.customCATrustCertificates, [properties.httpProxyConfig.trustedCa]);
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('jobs move to another subnet: AKS replaces the nodes, not the pool, after the right to join it; back to the nodes\' own', async () => {
  const [azure, workspace] = await applied({ proxy: 'none' });
  const change = async (jobs: string) => {
    workspace.load(program({ jobs, proxy: 'none' }));
    const plan = outcome(await workspace.plan(), workspace, workspace);
    await workspace.applied();
    assert.deepEqual((await workspace.plan()).actions, {});
    assert.equal(azure.arm.find(`${azure.arm.list('Microsoft.ContainerService/managedClusters')[0].id}/agentPools/jobs`)!.properties.vnetSubnetID, `${NETWORK}/subnets/${jobs}`);
    return plan;
  };
  const plan = await change('others');
  assert.equal(plan['Cluster/Jobs/Resource'], 'update');
  assert.deepEqual(Object.values(plan).filter((action) => /refused|replace|MUST STAY/.test(action)), []);
  assert.equal((await change('nodes'))['Cluster/Jobs/Resource'], 'update');
});
