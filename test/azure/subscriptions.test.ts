import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { TerraformStack, TerraformVariable } from 'cdktf';
import { Construct } from 'constructs';
import {
  AksCluster, AksNodePool, AzureProvider, AzureRole, GitLab, IAzureVirtualMachine, KubernetesGitLabRunner, ManifestDelivery, RunnerCache, RunnerToken,
  SelfHostedGitLab, WorkloadIdentity,
} from '../../src';
import { newStack, synth, TerraformJson, testApp, warnings } from '../synth';

const location = 'koreacentral';
const [HUB, SPOKE, THIRD] = [1, 2, 3].map((digit) => `00000000-0000-0000-0000-00000000000${digit}`);
const REGISTRY = `/subscriptions/${HUB}/resourceGroups/hub/providers/Microsoft.ContainerRegistry/registries/hub`;
const CLUSTER_ID = `/subscriptions/${SPOKE}/resourceGroups/shared-rg/providers/Microsoft.ContainerService/managedClusters/shared`;

/** The paths of the resources and data sources of azurerm's, by their providers. */
function byProvider({ resource, data }: TerraformJson, stackId = 'Test'): { [provider: string]: string[] } {
  const found: { [provider: string]: string[] } = {};
  const all = [resource, data].flatMap((section) => Object.entries(section))
    .flatMap(([type, named]) => Object.entries<any>(named).map(([name, value]) => ({ type, name, value })));
  for (const { type, name, value } of all) {
    if (type.startsWith('azurerm_')) {
      (found[value.provider ?? ''] ??= []).push(`${type} ${name.replace(new RegExp(`^${stackId}_`), '').replace(/_[0-9A-F]{8}$/, '')}`);
    }
  }
  return found;
}

const hub = (stack: TerraformStack) => new AzureProvider(stack, 'Hub', { alias: 'hub', subscriptionId: HUB });
const spoke = (stack: TerraformStack) => new AzureProvider(stack, 'Spoke', { alias: 'spoke', subscriptionId: SPOKE });

const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } };

/** A machine of one's own. */
class Machine extends Construct implements IAzureVirtualMachine {
  readonly virtualMachineId: string;
  readonly location = location;
  readonly identityPrincipalId = THIRD;
  readonly identityClientId = THIRD;

  constructor(scope: Construct, id: string, subscription: string) {
    super(scope, id);
    this.virtualMachineId = `/subscriptions/${subscription}/resourceGroups/ops/providers/Microsoft.Compute/virtualMachines/ops`;
  }
}

/** A server in one subscription, a cluster with its runner in another one. */
function apart(stack: TerraformStack): { gitlab: SelfHostedGitLab; cluster: AksCluster; runner: KubernetesGitLabRunner } {
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location, provider: hub(stack), webAllowedCidrs: [], dataDiskBackup: {} });
  const cluster = new AksCluster(stack, 'Cluster', { location, provider: spoke(stack) });
  const runner = new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, cache: RunnerCache.azureBlob() });
  return { gitlab, cluster, runner };
}

