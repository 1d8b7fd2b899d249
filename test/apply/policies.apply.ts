import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { TerraformStack } from 'cdktf';
import { parseArmPath } from './azure/arm-id';
import { Azure, SUBSCRIPTION_ID } from './azure/azure';
import {
  addTag, AUDITED, CENTRAL_WORKSPACE, companyPolicies, CORP, CUSTOMER_KEYS, GUARDRAILS, HOST_ENCRYPTION, HUB_ROUTES, LANDING_ZONES, MODIFIED, ROUTED,
  SWITCHED_ON,
} from './azure/landing-zone-policies';
import { uuidOf } from './azure/login';
import { govern, Policy } from './azure/policy';
import { CLOSED_BY_POLICY, STORAGE_GUARDRAILS } from './azure/storage-guardrails';
import { platform, PlatformProps } from './harness/platform';
import { policyRows } from './harness/policy-table';
import { example, synthesise } from './harness/program';
import { destroyable } from './harness/provider-versions';
import { Workspace } from './harness/workspace';
import { World } from './harness/world';
import { AzureProvider, KeyVaultKey, PrivateEndpoints, RunnerCache } from 'cdktf-azure-gitlab';

const world = new World();
const SUBSCRIPTION = `/subscriptions/${SUBSCRIPTION_ID}`;
const COMPANY = companyPolicies({ locations: ['koreacentral'], tags: ['costCenter'], unwantedTypes: ['Microsoft.Network/publicIPAddresses'] });

/** One request for each policy that it denies, and the same as it should be: each rule is seen to refuse, and to let pass. */
const group = `${SUBSCRIPTION}/resourceGroups/g`;
const at = (type: string, name = 'x') => {
  const [namespace, ...types] = type.split('/');
  return `${group}/providers/${namespace}/${types.map((one, index) => `${one}/${index === types.length - 1 ? name : 'parent'}`).join('/')}`;
};
const tags = { costCenter: '1' };
const rule = (properties: object) => ({ properties: { access: 'Allow', direction: 'Inbound', sourceAddressPrefix: '*', destinationPortRange: '443', ...properties } });
/** Properties of an account or of its blob service, wrong and right. */
const STORAGE_REQUESTS = ([
  ['Storage accounts should prevent shared key access', {}, { allowSharedKeyAccess: false }],
  ['Storage accounts should prevent cross tenant object replication', {}, { allowCrossTenantReplication: false }],
  ['Storage accounts should have infrastructure encryption', {}, { encryption: { requireInfrastructureEncryption: true } }],
  ['Encryption for storage services should be enforced for Storage Accounts', { encryption: { services: { queue: { keyType: 'Account' }, table: { keyType: 'Account' } } } },
    { encryption: { services: { blob: { enabled: true }, file: { enabled: true }, queue: { keyType: 'Account' }, table: { keyType: 'Account' } } } }],
  ['Allowed Copy scope should be restricted for Storage Accounts', {}, { allowedCopyScope: 'AAD' }],
  ['Storage accounts should restrict network access', { networkAcls: { defaultAction: 'Allow' } }, { networkAcls: { defaultAction: 'Deny' } }],
  ['Storage accounts should restrict network access using virtual network rules', { networkAcls: { defaultAction: 'Deny', ipRules: [{}] } }, { networkAcls: { defaultAction: 'Deny' } }],
  ['Network ACL bypass option should be restricted for Storage Accounts', { networkAcls: { bypass: 'AzureServices' } }, { networkAcls: { bypass: 'None' } }],
  ['Virtual network rules should be restricted for Storage Accounts', { networkAcls: { virtualNetworkRules: [{}] } }, {}],
  ['Resource Access Rules resource IDs should be restricted for Storage Accounts', { networkAcls: { resourceAccessRules: [{}] } }, {}],
  ['Resource Access Rules Tenants should be restricted for Storage Accounts', { networkAcls: { resourceAccessRules: [{}] } }, {}],
  ['Storage Accounts with SFTP enabled should be denied', { isSftpEnabled: true }, {}],
  ['Storage account keys should not be expired', { keyPolicy: { keyExpirationPeriodInDays: 1 } }, {}],
  ['Storage Accounts should restrict CORS rules', { cors: { corsRules: [{}] } }, {}, 'blobServices'],
  ['Storage Accounts should use a container delete retention policy', { containerDeleteRetentionPolicy: { enabled: true, days: 6 } },
    { containerDeleteRetentionPolicy: { enabled: true, days: 7 } }, 'blobServices'],
] as const).map(([definition, wrong, right, ...part]) =>
  [definition, at(['Microsoft.Storage/storageAccounts', ...part].join('/')), { properties: wrong }, { properties: right }] as const);
