import { readFileSync } from 'fs';
import { dirname, join } from 'path';
import { TerraformStack, TerraformVariable } from 'cdktf';
import {
  AksCluster, AksEgress, AzureNaming, AzurePart, AzureRole, GitLabDatabase, GitLabEndpoint, GitLabNetwork, KubernetesGitLabRunner, PrivateEndpoints,
  RunnerCache, SelfHostedGitLab,
} from '../../src';
import { newStack, resource, resources, synth, TerraformJson } from '../synth';

const PLACE = { location: 'westeurope' };
const PROD = { environment: 'prod', regionAbbreviations: { westeurope: 'weu' } };
const SUBNET = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/hub/subnets/endpoints';
const REGISTRY = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/hub';
const BINDINGS = join(dirname(require.resolve('@cdktf/provider-azurerm/package.json')), 'lib');

/** What takes its name from what it is a part of, or is known by it: nobody gives it one of a company's. */
const CHILDREN = [
  'azurerm_data_protection_backup_instance_disk', 'azurerm_data_protection_backup_policy_disk', 'azurerm_federated_identity_credential',
  'azurerm_monitor_data_collection_rule_association', 'azurerm_monitor_diagnostic_setting', 'azurerm_network_security_rule', 'azurerm_role_assignment',
  'azurerm_storage_container', 'azurerm_virtual_machine_run_command',
];

class Company extends AzureNaming {
  public readonly asked: AzurePart[] = [];

  constructor(private readonly name: (part: AzurePart) => string | undefined) {
    super();
  }

  public nameOf(part: AzurePart): string | undefined {
    this.asked.push(part);
    return this.name(part);
  }
}

function closedPlatform(stack: TerraformStack): void {
  const privateEndpoints = PrivateEndpoints.dnsByPolicy(SUBNET);
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', {
    ...PLACE, endpoint: GitLabEndpoint.customDomain('gitlab.example.com'), network: GitLabNetwork.privateAddress(),
    backup: {}, dataDiskBackup: {}, objectStorage: {}, privateEndpoints,
  });
  const cluster = new AksCluster(stack, 'Cluster', { ...PLACE, egress: AksEgress.natGateway() });
  cluster.addWorkloadIdentity('Reader', { namespace: 'tools', serviceAccountName: 'reader' });
  new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, cache: RunnerCache.azureBlob({ privateEndpoints }) }).grantJobs('Push', AzureRole.ACR_PUSH, REGISTRY);
}

/** All names that a naming may have given, as `<type> <name>`. */
function namesOf(json: TerraformJson): string[] {
  return Object.entries(json.resource).filter(([type]) => type.startsWith('azurerm_') && !CHILDREN.includes(type) && hasName(type))
    .flatMap(([type, all]) => Object.values(all).map(({ name }) => `${type.slice('azurerm_'.length)} ${name}`)).sort();
}