describe('a server and a cluster with a provider each', () => {
  const stack = newStack();
  const { runner, cluster } = apart(stack);
  runner.grantJobs('Push', AzureRole.ACR_PUSH, REGISTRY);
  cluster.attachAcr('Pull', REGISTRY);
  new ResourceGroup(stack, 'Mine', { name: 'mine', location, provider: stack.node.findChild('Spoke') as AzureProvider });
  const json = synth(stack);
  const made = byProvider(json);

  test('no resource is left to a default provider, and there is none', () => {
    expect(Object.keys(made).sort()).toEqual(['azurerm.hub', 'azurerm.spoke']);
    expect(json.provider.azurerm.map(({ alias, subscription_id }: any) => [alias, subscription_id])).toEqual([['hub', HUB], ['spoke', SPOKE]]);
  });

  test('the rule that lets the runner in is in the server\'s subscription, as is its role on the vault', () => {
    const runners = made['azurerm.hub'].filter((name) => name.includes(' Runner_')).sort();
    expect(runners).toEqual([
      'azurerm_network_security_rule Runner_WebAccess',
      'azurerm_role_assignment Runner_Identity_KeyVault',
      'azurerm_role_assignment Runner_JobIdentity_Push',
    ]);
    expect(made['azurerm.hub'].filter((name) => !name.includes(' GitLab_')).sort()).toEqual([
      'azurerm_client_config CdktfAzureGitLab_Azure-hub_ClientConfig', 'azurerm_role_assignment Cluster_Pull', ...runners,
    ].sort());
  });

  test('the runner\'s identity, its credential and its cache are in the cluster\'s subscription', () => {
    expect(made['azurerm.spoke'].filter((name) => name.includes(' Runner_')).sort()).toEqual([
      'azurerm_federated_identity_credential Runner_Identity_Federation', 'azurerm_federated_identity_credential Runner_JobIdentity_Federation',
      'azurerm_role_assignment Runner_Identity_Cache', 'azurerm_storage_account Runner_Cache', 'azurerm_storage_container Runner_Cache_Container',
      'azurerm_storage_management_policy Runner_Cache_Expiry', 'azurerm_user_assigned_identity Runner_Identity',
      'azurerm_user_assigned_identity Runner_JobIdentity',
    ]);
    expect(made['azurerm.spoke'].some((name) => name.includes(' GitLab_'))).toBe(false);
  });

  test('unique names are made from the subscription that the thing is in', () => {
    const suffix = (start: string) => Object.entries<string>(json.locals).find(([name]) => name.startsWith(start))![1];
    expect(suffix('GitLab_UniqueSuffix')).toContain('data.azurerm_client_config.CdktfAzureGitLab_Azure-hub_ClientConfig');
    expect(suffix('Runner_Cache_UniqueSuffix')).toContain('data.azurerm_client_config.CdktfAzureGitLab_Azure-spoke_ClientConfig');
    expect(json.data.azurerm_client_config).toEqual({
      [Object.keys(json.data.azurerm_client_config).find((name) => name.includes('hub'))!]: { provider: 'azurerm.hub' },
      [Object.keys(json.data.azurerm_client_config).find((name) => name.includes('spoke'))!]: { provider: 'azurerm.spoke' },
    });
  });

  test('commands for people name the subscription', () => {
    const commands = Object.values<any>(json.output).map(({ value }) => value).filter((value) => /^az (aks|vm|snapshot) /.test(value));
    expect(commands).toHaveLength(3);
    commands.forEach((command) => expect(command).toMatch(/ --subscription \$\{data\.azurerm_client_config\.[\w-]+\.subscription_id\}/));
  });

  test('the helm provider takes its address from the cluster that is there', () => {
    expect(json.provider.helm).toEqual([expect.objectContaining({ alias: expect.stringMatching(/^aks_/) })]);
    expect(warnings(stack).filter((warning) => warning.includes('resource_providers'))).toEqual([]);
  });
});

test('a provider for one of the two leaves the other to the default provider', () => {
  const stack = newStack();
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location, webAllowedCidrs: [] });
  const cluster = new AksCluster(stack, 'Cluster', { location, provider: spoke(stack) });
  new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster });
  const json = synth(stack);
  const made = byProvider(json);
  expect(json.provider.azurerm.map(({ alias }: any) => alias).sort()).toEqual(['spoke', undefined]);
  expect(made[''].filter((name) => name.includes('Runner_')).sort()).toEqual(['azurerm_network_security_rule Runner_WebAccess', 'azurerm_role_assignment Runner_Identity_KeyVault']);
  expect(made['azurerm.spoke'].filter((name) => name.includes('Cluster_')).length).toBeGreaterThan(10);
});