const REQUESTS: readonly (readonly [string, string, object, object])[] = [
  ['Subnets should have a Network Security Group', at('Microsoft.Network/virtualNetworks/subnets'), { properties: {} }, { properties: { networkSecurityGroup: { id: 'nsg' } } }],
  ['Management port access from the Internet should be blocked', at('Microsoft.Network/networkSecurityGroups/securityRules'), rule({ destinationPortRange: '20-25' }), rule({})],
  ['Secure transfer to storage accounts should be enabled', at('Microsoft.Storage/storageAccounts'), { properties: { supportsHttpsTrafficOnly: false } }, { properties: {} }],
  ['Network interfaces should disable IP forwarding', at('Microsoft.Network/networkInterfaces'), { properties: { enableIPForwarding: true } }, { properties: {} }],
  ['Key vaults should have deletion protection enabled', at('Microsoft.KeyVault/vaults'), { properties: {} }, { properties: { enablePurgeProtection: true } }],
  ['Key vaults should have soft delete enabled', at('Microsoft.KeyVault/vaults'), { properties: {} }, { properties: { enableSoftDelete: true } }],
  ['Azure Key Vault should use RBAC permission model', at('Microsoft.KeyVault/vaults'), { properties: {} }, { properties: { enableRbacAuthorization: true } }],
  ['Storage accounts should have the specified minimum TLS version', at('Microsoft.Storage/storageAccounts'),
    { properties: { minimumTlsVersion: 'TLS1_1' } }, { properties: { minimumTlsVersion: 'TLS1_2' } }],
  ['Network interfaces should not have public IPs', at('Microsoft.Network/networkInterfaces'),
    { properties: { ipConfigurations: [{ properties: { publicIPAddress: { id: 'ip' } } }] } }, { properties: { ipConfigurations: [{ properties: {} }] } }],
  ...([['Azure Key Vault should disable public network access', 'Microsoft.KeyVault/vaults'], ['Storage accounts should disable public network access', 'Microsoft.Storage/storageAccounts'],
    ['Managed disks should disable public network access', 'Microsoft.Compute/disks']] as const)
    .map(([definition, type]) => [definition, at(type), { properties: {} }, { properties: { publicNetworkAccess: 'Disabled' } }] as const),
  ['Public network access should be disabled for PostgreSQL flexible servers', at('Microsoft.DBforPostgreSQL/flexibleServers'),
    { properties: {} }, { properties: { network: { publicNetworkAccess: 'Disabled' } } }],
  ['Azure Kubernetes Service Private Clusters should be enabled', at('Microsoft.ContainerService/managedClusters'),
    { properties: {} }, { properties: { apiServerAccessProfile: { enablePrivateCluster: true } } }],
  ['Azure Kubernetes Service Clusters should have local authentication methods disabled', at('Microsoft.ContainerService/managedClusters'),
    { properties: {} }, { properties: { disableLocalAccounts: true } }],
  ['Disable Command Invoke on Azure Kubernetes Service clusters', at('Microsoft.ContainerService/managedClusters'),
    { properties: {} }, { properties: { apiServerAccessProfile: { disableRunCommand: true } } }],
  ['Role-Based Access Control (RBAC) should be used on Kubernetes Services', at('Microsoft.ContainerService/managedClusters'), { properties: { enableRBAC: false } }, { properties: {} }],
  ['Temp disks and cache for agent node pools in Azure Kubernetes Service clusters should be encrypted at host', at('Microsoft.ContainerService/managedClusters/agentPools'),
    { properties: {} }, { properties: { enableEncryptionAtHost: true } }],
  ['Virtual machines and virtual machine scale sets should have encryption at host enabled', at('Microsoft.Compute/virtualMachines'),
    { properties: {} }, { properties: { securityProfile: { encryptionAtHost: true } } }],
  ['OS and data disks should be encrypted with a customer-managed key', at('Microsoft.Compute/disks'),
    { properties: {} }, { properties: { encryption: { diskEncryptionSetId: 'set' } } }],
  ['OS and data disks should be encrypted with a customer-managed key', at('Microsoft.Compute/virtualMachines'),
    { properties: {} }, { properties: { storageProfile: { osDisk: { managedDisk: { diskEncryptionSet: { id: 'set' } } } } } }],
  ['Both operating systems and data disks in Azure Kubernetes Service clusters should be encrypted by customer-managed keys', at('Microsoft.ContainerService/managedClusters'),
    { properties: {} }, { properties: { diskEncryptionSetID: 'set' } }],
  ...['Queue', 'Table'].map((service) => [
    `${service} Storage should use customer-managed key for encryption`, at('Microsoft.Storage/storageAccounts'),
    { properties: { encryption: { keySource: 'Microsoft.Keyvault', services: {} } } }, { properties: { encryption: { keySource: 'Microsoft.Storage' } } },
  ] as const),
  ...STORAGE_REQUESTS,
  ['Storage account public access should be disallowed', at('Microsoft.Storage/storageAccounts'), { properties: {} }, { properties: { allowBlobPublicAccess: false } }],
  ['Subnets should be private', at('Microsoft.Network/virtualNetworks/subnets'), { properties: {} }, { properties: { defaultOutboundAccess: false } }],
  ['Deny or Audit service endpoints on subnets', at('Microsoft.Network/virtualNetworks/subnets'), { properties: { serviceEndpoints: [{ service: 'Microsoft.Storage' }] } }, { properties: {} }],
  ['Gateway subnets should not be configured with a network security group', at('Microsoft.Network/virtualNetworks/subnets', 'GatewaySubnet'),
    { properties: { networkSecurityGroup: { id: 'nsg' } } }, { properties: {} }],
  ['Hotpatch should be enabled for Windows Server Azure Edition VMs', at('Microsoft.Compute/virtualMachines'),
    { properties: { storageProfile: { imageReference: { publisher: 'MicrosoftWindowsServer' } } } }, { properties: { storageProfile: { imageReference: { publisher: 'Canonical' } } } }],
  ['Subnets should have a User Defined Route', at('Microsoft.Network/virtualNetworks/subnets'), { properties: {} }, { properties: { routeTable: { id: 'routes' } } }],
  ['Allowed locations', at('Microsoft.KeyVault/vaults'), { location: 'westeurope', tags }, { location: 'koreacentral', tags }],
  ['Allowed locations for resource groups', group, { location: 'westeurope', tags }, { location: 'koreacentral', tags }],
  ['Require a tag on resource groups', group, { location: 'koreacentral' }, { location: 'koreacentral', tags }],
  ['Require a tag on resources', at('Microsoft.KeyVault/vaults'), { location: 'koreacentral' }, { location: 'koreacentral', tags }],
  ['Not allowed resource types', at('Microsoft.Network/publicIPAddresses'), { tags }, {}],
  ['Audit VMs that do not use managed disks', at('Microsoft.Compute/virtualMachines'), { tags, properties: { storageProfile: { osDisk: { vhd: {} } } } }, { tags, properties: {} }],
];

