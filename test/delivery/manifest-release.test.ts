import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { CONFIG_MAP, NAMESPACE, chart } from './charts';
import { AksCluster, AzureRole, HelmRelease, ManifestRelease, WorkloadIdentity } from '../../src';
import { make } from '../aks/made';
import { resource, resources, synth, TerraformJson, testApp } from '../synth';

/** Two stacks of one app: the cluster in the first. */
function twoStacks() {
  const app = testApp();
  const { stack: first, cluster } = make({}, new TerraformStack(app, 'First'));
  return { app, first, second: new TerraformStack(app, 'Second'), cluster };
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
    new ManifestRelease(deep, 'Release', cluster, chart(undefined, CONFIG_MAP));
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

describe('in another stack than the cluster', () => {
  test('what a runner adds lies in its own stack, and the cluster\'s is applied before', () => {
    const { first, second, cluster } = twoStacks();
    const identity = new WorkloadIdentity(second, 'Identity', cluster, { namespace: 'ci', serviceAccountName: 'runner' });
    new ManifestRelease(second, 'Release', cluster, chart('ci', { ...CONFIG_MAP, data: { id: identity.clientId } })).waitFor(...identity.ready);
    new HelmRelease(second, 'Helm', cluster, { repository: 'https://charts.gitlab.io', chart: 'gitlab-runner' });
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
    const crds = new ManifestRelease(second, 'Crds', cluster, chart(undefined, CONFIG_MAP));
    new ManifestRelease(third, 'Users', cluster, chart(undefined, CONFIG_MAP)).waitFor(...crds.ready);
    expect(third.dependsOn(second)).toBe(true);
  });
});

function sensitiveOutputs(json: TerraformJson): number {
  return Object.values<any>(json.output).filter(({ sensitive }) => sensitive).length;
}

test('two programs that differ in nothing synthesise the same', () => {
  const once = () => {
    const { stack, cluster } = make();
    cluster.addManifest('Manifest', CONFIG_MAP);
    return synth(stack);
  };
  expect(once()).toEqual(once());
});