function hasName(type: string): boolean {
  const declarations = readFileSync(join(BINDINGS, type.replace('azurerm_', '').replaceAll('_', '-'), 'index.d.ts'), 'utf8');
  const [, body] = /^export interface \w+Config extends [^{]*\{([^]*?)^\}/m.exec(declarations)!;
  return /^ {4}readonly name\??:/m.test(body);
}

test('by the Cloud Adoption Framework, everything that can have a name of its own has one', () => {
  const stack = newStack();
  AzureNaming.cloudAdoptionFramework(PROD).applyTo(stack);
  closedPlatform(stack);
  const json = synth(stack);
  expect(namesOf(json)).toEqual([
    'data_protection_backup_vault bvault-gitlab-prod-weu-001',
    'key_vault kv-gitlab-prod-weu-001',
    'key_vault kvgitlabrunnerprodweu001',
    'kubernetes_cluster aks-cluster-prod-weu-001',
    'kubernetes_cluster_node_pool npjobs',
    'linux_virtual_machine vm-gitlab-prod-weu-001',
    'log_analytics_workspace log-cluster-prod-weu-001',
    'log_analytics_workspace log-gitlab-prod-weu-001',
    'maintenance_configuration mc-gitlab-prod-weu-001',
    'managed_disk disk-gitlab-data-prod-weu-001',
    'monitor_data_collection_rule dcr-cluster-prod-weu-001',
    'nat_gateway ng-cluster-prod-weu-001',
    'nat_gateway ng-gitlab-prod-weu-001',
    'network_interface nic-gitlab-prod-weu-001',
    'network_security_group nsg-cluster-prod-weu-001',
    'network_security_group nsg-gitlab-prod-weu-001',
    'private_endpoint pep-gitlab-backup-prod-weu-001',
    'private_endpoint pep-gitlab-object-prod-weu-001',
    'private_endpoint pep-gitlab-runner-vault-prod-weu-001',
    'private_endpoint pep-gitlab-vault-prod-weu-001',
    'private_endpoint pep-runner-cache-prod-weu-001',
    'public_ip pip-cluster-nat-prod-weu-001',
    'public_ip pip-gitlab-nat-prod-weu-001',
    'resource_group rg-cluster-prod-weu-001',
    'resource_group rg-gitlab-prod-weu-001',
    'resource_group rg-gitlab-snapshots-prod-weu-001',
    'storage_account stgitlabbackupprodweu001',
    'storage_account stgitlabobjectprodweu001',
    'storage_account strunnercacheprodweu001',
    'user_assigned_identity id-cluster-prod-weu-001',
    'user_assigned_identity id-gitlab-object-prod-weu-001',
    'user_assigned_identity id-gitlab-prod-weu-001',
    'user_assigned_identity id-reader-prod-weu-001',
    'user_assigned_identity id-runner-jobs-prod-weu-001',
    'user_assigned_identity id-runner-prod-weu-001',
    'virtual_network vnet-cluster-prod-weu-001',
    'virtual_network vnet-gitlab-prod-weu-001',
  ]);
  expect(resource(json, 'azurerm_linux_virtual_machine').os_disk.name).toBe('osdisk-gitlab-prod-weu-001');
  const cluster = resource(json, 'azurerm_kubernetes_cluster');
  expect(cluster.node_resource_group).toBe('rg-cluster-nodes-prod-weu-001');
  expect(cluster.default_node_pool.vnet_subnet_id).toMatch(/\/subnets\/snet-cluster-prod-weu-001$/);
  expect(Object.values(resources(json, 'azurerm_virtual_network')).flatMap(({ subnet }) => subnet.map(({ name }: any) => name)).sort())
    .toEqual(['snet-cluster-prod-weu-001', 'snet-gitlab-prod-weu-001']);
});

test('the public addresses of a platform that is in the Internet', () => {
  const stack = newStack();
  AzureNaming.cloudAdoptionFramework({ environment: 'test', instance: '7' }).applyTo(stack);
  const place = { location: 'eastus' };
  new SelfHostedGitLab(stack, 'Git', place);
  new AksCluster(stack, 'Ci', place);
  const json = synth(stack);
  expect(Object.values(resources(json, 'azurerm_public_ip')).map(({ name }) => name).sort())
    .toEqual(['pip-ci-egress-test-eastus-7', 'pip-git-test-eastus-7']);
  expect(Object.values(resources(json, 'azurerm_key_vault')).map(({ name }) => name)).toEqual(['kvgitrunnertesteastus7', 'kv-git-test-eastus-7']);
});

test.each<[string, GitLabNetwork | undefined, string]>([
  ['in the Internet', undefined, 'lbe-gitlab-prod-weu-001'],
  ['of a private network', GitLabNetwork.privateAddress(), 'lbi-gitlab-prod-weu-001'],
])('the load balancer of application nodes, %s', (_, network, name) => {
  const stack = newStack();
  AzureNaming.cloudAdoptionFramework(PROD).applyTo(stack);
  new SelfHostedGitLab(stack, 'GitLab', {
    ...PLACE, network, endpoint: GitLabEndpoint.customDomain('gitlab.example.com'), database: GitLabDatabase.azurePostgresql(), objectStorage: {},
    applicationNodes: { count: 1 },
  });
  expect(resource(synth(stack), 'azurerm_lb').name).toBe(name);
});

test('a naming is asked in one place for a whole app, knows what it names, and may leave names out', () => {
  const naming = new Company(({ abbreviation, role }) => (abbreviation === 'kv' ? `contoso-${role ?? 'server'}` : undefined));
  const [named, plain] = [newStack(), newStack()];
  naming.applyTo(named.node.root);
  [named, plain].forEach((stack) => new SelfHostedGitLab(stack, 'GitLab', PLACE));
  const expected = synth(plain);
  const json = synth(named);
  expect(Object.values(resources(json, 'azurerm_key_vault')).map(({ name }) => name)).toEqual(['contoso-runner', 'contoso-server']);
  const withoutVaults = ({ resource: { azurerm_key_vault: _, ...others } }: TerraformJson) => others;
  expect(withoutVaults(json).azurerm_linux_virtual_machine).toEqual(withoutVaults(expected).azurerm_linux_virtual_machine);
  expect(namesOf({ ...json, resource: withoutVaults(json) })).toEqual(namesOf({ ...expected, resource: withoutVaults(expected) }));
  expect(naming.asked.find(({ role }) => role === 'runner')).toEqual({
    abbreviation: 'kv', resourceType: 'Microsoft.KeyVault/vaults', maximumLength: 24, role: 'runner',
    constructId: 'GitLab', constructPath: 'Test/GitLab', location: 'westeurope',
  });
});

test('names that props give go first, and the nearest naming counts', () => {
  const stack = newStack();
  AzureNaming.cloudAdoptionFramework({ environment: 'wrong' }).applyTo(stack.node.root);
  AzureNaming.cloudAdoptionFramework(PROD).applyTo(stack);
  new SelfHostedGitLab(stack, 'GitLab', { ...PLACE, virtualMachineName: 'git01', serverKeyVaultName: 'ours', backup: { storageAccountName: 'ourbackups' } });
  expect(namesOf(synth(stack))).toEqual(expect.arrayContaining([
    'linux_virtual_machine git01', 'key_vault ours', 'key_vault kvgitlabrunnerprodweu001', 'storage_account ourbackups', 'network_interface nic-gitlab-prod-weu-001',
  ]));
});

test('a workspace with a name of a naming is not replaced, since its name can change alone', () => {
  const lifecycles = (props: { preventDestroy?: boolean }, naming?: AzureNaming) => {
    const stack = newStack();
    naming?.applyTo(stack);
    new SelfHostedGitLab(stack, 'GitLab', { ...PLACE, ...props });
    new AksCluster(stack, 'Cluster', { ...PLACE, ...props });
    return Object.values(resources(synth(stack), 'azurerm_log_analytics_workspace')).map(({ lifecycle }) => lifecycle);
  };
  const naming = AzureNaming.cloudAdoptionFramework(PROD);
  expect(lifecycles({}, naming)).toEqual([{ prevent_destroy: true }, { prevent_destroy: true }]);
  expect(lifecycles({ preventDestroy: false }, naming)).toEqual([undefined, undefined]);
  expect(lifecycles({})).toEqual([undefined, undefined]);
});

describe('fails when', () => {
  const applied = (naming: AzureNaming) => {
    const stack = newStack();
    naming.applyTo(stack);
    return stack;
  };

  test('a name breaks the rules of its type', () => {
    const stack = applied(new Company(({ abbreviation }) => `${abbreviation}_gitlab`));
    expect(() => new SelfHostedGitLab(stack, 'GitLab', PLACE)).toThrow(new Error(
      'naming of Microsoft.Compute/virtualMachines: not a valid value, got "vm_gitlab"; give at most 60 letters, digits and "-", not at an end, and not digits alone (at Test/GitLab)'));
    const vaults = applied(new Company(({ abbreviation }) => (abbreviation === 'kv' ? 'a--b' : undefined)));
    expect(() => new SelfHostedGitLab(vaults, 'GitLab', PLACE)).toThrow(/^naming of Microsoft\.KeyVault\/vaults: not a valid value, got "a--b"; give 3 to 24 letters/);
    const other = applied(new Company(() => 7 as any));
    expect(() => new AksCluster(other, 'Cluster', PLACE)).toThrow(/^naming of Microsoft\.ContainerService\/managedClusters: not text, got 7; give /);
  });

  test('a name is too long even without hyphens', () => {
    const stack = applied(AzureNaming.cloudAdoptionFramework({ environment: 'production' }));
    expect(() => new SelfHostedGitLab(stack, 'GitLab', PLACE)).toThrow(new Error(
      'naming: a name of 31 characters for a Microsoft.KeyVault/vaults, which has at most 24, got "kvgitlabproductionwesteurope001"; '
      + 'give a shorter id, environment, or abbreviation of the region, or name this one by the construct\'s own prop (at Test/GitLab)'));
  });

  test('a region has no abbreviation, or only the apply knows it', () => {
    const stack = applied(AzureNaming.cloudAdoptionFramework({ environment: 'prod', regionAbbreviations: { koreacentral: 'krc' } }));
    expect(() => new AksCluster(stack, 'Cluster', PLACE)).toThrow(new Error(
      'naming: a region without an abbreviation, got "westeurope"; add it to regionAbbreviations, such as { westeurope: "…" } (at Test/Cluster)'));
    const shared = AksCluster.fromAksClusterAttributes(stack, 'Shared', { clusterName: 'shared', resourceGroupName: 'shared-rg' });
    expect(() => shared.addWorkloadIdentity('Reader', { namespace: 'tools', serviceAccountName: 'reader' }))
      .toThrow(/^naming: only the apply knows the region, got \S+; name this one by the construct's own prop \(at Test\/Shared\/Reader\)$/);
  });

  test('it comes too late, or twice', () => {
    const stack = newStack();
    new AksCluster(stack, 'Cluster', PLACE);
    const naming = AzureNaming.cloudAdoptionFramework(PROD);
    expect(() => naming.applyTo(stack.node.root)).toThrow(new Error(
      'scope: its parts have their names already, got "Test/Cluster"; call applyTo() before anything is defined below the scope (at AzureNaming.applyTo)'));
    const other = newStack();
    naming.applyTo(other);
    expect(() => naming.applyTo(other)).toThrow(new Error(
      'scope: it has an AzureNaming already, got "Test"; call applyTo() once for each scope (at Test)'));
  });

  test('two servers come to one name in all of Azure', () => {
    const stack = newStack();
    AzureNaming.cloudAdoptionFramework(PROD).applyTo(stack.node.root);
    new SelfHostedGitLab(stack, 'GitLab', PLACE);
    new SelfHostedGitLab(new TerraformStack(stack.node.root as any, 'Other'), 'GitLab', PLACE);
    expect(() => synth(stack)).toThrow(/taken by Test\/GitLab in (the same subscription|all of Azure)/);
  });

  test('what all names have in common is no text that names are made of', () => {
    expect(() => AzureNaming.cloudAdoptionFramework({ environment: 'Prod' })).toThrow(new Error(
      'environment: not a valid value, got "Prod"; give 1 to 16 lower-case letters and digits (at AzureNaming.cloudAdoptionFramework)'));
    expect(() => AzureNaming.cloudAdoptionFramework({ environment: new TerraformVariable(newStack(), 'e', {}).stringValue }))
      .toThrow(/^environment: known only at apply time/);
  });
});
