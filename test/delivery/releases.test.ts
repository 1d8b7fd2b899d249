import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { ApiObject, App as Cdk8sApp, Chart } from 'cdk8s';
import { TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { Construct } from 'constructs';
import { parse, parseAllDocuments } from 'yaml';
import {
  AksCluster, AksClusterProps, AksServiceAccount, AzureRole, KubernetesSignIn, HelmRelease, KubeloginMode, ManifestDelivery, ManifestRelease,
  WorkloadIdentity,
} from '../../src';
import { newStack, resource, resources, synth, TerraformJson, testApp, warnings } from '../synth';

const SKIP_HINT = '\n\nIf you wish to ignore these validations, pass \'skipValidation: true\' to your App configuration.\n';
const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'ci' } };
const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ci' } };

function make(props: Partial<AksClusterProps> = {}, stack = newStack()) {
  return { stack, cluster: new AksCluster(stack, 'Cluster', { location: 'koreacentral', ...props }) };
}

function chart(namespace?: string, ...objects: any[]): Chart {
  const made = new Chart(new Cdk8sApp(), 'chart', { namespace });
  objects.forEach((object, index) => new ApiObject(made, `object-${index}`, object));
  return made;
}

/** Two stacks of one app: the cluster in the first. */
function twoStacks() {
  const app = testApp();
  const { stack: first, cluster } = make({}, new TerraformStack(app, 'First'));
  return { app, first, second: new TerraformStack(app, 'Second'), cluster };
}

function validationErrors(stack: TerraformStack): string {
  try {
    synth(stack);
    return '';
  } catch (error) {
    return (error as Error).message.replace('Validation failed with the following errors:\n', '').replace(SKIP_HINT, '');
  }
}