const ALL = [
  ...LANDING_ZONES, ...CORP, ...GUARDRAILS, ...STORAGE_GUARDRAILS, ...ROUTED, ...HOST_ENCRYPTION, ...CUSTOMER_KEYS, ...AUDITED, ...COMPANY,
];

test('each policy refuses what it is about, and lets the right thing pass', () => {
  const tried = new Set<string>();
  for (const [definition, id, wrong, right] of REQUESTS) {
    const policies = ALL.filter((policy) => policy.definition === definition);
    const ask = (body: object) => govern([{ scope: SUBSCRIPTION, policies }], parseArmPath(id)!, structuredClone(body), undefined);
    assert.throws(() => ask(wrong), new RegExp(`RequestDisallowedByPolicy|disallowed by policy.*${definition.replace(/[()]/g, '.')}`), definition);
    if (definition !== 'Not allowed resource types') {
      ask(right);
    }
    tried.add(definition);
  }
  assert.deepEqual([...tried].sort(), [...new Set(ALL.map(({ definition }) => definition))].sort());
});

test('a policy of one subscription says nothing of another', () => {
  const elsewhere = parseArmPath(at('Microsoft.Network/virtualNetworks/subnets').replace(SUBSCRIPTION_ID, uuidOf('elsewhere')))!;
  govern([{ scope: SUBSCRIPTION, policies: ALL }], elsewhere, { properties: {} }, undefined);
});

