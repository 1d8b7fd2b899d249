import { App, ApiObject, JsonPatch } from 'cdk8s';
import { TerraformStack, TerraformVariable } from 'cdktf';
import { parse } from 'smol-toml';
import {
  AksCluster, AzureRole, GitLab, GitLabRunnerChart, GitLabRunnerAccessLevel, GitLabRunnerScope, GitLabVersion, IAksCluster, IGitLab,
  KeyVaultSecret,
  KubernetesGitLabRunner, KubernetesGitLabRunnerProps, ManifestDelivery, RunnerCache, RunnerPullPolicy, RunnerToken, RunnerVolume, SelfHostedGitLab,
} from '../../src';
import * as fc from '../fast-check';
import { newStack, resource, resources, synth, TerraformJson, testApp, warnings } from '../synth';

const LOCATION = 'koreacentral';
const REGISTRY = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/acme';
const VAULT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/own';
const ACCOUNT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/acme';

interface Joined {
  readonly stack: TerraformStack;
  readonly gitlab: IGitLab;
  readonly cluster: IAksCluster;
  readonly runner: KubernetesGitLabRunner;
}

/** GitLab, cluster and runner in one stack. */
function join(props: Partial<KubernetesGitLabRunnerProps> = {}): Joined {
  const stack = newStack();
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION });
  const cluster = new AksCluster(stack, 'Cluster', { location: LOCATION });
  return { stack, gitlab, cluster, runner: new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, tags: ['aks'], ...props }) };
}

/** A runner on a GitLab and a cluster that are there already. */
function joinExisting(props: Partial<KubernetesGitLabRunnerProps> = {}): Joined {
  const stack = newStack();
  const gitlab = GitLab.fromAttributes(stack, 'GitLab', { gitlabUrl: 'https://gitlab.com' });
  const cluster = AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'aks', resourceGroupName: 'g' });
  const token = RunnerToken.kubernetesSecret('token');
  return { stack, gitlab, cluster, runner: new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, token, ...props }) };
}

function object(chart: GitLabRunnerChart, kind: string, name?: string): any {
  const found = chart.toJson().filter((manifest) => manifest.kind === kind && (name === undefined || manifest.metadata.name === name));
  if (found.length !== 1) {
    throw new Error(`expected one ${kind}, found ${found.length}`);
  }
  return found[0];
}

/** An object as Terraform gets it. */
function applied(json: TerraformJson, kind: string, name?: string): any {
  const manifests = Object.values<any>(json.locals).flatMap((local) => local.manifests ?? []);
  const found = manifests.filter((manifest) => manifest.kind === kind && (name === undefined || manifest.metadata.name === name));
  expect(found).toHaveLength(1);
  return found[0];
}

const config = (runner: KubernetesGitLabRunner): any => parse(object(runner.chart, 'ConfigMap').data['config.template.toml']);
const roles = (json: TerraformJson): string[] => Object.entries(resources(json, 'azurerm_role_assignment'))
  .filter(([name]) => name.startsWith('Runner')).map(([, role]) => `${role.role_definition_name}: ${role.scope}`).sort();

/** Everything that a resource needs, by references and `depends_on`, through all steps. */
function needs(json: TerraformJson, address: string): Set<string> {
  const seen = new Set<string>();
  const visit = (current: string): void => {
    const [type, name] = current.split('.');
    const block = type === 'local' ? json.locals[name] : json.resource[type]?.[name];
    for (const [, reference] of JSON.stringify(block ?? null).matchAll(/\b((?:azurerm_[a-z_]+|helm_release|local|time_sleep|terraform_data)\.[A-Za-z][\w-]*)/g)) {
      if (!seen.has(reference)) {
        seen.add(reference);
        visit(reference);
      }
    }
  };
  visit(address);
  return seen;
}

const address = (json: TerraformJson, type: string): string => {
  resource(json, type);
  return `${type}.${Object.keys(json.resource[type])[0]}`;
};

