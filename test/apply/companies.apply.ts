import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { TerraformStack } from 'cdktf';
import { Azure, OTHER_SUBSCRIPTION_ID, SUBSCRIPTION_ID } from './azure/azure';
import { companyPolicies, CORP, LANDING_ZONES } from './azure/landing-zone-policies';
import { allInOne, fromAnotherState, fromVariables, lookedUp } from './companies';
import { company, HUB, NETWORK, SHARED, ZONES } from './harness/company';
import { synthesise } from './harness/program';
import { destroyable } from './harness/provider-versions';
import { World } from './harness/world';

interface Company {
  readonly program: (stack: TerraformStack) => void;
  /** Names of environment variables, and what is in them. */
  readonly variables?: { readonly [name: string]: string };
  readonly before?: (azure: Azure) => void;
  readonly then: (azure: Azure) => void;
}

const world = new World();
const scopesOf = ({ arm }: Azure, role: RegExp) => arm.list('Microsoft.Authorization/roleAssignments').map(({ id }) => id).filter((id) => role.test(id));
const only = ({ arm }: Azure, type: string) => {
  const [one, ...others] = arm.list(type);
  assert.deepEqual(others.map(({ id }) => id), []);
  return one;
};
const nothingPublic = ({ arm }: Azure) => {
  assert.deepEqual(arm.list('Microsoft.Network/publicIPAddresses'), []);
  [...arm.list('Microsoft.KeyVault/vaults'), ...arm.list('Microsoft.Storage/storageAccounts')].filter(({ id }) => !id.endsWith('/kv-shared'))
    .forEach(({ id, properties }) => assert.equal(properties.publicNetworkAccess, 'Disabled', id));
};

const COMPANIES: { readonly [what: string]: Company } = {
  'all that is somebody else\'s is looked up, zones in the hub\'s subscription, with a provider that registers nothing': {
    program: lookedUp,
    before({ arm }) {
      arm.registered.set(SUBSCRIPTION_ID, arm.registered.get(OTHER_SUBSCRIPTION_ID)!);
      arm.policies = [{ scope: `/subscriptions/${SUBSCRIPTION_ID}`, policies: [...LANDING_ZONES, ...CORP] }];
    },
    then(azure) {
      nothingPublic(azure);
      const machine = only(azure, 'Microsoft.Compute/virtualMachines');
      assert.ok(`${SHARED}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-backup` in machine.identity.userAssignedIdentities);
      const [zone] = azure.arm.list('Microsoft.Network/privateEndpoints/privateDnsZoneGroups').map(({ properties }) => properties.privateDnsZoneConfigs[0].properties.privateDnsZoneId);
      assert.ok(zone.startsWith(HUB), zone);
      assert.equal(only(azure, 'Microsoft.ContainerService/managedClusters').properties.apiServerAccessProfile.privateDNSZone, `${HUB}/providers/Microsoft.Network/privateDnsZones/${ZONES[2]}`);
      assert.equal(azure.arm.list('Microsoft.OperationalInsights/workspaces').length, 1);
      assert.notDeepEqual(scopesOf(azure, /\/kv-shared\//), []);
    },
  },
  'group, network, routes and zones stand in the same program, which peers its network with the hub\'s': {
    program: allInOne,
    then(azure) {
      nothingPublic(azure);
      assert.equal(azure.arm.list('Microsoft.Network/virtualNetworks/virtualNetworkPeerings').length, 2);
      const { networkProfile } = only(azure, 'Microsoft.ContainerService/managedClusters').properties;
      assert.deepEqual([networkProfile.podCidr, networkProfile.outboundType], ['100.64.0.0/14', 'userDefinedRouting']);
      const put = (fragment: string) => azure.arm.log.filter(({ method, path }) => method === 'PUT' && path.includes(fragment));
      const routed = Math.max(...put('/subnets/nodes').map(({ end }) => end!));
      put('/managedClusters/').forEach(({ start }) => assert.ok(routed <= start, 'the cluster waits for its routes'));
    },
  },
  'tags and offices are variables; the names are the Cloud Adoption Framework\'s, in a region without zones': {
    program: fromVariables,
    variables: { TF_VAR_tags: '{"cost-center":"42","owner":"platform"}', TF_VAR_offices: '["203.0.113.0/24","198.51.100.7/32"]' },
    before({ arm }) {
      const policies = companyPolicies({ locations: ['westus'], tags: ['cost-center', 'owner', 'workload'], unwantedTypes: ['Microsoft.Network/loadBalancers'] });
      arm.policies = [{ scope: `/subscriptions/${SUBSCRIPTION_ID}`, policies }];
    },
    then(azure) {
      const machine = only(azure, 'Microsoft.Compute/virtualMachines');
      assert.deepEqual([machine.name, machine.location, machine.tags.owner], ['vm-gitlab-prod-wus-001', 'westus', 'platform']);
      const rule = azure.arm.list('Microsoft.Network/networkSecurityGroups/securityRules').find(({ name }) => name === 'AllowHttps')!;
      assert.deepEqual(rule.properties.sourceAddressPrefixes.toSorted(), ['198.51.100.7/32', '203.0.113.0/24']);
    },
  },
  'subnets come from the network team\'s state; server and cluster are in subscriptions of their own': {
    program: (stack) => {
      const path = join(mkdtempSync(join(tmpdir(), 'network-')), 'terraform.tfstate');
      const told = { gitlab_subnet_id: `${NETWORK}/subnets/snet-gitlab`, gitlab_address: '10.1.0.10', endpoints_subnet_id: `${NETWORK}/subnets/snet-endpoints` };
      const outputs = Object.fromEntries(Object.entries(told).map(([output, value]) => [output, { value, type: 'string' }]));
      writeFileSync(path, JSON.stringify({ version: 4, terraform_version: '1.5.0', serial: 1, lineage: 'network', outputs, resources: [] }));
      fromAnotherState(stack, path);
    },
    then(azure) {
      assert.ok(only(azure, 'Microsoft.Compute/virtualMachines').id.includes(SUBSCRIPTION_ID));
      assert.ok(only(azure, 'Microsoft.ContainerService/managedClusters').id.includes(OTHER_SUBSCRIPTION_ID));
    },
  },
};

for (const [what, { program, variables, before, then }] of Object.entries(COMPANIES)) {
  test(what, async () => {
    const azure = await world.azure();
    company(azure);
    before?.(azure);
    const existing = [...azure.arm.stored.keys()].sort();
    const workspace = world.workspace(azure, { variables }).load(synthesise(program));
    await workspace.applied();
    then(azure);
    assert.deepEqual((await workspace.plan()).actions, {}, 'a second plan');
    workspace.load(synthesise(program), destroyable);
    const { status, output } = await workspace.destroy();
    assert.equal(status, 0, output);
    assert.deepEqual([...azure.arm.stored.keys()].sort(), existing);
  });
}