describe('manifests through a server of another subscription', () => {
  const commands = (json: TerraformJson) => Object.entries(byProvider(json)).flatMap(([provider, names]) => names
    .filter((name) => /^azurerm_virtual_machine_run_command (Cluster|Extra)/.test(name)).map((name) => `${provider} ${name.split(' ')[1]}`)).sort();

  test('are run commands where the server is, and what else the cluster needs is made beside the cluster', () => {
    const stack = newStack();
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location, provider: hub(stack), webAllowedCidrs: [] });
    const cluster = new AksCluster(stack, 'Cluster', { location, provider: spoke(stack), manifestDelivery: ManifestDelivery.throughServer(gitlab) });
    cluster.addManifest('Objects', CONFIG_MAP);
    const json = synth(stack);
    expect(commands(json)).toEqual(['azurerm.hub Cluster_Objects_Delivery', 'azurerm.hub Cluster_Sweep']);
    expect(byProvider(json)['azurerm.spoke']).toContain('azurerm_role_assignment Cluster_DeliveryServer');
  });

  test('are where the id of a machine of one\'s own says', () => {
    const stack = newStack();
    const cluster = new AksCluster(stack, 'Cluster', { location, provider: spoke(stack), manifestDelivery: ManifestDelivery.throughServer(new Machine(stack, 'Machine', HUB)) });
    cluster.addManifest('Objects', CONFIG_MAP);
    const json = synth(stack);
    const { alias } = json.provider.azurerm.find(({ subscription_id }: any) => subscription_id === HUB);
    expect(commands(json)).toEqual([`azurerm.${alias} Cluster_Objects_Delivery`, `azurerm.${alias} Cluster_Sweep`]);
  });

  test('are in the server\'s subscription where it is in another stack', () => {
    const app = testApp();
    const [one, two] = ['One', 'Two'].map((id) => new TerraformStack(app, id));
    new AzureProvider(one, 'Azure', { subscriptionId: HUB });
    new AzureProvider(two, 'Azure', { subscriptionId: SPOKE });
    const gitlab = new SelfHostedGitLab(one, 'GitLab', { location, webAllowedCidrs: [] });
    new AksCluster(two, 'Cluster', { location, manifestDelivery: ManifestDelivery.throughServer(gitlab) });
    const [, json] = [one, two].map(synth);
    const { alias } = json.provider.azurerm.find(({ subscription_id }: any) => subscription_id === HUB);
    expect(byProvider(json, 'Two')[`azurerm.${alias}`]).toEqual(['azurerm_virtual_machine_run_command Cluster_Sweep']);
  });
});

test('an identity and a pool outside of their cluster are made where the cluster is', () => {
  const stack = newStack();
  const cluster = new AksCluster(stack, 'Cluster', { location, provider: spoke(stack) });
  new WorkloadIdentity(stack, 'Jobs', cluster, { namespace: 'ci', serviceAccountName: 'ci' });
  new AksNodePool(stack, 'Pool', cluster);
  const made = byProvider(synth(stack));
  expect(Object.keys(made)).toEqual(['azurerm.spoke']);
  expect(made['azurerm.spoke'].filter((name) => / (Jobs|Pool)/.test(name)).sort()).toEqual([
    'azurerm_federated_identity_credential Jobs_Federation', 'azurerm_kubernetes_cluster_node_pool Pool', 'azurerm_user_assigned_identity Jobs',
  ]);
});

test('a provider of the bindings\' is taken too, and checked like the default one', () => {
  const stack = newStack();
  const provider = new AzurermProvider(stack, 'Own', { alias: 'own', features: [{}], subscriptionId: SPOKE });
  const cluster = new AksCluster(stack, 'Cluster', { location, provider });
  expect(byProvider(synth(stack))).toEqual({ 'azurerm.own': expect.any(Array) });
  const gitlab = GitLab.fromAttributes(stack, 'GitLab', { gitlabUrl: 'https://gitlab.example.com' });
  new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, token: RunnerToken.kubernetesSecret('token'), cache: RunnerCache.azureBlob() });
  expect(() => synth(stack)).toThrow('features.storage.data_plane_available: a storage account without shared keys cannot be created, got nothing; '
    + 'set it to false, or storage_use_azuread to true, or leave the azurerm provider to this library (at Test/Own)');
});

