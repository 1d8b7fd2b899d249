import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Azure } from './azure/azure';
import { LogEntry } from './azure/request';
import { outcome, Outcome } from './harness/expectation';
import { synthesise } from './harness/program';
import { Workspace } from './harness/workspace';
import { World } from './harness/world';
import { AzureProvider, GitLabApplicationNodes, GitLabDatabase, GitLabEndpoint, GitLabNetwork, SelfHostedGitLab, SelfHostedGitLabProps } from 'cdktf-azure-gitlab';

const NETWORK = 'Microsoft.Network';
const NIC = `${NETWORK}/networkInterfaces`;
const VM = 'Microsoft.Compute/virtualMachines';
const DATA = ['Microsoft.Compute/disks', 'Microsoft.KeyVault/vaults', 'Microsoft.DBforPostgreSQL/flexibleServers', 'Microsoft.Storage/storageAccounts', `${NETWORK}/publicIPAddresses`];
const NODES = '/backendAddressPools/nodes"';
const ADDRESS = 'gitlab-vm-ip';
const world = new World();
let azure: Azure;
let workspace: Workspace;

const server = (count: number | undefined, props: Partial<SelfHostedGitLabProps> = {}) => synthesise((stack) => {
  new AzureProvider(stack, 'Azure', { azurermMajor: 5 });
  new SelfHostedGitLab(stack, 'GitLab', {
    location: 'koreacentral', endpoint: GitLabEndpoint.customDomain('gitlab.example.com', { letsEncrypt: false }),
    database: GitLabDatabase.azurePostgresql(), objectStorage: {}, zone: '1',
    applicationNodes: count === undefined ? undefined : { count, zones: ['1', '2', '3'] }, ...props,
  });
});

/** What holds data, and the address that people know: a new one in its place would have another time of creation or another id of Azure's own. */
const kept = (of: Azure) => DATA.flatMap((type) => of.arm.list(type)).filter(({ name }) => !name.includes('node'))
  .map(({ id, properties }) => `${id} ${properties.uniqueId ?? properties.ipAddress ?? ''}`).sort();
const named = (of: Azure, type: string) => of.arm.list(type).map(({ name }) => name).sort();

async function change(count: number | undefined, nodes: Partial<GitLabApplicationNodes> = {}): Promise<Outcome> {
  workspace.load(server(count, count === undefined ? {} : { applicationNodes: { count, zones: ['1', '2', '3'], ...nodes } }));
  const plan = outcome(await workspace.plan(), workspace, workspace);
  await workspace.applied();
  assert.deepEqual((await workspace.plan()).actions, {}, 'the next plan is empty');
  return plan;
}

/** What a plan replaces or deletes, but for steps that run again and for what is made for nodes alone. */
const lost = (plan: Outcome, madeForNodes = /^$/) => Object.entries(plan)
  .filter(([path, action]) => !/[/_]SetUp[/_]/.test(path) && !['create', 'update'].includes(action) && !madeForNodes.test(path));

/** Where the server's public address is. */
function holder(of: Azure): string[] {
  const holds = ({ properties }: any) => JSON.stringify(properties).includes(`/${ADDRESS}"`);
  return [...of.arm.list(NIC), ...of.arm.list(`${NETWORK}/loadBalancers`)].filter(holds).map(({ name }) => name);
}

/** The interfaces in each pool. */
function pools(of: Azure): { [pool: string]: string[] } {
  return Object.fromEntries(of.arm.list(`${NETWORK}/loadBalancers/backendAddressPools`).map(({ id, name }) => [
    name, of.arm.list(NIC).filter(({ properties }) => JSON.stringify(properties).toLowerCase().includes(`"${id.toLowerCase()}"`)).map((nic) => nic.name).sort(),
  ]));
}

before(async () => {
  azure = await world.azure();
  workspace = world.workspace(azure).load(server(undefined));
  await workspace.applied();
});

test('one node: the address goes from the machine to the load balancer, and nothing that holds data is touched', async () => {
  const data = kept(azure);
  assert.deepEqual(holder(azure), ['gitlab-vm-nic']);
  assert.deepEqual(lost(await change(1)), []);
  assert.deepEqual(holder(azure), ['gitlab-vm-lb']);
  assert.deepEqual(kept(azure).filter((one) => data.includes(one)), data);
  assert.deepEqual(pools(azure), {
    nodes: ['gitlab-vm-node-1-nic'], outbound: ['gitlab-vm-nic', 'gitlab-vm-node-1-nic'], server: ['gitlab-vm-nic'],
  });
});

test('each port leads to whom it should, and the probe asks on a port of its own', async () => {
  const [{ properties }] = azure.arm.list(`${NETWORK}/loadBalancers`);
  const part = (reference: any) => reference?.id.split('/').pop();
  assert.deepEqual(Object.fromEntries(properties.loadBalancingRules.map(({ properties: rule }: any) => [
    rule.frontendPort, [part(rule.backendAddressPools?.[0] ?? rule.backendAddressPool), part(rule.probe), rule.backendPort, rule.disableOutboundSnat],
  ])), {
    22: ['nodes', 'readiness', 22, true], 80: ['server', undefined, 80, true], 443: ['nodes', 'readiness', 443, true],
  });
  assert.deepEqual(properties.probes.map(({ properties: probe }: any) => [probe.protocol, probe.port, probe.requestPath]), [['Http', 8081, '/-/readiness']]);
});