describe('a chart on a cluster', () => {
  test('is one Helm release that waits, rolls back and cleans up', () => {
    const { stack, cluster } = make();
    cluster.addCdk8sChart('Runner', chart('ci', CONFIG_MAP));
    const json = synth(stack);
    expect(resource(json, 'helm_release')).toEqual({
      provider: 'helm.aks_38529c74',
      name: 'test-cluster-runner',
      namespace: 'ci',
      create_namespace: true,
      chart: expect.stringMatching(/^\$\{path\.module\}\/assets\/CdktfAzureGitLab_ManifestsChart_[0-9A-F]{8}\/[0-9A-F]{32}$/),
      values: ['${jsonencode(local.Cluster_Runner_Values_632217CA)}'],
      atomic: true,
      wait: true,
      wait_for_jobs: true,
      cleanup_on_fail: true,
      max_history: 10,
      timeout: 600,
      depends_on: ['azurerm_kubernetes_cluster.Cluster_EB0386A7', 'azurerm_role_assignment.Cluster_Deployers_First_D0B90F22'],
    });
    expect(json.locals.Cluster_Runner_Values_632217CA).toEqual({ manifests: [CONFIG_MAP] });
    expect(json.terraform.required_providers.helm).toEqual({ source: 'hashicorp/helm', version: '~> 3.1' });
  });

  test('takes its options', () => {
    const { stack, cluster } = make();
    cluster.addCdk8sChart('Runner', chart('ci', CONFIG_MAP), { namespace: 'records', releaseName: 'gitlab-runner', timeoutSeconds: 1200 });
    expect(resource(synth(stack), 'helm_release')).toMatchObject({ namespace: 'records', name: 'gitlab-runner', timeout: 1200 });
  });

  test('has a name that Helm takes, however deep it lies', () => {
    const { stack, cluster } = make();
    const deep = new Construct(new Construct(stack, 'A-very-long-name-of-a-construct'), 'Another-very-long-name-of-a-construct');
    new ManifestRelease(deep, 'Release', { cluster, chart: chart(undefined, CONFIG_MAP) });
    const { name, namespace } = resource(synth(stack), 'helm_release');
    expect(name).toMatch(/^[a-z0-9][-a-z0-9]*[a-z0-9]$/);
    expect(name).toHaveLength(53);
    expect(namespace).toBe('default');
  });

  test('keeps its record elsewhere when it makes its namespace itself', () => {
    const { stack, cluster } = make();
    cluster.addCdk8sChart('Runner', chart('ci', NAMESPACE, CONFIG_MAP));
    expect(resource(synth(stack), 'helm_release').namespace).toBe('default');
  });

  test('waits for what it is told to, once', () => {
    const { stack, cluster } = make();
    const identity = cluster.addWorkloadIdentity('Identity', { namespace: 'ci', serviceAccountName: 'runner' });
    identity.grant('Vault', AzureRole.KEY_VAULT_SECRETS_USER, '/subscriptions/s/resourceGroups/g');
    const release = cluster.addCdk8sChart('Runner', chart('ci', CONFIG_MAP));
    release.waitFor(...identity.ready);
    release.waitFor(...identity.ready);
    expect(resource(synth(stack), 'helm_release').depends_on).toEqual([
      'azurerm_kubernetes_cluster.Cluster_EB0386A7', 'azurerm_role_assignment.Cluster_Deployers_First_D0B90F22',
      'azurerm_federated_identity_credential.Cluster_Identity_Federation_FE3E58B0', 'azurerm_role_assignment.Cluster_Identity_Vault_8362AFC0',
    ]);
  });

  test('shares the provider and the local chart with the other charts of the stack', () => {
    const { stack, cluster } = make();
    cluster.addCdk8sChart('One', chart('ci', CONFIG_MAP));
    cluster.addManifest('Two', { ...CONFIG_MAP, metadata: { name: 'y' } });
    const json = synth(stack);
    expect(json.provider.helm).toHaveLength(1);
    expect(new Set(Object.values<any>(resources(json, 'helm_release')).map((release) => release.chart)).size).toBe(1);
  });

  test('goes to its own cluster where there are two', () => {
    const { stack, cluster } = make();
    const other = new AksCluster(stack, 'Other', { location: 'westeurope' });
    cluster.addManifest('Manifest', CONFIG_MAP);
    other.addManifest('Manifest', CONFIG_MAP);
    const json = synth(stack);
    const providers = json.provider.helm.map(({ alias, kubernetes }) => [alias, kubernetes.host]);
    expect(new Set(providers.flat()).size).toBe(4);
    expect(Object.values<any>(resources(json, 'helm_release')).map(({ provider }) => provider)).toEqual(providers.map(([alias]) => `helm.${alias}`));
  });
});

describe('access to the API server', () => {
  const kubernetes = (access?: KubernetesSignIn, stack = newStack()) => {
    const { cluster } = make({ manifestDelivery: ManifestDelivery.helmRelease(access) }, stack);
    cluster.addManifest('Manifest', CONFIG_MAP);
    const [{ kubernetes: { host, cluster_ca_certificate: ca, ...rest } }] = synth(stack).provider.helm;
    expect(host).toBe('${azurerm_kubernetes_cluster.Cluster_EB0386A7.kube_config[0].host}');
    expect(ca).toBe('${base64decode(azurerm_kubernetes_cluster.Cluster_EB0386A7.kube_config[0].cluster_ca_certificate)}');
    return rest;
  };
  const exec = (command: string, args: string[]) => ({ exec: { api_version: 'client.authentication.k8s.io/v1beta1', command, args } });
  const AZ = ['account', 'get-access-token', '--resource', '6dae42f8-4368-4678-94ff-3960e28e3630', '--output', 'json', '--query',
    '{apiVersion:\'client.authentication.k8s.io/v1beta1\',kind:\'ExecCredential\',status:{token:accessToken}}'];

  test('is by the Azure CLI unless told otherwise', () => {
    expect(kubernetes()).toEqual(exec('az', AZ));
    const tenant = '33333333-3333-3333-3333-333333333333';
    expect(kubernetes(KubernetesSignIn.azureCli(tenant))).toEqual(exec('az', [...AZ, '--tenant', tenant]));
  });

  test('can be by kubelogin', () => {
    expect(kubernetes(KubernetesSignIn.kubelogin(KubeloginMode.WORKLOAD_IDENTITY))).toEqual(
      exec('kubelogin', ['get-token', '--server-id', '6dae42f8-4368-4678-94ff-3960e28e3630', '--login', 'workloadidentity']));
  });

  test('can be by a token that only the apply knows', () => {
    const stack = newStack();
    const token = new TerraformVariable(stack, 'token', { sensitive: true }).stringValue;
    expect(kubernetes(KubernetesSignIn.token(token), stack)).toEqual({ token: '${var.token}' });
  });
});