describe('with a GitLab and a cluster of ours', () => {
  const { stack, runner } = join();
  const json = synth(stack);
  const release = resource(json, 'helm_release');

  test('the token goes from GitLab\'s vault to the manager\'s memory, past everybody else', () => {
    const { parameters } = applied(json, 'SecretProviderClass').spec;
    expect(parameters).toMatchObject({
      clientID: expect.stringMatching(/^\$\{azurerm_user_assigned_identity\.Runner_Identity_\w+\.client_id\}$/),
      keyvaultName: expect.stringMatching(/^\$\{azurerm_key_vault\.GitLab_RunnerVault_\w+\.name\}$/),
    });
    expect(parameters.objects).toMatch(/objectName: "runner-token-[\w-]+"\n {4}objectType: secret\n {4}objectAlias: token-0\n/);
    expect(parameters.objects).toMatch(/objectAlias: ca-0\.pem\n/);
    expect(config(runner).runners[0]).toMatchObject({
      'token': '@text:/secrets/vault-0/token-0@', 'tls-ca-file': '@copy:/secrets/vault-0/ca-0.pem@',
    });
    expect(roles(json)).toEqual([expect.stringMatching(/^Key Vault Secrets User: \$\{azurerm_key_vault\.GitLab_RunnerVault_\w+\.id\}$/)]);
    expect(JSON.stringify(json)).not.toMatch(/glrt-[A-Za-z0-9]/);
  });

  test('the manager takes on its identity', () => {
    expect(Object.values<any>(resources(json, 'azurerm_federated_identity_credential')).map(({ subject }) => subject))
      .toEqual(['system:serviceaccount:gitlab-runner:gitlab-runner']);
    expect(applied(json, 'ServiceAccount', 'gitlab-runner').metadata.annotations).toEqual({
      'azure.workload.identity/client-id': expect.stringMatching(/^\$\{azurerm_user_assigned_identity\.Runner_Identity_\w+\.client_id\}$/),
      'azure.workload.identity/tenant-id': expect.stringMatching(/tenant_id\}$/),
    });
    expect(object(runner.chart, 'Deployment').spec.template.metadata.labels).toHaveProperty(['azure.workload.identity/use'], 'true');
    expect(object(runner.chart, 'ServiceAccount', 'gitlab-runner-job').metadata).not.toHaveProperty('annotations');
    expect(config(runner).runners[0].kubernetes).not.toHaveProperty('pod_labels');
  });

  test('GitLab knows the runner\'s tags, the runner does not', () => {
    expect(JSON.stringify(json.resource.azurerm_virtual_machine_run_command) + JSON.stringify(json.locals)).toContain('\\"tags\\":[\\"aks\\"]');
    expect(JSON.stringify(config(runner))).not.toContain('aks');
  });

  test('jobs run on the cluster\'s pool for them, and hold its drains up', () => {
    expect(config(runner).runners[0].kubernetes).toMatchObject({
      node_selector: { 'cdktf-azure-gitlab/node-pool': 'jobs' }, pod_disruption_budget: true,
    });
  });

  test('the runner has GitLab\'s major and minor version', () => {
    expect(object(runner.chart, 'Deployment').spec.template.spec.containers[0].image).toMatch(/:alpine-v19\.4\.0$/);
  });

  test('the release waits for the token and for those who may read it, and no longer than the manager may take', () => {
    expect(release.depends_on).toEqual(expect.arrayContaining([
      expect.stringMatching(/^azurerm_virtual_machine_run_command\.GitLab_/),
      expect.stringMatching(/^azurerm_federated_identity_credential\.Runner_Identity_/),
      expect.stringMatching(/^azurerm_role_assignment\.Runner_Identity_KeyVault_/),
      expect.stringMatching(/^azurerm_kubernetes_cluster\./),
    ]));
    expect(release.timeout).toBe(1020);
  });

  test('cluster and server are made side by side', () => {
    const cluster = address(json, 'azurerm_kubernetes_cluster');
    const machine = address(json, 'azurerm_linux_virtual_machine');
    expect([...needs(json, cluster)].filter((other) => /\.(GitLab|Runner)_/.test(other))).toEqual([]);
    expect([...needs(json, machine)].filter((other) => /\.(Cluster|Runner)_/.test(other))).toEqual([]);
    for (const command of Object.keys(resources(json, 'azurerm_virtual_machine_run_command'))) {
      expect([...needs(json, `azurerm_virtual_machine_run_command.${command}`)].filter((other) => /\.(Cluster|Runner)_/.test(other))).toEqual([]);
    }
    const all = needs(json, address(json, 'helm_release'));
    expect([cluster, machine].every((needed) => all.has(needed))).toBe(true);
  });

  test('there is nothing to warn of', () => {
    expect(warnings(stack).filter((warning) => warning.startsWith('Test/Runner'))).toEqual([]);
  });
});

describe('the web ports', () => {
  test('are opened to the cluster where they are closed to others', () => {
    const stack = newStack();
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION, webAllowedCidrs: ['10.0.0.0/8'], httpAllowedCidrs: ['10.0.0.0/8'] });
    const cluster = new AksCluster(stack, 'Cluster', { location: LOCATION });
    new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster });
    const rules = Object.entries(resources(synth(stack), 'azurerm_network_security_rule')).filter(([name]) => name.startsWith('Runner_'));
    expect(rules.length).toBeGreaterThan(0);
    expect(JSON.stringify(rules)).toMatch(/azurerm_public_ip\.Cluster_Network_EgressIp_\w+\.ip_address/);
  });
});

describe('in several stacks', () => {
  interface Split { readonly server: TerraformStack; readonly aks: TerraformStack; readonly ci: TerraformStack }

  function split(names: { server: string; aks: string; ci: string }): Split {
    const app = testApp();
    const stacks = new Map<string, TerraformStack>();
    const stack = (name: string): TerraformStack => stacks.get(name) ?? stacks.set(name, new TerraformStack(app, name)).get(name)!;
    const gitlab = new SelfHostedGitLab(stack(names.server), 'GitLab', { location: LOCATION });
    const cluster = new AksCluster(stack(names.aks), 'Cluster', { location: LOCATION });
    const runner = new KubernetesGitLabRunner(stack(names.ci), 'Runner', { gitlab, cluster, tags: ['aks'], cache: RunnerCache.azureBlob() });
    runner.grantJobs('Push', AzureRole.ACR_PUSH, REGISTRY);
    return { server: stack(names.server), aks: stack(names.aks), ci: stack(names.ci) };
  }

  const dependencies = (stack: TerraformStack): string[] => stack.dependencies.map((other) => other.node.id).sort();

  test('three: the runner\'s waits for both, which know nothing of each other', () => {
    const { server, aks, ci } = split({ server: 'server', aks: 'aks', ci: 'ci' });
    const json = synth(ci);
    expect(Object.keys(json.resource).sort()).toEqual([
      'azurerm_federated_identity_credential', 'azurerm_role_assignment', 'azurerm_storage_account', 'azurerm_storage_container',
      'azurerm_storage_management_policy', 'azurerm_user_assigned_identity', 'helm_release',
    ]);
    expect([dependencies(server), dependencies(aks), dependencies(ci)]).toEqual([[], [], ['aks', 'server']]);
    expect(JSON.stringify([synth(server).resource, synth(aks).resource])).not.toMatch(/remote_state/);
  });

  test.each([
    ['the runner beside the cluster', { server: 'one', aks: 'two', ci: 'two' }, { one: [], two: ['one'] }],
    ['the runner beside the server', { server: 'one', aks: 'two', ci: 'one' }, { one: ['two'], two: [] }],
  ])('two: %s', (_name, names, expected) => {
    const { server, aks } = split(names);
    expect({ one: dependencies(server), two: dependencies(aks) }).toEqual(expected);
    expect(() => [synth(server), synth(aks)]).not.toThrow();
  });
});