test('a node is asked only after its set-up, which begins once it gets out', () => {
  const puts = (fragment: string) => azure.arm.log.filter(({ method, path, status }) => method === 'PUT' && path.includes(fragment) && status! < 300);
  const [node] = puts('/runCommands/').filter(({ path }) => /gitlab-vm-node-1\/runCommands\/node-/i.test(path));
  const joins = (pool: string) => puts('/gitlab-vm-node-1-nic').find(({ body }) => JSON.stringify(body).includes(`/backendAddressPools/${pool}"`))!;
  assert.ok(node.end! <= joins('nodes').start, 'it serves after its set-up');
  assert.ok(joins('outbound').end! <= puts('/virtualMachines/gitlab-vm-node-1')[0].start, 'it boots with a way out');
});

test('three nodes in three zones, and one again: only what the others are made of comes and goes', async () => {
  const data = kept(azure);
  const grown = await change(3);
  assert.deepEqual(lost(grown), []);
  assert.ok(!Object.keys(grown).some((path) => path.includes('ApplicationNode1/VirtualMachine')), 'the first node stays');
  assert.deepEqual(azure.arm.list(VM).map(({ name, zones }) => [name, zones?.[0]]).sort(), [
    ['gitlab-vm', '1'], ['gitlab-vm-node-1', '1'], ['gitlab-vm-node-2', '2'], ['gitlab-vm-node-3', '3'],
  ]);
  assert.equal(pools(azure).nodes.length, 3);
  assert.deepEqual(lost(await change(1), /GitLab_ApplicationNode[23]_/), []);
  assert.deepEqual(named(azure, VM), ['gitlab-vm', 'gitlab-vm-node-1']);
  assert.deepEqual(kept(azure).filter((one) => data.includes(one)), data);
  const gone = azure.arm.log.filter(({ path }) => path.includes('gitlab-vm-node-3'));
  const serving = ({ method, path, body }: LogEntry) => method === 'PUT' && path.endsWith('/gitlab-vm-node-3-nic') && JSON.stringify(body).includes(NODES);
  const machineGoes = gone.findIndex(({ method, path }) => method === 'DELETE' && path.endsWith('/virtualMachines/gitlab-vm-node-3'));
  const [last] = gone.slice(0, machineGoes).filter(({ method, path }) => method === 'PUT' && path.endsWith('-nic')).slice(-1);
  assert.ok(gone.some(serving) && !serving(last), 'it leaves the load balancer before its machine goes');
});

test('another size changes a node in place, and another zone replaces it and nothing else', async () => {
  const data = kept(azure);
  const resized = await change(1, { vmSize: 'Standard_D16ls_v5' });
  assert.deepEqual([lost(resized), resized['GitLab/ApplicationNode1/VirtualMachine']], [[], 'update']);
  const moved = await change(1, { zones: ['2'] });
  assert.deepEqual(lost(moved, /^GitLab\/ApplicationNode1\//), []);
  assert.match(moved['GitLab/ApplicationNode1/VirtualMachine'], /^replace/);
  assert.deepEqual(azure.arm.list(VM).map(({ name, zones }) => [name, zones?.[0]]).sort(), [['gitlab-vm', '1'], ['gitlab-vm-node-1', '2']]);
  assert.deepEqual(kept(azure).filter((one) => data.includes(one)), data);
  await change(1);
});

test('no node again: the machine has its address back, with count 0 and then without the prop', async () => {
  const data = kept(azure);
  assert.deepEqual(lost(await change(0), /GitLab_(ApplicationNode1|LoadBalancer|Network_Frontend)_/), []);
  assert.deepEqual(holder(azure), ['gitlab-vm-nic']);
  assert.deepEqual(kept(azure).filter((one) => data.includes(one)), data);
  assert.deepEqual(named(azure, VM), ['gitlab-vm']);
  assert.deepEqual(lost(await change(undefined)), []);
});

test('no secret is in the state, and everything is destroyed in an order that Azure takes', async () => {
  workspace.load(server(2, { preventDestroy: false }));
  await workspace.applied();
  const state = JSON.stringify(workspace.state);
  const passwords = [...azure.secrets].filter(([, what]) => what.includes('password')).map(([secret]) => secret);
  assert.ok(passwords.length > 0 && !passwords.some((password) => state.includes(password)));
  const { status, output } = await workspace.destroy();
  assert.equal(status, 0, output);
  assert.deepEqual([...named(azure, VM), ...named(azure, NIC), ...named(azure, `${NETWORK}/loadBalancers`)], []);
});

test('a private server: clients are led to an address of the subnet, and the machine keeps its own', async () => {
  const other = await world.azure();
  const inside = world.workspace(other).load(server(2, { network: GitLabNetwork.privateAddress({ dnsZoneEnabled: true }) }));
  await inside.applied();
  const [{ properties }] = other.arm.list(`${NETWORK}/loadBalancers`);
  const [frontend] = properties.frontendIPConfigurations;
  const configurations = other.arm.list(NIC).flatMap((nic) => nic.properties.ipConfigurations);
  assert.ok(!configurations.map((one: any) => one.properties.privateIPAddress).includes(frontend.properties.privateIPAddress));
  const [record] = other.arm.list(`${NETWORK}/privateDnsZones/A`);
  assert.deepEqual(JSON.stringify(record.properties).match(/10\.40\.0\.\d+/g), [frontend.properties.privateIPAddress]);
  assert.deepEqual(Object.keys(pools(other)).sort(), ['nodes', 'server']);
  assert.deepEqual((await inside.plan()).actions, {});
});