describe('in another stack than the cluster', () => {
  test('what a runner adds lies in its own stack, and the cluster\'s is applied before', () => {
    const { first, second, cluster } = twoStacks();
    const identity = new WorkloadIdentity(second, 'Identity', { cluster, namespace: 'ci', serviceAccountName: 'runner' });
    new ManifestRelease(second, 'Release', { cluster, chart: chart('ci', { ...CONFIG_MAP, data: { id: identity.clientId } }) }).waitFor(...identity.ready);
    new HelmRelease(second, 'Helm', { cluster, repository: 'https://charts.gitlab.io', chart: 'gitlab-runner' });
    const before = Object.keys(synth(make().stack).resource);
    const [one, two] = [synth(first), synth(second)];
    expect(second.dependsOn(first)).toBe(true);
    expect(first.dependsOn(second)).toBe(false);
    expect(Object.keys(one.resource)).toEqual(before);
    expect(one.provider).not.toHaveProperty('helm');
    expect(Object.keys(two.resource).sort()).toEqual(['azurerm_federated_identity_credential', 'azurerm_user_assigned_identity', 'helm_release']);
    expect(two.provider.helm[0].kubernetes.host).toMatch(/^\$\{data\.terraform_remote_state\..*\.outputs\..*host\}$/);
    const [helm, release] = Object.values<any>(resources(two, 'helm_release')).sort((a, b) => a.name.localeCompare(b.name));
    expect(release.depends_on).toEqual([expect.stringMatching(/^azurerm_federated_identity_credential\.Identity_Federation_\w+$/)]);
    expect(helm).not.toHaveProperty('depends_on');
    expect(sensitiveOutputs(one)).toBeGreaterThan(0);
  });

  test('the order of two stacks follows from waitFor', () => {
    const { app, second, cluster } = twoStacks();
    const third = new TerraformStack(app, 'Third');
    const crds = new ManifestRelease(second, 'Crds', { cluster, chart: chart(undefined, CONFIG_MAP) });
    new ManifestRelease(third, 'Users', { cluster, chart: chart(undefined, CONFIG_MAP) }).waitFor(...crds.ready);
    expect(third.dependsOn(second)).toBe(true);
  });
});

function sensitiveOutputs(json: TerraformJson): number {
  return Object.values<any>(json.output).filter(({ sensitive }) => sensitive).length;
}