/** What the policies of an empty subscription refuse of a program, or of a stack's folder, and what they change; each policy with the kinds of resources. */
async function judged(
  azure: Azure, program: ((stack: TerraformStack) => void) | string, policies: readonly Policy[],
): Promise<{ refused: string[]; changed: string[] }> {
  const [refused, changed] = [new Set<string>(), new Set<string>()];
  // what a policy does is noted, and not done: one apply tells all of them, and not the first one alone.
  azure.arm.policies = [{
    scope: SUBSCRIPTION,
    policies: policies.map((policy) => ({
      ...policy,
      denies(wanted) {
        if (policy.denies?.(wanted)) {
          refused.add(`${policy.definition}: ${wanted.type}`);
        }
        return false;
      },
      changes(wanted) {
        const body = structuredClone({ ...wanted.body, properties: wanted.properties });
        policy.changes?.({ ...wanted, body, properties: body.properties });
        if (!isDeepStrictEqual(body, { ...wanted.body, properties: wanted.properties })) {
          changed.add(`${policy.definition}: ${wanted.type}`);
        }
      },
    })),
  }];
  await world.workspace(azure).load(typeof program === 'string' ? program : synthesise(program)).applied();
  return { refused: [...refused].sort(), changed: [...changed].sort() };
}

const FULL = platform({
  gitlab: { tags, backup: {}, dataDiskBackup: {}, objectStorage: {} }, cluster: { tags }, runner: { cache: RunnerCache.azureBlob() },
});

// hashicorp/terraform-provider-azurerm#16952: a subnet whose security group comes in a request of its own is refused before that.
test('the quick start passes what a plain landing zone enforces, applied, planned empty and destroyed', async () => {
  const azure = await world.azure();
  azure.arm.policies = [{ scope: SUBSCRIPTION, policies: [...LANDING_ZONES, ...GUARDRAILS, ...AUDITED] }];
  const workspace: Workspace = world.workspace(azure).load(synthesise(platform()));
  await workspace.applied();
  assert.deepEqual((await workspace.plan()).actions, {});
  workspace.load(synthesise(platform()), destroyable);
  const { status, output } = await workspace.destroy();
  assert.equal(status, 0, output);
});

test('the quick start is refused and changed by the policies that docs/landing-zone.md says, and passes all others', async () => {
  const rows = policyRows(readFileSync(join(process.env.APPLY_APP!, 'docs/landing-zone.md'), 'utf8'));
  const seen = await judged(await world.azure(), example('complete')[0], [...ALL, ...MODIFIED, ...CLOSED_BY_POLICY]);
  for (const [said, what] of Object.entries(seen)) {
    const names = what.map((one) => one.slice(0, one.lastIndexOf(': ')));
    assert.deepEqual([...new Set(names)], rows.filter(({ quickStart }) => quickStart === said).map(({ definition }) => definition).sort(), said);
  }
});

