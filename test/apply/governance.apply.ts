import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { SUBSCRIPTION_ID } from './azure/azure';
import { platform, PlatformProps } from './harness/platform';
import { synthesise } from './harness/program';
import { Workspace } from './harness/workspace';
import { World } from './harness/world';
import { AksAutoscalerProfile, AzureLogWorkspace, AzureProvider, GitLabEndpoint, GitLabNetwork, PrivateEndpoints, RunnerCache } from 'cdktf-azure-gitlab';

const tags = { 'cost-center': '42' };
const GROUP = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/spoke`;
const SPOKE = `${GROUP}/providers/Microsoft.Network/virtualNetworks/spoke`;
const TAGGED: PlatformProps = {
  gitlab: {
    tags, backup: {}, dataDiskBackup: {}, objectStorage: {}, logWorkspace: AzureLogWorkspace.create(90), endpoint: GitLabEndpoint.customDomain('gitlab.example.com'),
    network: GitLabNetwork.privateAddress({ dnsZoneEnabled: true }), privateEndpoints: PrivateEndpoints.dnsByPolicy(`${SPOKE}/subnets/endpoints`),
  },
  cluster: { tags, jobNodePool: {} },
  runner: { cache: RunnerCache.azureBlob() },
};

const world = new World();
let workspace: Workspace;

before(async () => {
  const azure = await world.azure();
  azure.arm.provision(GROUP, { location: 'koreacentral' });
  azure.arm.provision(SPOKE, { location: 'koreacentral', properties: { addressSpace: { addressPrefixes: ['10.9.0.0/16'] } } });
  azure.arm.provision(`${SPOKE}/subnets/endpoints`, { properties: { addressPrefixes: ['10.9.0.0/24'] } });
  workspace = world.workspace(azure).load(tagged(TAGGED));
  await workspace.applied();
});

/** With the spelling of private DNS that the provider here has. */
function tagged(props: PlatformProps): string {
  return synthesise((stack) => {
    new AzureProvider(stack, 'Azure', { azurermMajor: 5 });
    platform(props)(stack);
  });
}

interface Block {
  readonly attributes?: { readonly [name: string]: unknown };
  readonly block_types?: { readonly [name: string]: { readonly block: Block } };
}

/** Azure makes it with each zone, and nobody says a word of it. */
const OF_AZURE = 'soa_record';

/** Every place of a state's resource that the provider's schema lets bear tags, as what is there. */
function tagsOf(schema: Block, value: any, path: string): [string, unknown][] {
  const own: [string, unknown][] = schema.attributes?.tags ? [[path, value.tags]] : [];
  return [...own, ...Object.entries(schema.block_types ?? {}).filter(([name]) => name !== OF_AZURE).flatMap(([name, { block }]) => (
    [value[name] ?? []].flat().flatMap((one: any) => tagsOf(block, one, `${path}.${name}`))
  ))];
}

test('whatever the real provider lets bear tags has them in Azure, and a second plan is empty', async () => {
  const { status, output } = await workspace.run('providers', 'schema', '-json');
  assert.equal(status, 0);
  const schemas = Object.entries<any>(JSON.parse(output).provider_schemas).find(([name]) => name.endsWith('/azurerm'))![1].resource_schemas;
  const found = workspace.state.resources.filter(({ type }: any) => type in schemas).flatMap(({ type, name, instances }: any) => (
    instances.flatMap(({ attributes }: any) => tagsOf(schemas[type].block, attributes, `${type}.${name}`))
  ));
  assert.deepEqual(found.filter(([, seen]: any) => seen?.['cost-center'] !== '42'), []);
  const places = new Set(found.map(([path]: any) => path.replace(/\.[^.]+/, '')));
  ['azurerm_kubernetes_cluster.default_node_pool', 'azurerm_kubernetes_cluster_node_pool', 'azurerm_virtual_machine_run_command', 'azurerm_user_assigned_identity',
    'azurerm_nat_gateway', 'azurerm_public_ip', 'azurerm_private_dns_zone', 'azurerm_private_dns_zone_virtual_network_link', 'azurerm_private_dns_a_record',
    'azurerm_private_endpoint']
    .forEach((place) => assert.ok(places.has(place), place));
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('other tags run nothing again on the machine, and reach all else', async () => {
  workspace.load(tagged({ ...TAGGED, gitlab: { ...TAGGED.gitlab, tags: { 'cost-center': '43' } }, cluster: { ...TAGGED.cluster, tags: { 'cost-center': '43' } } }));
  const { actions } = await workspace.plan();
  assert.deepEqual([...new Set(Object.values(actions))], ['update']);
  assert.deepEqual(Object.keys(actions).filter((address) => /run_command|terraform_data/.test(address)), []);
  await workspace.applied();
  assert.deepEqual((await workspace.plan()).actions, {});
});

test('a profile of the autoscaler changes in place, a setting taken out goes back, and what nobody asks for stays', async () => {
  const seen = () => cluster().auto_scaler_profile[0];
  const change = async (autoscalerProfile: AksAutoscalerProfile | undefined) => {
    workspace.load(tagged({ ...TAGGED, cluster: { ...TAGGED.cluster, autoscalerProfile } }));
    const { actions } = await workspace.plan();
    await workspace.applied();
    assert.deepEqual((await workspace.plan()).actions, {});
    return Object.entries(actions).filter(([address]) => address.startsWith('azurerm_kubernetes_cluster.')).map(([, action]) => action);
  };
  await change(undefined);
  const own = seen();
  assert.equal(own.scale_down_unneeded, '10m');

  assert.deepEqual(await change({ scaleDownUnneededMinutes: 30, scaleDownUtilizationThreshold: 0.7, skipNodesWithLocalStorageEnabled: true, maxUnreadyPercent: 100 }), ['update']);
  assert.deepEqual(seen(), {
    ...own, scale_down_unneeded: '30m', scale_down_utilization_threshold: '0.7', skip_nodes_with_local_storage: true, max_unready_percentage: 100,
  });
  assert.deepEqual(await change({ scaleDownUtilizationThreshold: 0.7 }), ['update']);
  assert.deepEqual(seen(), { ...own, scale_down_utilization_threshold: '0.7' });
  assert.deepEqual(await change(undefined), []);
  assert.deepEqual(seen(), { ...own, scale_down_utilization_threshold: '0.7' });
  assert.deepEqual(await change({}), ['update']);
  assert.deepEqual(seen(), own);
});

function cluster(): any {
  return workspace.state.resources.find(({ type }: any) => type === 'azurerm_kubernetes_cluster').instances[0].attributes;
}