describe('identities of pods', () => {
  test('trust the cluster\'s token of one service account, and store no secret', () => {
    const { stack, cluster } = make();
    const identity = cluster.addWorkloadIdentity('Identity', { namespace: 'ci', serviceAccountName: 'jobs', identityName: 'ci-jobs' });
    identity.grant('Push', AzureRole.ACR_PUSH, '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/r');
    const json = synth(stack);
    expect(resource(json, 'azurerm_federated_identity_credential')).toEqual({
      name: 'kubernetes',
      user_assigned_identity_id: '${azurerm_user_assigned_identity.Cluster_Identity_E66962C5.id}',
      issuer: '${azurerm_kubernetes_cluster.Cluster_EB0386A7.oidc_issuer_url}',
      subject: 'system:serviceaccount:ci:jobs',
      audience: ['api://AzureADTokenExchange'],
    });
    expect(resources(json, 'azurerm_user_assigned_identity').Cluster_Identity_E66962C5).toEqual({
      name: 'ci-jobs', location: 'koreacentral', resource_group_name: '${azurerm_resource_group.Cluster_ResourceGroup_CFE37354.name}',
    });
    expect(Object.values<any>(resources(json, 'azurerm_role_assignment')).find((role) => role.role_definition_name === 'AcrPush')).toEqual({
      role_definition_name: 'AcrPush',
      scope: '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/r',
      principal_id: '${azurerm_user_assigned_identity.Cluster_Identity_E66962C5.principal_id}',
      principal_type: 'ServicePrincipal',
    });
    expect(Object.keys(identity.serviceAccountAnnotations)).toEqual(['azure.workload.identity/client-id', 'azure.workload.identity/tenant-id']);
    expect(identity.podLabels).toEqual({ 'azure.workload.identity/use': 'true' });
    expect(identity.ready).toHaveLength(2);
  });

  test('come with their annotated account', () => {
    const { stack, cluster } = make();
    const account = cluster.addServiceAccount('Account', { namespace: 'ci', serviceAccountName: 'jobs' });
    account.waitFor(cluster.ready[0]);
    const json = synth(stack);
    expect(Object.values(json.locals)).toEqual([{
      manifests: [{
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: {
          name: 'jobs',
          namespace: 'ci',
          annotations: {
            'azure.workload.identity/client-id': '${azurerm_user_assigned_identity.Cluster_Account_9DE924E9.client_id}',
            'azure.workload.identity/tenant-id': '${data.azurerm_client_config.CdktfAzureGitLab_Azure_ClientConfig_2E17B686.tenant_id}',
          },
        },
      }],
    }]);
    expect(resource(json, 'helm_release')).toMatchObject({ namespace: 'ci', name: 'test-cluster-account' });
    expect(account.ready).toHaveLength(2);
  });

  test.each([
    [{ namespace: 'CI' }, 'namespace: not a valid value, got "CI"; give at most 63 lower-case letters, digits and hyphens such as "gitlab-runner"'],
    [{ namespace: undefined }, 'namespace: missing, got nothing; give at most 63 lower-case letters, digits and hyphens such as "gitlab-runner"'],
    [{ serviceAccountName: 'a_b' }, 'serviceAccountName: not a valid value, got "a_b"; give a Kubernetes name such as "gitlab-runner"'],
    [{ identityName: 'ab' }, 'identityName: not a valid value, got "ab"; give 3 to 128 letters, digits, "-" and "_", a letter or digit first'],
  ] as [any, string][])('fails when %j', (wrong, message) => {
    const { cluster } = make();
    expect(() => cluster.addWorkloadIdentity('Identity', { namespace: 'ci', serviceAccountName: 'jobs', ...wrong }))
      .toThrow(new Error(`${message} (at Test/Cluster/Identity)`));
  });

  test('fails when a role or its scope is none', () => {
    const { cluster } = make();
    const identity = new AksServiceAccount(cluster, 'Account', { cluster, namespace: 'ci', serviceAccountName: 'jobs' });
    expect(() => identity.grant('X', 'Reader' as any, '/subscriptions/s')).toThrow(new Error(
      'role: not a AzureRole, got "Reader"; give one such as AzureRole.ACR_PUSH, or AzureRole.of("Reader") (at Test/Cluster/Account)'));
    expect(() => identity.grant('X', AzureRole.READER, 'gitlab-rg')).toThrow(new Error(
      'roleScope: not a valid value, got "gitlab-rg"; give the ARM id of what the role is good for (at Test/Cluster/Account)'));
  });
});