describe('with a GitLab and a cluster that are there already', () => {
  test('there is no identity without a vault', () => {
    const { stack, runner } = joinExisting();
    const json = synth(stack);
    expect(resources(json, 'azurerm_user_assigned_identity')).toEqual({});
    expect(config(runner).runners[0]).toMatchObject({ url: 'https://gitlab.com', token: '@text:/secrets/token-0/token@' });
    expect(config(runner).runners[0].kubernetes).not.toHaveProperty('node_selector');
    expect(config(runner).runners[0].kubernetes.pod_disruption_budget).toBe(false);
  });

  test('a vault of the user\'s is opened to the manager', () => {
    const token = RunnerToken.keyVaultSecret(KeyVaultSecret.of(VAULT, 'token'));
    const { stack, runner } = joinExisting({ token });
    runner.addRunner('second', { token: RunnerToken.keyVaultSecret(KeyVaultSecret.of(VAULT, 'second')) });
    expect(roles(synth(stack))).toEqual([`Key Vault Secrets User: ${VAULT}`]);
    const { objects, keyvaultName } = object(runner.chart, 'SecretProviderClass').spec.parameters;
    expect(objects).toContain('objectName: "second"');
    expect(keyvaultName).toBe(VAULT.split('/').pop());
  });

  test('a vault of the user\'s that the manager may read already is given no role', () => {
    const { stack } = joinExisting({ token: RunnerToken.keyVaultSecret(KeyVaultSecret.of(VAULT, 'token'), { roleAssignmentEnabled: false }) });
    const json = synth(stack);
    expect(roles(json)).toEqual([]);
    expect(Object.keys(resources(json, 'azurerm_user_assigned_identity'))).toHaveLength(1);
  });

  test('a private authority is trusted', () => {
    const stack = newStack();
    const caCertificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    const runner = new KubernetesGitLabRunner(stack, 'Runner', {
      gitlab: {
        node: stack.node, gitlabUrl: 'https://gitlab.example.com', caCertificate, requestRunnerToken: () => { throw new Error(); }, allowWebFrom: () => undefined,
      },
      cluster: AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'aks', resourceGroupName: 'g' }),
      token: RunnerToken.kubernetesSecret('token'),
    });
    expect(config(runner).runners[0]['tls-ca-file']).toBe('/config/ca.pem');
    expect(object(runner.chart, 'ConfigMap').data['ca.pem']).toBe(caCertificate);
  });

  test('files instead of a release', () => {
    const stack = newStack();
    const gitlab = GitLab.fromAttributes(stack, 'GitLab', { gitlabUrl: 'https://gitlab.com' });
    const cluster = AksCluster.fromAksClusterAttributes(stack, 'Cluster', {
      clusterName: 'aks', resourceGroupName: 'g', manifestDelivery: ManifestDelivery.files(),
    });
    const runner = new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, token: RunnerToken.kubernetesSecret('token') });
    expect(runner.ready).toEqual([]);
    expect(resources(synth(stack), 'helm_release')).toEqual({});
  });
});

