import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Azure, SUBSCRIPTION_ID } from './azure/azure';
import {
  AUDITED, CENTRAL_WORKSPACE, companyPolicies, CORP, CUSTOMER_KEYS, GUARDRAILS, HOST_ENCRYPTION, HUB_ROUTES, LANDING_ZONES, ROUTED, SWITCHED_ON,
} from './azure/landing-zone-policies';
import { Policy } from './azure/policy';
import { synthesise } from './harness/program';
import { Workspace } from './harness/workspace';
import { World } from './harness/world';
import { AzureNaming, AzureProvider, AzureSubnet, GitLabDatabase, GitLabEndpoint, GitLabNetwork, SelfHostedGitLab } from 'cdktf-azure-gitlab';

const GROUP = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/company`;
const VNET = `${GROUP}/providers/Microsoft.Network/virtualNetworks/spoke`;
const SECURITY_GROUP = `${GROUP}/providers/Microsoft.Network/networkSecurityGroups/spoke`;
const KEYS = `${GROUP}/providers/Microsoft.Compute/diskEncryptionSets/disks`;
const AGENT = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/agent`;
const VM = 'Microsoft.Compute/virtualMachines';
const NIC = 'Microsoft.Network/networkInterfaces';
const BALANCER = 'Microsoft.Network/loadBalancers';

const AGENT_ON_MACHINES: Policy = {
  assignment: 'Deploy-VM-Monitoring', definition: 'Assign Built-In User-Assigned Managed Identity to Virtual Machines', types: [VM],
  changes: ({ body }) => body.identity?.userAssignedIdentities && Object.assign(body.identity.userAssignedIdentities, { [AGENT]: {} }),
};
/** All that say something of what a node is made of. */
const POLICIES = [
  ...LANDING_ZONES, ...CORP, ...GUARDRAILS, ...ROUTED, ...HOST_ENCRYPTION, ...CUSTOMER_KEYS, ...AUDITED, ...SWITCHED_ON, AGENT_ON_MACHINES,
  ...companyPolicies({ locations: ['koreacentral'], tags: ['costCenter'], unwantedTypes: ['Microsoft.Network/publicIPAddresses'] }),
].filter(({ types }) => !types || types.some((type) => /^Microsoft\.(Compute|Network)\//.test(type)));

const world = new World();
let azure: Azure;
let workspace: Workspace;

const governed = (count: number) => synthesise((stack) => {
  AzureNaming.cloudAdoptionFramework({ environment: 'prod', regionAbbreviations: { koreacentral: 'krc' } }).applyTo(stack);
  new AzureProvider(stack, 'Azure', { policySettingsKept: true });
  new SelfHostedGitLab(stack, 'GitLab', {
    location: 'koreacentral', endpoint: GitLabEndpoint.customDomain('gitlab.example.com', { letsEncrypt: false }),
    network: GitLabNetwork.privateAddress({ address: '10.9.0.4' }), subnet: AzureSubnet.existing(`${VNET}/subnets/gitlab`),
    database: GitLabDatabase.azurePostgresql(), objectStorage: {}, applicationNodes: { count },
    tags: { costCenter: '1' }, hostEncryptionEnabled: true, diskEncryptionSetId: KEYS, additionalIdentityIds: [AGENT],
  });
});

before(async () => {
  azure = await world.azure();
  azure.arm.provision(GROUP, { location: 'koreacentral' });
  [AGENT, KEYS].forEach((id) => azure.arm.provision(id, { location: 'koreacentral' }));
  [CENTRAL_WORKSPACE, HUB_ROUTES].forEach((id) => azure.arm.provision(id, { location: 'koreacentral', properties: {} }));
  azure.arm.provision(VNET, { location: 'koreacentral', properties: { addressSpace: { addressPrefixes: ['10.9.0.0/16'] } } });
  azure.arm.provision(SECURITY_GROUP, { location: 'koreacentral', properties: {} });
  azure.arm.provision(`${VNET}/subnets/gitlab`, {
    properties: {
      addressPrefixes: ['10.9.0.0/24'], defaultOutboundAccess: false, networkSecurityGroup: { id: SECURITY_GROUP }, routeTable: { id: HUB_ROUTES },
    },
  });
  azure.arm.policies = [{ scope: `/subscriptions/${SUBSCRIPTION_ID}`, policies: POLICIES }];
  workspace = world.workspace(azure).load(governed(2));
  await workspace.applied();
});

test('nodes pass what a landing zone denies, and each plan is empty after what policies change of them', async () => {
  assert.deepEqual((await workspace.plan()).actions, {});
  const machines = azure.arm.list(VM);
  assert.equal(machines.length, 3);
  machines.forEach(({ name, properties, tags }: any) => {
    assert.deepEqual(tags, { costCenter: '1' }, name);
    assert.equal(properties.storageProfile.osDisk.managedDisk.diskEncryptionSet.id.split('/').pop(), 'disks', name);
  });
});

test('what nodes are made of has the names of the naming convention', () => {
  const names = (type: string) => azure.arm.list(type).map(({ name }) => name).sort();
  assert.deepEqual(names(VM), ['vm-gitlab-node-1-prod-krc-001', 'vm-gitlab-node-2-prod-krc-001', 'vm-gitlab-prod-krc-001']);
  // Azure names that of a private endpoint itself.
  assert.deepEqual(names(NIC).filter((name) => !name.startsWith('pep-')), ['nic-gitlab-node-1-prod-krc-001', 'nic-gitlab-node-2-prod-krc-001', 'nic-gitlab-prod-krc-001']);
  assert.deepEqual(names(BALANCER), ['lbi-gitlab-prod-krc-001']);
  assert.deepEqual(names('Microsoft.Compute/disks'), [
    'disk-gitlab-data-prod-krc-001', 'osdisk-gitlab-node-1-prod-krc-001', 'osdisk-gitlab-node-2-prod-krc-001', 'osdisk-gitlab-prod-krc-001',
  ]);
});

test('one node less, and then one more: nothing else is asked of the policies', async () => {
  for (const count of [1, 2]) {
    workspace.load(governed(count));
    await workspace.applied();
    assert.deepEqual((await workspace.plan()).actions, {});
    assert.equal(azure.arm.list(VM).length, 1 + count);
  }
});
