import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { roleName } from './azure/authorization';
import { Azure } from './azure/azure';
import { sleep } from './azure/core';
import { LogEntry } from './azure/request';
import { outcome } from './harness/expectation';
import { platform } from './harness/platform';
import { synthesise } from './harness/program';
import { Workspace } from './harness/workspace';
import { World } from './harness/world';
import { RunnerCache } from 'cdktf-azure-gitlab';

const world = new World();
let azure: Azure;
let workspace: Workspace;
let output: string;

before(async () => {
  azure = await world.azure();
  // what others wait for takes longer than all that they wait for besides, so that a missing dependency shows each time
  const slow: [RegExp, number][] = [
    [/publicIPAddresses\/[^/]+\/.*roleAssignments\/[^/]+$/, 6000], [/roleAssignments\/[^/]+$/, 1500], [/securityRules\/[^/]+$/, 10_000],
    [/virtualMachines\/[^/]+(\/runCommands\/[^/]+)?$/, 1000], [/managedClusters\/[^/]+$/, 2500], [/federatedIdentityCredentials\/[^/]+$/, 10_000],
  ];
  const { latency } = azure.arm;
  azure.arm.latency = (type, method, id) => slow.find(([path]) => path.test(id))?.[1] ?? latency(type, method, id);
  const { work } = azure.arm;
  azure.arm.work = ({ type }) => meet(type);
  workspace = world.workspace(azure).load(synthesise(platform({
    gitlab: { tags: { team: 'platform' }, webAllowedCidrs: ['203.0.113.0/24'], backup: {}, dataDiskBackup: {}, objectStorage: {}, registry: {} }, runner: { cache: RunnerCache.azureBlob() },
  })));
  process.env.TF_LOG = 'TRACE';
  process.env.TF_LOG_PATH = join(workspace.folder, 'trace.log');
  output = await workspace.applied();
  delete process.env.TF_LOG;
  Object.assign(azure.arm, { latency, work });
});

/** The cluster is there once the server was begun, and a step once the cluster was; what comes only afterwards is not waited for for ever. */
async function meet(type: string): Promise<void> {
  const other = /managedClusters$/.test(type) ? /\/virtualMachines\/[^/]+$/ : /runCommands$/.test(type) ? /\/managedClusters\/[^/]+$/ : undefined;
  const isAsked = () => azure.arm.log.some(({ method, path }) => method === 'PUT' && other!.test(path));
  for (const end = Date.now() + 60_000; other && !isAsked() && Date.now() < end;) {
    await sleep(100);
  }
}

/** Which secrets that Azure handed out are in a text. */
function secretsIn(text: string): string[] {
  return [...new Set([...azure.secrets].filter(([secret]) => text.includes(secret)).map(([, what]) => what))].sort();
}

function docs(): string {
  return readFileSync(join(process.env.APPLY_APP!, 'docs/security.md'), 'utf8');
}

/** The first request that made a resource of a type whose path fits. */
function made(type: string, path = /./): LogEntry {
  const found = azure.arm.log.find((entry) => entry.method === 'PUT' && entry.path.toLowerCase().includes(`/${type.toLowerCase()}/`) && path.test(entry.path));
  assert.ok(found?.end, `${type} ${path} was made`);
  return found;
}