describe('jobs\' rights in Azure', () => {
  const WARNING = 'Test/Runner: grantJobs: the runner serves the whole instance, so anybody who can create a project on the server has these rights, and tags keep nobody out; '
    + 'set runnerScope to a group or project';

  function granted(act: (runner: KubernetesGitLabRunner) => void, props: Partial<KubernetesGitLabRunnerProps> = {}): string[] {
    const stack = newStack();
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION });
    const cluster = new AksCluster(stack, 'Cluster', { location: LOCATION });
    act(new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, tags: ['releases'], ...props }));
    return warnings(stack).filter((warning) => warning.startsWith('Test/Runner'));
  }

  test.each<[string, (runner: KubernetesGitLabRunner) => void, Partial<KubernetesGitLabRunnerProps>]>([
    ['the manager\'s runner', (runner) => runner.grantJobs('Push', AzureRole.ACR_PUSH, REGISTRY), {}],
    ['a runner that says so', (runner) => runner.grantJobs('Push', AzureRole.ACR_PUSH, REGISTRY), { runnerScope: GitLabRunnerScope.instance() }],
    ['a runner added before', (runner) => {
      runner.addRunner('all', { tags: ['all'] });
      runner.grantJobs('Push', AzureRole.ACR_PUSH, REGISTRY);
    }, { runnerScope: GitLabRunnerScope.group('team') }],
    ['a runner added afterwards, once', (runner) => {
      runner.grantJobs('Push', AzureRole.ACR_PUSH, REGISTRY);
      runner.grantJobs('Read', AzureRole.READER, REGISTRY);
      runner.addRunner('all', { tags: ['all'] });
    }, { runnerScope: GitLabRunnerScope.project('team/api') }],
  ])('are everybody\'s on an instance-wide runner, which gives a warning: %s', (_name, act, props) => {
    expect(granted(act, props)).toEqual([WARNING]);
  });

  test('give no warning where the runner is a group\'s or a project\'s, where nobody knows, and where there are none', () => {
    const grant = (runner: KubernetesGitLabRunner) => runner.grantJobs('Push', AzureRole.ACR_PUSH, REGISTRY);
    expect(granted(grant, { runnerScope: GitLabRunnerScope.group('team') })).toEqual([]);
    expect(granted(grant, { runnerScope: GitLabRunnerScope.project('team/api') })).toEqual([]);
    expect(granted(grant, { token: RunnerToken.kubernetesSecret('token'), tags: undefined })).toEqual([]);
    expect(granted(() => undefined)).toEqual([]);
  });

  test('come by the identity of their service account', () => {
    const { stack, runner } = joinExisting({ namespace: 'runner', jobNamespace: 'jobs' });
    runner.grantJobs('Push', AzureRole.ACR_PUSH, REGISTRY);
    runner.grantJobs('Read', AzureRole.READER, REGISTRY);
    const json = synth(stack);
    expect(roles(json)).toEqual([`AcrPush: ${REGISTRY}`, `Reader: ${REGISTRY}`]);
    expect(resource(json, 'azurerm_federated_identity_credential').subject).toBe('system:serviceaccount:jobs:gitlab-runner-job');
    expect(applied(json, 'ServiceAccount', 'gitlab-runner-job').metadata.annotations).toEqual({
      'azure.workload.identity/client-id': expect.stringMatching(/^\$\{azurerm_user_assigned_identity\.Runner_JobIdentity_\w+\.client_id\}$/),
      'azure.workload.identity/tenant-id': expect.stringMatching(/\$\{.*tenant_id\}$/),
    });
    expect(config(runner).runners[0].kubernetes).toMatchObject({
      service_account: 'gitlab-runner-job', pod_labels: { 'azure.workload.identity/use': 'true' }, automount_service_account_token: false,
    });
    expect(resource(json, 'helm_release').depends_on).toEqual(expect.arrayContaining([
      expect.stringMatching(/azurerm_federated_identity_credential\.Runner_JobIdentity/), expect.stringMatching(/azurerm_role_assignment\.Runner_JobIdentity_Push/),
    ]));
  });

  test('fails when jobs have namespaces of their own', () => {
    const { runner } = joinExisting({ kubernetesSettings: { namespace_per_job: true } });
    expect(() => runner.grantJobs('Push', AzureRole.ACR_PUSH, REGISTRY)).toThrow(new Error(
      'kubernetesSettings.namespace_per_job: a managed identity is tied to one namespace, so jobs in namespaces of their own cannot have one, got true; '
      + 'remove it, or the calls of grantJobs() (at Test/Runner)'));
    const other = joinExisting().runner;
    other.grantJobs('Push', AzureRole.ACR_PUSH, REGISTRY);
    expect(() => other.addRunner('second', { token: RunnerToken.kubernetesSecret('t'), kubernetesSettings: { namespace_per_job: true } })).toThrow(new Error(
      'kubernetesSettings.namespace_per_job: jobs in namespaces of their own cannot have the managed identity of the manager\'s jobs, got true; '
      + 'give such jobs a manager of their own (at Test/Runner)'));
  });
});

describe('the cache', () => {
  test('is a storage account without keys, for which the manager signs by its identity', () => {
    const { stack, runner } = joinExisting({ cache: RunnerCache.azureBlob({ storageAccountName: 'acmecache', containerName: 'jobs', retentionDays: 3 }) });
    const json = synth(stack);
    expect(resource(json, 'azurerm_storage_account')).toMatchObject({
      name: 'acmecache',
      resource_group_name: 'g',
      account_tier: 'Standard',
      account_replication_type: 'LRS',
      shared_access_key_enabled: false,
      default_to_oauth_authentication: true,
      min_tls_version: 'TLS1_2',
      allow_nested_items_to_be_public: false,
    });
    expect(resource(json, 'azurerm_storage_container')).toMatchObject({ name: 'jobs', storage_account_id: expect.stringMatching(/\.id\}$/) });
    expect(resource(json, 'azurerm_storage_management_policy').rule).toEqual([{
      name: 'expire-caches',
      enabled: true,
      filters: { blob_types: ['blockBlob'], prefix_match: ['jobs/'] },
      actions: { base_blob: { delete_after_days_since_modification_greater_than: 3 } },
    }]);
    // on the account: a role on the container alone cannot get the key that signs downloads.
    expect(roles(json)).toEqual([expect.stringMatching(/^Storage Blob Data Contributor: \$\{azurerm_storage_account\.Runner_Cache_\w+\.id\}$/)]);
    const [entry] = config(runner).runners;
    expect(entry.cache).toEqual({
      Type: 'azure',
      Shared: true,
      azure: { AccountName: expect.stringContaining('TfToken'), ContainerName: 'jobs', StorageDomain: 'blob.core.windows.net' },
    });
    expect(resource(json, 'azurerm_federated_identity_credential').subject).toMatch(/:gitlab-runner$/);
    expect(applied(json, 'ServiceAccount', 'gitlab-runner').metadata.annotations).toHaveProperty(['azure.workload.identity/client-id']);
    expect(applied(json, 'Deployment', 'gitlab-runner').spec.template.metadata.labels).toMatchObject({ 'azure.workload.identity/use': 'true' });
    expect(resource(json, 'helm_release').depends_on).toEqual(expect.arrayContaining([expect.stringMatching(/azurerm_role_assignment\.Runner_Identity_Cache/)]));
    // jobs have no identity, and so may have namespaces of their own
    expect(entry.kubernetes).not.toHaveProperty('pod_labels');
    expect(() => joinExisting({ cache: RunnerCache.azureBlob(), kubernetesSettings: { namespace_per_job: true } })).not.toThrow();
    expect(JSON.stringify(json)).not.toMatch(/AccountKey|access_key"/);
  });

  test('has a name that nobody else in Azure has', () => {
    const { stack } = joinExisting({ cache: RunnerCache.azureBlob() });
    expect(resource(synth(stack), 'azurerm_storage_account').name).toMatch(/^cache\$\{local\.Runner_Cache_UniqueSuffix_\w+\}$/);
  });

  test('can be there already', () => {
    const { stack, runner } = joinExisting({
      cache: RunnerCache.existingAzureBlob({ storageAccountName: 'acme', containerName: 'cache', storageAccountId: ACCOUNT }),
    });
    const json = synth(stack);
    expect(resources(json, 'azurerm_storage_account')).toEqual({});
    expect(roles(json)).toEqual([`Storage Blob Data Contributor: ${ACCOUNT}`]);
    expect(config(runner).runners[0].cache.azure.AccountName).toBe('acme');
  });

  test('can be left out', () => {
    const { stack, runner } = joinExisting({ cache: RunnerCache.none() });
    expect(resources(synth(stack), 'azurerm_storage_account')).toEqual({});
    expect(config(runner).runners[0]).not.toHaveProperty('cache');
  });
});