test('what a landing zone of the kind Corp refuses of a server and a cluster with their defaults: this table shall shrink, and never grow', async () => {
  assert.deepEqual((await judged(await world.azure(), FULL, [...LANDING_ZONES, ...CORP, ...GUARDRAILS, ...AUDITED])).refused, [
    'Azure Key Vault should disable public network access: Microsoft.KeyVault/vaults',
    'Azure Kubernetes Service Private Clusters should be enabled: Microsoft.ContainerService/managedClusters',
    'Network interfaces should not have public IPs: Microsoft.Network/networkInterfaces',
    'Storage accounts should disable public network access: Microsoft.Storage/storageAccounts',
  ]);
});

test('what the guardrails for storage refuse of open accounts with Azure\'s keys; of closed ones with a key of the company\'s nothing, and nothing is changed', async () => {
  const policies = [...STORAGE_GUARDRAILS, ...CLOSED_BY_POLICY];
  assert.deepEqual(await judged(await world.azure(), FULL, policies), {
    refused: [
      'Encryption for storage services should be enforced for Storage Accounts: Microsoft.Storage/storageAccounts',
      'Storage accounts should restrict network access using virtual network rules: Microsoft.Storage/storageAccounts',
      'Storage accounts should restrict network access: Microsoft.Storage/storageAccounts',
    ],
    changed: [
      'Configure key vaults to enable firewall: Microsoft.KeyVault/vaults',
      'Configure storage accounts to disable public network access: Microsoft.Storage/storageAccounts',
    ],
  });
  const azure = await world.azure();
  const subnet = at('Microsoft.Network/virtualNetworks/subnets', 'endpoints');
  const vault = at('Microsoft.KeyVault/vaults', 'company-keys');
  azure.arm.provision(group, { location: 'koreacentral' });
  azure.arm.provision(at('Microsoft.Network/virtualNetworks', 'parent'), { location: 'koreacentral', properties: { addressSpace: { addressPrefixes: ['10.9.0.0/16'] } } });
  azure.arm.provision(subnet, { properties: { addressPrefixes: ['10.9.0.0/24'] } });
  azure.arm.provision(vault, { location: 'koreacentral', properties: { enablePurgeProtection: true, enableRbacAuthorization: true } });
  azure.arm.put(`${vault}/keys/one`, {});
  const shut = { privateEndpoints: PrivateEndpoints.dnsByPolicy(subnet), customerManagedKey: KeyVaultKey.of(vault, 'one') };
  const closed = platform({ gitlab: { ...shut, backup: {}, objectStorage: {} }, runner: { cache: RunnerCache.azureBlob(shut) } });
  assert.deepEqual(await judged(azure, closed, policies), { refused: [], changed: [] });
});

test('a refusal ends the apply with the policy\'s name', async () => {
  const azure = await world.azure();
  azure.arm.policies = [{ scope: SUBSCRIPTION, policies: CORP }];
  const { status, output } = await world.workspace(azure).load(synthesise(FULL)).apply();
  assert.notEqual(status, 0);
  assert.match(output, /RequestDisallowedByPolicy/);
  assert.match(output, /Deny-Public-IP-On-NIC/);
});

test('tags that a company demands are on all that can bear some', async () => {
  assert.deepEqual((await judged(await world.azure(), FULL, COMPANY)).refused, ['Not allowed resource types: Microsoft.Network/publicIPAddresses']);
});

test('tags that a policy adds: each plan would take them off again, and with policyTags none does; other tags still change', async () => {
  const azure = await world.azure();
  azure.arm.policies = [{ scope: SUBSCRIPTION, policies: [addTag('environment', 'production')] }];
  const workspace = world.workspace(azure).load(synthesise(platform()));
  await workspace.applied();
  const { actions } = await workspace.plan();
  assert.deepEqual([...new Set(Object.values(actions))], ['update']);
  const governed = (given: object) => synthesise((stack) => {
    new AzureProvider(stack, 'Azure', { policyTags: ['environment'] });
    platform({ gitlab: { tags: given as any }, cluster: { tags: given as any } })(stack);
  });
  workspace.load(governed({}));
  assert.deepEqual((await workspace.plan()).actions, {});
  workspace.load(governed({ team: 'platform' }));
  await workspace.applied();
  assert.deepEqual((await workspace.plan()).actions, {});
  const { resources } = workspace.state;
  const tagsOf = (type: string) => resources.filter((one: any) => one.type === type)
    .flatMap((one: any) => one.instances.map(({ attributes }: any) => attributes.tags));
  ['azurerm_key_vault', 'azurerm_kubernetes_cluster', 'azurerm_managed_disk'].forEach((type) =>
    tagsOf(type).forEach((seen: any) => assert.deepEqual(seen, { environment: 'production', team: 'platform' })));
});