describe('over stacks', () => {
  /** The server in one stack, what joins it in another one. */
  function twoStacks(own?: string, other?: string): TerraformJson[] {
    const app = testApp();
    const [one, two] = ['One', 'Two'].map((id) => new TerraformStack(app, id));
    [[one, own], [two, other]].forEach(([stack, subscriptionId]) => subscriptionId !== undefined
      && new AzureProvider(stack as TerraformStack, 'Azure', { subscriptionId: subscriptionId as string, useOidc: true }));
    const gitlab = new SelfHostedGitLab(one, 'GitLab', { location, webAllowedCidrs: [] });
    const cluster = new AksCluster(two, 'Cluster', { location });
    new KubernetesGitLabRunner(two, 'Runner', { gitlab, cluster });
    return [one, two].map(synth);
  }

  test('a stack of another subscription gets a provider for what belongs to the server\'s, which signs in like its own', () => {
    const [, two] = twoStacks(HUB, SPOKE);
    const [alias] = Object.keys(byProvider(two, 'Two')).filter((provider) => provider !== '');
    expect(byProvider(two, 'Two')[alias].sort()).toEqual(['azurerm_network_security_rule Runner_WebAccess', 'azurerm_role_assignment Runner_Identity_KeyVault']);
    expect(two.provider.azurerm.find((provider: any) => `azurerm.${provider.alias}` === alias)).toMatchObject({
      subscription_id: HUB, use_oidc: true, resource_provider_registrations: 'none', resource_providers_to_register: [],
    });
  });

  test.each([['both of the environment\'s', undefined, undefined], ['both of one', HUB, HUB.toUpperCase()], ['one of the environment\'s', undefined, SPOKE]])(
    'subscriptions, %s: one provider is enough', (_, own, other) => {
      const [, two] = twoStacks(own, other);
      expect(two.provider.azurerm).toHaveLength(1);
      expect(Object.keys(byProvider(two, 'Two'))).toEqual(['']);
    });

  test('a subscription that only the apply knows is refused where another stack has to know it', () => {
    const app = testApp();
    const [one, two] = ['One', 'Two'].map((id) => new TerraformStack(app, id));
    new AzureProvider(one, 'Azure', { subscriptionId: new TerraformVariable(one, 'subscription', {}).stringValue });
    new AzureProvider(two, 'Azure', { subscriptionId: SPOKE });
    const cluster = new AksCluster(one, 'Cluster', { location });
    new WorkloadIdentity(two, 'Jobs', cluster, { namespace: 'ci', serviceAccountName: 'ci' });
    expect(() => synth(two)).toThrow('provider: only the apply knows the subscription of One, which this belongs to, got "${…}"; '
      + 'give the subscription\'s id there as a text, or put both into one stack (at Two/Jobs/Resource)');
  });
});

