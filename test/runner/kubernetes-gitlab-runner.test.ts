import { ApiObject, JsonPatch } from 'cdk8s';
import { TerraformStack, TerraformVariable } from 'cdktf';
import {
  AksCluster, AksNodePool, AzureRole, GitLab, GitLabVersion, KeyVaultSecret, KubernetesGitLabRunner,
  KubernetesGitLabRunnerProps, ManifestDelivery, RunnerCache, RunnerToken, RunnerVolume, SelfHostedGitLab,
} from '../../src';
import { newStack, resource, resources, synth, TerraformJson, testApp, warnings } from '../synth';
import { object } from './chart';
import { Joined, LOCATION, REGISTRY, VAULT, applied, config, joinExisting, roles } from './joined';

/** GitLab, cluster and runner in one stack. */
function join(props: Partial<KubernetesGitLabRunnerProps> = {}): Joined {
  const stack = newStack();
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION });
  const cluster = new AksCluster(stack, 'Cluster', { location: LOCATION });
  return { stack, gitlab, cluster, runner: new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, tags: ['aks'], ...props }) };
}

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

describe('several', () => {
  test('runners in one manager have tokens of their own', () => {
    const { stack, runner } = join();
    runner.addRunner('protected', { tags: ['deploy'], refProtected: true, image: 'alpine:3' });
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
  });

  test('labels add to the pool for jobs, unless they name another', () => {
    const selector = (props: Partial<KubernetesGitLabRunnerProps>) => config(join(props).runner).runners[0].kubernetes.node_selector;
    expect(selector({ nodeSelector: { own: 'x' } })).toEqual({ 'cdktf-azure-gitlab/node-pool': 'jobs', 'own': 'x' });
    for (const label of ['kubernetes.azure.com/agentpool', 'agentpool', 'cdktf-azure-gitlab/node-pool']) {
      expect(selector({ nodeSelector: { [label]: 'gpu' } })).toEqual({ [label]: 'gpu' });
    }
    expect(selector({ nodeSelector: { 'cdktf-azure-gitlab/node-pool': 'jobs' } })).toEqual({ 'cdktf-azure-gitlab/node-pool': 'jobs' });
    expect(() => selector({ nodeSelector: { 'kubernetes.io/os': 'windows' } })).toThrow(
      /^nodeSelector\["kubernetes\.io\/os"\]: jobs on Windows are not supported: .+, got "windows"; use GitLab's own chart for them \(at Test\/Runner\)$/);
  });

  test('an Arm64 pool says so to the runner, wherever it comes from', () => {
    const stack = newStack();
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION });
    const cluster = new AksCluster(stack, 'Cluster', { location: LOCATION, jobNodePool: { vmSize: 'Standard_D4ps_v5' } });
    const arm = { 'kubernetes.io/arch': 'arm64' };
    const runner = new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster });
    expect(config(runner).runners[0].kubernetes.node_selector).toEqual({ 'cdktf-azure-gitlab/node-pool': 'jobs', ...arm });
    const pool = (id: string, attributes: object) => AksNodePool.fromAksNodePoolAttributes(stack, id, { nodePoolName: id, ...attributes });
    expect(pool('a', { vmSize: 'Standard_D8pds_v6' }).nodeSelector).toEqual({ 'kubernetes.azure.com/agentpool': 'a', ...arm });
    expect(pool('b', { vmSize: 'Standard_E8ps_v5', nodeSelector: { own: 'x' } }).nodeSelector).toEqual({ own: 'x', ...arm });
    expect(pool('c', { vmSize: 'Standard_D8s_v5' }).nodeSelector).toEqual({ 'kubernetes.azure.com/agentpool': 'c' });
    expect(() => new KubernetesGitLabRunner(stack, 'Other', { gitlab, cluster, nodePool: pool('d', { vmSize: 'Standard_D8ps_v5' }), nodeSelector: { 'kubernetes.io/arch': 'amd64' } }))
      .toThrow('nodeSelector["kubernetes.io/arch"]: no node of the pool d has it: there it is arm64, got "amd64"; leave it out, or give another nodePool (at Test/Other)');
    const labels = Object.values(resources(synth(stack), 'azurerm_kubernetes_cluster_node_pool')).map((made) => made.node_labels);
    expect(labels).toEqual([{ 'cdktf-azure-gitlab/node-pool': 'jobs' }]);
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
