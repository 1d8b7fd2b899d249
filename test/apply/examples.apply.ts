import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roleId } from './azure/authorization';
import { Azure, SUBSCRIPTION_ID } from './azure/azure';
import { AUDITED, GUARDRAILS, LANDING_ZONES } from './azure/landing-zone-policies';
import { uuidOf } from './azure/login';
import { landingZones } from './harness/landing-zone';
import { example } from './harness/program';
import { destroyable } from './harness/provider-versions';
import { World } from './harness/world';

const world = new World();

/** What an example expects to be there. */
const EXISTING: { [example: string]: (azure: Azure) => void } = {
  // the quick start, under what Microsoft enforces on every landing zone.
  'complete': ({ arm }) => {
    arm.policies = [{ scope: `/subscriptions/${SUBSCRIPTION_ID}`, policies: [...LANDING_ZONES, ...GUARDRAILS, ...AUDITED] }];
  },
  'landing-zone': landingZones,
  'existing-gitlab': ({ arm }) => {
    const group = (subscription: string) => `/subscriptions/${subscription}/resourceGroups/shared-rg`;
    const cluster = `${group(SUBSCRIPTION_ID)}/providers/Microsoft.ContainerService/managedClusters/shared`;
    const vaults = group('00000000-0000-0000-0000-000000000000');
    arm.provision(group(SUBSCRIPTION_ID), { location: 'koreacentral' });
    arm.provision(cluster, {
      location: 'koreacentral',
      properties: {
        kubernetesVersion: '1.36', dnsPrefix: 'shared', oidcIssuerProfile: { enabled: true }, networkProfile: {},
        agentPoolProfiles: [{ name: 'system', mode: 'System', vmSize: 'Standard_D4s_v5', count: 2 }],
      },
    });
    arm.provision(`${cluster}/providers/Microsoft.Authorization/roleAssignments/00000000-0000-0000-0000-000000000001`, {
      properties: { principalId: uuidOf(uuidOf('deployer')), roleDefinitionId: roleId('Azure Kubernetes Service RBAC Cluster Admin') },
    });
    arm.provision(vaults, { location: 'koreacentral' });
    arm.provision(`${vaults}/providers/Microsoft.KeyVault/vaults/shared-runners`, { location: 'koreacentral' });
  },
};

for (const name of process.env.APPLY_EXAMPLES!.split(',')) {
  test(`example ${name}: applied, planned empty, guarded, destroyed`, async () => {
    const azure = await world.azure();
    EXISTING[name]?.(azure);
    const existing = [...azure.arm.stored.keys()];
    const [stack] = example(name);
    const workspace = world.workspace(azure).load(stack);
    await workspace.validate();
    await workspace.applied();
    const again = await workspace.plan();
    assert.deepEqual(again.actions, {}, 'a second plan');

    if (JSON.stringify(workspace.configuration).includes('prevent_destroy')) {
      const { status, output } = await workspace.destroy();
      assert.notEqual(status, 0);
      assert.match(output, /Instance cannot be destroyed/);
    }
    workspace.load(stack, destroyable);
    const { status, output } = await workspace.destroy();
    assert.equal(status, 0, output);
    assert.deepEqual([...azure.arm.stored.keys()], existing);
  });
}
