import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { TerraformStack } from 'cdktf';
import { roleId } from './azure/authorization';
import { Azure, OTHER_SUBSCRIPTION_ID, SUBSCRIPTION_ID } from './azure/azure';
import { uuidOf } from './azure/login';
import { synthesise } from './harness/program';
import { destroyable } from './harness/provider-versions';
import { Workspace } from './harness/workspace';
import { World } from './harness/world';
import {
  AksCluster, AksEgress, AzureProvider, GitLabEndpoint, GitLabNetwork, KubernetesGitLabRunner, PrivateEndpoints, RunnerCache, SelfHostedGitLab,
} from 'cdktf-azure-gitlab';

const world = new World();
const location = 'koreacentral';

/** The server in one subscription; the cluster, and what is the runner's, in another one. Neither is that of the environment alone. */
function apart(stack: TerraformStack): void {
  const hub = new AzureProvider(stack, 'Hub', { alias: 'hub', subscriptionId: SUBSCRIPTION_ID });
  const spoke = new AzureProvider(stack, 'Spoke', { alias: 'spoke', subscriptionId: OTHER_SUBSCRIPTION_ID });
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location, provider: hub, webAllowedCidrs: ['203.0.113.0/24'], backup: {} });
  const cluster = new AksCluster(stack, 'Cluster', { location, provider: spoke });
  new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, cache: RunnerCache.azureBlob() });
}

/** The types of what a subscription holds, without what lies in the resource groups that AKS makes. */
function typesIn(azure: Azure, subscription: string): string[] {
  return [...new Set([...azure.arm.stored.values()].map(({ resource }) => resource).filter(({ id }) => id.startsWith(`/subscriptions/${subscription}/`)).map(({ type }) => type))];
}

let azure: Azure;
let workspace: Workspace;

before(async () => {
  azure = await world.azure();
  workspace = world.workspace(azure, { variables: { ARM_SUBSCRIPTION_ID: uuidOf('a subscription that nothing is in') } }).load(synthesise(apart));
  await workspace.applied();
});

test('the server is in one subscription and the cluster in the other, each with what belongs to it', () => {
  const [hub, spoke] = [SUBSCRIPTION_ID, OTHER_SUBSCRIPTION_ID].map((subscription) => typesIn(azure, subscription));
  ['Microsoft.Compute/virtualMachines', 'Microsoft.Compute/virtualMachines/runCommands', 'Microsoft.KeyVault/vaults']
    .forEach((type) => assert.deepEqual([hub.includes(type), spoke.includes(type)], [true, false], type));
  ['Microsoft.ContainerService/managedClusters', 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials']
    .forEach((type) => assert.deepEqual([hub.includes(type), spoke.includes(type)], [false, true], type));
  const [way] = azure.arm.list('Microsoft.Network/networkSecurityGroups/securityRules').filter(({ name }) => name.startsWith('AllowWeb'));
  assert.ok(way.id.startsWith(`/subscriptions/${SUBSCRIPTION_ID}/`), way.id);
  const [cache] = azure.arm.list('Microsoft.Storage/storageAccounts').filter(({ name }) => name.startsWith('cache'));
  assert.ok(cache.id.startsWith(`/subscriptions/${OTHER_SUBSCRIPTION_ID}/`), cache.id);
});

test('each subscription has the resource providers registered that it needs', () => {
  assert.deepEqual([...azure.arm.registered.keys()].sort(), [SUBSCRIPTION_ID, OTHER_SUBSCRIPTION_ID].sort());
});

test('the second plan is empty', async () => {
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('a server in the other subscription would be another one: no plan moves what holds data', async () => {
  const moved = workspace.fork({
    stackFolder: synthesise((stack) => {
      const [hub, spoke] = [['hub', OTHER_SUBSCRIPTION_ID], ['spoke', OTHER_SUBSCRIPTION_ID]].map(([alias, subscriptionId]) =>
        new AzureProvider(stack, alias, { alias, subscriptionId }));
      const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location, provider: hub, webAllowedCidrs: ['203.0.113.0/24'], backup: {} });
      const cluster = new AksCluster(stack, 'Cluster', { location, provider: spoke });
      new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, cache: RunnerCache.azureBlob() });
    }),
  });
  const { status, errors } = await moved.plan();
  assert.notEqual(status, 0);
  assert.match(errors.join('\n'), /azurerm_key_vault\.\S+ has lifecycle.prevent_destroy set/);
});