test('roles are assigned at the scopes that docs/security.md names, and no wider', () => {
  const owners = new Map([
    ...azure.arm.list('Microsoft.ManagedIdentity/userAssignedIdentities').map(({ name, properties }): [string, string] => [properties.principalId, name]),
    ...azure.arm.list('Microsoft.DataProtection/backupVaults').map(({ name, identity }): [string, string] => [identity.principalId, name]),
  ]);
  const actual = azure.arm.list('Microsoft.Authorization/roleAssignments').map(({ properties }) => {
    const scope = properties.scope.split('/providers/')[1]?.replace(/-?[0-9a-f]{8}$/, '') ?? 'resource group';
    return `${owners.get(properties.principalId) ?? 'whoever applies'}: ${roleName(properties.roleDefinitionId)} on ${scope}`;
  });
  assert.deepEqual(actual.sort(), [
    'gitlab-cluster-control-plane: Network Contributor on Microsoft.Network/publicIPAddresses/gitlab-cluster-egress',
    'gitlab-cluster-control-plane: Network Contributor on Microsoft.Network/virtualNetworks/gitlab-cluster-vnet/subnets/nodes',
    'gitlab-data-disk: Disk Backup Reader on Microsoft.Compute/disks/gitlab-vm-data',
    'gitlab-data-disk: Disk Snapshot Contributor on resource group',
    'gitlab-runner-identity: Key Vault Secrets User on Microsoft.KeyVault/vaults/gitlab-runner',
    'gitlab-runner-identity: Storage Blob Data Contributor on Microsoft.Storage/storageAccounts/cache',
    'gitlab-vm-identity: Key Vault Secrets Officer on Microsoft.KeyVault/vaults/gitlab-runner',
    'gitlab-vm-identity: Key Vault Secrets Officer on Microsoft.KeyVault/vaults/gitlab-server',
    'gitlab-vm-identity: Storage Blob Data Contributor on Microsoft.Storage/storageAccounts/gitlabbackup',
    'gitlab-vm-objects-identity: Storage Blob Data Contributor on Microsoft.Storage/storageAccounts/gitlabobjects',
    'whoever applies: Azure Kubernetes Service RBAC Cluster Admin on resource group',
  ]);
});

test('vaults, shared keys and local accounts are as docs/security.md says', () => {
  const properties = (type: string) => azure.arm.list(type).map((resource) => resource.properties);
  assert.ok(properties('Microsoft.KeyVault/vaults').every((vault) => vault.enablePurgeProtection && vault.enableRbacAuthorization), 'vaults are protected from purging');
  assert.ok(properties('Microsoft.Storage/storageAccounts').every((account) => account.allowSharedKeyAccess === false), 'shared keys are switched off');
  assert.ok(properties('Microsoft.OperationalInsights/workspaces').every(({ features }) => features.disableLocalAuth), 'local authentication is switched off');
  assert.ok(properties('Microsoft.ContainerService/managedClusters').every((cluster) => cluster.disableLocalAccounts), 'local accounts are off');
});

test('what a step needs is there before it', () => {
  const first = (entry: LogEntry, ...others: LogEntry[]) => others.forEach((other) => assert.ok(entry.end! <= other.start, `${entry.path} before ${other.path}`));
  const machine = made('virtualMachines', /virtualMachines\/[^/]+$/);
  const cluster = made('managedClusters', /managedClusters\/[^/]+$/);
  const steps = azure.arm.log.filter((entry) => entry.method === 'PUT' && entry.path.includes('/runCommands/'));
  const release = azure.arm.log.find((entry) => entry.host.endsWith('.azmk8s.io') && entry.method === 'POST')!;
  first(made('roleAssignments', /vaults\/gitlab-server/), machine);
  first(made('roleAssignments', /vaults\/gitlab-runner/), machine);
  first(made('roleAssignments', /subnets/), cluster);
  first(made('roleAssignments', /publicIPAddresses/), cluster);
  first(made('roleAssignments', /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft.Authorization/), cluster);
  first(made('securityRules', /AllowHttps/), steps[0]);
  steps.slice(1).forEach((step, index) => first(steps[index], step));
  first(steps.find(({ path }) => path.includes('/runners-'))!, release);
  first(made('federatedIdentityCredentials'), release);
});

test('server and cluster are made at the same time', () => {
  const cluster = made('managedClusters', /managedClusters\/[^/]+$/);
  const steps = azure.arm.log.filter((entry) => entry.method === 'PUT' && entry.path.includes('/runCommands/'));
  const server = { start: made('virtualMachines', /virtualMachines\/[^/]+$/).start, end: steps.at(-1)!.end! };
  // each has waited for the other's beginning; one that needs the other would share no time with it.
  const shared = Math.min(cluster.end!, server.end) - Math.max(cluster.start, server.start);
  assert.ok(shared > 0, `the later one began ${-shared} ms after the other was there`);
});