describe('several', () => {
  test('runners in one manager have tokens of their own', () => {
    const { stack, runner } = join();
    runner.addRunner('protected', { tags: ['deploy'], accessLevel: GitLabRunnerAccessLevel.REF_PROTECTED, image: 'alpine:3' });
    const json = synth(stack);
    expect(config(runner).runners.map(({ name, token }: any) => [name, token])).toEqual([
      ['Test-Runner', '@text:/secrets/vault-0/token-0@'], ['Test-Runner-protected', '@text:/secrets/vault-0/token-1@'],
    ]);
    expect(roles(json)).toHaveLength(1);
    expect(JSON.stringify(json.locals)).toContain('ref_protected');
  });

  test('managers on one cluster have namespaces after their ids', () => {
    const { stack, gitlab, cluster } = join();
    const gpu = new KubernetesGitLabRunner(stack, 'GpuRunner', { gitlab, cluster });
    expect(gpu.chart.managerNamespace).toBe('gitlab-gpu-runner');
    expect(new KubernetesGitLabRunner(stack, 'GitLabRunner', { gitlab, cluster, namespace: 'other' }).chart.managerNamespace).toBe('other');
    expect(Object.keys(resources(synth(stack), 'helm_release'))).toHaveLength(3);
    const systemId = (runner: KubernetesGitLabRunner) => object(runner.chart, 'Deployment').spec.template.spec.initContainers[0].env[3].value;
    expect(systemId(gpu)).not.toBe(systemId(join().runner));
  });

  test('fails when two managers would share a namespace', () => {
    const { stack, gitlab, cluster } = join();
    expect(() => new KubernetesGitLabRunner(stack, 'GitLabRunner', { gitlab, cluster })).toThrow(new Error(
      'namespace: taken by Test/Runner, got "gitlab-runner"; give each runner a namespace of its own, or use addRunner() of the other (at Test/GitLabRunner)'));
  });
});