test('a cluster by its ARM id, from a program of the other subscription: its runner\'s identity is beside it', async () => {
  const [{ id, properties }] = azure.arm.list('Microsoft.ContainerService/managedClusters');
  azure.arm.provision(`${id}/providers/Microsoft.Authorization/roleAssignments/00000000-0000-0000-0000-000000000001`, {
    properties: { principalId: uuidOf(uuidOf('deployer')), roleDefinitionId: roleId('Azure Kubernetes Service RBAC Cluster Admin') },
  });
  const held = typesIn(azure, SUBSCRIPTION_ID).length;
  const other = world.workspace(azure).load(synthesise((stack) => {
    const cluster = AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterId: id });
    cluster.addServiceAccount('Deploy', { namespace: 'default', serviceAccountName: 'deploy' });
    cluster.addNodePool('Extra');
  }));
  await other.applied();
  assert.ok(properties.fqdn);
  assert.equal(typesIn(azure, SUBSCRIPTION_ID).length, held, 'nothing new where the program signs in');
  const [identity] = azure.arm.list('Microsoft.ManagedIdentity/userAssignedIdentities').filter(({ name }) => name.includes('deploy'));
  assert.ok(identity.id.startsWith(`/subscriptions/${OTHER_SUBSCRIPTION_ID}/`), identity.id);
  assert.deepEqual((await other.plan()).actions, {});
  assert.equal((await other.destroy()).status, 0);
});

test('all of it is destroyed, in both', async () => {
  workspace.load(synthesise(apart), destroyable);
  const { status, output } = await workspace.destroy();
  assert.equal(status, 0, output);
  // the role that the test above has given is on the cluster, and went with it.
  assert.deepEqual([...azure.arm.stored.keys()].filter((id) => !id.includes('/diagnosticsettings/')), []);
});

const spokeOf = (subscription: string) => `/subscriptions/${subscription}/resourceGroups/spoke`;
const subnetOf = (subscription: string) => `${spokeOf(subscription)}/providers/Microsoft.Network/virtualNetworks/spoke/subnets/endpoints`;

/** The same without public addresses: each with a way out and private endpoints in networks of its own subscription, the server's name known in both. */
function privately(stack: TerraformStack): void {
  const [hub, spoke] = [['hub', SUBSCRIPTION_ID], ['spoke', OTHER_SUBSCRIPTION_ID]].map(([alias, subscriptionId]) =>
    new AzureProvider(stack, alias, { alias, subscriptionId, azurermMajor: 5 }));
  const endpoints = (subscription: string) => PrivateEndpoints.dnsByPolicy(subnetOf(subscription));
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', {
    location, provider: hub, webAllowedCidrs: [], backup: {}, privateEndpoints: endpoints(SUBSCRIPTION_ID), endpoint: GitLabEndpoint.customDomain('gitlab.example.com'),
    network: GitLabNetwork.privateAddress({ dnsZoneEnabled: true, dnsVirtualNetworkIds: [subnetOf(OTHER_SUBSCRIPTION_ID).split('/subnets/')[0]] }),
  });
  const cluster = new AksCluster(stack, 'Cluster', { location, provider: spoke, egress: AksEgress.natGateway() });
  new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, cache: RunnerCache.azureBlob({ privateEndpoints: endpoints(OTHER_SUBSCRIPTION_ID) }) });
}

test('ways out, names and private endpoints are where what they belong to is, planned empty', async () => {
  const apartAzure = await world.azure();
  for (const subscription of [SUBSCRIPTION_ID, OTHER_SUBSCRIPTION_ID]) {
    apartAzure.arm.provision(spokeOf(subscription), { location });
    apartAzure.arm.provision(subnetOf(subscription).split('/subnets/')[0], { location, properties: { addressSpace: { addressPrefixes: ['10.9.0.0/16'] } } });
    apartAzure.arm.provision(subnetOf(subscription), { properties: { addressPrefixes: ['10.9.0.0/24'] } });
  }
  const one = world.workspace(apartAzure, { variables: { ARM_SUBSCRIPTION_ID: uuidOf('a subscription that nothing is in') } }).load(synthesise(privately));
  await one.applied();
  const places = (type: string) => apartAzure.arm.list(type).map(({ id, name }) => `${id.startsWith(`/subscriptions/${SUBSCRIPTION_ID}/`) ? 'hub' : 'spoke'} ${name.replace(/-?[0-9a-f]{8}(?=$|-)/, '')}`).sort();
  assert.deepEqual(places('Microsoft.Network/natGateways'), ['hub gitlab-vm-nat', 'spoke gitlab-cluster-nat']);
  assert.deepEqual(places('Microsoft.Network/publicIPAddresses'), ['hub gitlab-vm-nat-ip', 'spoke gitlab-cluster-nat-ip']);
  assert.deepEqual(places('Microsoft.Network/privateDnsZones'), ['hub gitlab.example.com']);
  assert.deepEqual(places('Microsoft.Network/privateDnsZones/virtualNetworkLinks'), ['hub network-0', 'hub spoke']);
  assert.deepEqual(places('Microsoft.Network/privateEndpoints').map((name) => name.replace(/(backup|cache).*/, '$1')),
    ['hub gitlab-runner-pep', 'hub gitlab-server-pep', 'hub gitlabbackup', 'spoke cache']);
  const [way] = apartAzure.arm.list('Microsoft.Network/networkSecurityGroups/securityRules').filter(({ name }) => name.startsWith('AllowWeb'));
  assert.ok(way.id.startsWith(`/subscriptions/${SUBSCRIPTION_ID}/`), way.id);
  assert.deepEqual(way.properties.sourceAddressPrefixes ?? [way.properties.sourceAddressPrefix], ['10.224.0.0/20']);
  assert.deepEqual((await one.plan()).actions, {});
});