test('the second plan is empty', async () => {
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('no secret in state, plan or output but the dead keys that docs/security.md lists', async () => {
  const holders = new Set<string>();
  for (const { type, instances } of workspace.state.resources) {
    for (const [attribute, value] of Object.entries<any>(instances[0].attributes)) {
      if ([...azure.secrets.keys()].some((secret) => JSON.stringify(value ?? '').includes(secret))) {holders.add(`${type}.${attribute}`);}
    }
  }
  assert.deepEqual([...holders].sort(), [
    'azurerm_log_analytics_workspace.primary_shared_key',
    'azurerm_log_analytics_workspace.secondary_shared_key',
    'azurerm_storage_account.primary_access_key',
    'azurerm_storage_account.primary_blob_connection_string',
    'azurerm_storage_account.primary_connection_string',
    'azurerm_storage_account.secondary_access_key',
    'azurerm_storage_account.secondary_connection_string',
  ]);
  const plan = await workspace.run('plan', '-no-color');
  for (const text of [output, plan.output, readFileSync(join(workspace.folder, 'cdk.tf.json'), 'utf8')]) {
    assert.deepEqual(secretsIn(text), []);
  }
  assert.match(docs(), /storage account's access keys and connection strings/);
  assert.match(docs(), /Log Analytics workspace's shared keys/);
});

test('a trace shows the same dead keys and no token', () => {
  const trace = readFileSync(join(workspace.folder, 'trace.log'), 'utf8');
  assert.ok(trace.includes('terraform-provider-azurerm'), 'the log has the provider in it');
  assert.deepEqual(secretsIn(trace), ['storage key', 'workspace key']);
  assert.match(docs(), /`TF_LOG=TRACE`/);
});

for (const [name, change, expected] of [
  ['a stopped machine', () => {
    azure.arm.list('Microsoft.Compute/virtualMachines')[0].powerState = 'deallocated';
  }, {}],
  ['another tag', () => {
    azure.arm.list('Microsoft.Compute/virtualMachines')[0].tags.team = 'somebody';
  }, { 'GitLab/VirtualMachine/Resource': 'update' }],
  ['a deleted role assignment', () => {
    const [assignment] = azure.arm.list('Microsoft.Authorization/roleAssignments').filter(({ properties }) => /vaults\/gitlab-server/.test(properties.scope));
    azure.arm.remove(assignment.id);
  }, { 'GitLab/ServerVault/Server': 'create' }],
  ['a node count that the autoscaler changed', () => {
    azure.arm.list('Microsoft.ContainerService/managedClusters/agentPools').find((pool) => pool.name === 'jobs')!.properties.count = 4;
  }, {}],
  ['a Kubernetes patch and a node image that AKS put in', () => {
    azure.arm.list('Microsoft.ContainerService/managedClusters')[0].properties.currentKubernetesVersion = '1.36.2';
    azure.arm.list('Microsoft.ContainerService/managedClusters/agentPools').forEach(({ properties }) => {
      properties.currentOrchestratorVersion = '1.36.2';
      properties.nodeImageVersion = 'AKSUbuntu-newer';
    });
  }, {}],
] as [string, () => void, any][]) {
  test(`drift, ${name}: the next plan does what docs/operate.md says`, async () => {
    change();
    assert.deepEqual(outcome(await workspace.plan(), workspace, workspace), expected);
    const { status, output: log } = await workspace.apply();
    assert.equal(status, 0, log);
  });
}

test('another person applies: nothing is replaced', async () => {
  const colleague = workspace.fork({ environment: azure.environment('11111111-1111-4111-8111-111111111111') });
  const plan = await colleague.plan('-refresh=false');
  assert.deepEqual(plan.actions, {});
});