describe('a chart from a repository', () => {
  const options = { repository: 'https://charts.gitlab.io', chart: 'gitlab-runner' };

  test('is `helm repo add` and `helm install` in one', () => {
    const { stack, cluster } = make();
    const token = new TerraformVariable(stack, 'token', { sensitive: true });
    const release = cluster.addHelmChart('Runner', {
      repository: 'https://charts.gitlab.io',
      chart: 'gitlab-runner',
      version: '0.86.0',
      releaseName: 'gitlab-runner',
      namespace: 'gitlab-runner',
      values: { gitlabUrl: 'http://203.0.113.7', rbac: { create: true }, runners: { tags: 'aks', config: 'a = "${b}"\n' } },
      sensitiveValues: { 'runnerRegistrationToken': token.stringValue, 'a\\.b': `x${token.stringValue}` },
    });
    release.waitFor(cluster.ready[0]);
    const json = synth(stack);
    expect(resource(json, 'helm_release')).toEqual({
      provider: 'helm.aks_38529c74',
      repository: 'https://charts.gitlab.io',
      chart: 'gitlab-runner',
      version: '0.86.0',
      name: 'gitlab-runner',
      namespace: 'gitlab-runner',
      create_namespace: true,
      values: ['${jsonencode(local.Cluster_Runner_Values_632217CA)}'],
      set_sensitive: [
        { name: 'runnerRegistrationToken', value: '${var.token}', type: 'literal' },
        { name: 'a\\.b', value: 'x${var.token}', type: 'literal' },
      ],
      atomic: true,
      wait: true,
      wait_for_jobs: true,
      cleanup_on_fail: true,
      max_history: 10,
      timeout: 600,
      depends_on: ['azurerm_kubernetes_cluster.Cluster_EB0386A7', 'azurerm_role_assignment.Cluster_Deployers_First_D0B90F22'],
    });
    expect(json.locals.Cluster_Runner_Values_632217CA).toEqual({
      gitlabUrl: 'http://203.0.113.7', rbac: { create: true }, runners: { tags: 'aks', config: 'a = "$${b}"\n' },
    });
    expect(warnings(stack)).toEqual([
      'Test/Cluster/Runner: sensitiveValues: the Terraform state holds runnerRegistrationToken, a\\.b readable; restrict access to the '
        + 'state, or have the chart read a Key Vault',
    ]);
    expect(release.ready).toHaveLength(1);
  });

  test('can come from a registry, without any values', () => {
    const { stack, cluster } = make();
    cluster.addHelmChart('Ingress', { repository: 'oci://ghcr.io/nginxinc/charts', chart: 'nginx-ingress', timeoutSeconds: 60 });
    const json = synth(stack);
    expect(resource(json, 'helm_release')).toMatchObject({
      repository: 'oci://ghcr.io/nginxinc/charts', chart: 'nginx-ingress', namespace: 'default', name: 'test-cluster-ingress', timeout: 60,
    });
    expect(resource(json, 'helm_release')).not.toHaveProperty('set_sensitive');
    expect(Object.values(json.locals)).toEqual([{}]);
  });

  test('takes all its values from the apply', () => {
    const { stack, cluster } = make();
    cluster.addHelmChart('Runner', { ...options, values: new TerraformVariable(stack, 'values', {}).value });
    const json = synth(stack);
    expect(Object.values(json.locals)).toEqual(['${var.values}']);
    expect(resource(json, 'helm_release').values).toEqual(['${jsonencode(local.Cluster_Runner_Values_632217CA)}']);
  });

  test.each([
    [{ chart: '' }, 'chart: not a valid value, got ""; give the chart\'s name in the repository, such as "gitlab-runner"'],
    [{ repository: 'gitlab' }, 'repository: not a valid value, got "gitlab"; give a repository\'s address, "https://…" or "oci://…"'],
    [{ version: '' }, 'version: not a valid value, got ""; give a version such as "0.86.0"'],
    [{ releaseName: 'x'.repeat(54) }, `releaseName: not a valid value, got "${'x'.repeat(54)}"; give at most 53 lower-case letters, digits, hyphens and `
      + 'dots such as "gitlab-runner"'],
    [{ namespace: '-' }, 'namespace: not a valid value, got "-"; give at most 63 lower-case letters, digits and hyphens such as "gitlab-runner"'],
    [{ values: ['a'] }, 'values: not a map, got ["a"]; give a map of plain data'],
    [{ values: { a: [{ 'b.c': 2 ** 60 }] } }, 'values.a[0]["b.c"]: a number that Helm would round, got 1152921504606847000; write numbers beyond '
      + '9007199254740991 as text'],
    [{ values: { a: () => 1 } }, 'values.a: not plain data, got "Function"; give objects, lists, texts, numbers, true, false and null only'],
    [{ sensitiveValues: { token: 'glrt-x' } }, 'sensitiveValues["token"]: literal text would be written into the configuration, got "(hidden)"; '
      + 'pass a sensitive TerraformVariable\'s stringValue'],
    [{ sensitiveValues: 'token: glrt-x' }, 'sensitiveValues: not a map, got "(hidden)"; give a map, each value a sensitive TerraformVariable\'s stringValue'],
    [{ repository: 'https://x/${a}' }, 'repository: not a valid value, got "https://x/${a}"; give a repository\'s address, "https://…" or "oci://…"'],
    [{ value: {} }, 'value: no such prop, got {}; write values, or leave it out'],
    [{ timeoutSeconds: 10 }, 'timeoutSeconds: out of range, got 10; give a whole number from 30 to 7200'],
  ] as [any, string][])('fails when %j', (wrong, message) => {
    const { cluster } = make();
    expect(() => cluster.addHelmChart('Chart', { ...options, ...wrong })).toThrow(new Error(`${message} (at Test/Cluster/Chart)`));
  });

  test('fails when manifests are delivered as files', () => {
    const { cluster } = make({ manifestDelivery: ManifestDelivery.files() });
    expect(() => cluster.addHelmChart('Chart', options)).toThrow(new Error(
      'cluster.manifestDelivery: a Helm chart from a repository cannot be delivered as files, got "files()"; '
      + 'use ManifestDelivery.helmRelease(), or give the chart to your GitOps tool (at Test/Cluster/Chart)'));
  });
});