describe('further', () => {
  test('a job that may take long has the time when the manager stops', () => {
    const grace = (props: Partial<KubernetesGitLabRunnerProps>) => object(join(props).runner.chart, 'Deployment').spec.template.spec.terminationGracePeriodSeconds;
    expect(grace({})).toBe(3600);
    expect(grace({ maximumTimeoutSeconds: 7200 })).toBe(7260);
    expect(grace({ maximumTimeoutSeconds: 7200, gracefulStopSeconds: 600 })).toBe(600);
  });

  test('a job at the manager\'s start gets the time it needs', () => {
    expect(resource(synth(join({ bootVerificationEnabled: true }).stack), 'helm_release').timeout).toBe(1920);
  });

  test('another pool gives its labels and taints', () => {
    const stack = newStack();
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION });
    const cluster = new AksCluster(stack, 'Cluster', { location: LOCATION });
    const nodePool = cluster.addNodePool('gpu', { vmSize: 'Standard_NC4as_T4_v3', nodeTaints: ['sku=gpu:NoSchedule'] });
    const runner = new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, nodePool, tolerations: ['own:NoExecute'], nodeSelector: { own: 'x' } });
    expect(config(runner).runners[0].kubernetes).toMatchObject({
      node_selector: { 'cdktf-azure-gitlab/node-pool': 'gpu', 'own': 'x' },
      node_tolerations: { 'sku=gpu': 'NoSchedule', 'own': 'NoExecute' },
    });
    const elsewhere = join({ nodeSelector: { own: 'x' } }).runner;
    expect(config(elsewhere).runners[0].kubernetes.node_selector).toEqual({ own: 'x' });
  });

  test('an older GitLab gets an older runner', () => {
    const stack = newStack();
    const runner = new KubernetesGitLabRunner(stack, 'Runner', {
      gitlab: GitLab.fromAttributes(stack, 'GitLab', { gitlabUrl: 'https://gitlab.example.com', gitlabVersion: GitLabVersion.of('18.9.7') }),
      cluster: new AksCluster(stack, 'Cluster', { location: LOCATION }),
      token: RunnerToken.kubernetesSecret('token'),
    });
    expect(object(runner.chart, 'Deployment').spec.template.spec.containers[0].image).toMatch(/:alpine-v18\.9\.0$/);
    expect(config(runner).runners[0].kubernetes.pod_disruption_budget).toBe(false);
  });

  test('values that only the apply knows reach config.toml and the objects', () => {
    const stack = newStack();
    const text = new TerraformVariable(stack, 'Text', {}).stringValue;
    const number = new TerraformVariable(stack, 'Number', {}).numberValue;
    const runner = new KubernetesGitLabRunner(stack, 'Runner', {
      gitlab: GitLab.fromAttributes(stack, 'GitLab', { gitlabUrl: text }),
      cluster: AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: text, resourceGroupName: text }),
      token: RunnerToken.keyVaultSecret(KeyVaultSecret.of(text, text), { tenantId: text }),
      managerImage: text,
      concurrent: number,
      limit: number,
      gracefulStopSeconds: number,
      image: text,
      environment: { A: text },
      nodeSelector: { zone: text },
      podLabels: { team: text },
      buildResources: { memoryRequest: text, cpuLimit: text },
      pollTimeoutSeconds: number,
      bootVerificationEnabled: true,
      volumes: [RunnerVolume.persistentVolumeClaim(text, '/cache')],
      kubernetesSettings: { scheduler_name: text, poll_interval: number },
      cache: RunnerCache.existingAzureBlob({ storageAccountName: text, containerName: text, storageAccountId: text }),
    });
    const json = synth(stack);
    expect(applied(json, 'Deployment').spec.template.spec).toMatchObject({ terminationGracePeriodSeconds: '${var.Number}' });
    expect(applied(json, 'Deployment').spec.template.spec.containers[0].image).toBe('${var.Text}');
    const toml: string = applied(json, 'ConfigMap').data['config.template.toml'];
    for (const key of ['concurrent', 'limit', 'poll_timeout', 'poll_interval']) {
      expect(toml).toContain(`\n${key} = \${jsonencode(var.Number)}\n`.slice(key === 'concurrent' ? 1 : 0));
    }
    for (const key of ['url', 'image', 'zone', 'team', 'memory_request', 'scheduler_name', 'AccountName']) {
      expect(toml).toMatch(new RegExp(`\\n${key} = "\\$\\{trimsuffix\\(trimprefix\\(jsonencode\\(var\\.Text\\)`));
    }
    expect(runner.chart.startTimeoutSeconds).toBe(1800);
  });

  test('objects can be added to the chart, and changed', () => {
    const { stack, runner } = joinExisting();
    new ApiObject(runner.chart, 'Quota', { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'ci' }, spec: { hard: { pods: '20' } } });
    ApiObject.of(runner.chart.node.findChild('Deployment')).addJsonPatch(JsonPatch.replace('/spec/revisionHistoryLimit', 1));
    const [{ manifests }] = Object.values<any>(synth(stack).locals).filter((local) => local.manifests);
    expect(manifests.find(({ kind }: any) => kind === 'ResourceQuota').metadata.namespace).toBe('gitlab-runner');
    expect(manifests.find(({ kind }: any) => kind === 'Deployment').spec.revisionHistoryLimit).toBe(1);
  });

  test('the chart\'s warnings are the runner\'s', () => {
    const { stack, runner } = joinExisting({ privileged: true });
    runner.addRunner('second', { token: RunnerToken.kubernetesSecret('t'), privileged: true, helperResources: { memoryLimit: '100Mi' } });
    expect(warnings(stack).filter((warning) => warning.startsWith('Test/Runner:'))).toEqual([
      'Test/Runner: privileged: every job can control the node it runs on, and with it the other jobs there; keep such jobs on a pool of their own',
      'Test/Runner: helperResources.memoryLimit: the helper container runs out of memory when it handles caches and artifacts; give it at least 250Mi',
    ]);
  });
});

test('a prop is looked at by its table alone: nothing is checked again on the way to the chart', () => {
  const { stack, gitlab, cluster } = joinExisting();
  const token = RunnerToken.kubernetesSecret('token');
  let looks = 0;
  const buildResources = { get cpuRequest() { looks++; return '2'; } };
  const runner = new KubernetesGitLabRunner(stack, 'Other', { gitlab, cluster, token, buildResources });
  expect(config(runner).runners[0].kubernetes.cpu_request).toBe('2');
  // once for its name, once for its value.
  expect(looks).toBe(2);
});