describe('a cluster by its ARM id', () => {
  function imported(stack: TerraformStack, clusterId: string, provider?: AzureProvider) {
    const cluster = AksCluster.fromAksClusterAttributes(stack, 'Shared', { clusterId, provider });
    cluster.addNodePool('Pool');
    cluster.addWorkloadIdentity('Jobs', { namespace: 'ci', serviceAccountName: 'ci' });
    return cluster;
  }

  test('is looked for in its own subscription, and what is added to it is made there', () => {
    const stack = newStack();
    const cluster = imported(stack, CLUSTER_ID);
    expect([cluster.clusterName, cluster.resourceGroupName]).toEqual(['shared', 'shared-rg']);
    const json = synth(stack);
    const [alias] = Object.keys(byProvider(json)).filter((provider) => provider !== '');
    expect(byProvider(json)[alias].sort()).toEqual([
      'azurerm_federated_identity_credential Shared_Jobs_Federation', 'azurerm_kubernetes_cluster Shared',
      'azurerm_kubernetes_cluster_node_pool Shared_Pool', 'azurerm_user_assigned_identity Shared_Jobs',
    ]);
    expect(json.provider.azurerm.find((provider: any) => `azurerm.${provider.alias}` === alias)).toMatchObject({ subscription_id: SPOKE, resource_providers_to_register: [] });
    expect(Object.values<any>(json.data.azurerm_kubernetes_cluster)).toMatchObject([{ name: 'shared', resource_group_name: 'shared-rg' }]);
  });

  test('of the stack\'s own subscription needs no other provider', () => {
    const stack = newStack();
    new AzureProvider(stack, 'Azure', { subscriptionId: SPOKE.toUpperCase() });
    imported(stack, CLUSTER_ID);
    expect(Object.keys(byProvider(synth(stack)))).toEqual(['']);
  });

  test('takes the user\'s provider of that subscription, whether it is named or not', () => {
    for (const named of [true, false]) {
      const stack = newStack();
      const provider = spoke(stack);
      imported(stack, CLUSTER_ID, named ? provider : undefined);
      const json = synth(stack);
      expect(byProvider(json)['azurerm.spoke']).toHaveLength(named ? 5 : 4);
      expect(json.provider.azurerm.filter(({ subscription_id }: any) => subscription_id === SPOKE)).toHaveLength(1);
    }
  });

  test('that only the apply knows is taken apart there', () => {
    const stack = newStack();
    imported(stack, new TerraformVariable(stack, 'cluster', {}).stringValue);
    const json = synth(stack);
    expect(Object.values<any>(json.data.azurerm_kubernetes_cluster)).toMatchObject([{
      name: '${element(split("/", var.cluster), 8)}', resource_group_name: '${element(split("/", var.cluster), 4)}',
    }]);
    expect(json.provider.azurerm.map(({ subscription_id }: any) => subscription_id)).toContain('${element(split("/", var.cluster), 2)}');
  });

  test.each<[string, (stack: TerraformStack) => unknown, string]>([
    ['name beside it', (stack) => AksCluster.fromAksClusterAttributes(stack, 'C', { clusterId: CLUSTER_ID, clusterName: 'shared' }),
      'clusterName: clusterId has it already, got "shared"; leave one of the two out (at Test/C)'],
    ['group without a name', (stack) => AksCluster.fromAksClusterAttributes(stack, 'C', { resourceGroupName: 'g' }),
      'clusterName: missing, got nothing; give clusterId, or clusterName and resourceGroupName (at Test/C)'],
    ['name without a group', (stack) => AksCluster.fromAksClusterAttributes(stack, 'C', { clusterName: 'c' }),
      'resourceGroupName: missing, got nothing; give clusterId, or clusterName and resourceGroupName (at Test/C)'],
    ['provider of another subscription', (stack) => AksCluster.fromAksClusterAttributes(stack, 'C', { clusterId: CLUSTER_ID, provider: hub(stack) }),
      `provider: of another subscription than clusterId, which is in ${SPOKE}, got "${HUB}"; give a provider of that one, or leave it out (at Test/C)`],
    ['provider of another kind', (stack) => new AksCluster(stack, 'C', { location, provider: new HelmProvider(stack, 'Helm', {}) }),
      'provider: not an azurerm provider, got a HelmProvider; give an AzureProvider, or an azurerm provider of the bindings\' (at Test/C)'],
    ['provider of another stack', (stack) => new SelfHostedGitLab(stack, 'G', { location, provider: spoke(newStack('Other')) }),
      'provider: in another stack, got "Other/Spoke"; make a provider in this stack too (at Test/G)'],
    ['second provider of an alias', (stack) => [spoke(stack), new AzureProvider(stack, 'Again', { alias: 'spoke', subscriptionId: THIRD }), new AksCluster(stack, 'C', { location })],
      'alias: Test/Spoke is the stack\'s azurerm provider of this alias already, got "spoke"; give each provider of a stack an alias of its own, all but one (at Test/Again)'],
    ['second provider without an alias', (stack) => [0, 1].map((n) => new AzureProvider(stack, `P${n}`)).concat(new AksCluster(stack, 'C', { location }) as any),
      'alias: Test/P0 is the stack\'s azurerm provider without an alias already, got nothing; give each provider of a stack an alias of its own, all but one (at Test/P1)'],
  ])('fails with a %s', (_, make, message) => {
    const stack = newStack();
    expect(() => {
      make(stack);
      synth(stack);
    }).toThrow(new Error(message));
  });
});