describe('files', () => {
  const read = (stack: TerraformStack, name: string) => readFileSync(join(Testing.fullSynth(stack), 'stacks', stack.node.id, 'manifests', name), 'utf8');

  test('are written for people beside every release, namespaces first, tokens readable', () => {
    const { stack, cluster } = make();
    const variable = new TerraformVariable(stack, 'url', {}).stringValue;
    cluster.addCdk8sChart('Runner', chart('ci', CONFIG_MAP, { ...NAMESPACE, metadata: { name: 'n' } }));
    const plain = { ...CONFIG_MAP, metadata: { name: 'y' }, data: { url: `<${variable}>`, text: '${x}\n', nothing: null } };
    cluster.addManifest('Plain', plain);
    const folder = join(Testing.fullSynth(stack), 'stacks', 'Test');
    const runner = readFileSync(join(folder, 'manifests', 'test-cluster-runner.yaml'), 'utf8');
    expect(parseAllDocuments(runner).map((document: any) => document.toJS().kind)).toEqual(['Namespace', 'ConfigMap']);
    expect(parse(readFileSync(join(folder, 'manifests', 'test-cluster-plain.yaml'), 'utf8'))).toEqual({
      ...plain, data: { ...plain.data, url: '<${var.url}>' },
    });
    const { helm_release: releases } = JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')).resource;
    const [{ chart: local }] = Object.values<any>(releases);
    for (const file of ['Chart.yaml', 'values.yaml', 'templates/manifests.yaml']) {
      expect(existsSync(join(folder, local.replace('${path.module}/', ''), file))).toBe(true);
    }
  });

  test('can be all there is: nothing is installed, and what only the apply knows is warned of', () => {
    const { stack, cluster } = make({ manifestDelivery: ManifestDelivery.files() });
    const variable = new TerraformVariable(stack, 'url', {}).stringValue;
    const release = cluster.addManifest('Plain', CONFIG_MAP, { ...CONFIG_MAP, metadata: { name: 'y' }, data: { [variable]: [1] } });
    release.waitFor(...cluster.ready);
    const json = synth(stack);
    expect(release.ready).toEqual([]);
    expect(resources(json, 'helm_release')).toEqual({});
    expect(json.provider).not.toHaveProperty('helm');
    expect(warnings(stack)).toEqual(['Test/Cluster/Plain: manifestDelivery: ConfigMap y contain values known only at apply time, written as ${…} into the '
      + 'file; replace them before you use it, or deliver by helmRelease()']);
    expect(read(stack, 'test-cluster-plain.yaml')).toContain('${var.url}');
  });
});