test('an identity that a policy gives to each machine stays once the program names it', async () => {
  const azure = await world.azure();
  const agent = at('Microsoft.ManagedIdentity/userAssignedIdentities', 'agent');
  azure.arm.provision(group, { location: 'koreacentral' });
  azure.arm.provision(agent, { location: 'koreacentral' });
  azure.arm.policies = [{
    scope: SUBSCRIPTION,
    policies: [{
      assignment: 'Deploy-VM-Monitoring', definition: 'Assign Built-In User-Assigned Managed Identity to Virtual Machines', types: ['Microsoft.Compute/virtualMachines'],
      changes: ({ body }) => body.identity?.userAssignedIdentities && Object.assign(body.identity.userAssignedIdentities, { [agent]: {} }),
    }],
  }];
  const workspace = world.workspace(azure).load(synthesise(platform()));
  await workspace.applied();
  assert.deepEqual(Object.values((await workspace.plan()).actions), ['update']);
  workspace.load(synthesise(platform({ gitlab: { additionalIdentityIds: [agent] } })));
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('what policies switch on: each plan would take it off again, and with policySettingsKept none does; the program still changes the rest', async () => {
  const azure = await world.azure();
  azure.arm.policies = [{ scope: SUBSCRIPTION, policies: SWITCHED_ON }];
  [CENTRAL_WORKSPACE, HUB_ROUTES].forEach((id) => azure.arm.provision(id, { location: 'koreacentral', properties: {} }));
  const unwatched = { containerInsightsEnabled: false };
  const workspace = world.workspace(azure).load(synthesise(platform({ cluster: unwatched })));
  await workspace.applied();
  const { actions } = await workspace.plan();
  assert.deepEqual(Object.entries(actions).map(([address, action]) => `${address.split('.')[0]} ${action}`).sort(), [
    'azurerm_kubernetes_cluster update', 'azurerm_linux_virtual_machine update', 'azurerm_virtual_network update', 'azurerm_virtual_network update',
  ]);
  const governed = (props: PlatformProps) => synthesise((stack) => {
    new AzureProvider(stack, 'Azure', { policySettingsKept: true });
    platform(props)(stack);
  });
  workspace.load(governed({ cluster: unwatched }));
  assert.deepEqual((await workspace.plan()).actions, {});

  // an identity more for the machine, an add-on of the program's, other tags: what is asked for is done, and what policies did stays.
  workspace.load(governed({ gitlab: { objectStorage: {} }, cluster: { ...unwatched, tags: { team: 'platform' }, azurePolicyEnabled: true } }));
  await workspace.applied();
  assert.deepEqual((await workspace.plan()).actions, {});
  const only = (type: string) => workspace.state.resources.filter((one: any) => one.type === type).map((one: any) => one.instances[0].attributes);
  const [{ identity: [identity] }] = only('azurerm_linux_virtual_machine');
  assert.deepEqual([identity.type, identity.identity_ids.length], ['SystemAssigned, UserAssigned', 2]);
  const [cluster] = only('azurerm_kubernetes_cluster');
  assert.deepEqual([cluster.azure_policy_enabled, cluster.microsoft_defender.length, cluster.oms_agent.length, cluster.tags], [true, 1, 1, { team: 'platform' }]);
  only('azurerm_virtual_network').forEach((network: any) => {
    assert.equal(network.ddos_protection_plan.length, 1);
    assert.deepEqual(network.subnet.map((subnet: any) => subnet.route_table_id), [HUB_ROUTES]);
  });
  azure.arm.list('Microsoft.Network/virtualNetworks/subnets').forEach(({ properties }) => assert.equal(properties.routeTable.id, HUB_ROUTES));
});