describe('bad input', () => {
  const wrong = (value: unknown): any => value;

  test.each<[string, Partial<KubernetesGitLabRunnerProps>, string]>([
    ['there is no GitLab', { gitlab: wrong(undefined) },
      'gitlab: missing, got nothing; give a SelfHostedGitLab or GitLab.fromAttributes()'],
    ['GitLab is its address', { gitlab: wrong('https://gitlab.com') },
      'gitlab: not a GitLab, got "https://gitlab.com"; give a SelfHostedGitLab or GitLab.fromAttributes()'],
    ['the cluster is a chart', { cluster: wrong(new App()) },
      'cluster: not a cluster, got "App"; give an AksCluster, or AksCluster.fromAksClusterAttributes(…)'],
    ['the pool is its name', { nodePool: wrong('jobs') },
      'nodePool: not a node pool, got "jobs"; give an AksNodePool, or AksNodePool.fromAksNodePoolAttributes(…)'],
    ['the token has tags already', { tags: ['aks'] },
      'tags: GitLab stores the settings of the runner that the given token belongs to, got ["aks"]; set it in GitLab, or drop token'],
    ['a registration token\'s tags are elsewhere', { token: RunnerToken.legacyRegistrationToken(RunnerToken.kubernetesSecret('t')), locked: true },
      'locked: GitLab stores the settings of the runner that the given token belongs to, got true; give it to RunnerToken.legacyRegistrationToken()'],
    ['the token has a scope already', { runnerScope: GitLabRunnerScope.group('team') },
      'runnerScope: GitLab stores the settings of the runner that the given token belongs to, got {"_owner":{"type":"group_type","path":"team"}}; set it in GitLab, or drop token'],
    ['the scope is a path', { token: RunnerToken.fromGitlab(), runnerScope: wrong('team') },
      'runnerScope: not a GitLabRunnerScope, got "team"; give GitLabRunnerScope.group() or one of its siblings'],
    ['a tag has a blank', { token: RunnerToken.fromGitlab(), tags: ['a b'] },
      'tags[0]: not a valid value, got "a b"; give 1 to 255 letters, digits, "-", "_", "." and "/"'],
    ['the description is too long', { token: RunnerToken.fromGitlab(), description: 'x'.repeat(1025) },
      `description: not a valid value, got "${'x'.repeat(499)}… (1027 characters); give 1 to 1024 characters on one line`],
    ['the access level is unknown', { token: RunnerToken.fromGitlab(), accessLevel: wrong('all') },
      'accessLevel: not supported, got "all"; give one of "not_protected", "ref_protected"'],
    ['the timeout is too short', { token: RunnerToken.fromGitlab(), maximumTimeoutSeconds: 60 },
      'maximumTimeoutSeconds: out of range, got 60; give a whole number from 600 to 2147483647'],
    ['no job can ever come', { token: RunnerToken.fromGitlab(), runUntagged: false },
      'runUntagged: a runner without tags that takes no untagged jobs would never get a job, got false; give tags, or true'],
    ['the job\'s image is none', { image: 'a b' }, 'image: not a valid value, got "a b"; give an image such as "ubuntu:24.04"'],
    ['the manager may do nothing', { concurrent: 0 }, 'concurrent: out of range, got 0; give a whole number from 1 to 100000'],
    ['the prop is the chart\'s', wrong({ gitlabUrl: 'https://gitlab.com' }), 'gitlabUrl: no such prop, got "https://gitlab.com"; write gitlab, or leave it out'],
    ['GitLab\'s own address is none', { gitlab: wrong({ gitlabUrl: 'gitlab.com', requestRunnerToken: () => undefined }) },
      'gitlab.gitlabUrl: not a valid value, got "gitlab.com"; give an address without a final slash such as "https://gitlab.example.com"'],
  ])('fails when %s', (_name, props, message) => {
    expect(() => joinExisting(props)).toThrow(new Error(`${message} (at Test/Runner)`));
  });

  test('fails where a cache is made', () => {
    expect(() => RunnerCache.azureBlob({ retentionDays: 0 })).toThrow(
      new Error('retentionDays: out of range, got 0; give a whole number from 1 to 3650 (at RunnerCache.azureBlob)'));
    expect(() => RunnerCache.azureBlob({ storageAccountName: 'a-b' })).toThrow(
      new Error('storageAccountName: not a valid value, got "a-b"; give 3 to 24 lower-case letters and digits (at RunnerCache.azureBlob)'));
  });

  test('fails when GitLab is somebody else\'s and has no token to give', () => {
    expect(() => joinExisting({ token: undefined })).toThrow(new Error(
      'token: a GitLab that this library did not create cannot issue tokens, got "Test-Runner"; create the runner there and pass its token as a RunnerToken (at Test/GitLab)'));
  });

  test('fails when an added runner\'s id cannot be a name', () => {
    expect(() => joinExisting().runner.addRunner('a b', { token: RunnerToken.kubernetesSecret('t') }))
      .toThrow(new Error('id: not a valid value, got "a b"; give letters, digits, "-" and "_" (at Test/Runner)'));
    expect(() => joinExisting().runner.addRunner('x', wrong('y'))).toThrow(
      new Error('options: not an object, got "y"; give an object with its props (at Test/Runner)'));
  });

  test('any value of any prop either synthesises or fails with an error of ours that names prop and path', () => {
    const token = RunnerToken.kubernetesSecret('token');
    const anything = fc.oneof(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true }),
      fc.string({ unit: 'binary' }), fc.integer(), fc.double(), fc.boolean(), fc.constantFrom(null, NaN, '', [], {}, Symbol('x'), () => 1, [null], { a: null }),
      fc.constantFrom('ci', '500m', '2Gi', 'sku=gpu:NoSchedule', RunnerPullPolicy.NEVER, 600, 3600, true, ['x'], { a: 'b' }),
    );
    const PROPS = [
      'namespace', 'jobNamespace', 'namespaceCreationEnabled', 'runnerVersion', 'managerImage', 'managerUserId', 'managerResources', 'managerServiceAccount',
      'jobServiceAccount', 'concurrent', 'checkIntervalSeconds', 'logLevel', 'logFormat', 'shutdownTimeoutSeconds', 'gracefulStopSeconds', 'bootVerificationEnabled',
      'cache', 'podMonitor', 'limit', 'requestConcurrency', 'outputLimitKb', 'environment', 'featureFlags', 'image', 'allowedImages', 'allowedServices',
      'pullPolicies', 'allowedPullPolicies', 'imagePullSecrets', 'buildResources', 'helperResources', 'serviceResources', 'nodeSelector', 'tolerations',
      'affinity', 'podLabels', 'podAnnotations', 'privileged', 'allowPrivilegeEscalation', 'podSecurityContext', 'volumes', 'pollTimeoutSeconds',
      'podTerminationGracePeriodSeconds', 'cleanupGracePeriodSeconds', 'priorityClassName', 'podDisruptionBudgetEnabled', 'kubernetesSettings', 'nodePool',
      'description', 'tags', 'runUntagged', 'runnerScope', 'locked', 'paused', 'accessLevel', 'maximumTimeoutSeconds', 'token', 'gitlab', 'cluster',
    ];
    // a factory refuses what it is given itself, and so is called where errors are looked at.
    const MADE = Symbol('made');
    const made = (make: () => unknown) => ({ [MADE]: make });
    const some = (...names: string[]) => fc.record(Object.fromEntries(names.map((name) => [name, anything])), { requiredKeys: [] });
    const quantities = some('cpuRequest', 'cpuLimit', 'memoryRequest', 'memoryLimit', 'ephemeralStorageRequest', 'ephemeralStorageLimit');
    const account = some('name', 'annotations', 'podLabels');
    const vault = some('tenantId', 'clientId', 'roleAssignmentEnabled', 'caSecretName');
    const four = fc.tuple(anything, anything, anything, anything);
    // within the groups of props and the factories, where values that mean nothing by themselves seldom get.
    const inner = fc.oneof(...Object.entries({
      managerResources: quantities,
      buildResources: quantities,
      helperResources: quantities,
      serviceResources: quantities,
      managerServiceAccount: account,
      jobServiceAccount: account,
      podSecurityContext: some('runAsUser', 'runAsGroup', 'runAsNonRoot', 'fsGroup', 'supplementalGroups', 'seccompProfile'),
      kubernetesSettings: some('cap_add', 'services', 'autoscaler', 'dns_config', 'host_aliases', 'container_lifecycle', 'build_container_security_context'),
      cache: fc.oneof(
        some('storageAccountName', 'containerName', 'retentionDays', 'shared').map((options: any) => made(() => RunnerCache.azureBlob(options))),
        some('storageAccountName', 'containerName', 'storageAccountId', 'storageDomain', 'shared').map((options: any) => made(() => RunnerCache.existingAzureBlob(options))),
      ),
      token: fc.oneof(
        vault.map((options: any) => made(() => RunnerToken.keyVaultSecret(KeyVaultSecret.of(VAULT, 'token'), options))),
        four.map(([secret, id, name]: any) => made(() => RunnerToken.keyVaultSecret(secret ?? KeyVaultSecret.of(id, name)))),
        four.map(([name, key]: any) => made(() => RunnerToken.kubernetesSecret(name, key))),
        four.map(([volume, file]: any) => made(() => RunnerToken.volume(volume, file))),
        four.map(([variable]: any) => made(() => RunnerToken.terraformVariable(variable))),
        some('tags', 'description', 'runUntagged', 'runnerScope', 'locked').map((options: any) => made(() => RunnerToken.legacyRegistrationToken(token, options))),
      ),
      volumes: fc.oneof(
        four.map(([name, path, size]: any) => made(() => [RunnerVolume.emptyDir(name, path, size)])),
        four.map(([name, path, options]: any) => made(() => [RunnerVolume.secret(name, path, options), RunnerVolume.memory('memory', '/memory')])),
        four.map(([name, path, driver, attributes]: any) => made(() => [RunnerVolume.csi(name, path, driver, attributes)])),
        four.map(([name, path, hostPath]: any) => made(() => [RunnerVolume.hostPath(name, path, hostPath)])),
      ),
    }).map(([name, values]) => fc.tuple(fc.constant(name), values as fc.Arbitrary<unknown>)));
    const props = fc.uniqueArray(fc.oneof(fc.tuple(fc.constantFrom(...PROPS), anything), inner), {
      minLength: 1, maxLength: 2, selector: ([name]) => name,
    });
    const { stack, gitlab, cluster } = joinExisting();
    let count = 0;
    fc.assert(fc.property(props, (entries) => {
      try {
        const given = Object.fromEntries(entries.map(([name, value]: [string, any]) => [name, Object(value)[MADE] ? value[MADE]() : value]));
        const { chart } = new KubernetesGitLabRunner(stack, `Runner${++count}`, { gitlab, cluster, token, ...given });
        const manifests = chart.toJson();
        parse(manifests.find(({ kind }) => kind === 'ConfigMap').data['config.template.toml']);
        expect(JSON.stringify(manifests)).not.toMatch(/undefined|NaN|\[object/);
      } catch (error: any) {
        const [, name, where] = /^([a-zA-Z]+)(?:\.|\[| key|: )[^]*, got [^]*; [^]+ \(at (Test\/(?:Runner\d+|GitLab)|(?:Runner\w+|KeyVaultSecret)\.\w+)\)$/.exec(error.message)
          ?? [undefined, undefined, error.message];
        expect(where).toMatch(/^(Test\/|(Runner(Cache|Token|Volume)|KeyVaultSecret)\.\w+$)/);
        if (where.startsWith('Test/')) {
          expect(entries.map(([prop]) => prop)).toContain(name);
        }
      }
    }), { numRuns: 1500 });
  });
});