describe('fails when', () => {
  test.each([
    [[null], 'manifests[0]: not a Kubernetes object, got null; give an object with apiVersion, kind and metadata.name'],
    [[CONFIG_MAP, { kind: 'ConfigMap' }], 'manifests[1].apiVersion: not a Kubernetes object, got nothing; give apiVersion as text'],
    [[{ ...CONFIG_MAP, metadata: {} }], 'manifests[0].metadata.name: an object without a name cannot be found again by the next apply, got nothing; '
      + 'give metadata.name as text'],
    [[{ ...CONFIG_MAP, metadata: { name: 'x', namespace: 7 } }], 'manifests[0].metadata.namespace: not a namespace, got 7; give metadata.namespace as '
      + 'text, or leave it out'],
    [[{ ...CONFIG_MAP, data: { 'a.b': ['x\u007fy'] } }], 'manifests[0].data["a.b"][0]: the character U+007F does not survive YAML, got "x\u007fy"; '
      + 'remove it, or carry the text in base64'],
    [[{ ...CONFIG_MAP, data: { '\ufeffa': 1 } }], 'manifests[0].data: the character U+FEFF does not survive YAML, got "\ufeffa"; '
      + 'remove it, or carry the text in base64'],
    [[{ ...CONFIG_MAP, data: { a: '\ud800' } }], 'manifests[0].data.a: the character U+D800 does not survive YAML, got "\\ud800"; '
      + 'remove it, or carry the text in base64'],
    [[{ ...CONFIG_MAP, data: { a: 'e\u0301' } }], 'manifests[0].data.a: text that is not in Unicode\'s composed form (NFC), got "e\u0301"; '
      + 'compose it (in JavaScript: text.normalize()), or carry it in base64'],
    [[{ ...CONFIG_MAP, data: { a: Number.POSITIVE_INFINITY } }], 'manifests[0].data.a: not a number that JSON can hold, got "Infinity"; give a finite number'],
    [[{ ...CONFIG_MAP, data: { a: new Date(0) } }], 'manifests[0].data.a: not plain data, got "Date"; give objects, lists, texts, numbers, true, false '
      + 'and null only'],
    [[{ ...CONFIG_MAP, data: { '<<': {} } }], 'manifests[0].data: YAML reads this key as a merge, got "<<"; rename it'],
    [[{ ...CONFIG_MAP, data: { ['k'.repeat(999)]: 1 } }], `manifests[0].data: a key longer than YAML allows, got "${'k'.repeat(60)}…"; `
      + 'keep keys under 1000 bytes'],
    [[{ ...CONFIG_MAP, data: JSON.parse('{"__proto__": 1}') }], 'manifests[0].data: JavaScript reserves this key, got "__proto__"; rename it'],
  ] as [any[], string][])('manifests: %j', (manifests, message) => {
    const { cluster } = make();
    expect(() => cluster.addManifest('Manifest', ...manifests)).toThrow(new Error(`${message} (at Test/Cluster)`));
  });

  test('a value refers to itself', () => {
    const loop: any = { ...CONFIG_MAP };
    loop.self = loop;
    expect(() => make().cluster.addManifest('Manifest', loop)).toThrow(
      /^manifests\[0\](\.self){100}\.metadata: nested too deeply, got "more"; keep to 100 levels \(at Test\/Cluster\)$/);
  });

  test('a chart hangs in the wrong tree', () => {
    const { stack, cluster } = make();
    expect(() => cluster.addCdk8sChart('Chart', new Chart(stack, 'chart'))).toThrow(new Error(
      'chart: the root of the chart is not a cdk8s.App, got "App"; make the chart in a cdk8s App: new Chart(new App(), "name") (at Test/Cluster/Chart)'));
    expect(() => cluster.addCdk8sChart('Text', 'chart' as any)).toThrow(new Error(
      'chart: not a cdk8s chart, got "string"; give a cdk8s Chart (at Test/Cluster/Text)'));
  });

  test.each([
    [{ namespace: 'A' }, 'namespace: not a valid value, got "A"; give at most 63 lower-case letters, digits and hyphens such as "gitlab-runner"'],
    [{ releaseName: 'a b' }, 'releaseName: not a valid value, got "a b"; give at most 53 lower-case letters, digits, hyphens and dots such as '
      + '"gitlab-runner"'],
    [{ timeoutSeconds: 29 }, 'timeoutSeconds: out of range, got 29; give a whole number from 30 to 7200'],
  ] as [any, string][])('options: %j', (options, message) => {
    const { cluster } = make();
    expect(() => cluster.addCdk8sChart('Chart', chart('ci'), options)).toThrow(new Error(`${message} (at Test/Cluster/Chart)`));
  });

  test('there is no cluster', () => {
    expect(() => new ManifestRelease(newStack(), 'Release', { cluster: undefined as any, chart: chart() })).toThrow(new Error(
      'cluster: missing, got nothing; give an AksCluster, or AksCluster.fromAksClusterAttributes(…) (at Test/Release)'));
  });

  test('objects of one release cannot be told apart', () => {
    const { stack, cluster } = make();
    cluster.addManifest('Manifest', CONFIG_MAP, CONFIG_MAP);
    expect(validationErrors(stack)).toBe('  [Test/Cluster/Manifest] chart: two objects of one kind and name, got "ConfigMap x"; '
      + 'rename one of them (at Test/Cluster/Manifest)');
  });

  test('an object needs a kind that the same release defines', () => {
    const { stack, cluster } = make();
    cluster.addManifest('Manifest',
      { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'a' }, spec: { group: 'x.io', names: { kind: 'Thing' } } },
      { apiVersion: 'x.io/v1', kind: 'Thing', metadata: { name: 'b' } });
    expect(validationErrors(stack)).toBe('  [Test/Cluster/Manifest] chart: the same release defines the kind of this object, got "Thing b"; put the '
      + 'CustomResourceDefinition into a release of its own, and let this one waitFor() its `ready` (at Test/Cluster/Manifest)');
  });

  test('an object that was added later cannot be carried', () => {
    const { stack, cluster } = make();
    const late = chart('ci');
    cluster.addCdk8sChart('Chart', late);
    new ApiObject(late, 'object', { ...CONFIG_MAP, data: { a: 1e300 } } as any);
    expect(validationErrors(stack)).toBe('  [Test/Cluster/Chart] chart[0].data.a: a number that Helm would round, got 1e+300; '
      + 'write numbers beyond 9007199254740991 as text (at Test/Cluster/Chart)');
  });

  test('the chart makes the namespace that Helm is to keep its record in', () => {
    const { stack, cluster } = make();
    cluster.addCdk8sChart('Chart', chart('ci', NAMESPACE), { namespace: 'ci' });
    expect(validationErrors(stack)).toBe('  [Test/Cluster/Chart] namespace: the chart creates this namespace itself, so Helm cannot store its release record there, '
      + 'got "ci"; leave namespace out, or remove the Namespace object from the chart (at Test/Cluster/Chart)');
  });

  test('a release would make a namespace that another one makes as its own object, unless it waits for that one', () => {
    const { stack, cluster } = make();
    const maker = cluster.addCdk8sChart('Maker', chart('ci', NAMESPACE));
    const user = cluster.addCdk8sChart('User', chart('ci', CONFIG_MAP));
    const helm = cluster.addHelmChart('Helm', { repository: 'https://charts.gitlab.io', chart: 'gitlab-runner', namespace: 'ci' });
    const message = (path: string) => `  [${path}] namespace: made by Test/Cluster/Maker too, which fails because the namespace `
      + `exists already, got "ci"; call waitFor() with the other release's \`ready\` (at ${path})`;
    expect(validationErrors(stack)).toBe(`${message('Test/Cluster/User')}\n${message('Test/Cluster/Helm')}`);
    user.waitFor(...maker.ready);
    helm.waitFor(...maker.ready);
    expect(validationErrors(stack)).toBe('');
  });
});

test('two programs that differ in nothing synthesise the same', () => {
  const once = () => {
    const { stack, cluster } = make();
    cluster.addManifest('Manifest', CONFIG_MAP);
    return synth(stack);
  };
  expect(once()).toEqual(once());
});
