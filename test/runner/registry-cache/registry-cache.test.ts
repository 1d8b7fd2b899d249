import { TerraformOutput, TerraformStack, TerraformVariable } from 'cdktf';
import {
  AksCluster, AzureRegistryCacheOptions, GitLab, GitLabVersion, IAksCluster, KeyVaultSecret, KubernetesGitLabRunner, KubernetesGitLabRunnerProps,
  RegistryCache, RunnerImageBuilds, RunnerToken,
} from '../../../src';
import { newStack, resource, resources, synth } from '../../synth';
import { object, warnings } from '../chart';
import { config, REGISTRY, VAULT } from '../joined';

const OTHER_VAULT = VAULT.replace('own', 'other');
const OPTIONS: AzureRegistryCacheOptions = {
  registryId: REGISTRY, dockerHubUsername: KeyVaultSecret.of(VAULT, 'name'), dockerHubToken: KeyVaultSecret.of(VAULT, 'token'),
};
const HUB = 'acme.azurecr.io/docker-hub';

function newCluster(stack: TerraformStack, id = 'Cluster'): IAksCluster {
  return AksCluster.fromAksClusterAttributes(stack, id, { clusterName: id, resourceGroupName: 'g' });
}

function newRunner(cluster: IAksCluster, registryCache: RegistryCache, id = 'Runner', props: Partial<KubernetesGitLabRunnerProps> = {}): KubernetesGitLabRunner {
  const stack = TerraformStack.of(cluster);
  return new KubernetesGitLabRunner(stack, id, {
    gitlab: GitLab.fromAttributes(stack, `GitLabOf${id}`, { gitlabUrl: 'https://gitlab.com' }),
    cluster, registryCache, token: RunnerToken.kubernetesSecret('token'), runnerVersion: GitLabVersion.V19_4, ...props,
  });
}

const pullRoles = (json: any): any[] => Object.values<any>(resources(json, 'azurerm_role_assignment')).filter((role) => role.role_definition_name === 'AcrPull');

test('the cache has rules for two registries, and Docker Hub\'s account by reference from a vault that it may read', () => {
  const stack = newStack();
  RegistryCache.azure(stack, 'Images', OPTIONS);
  const json = synth(stack);
  expect(resource(json, 'azurerm_container_registry_credential_set')).toMatchObject({
    name: 'docker-hub', container_registry_id: REGISTRY, login_server: 'docker.io', identity: { type: 'SystemAssigned' },
    authentication_credentials: {
      username_secret_id: 'https://own.vault.azure.net/secrets/name', password_secret_id: 'https://own.vault.azure.net/secrets/token',
    },
  });
  const credentials = Object.keys(resources(json, 'azurerm_container_registry_credential_set'))[0];
  expect(Object.values(resources(json, 'azurerm_container_registry_cache_rule'))).toEqual([
    expect.objectContaining({
      name: 'docker-hub', container_registry_id: REGISTRY, source_repo: 'docker.io/*', target_repo: 'docker-hub/*',
      credential_set_id: `\${azurerm_container_registry_credential_set.${credentials}.id}`,
    }),
    expect.not.objectContaining({ credential_set_id: expect.anything() }),
  ]);
  expect(resource(json, 'azurerm_role_assignment')).toMatchObject({
    role_definition_name: 'Key Vault Secrets User', scope: VAULT,
    principal_id: `\${azurerm_container_registry_credential_set.${credentials}.identity[0].principal_id}`,
  });
});

test('two vaults take two roles', () => {
  const stack = newStack();
  RegistryCache.azure(stack, 'Images', { ...OPTIONS, dockerHubToken: KeyVaultSecret.of(OTHER_VAULT, 'token') });
  expect(Object.values<any>(resources(synth(stack), 'azurerm_role_assignment')).map(({ scope }) => scope).sort()).toEqual([OTHER_VAULT, VAULT]);
});

test('a runner takes from it what nothing is said about, and its nodes may pull', () => {
  const stack = newStack();
  const cluster = newCluster(stack);
  const runner = newRunner(cluster, RegistryCache.azure(stack, 'Images', OPTIONS), 'Runner', {
    kubernetesSettings: { autoscaler: { max_pause_pods: 1, policy: [{ periods: ['* * * * *'], idle_count: 1 }] } },
  });
  runner.addRunner('arm', { token: RunnerToken.kubernetesSecret('arm'), nodeSelector: { 'kubernetes.io/arch': 'arm64' }, kubernetesSettings: { helper_image_flavor: 'ubuntu' } });
  const pod = object(runner.chart, 'Deployment').spec.template.spec;
  expect([...pod.containers, ...pod.initContainers].map(({ image }: any) => image)).toEqual([`${HUB}/gitlab/gitlab-runner:alpine-v19.4.0`, `${HUB}/gitlab/gitlab-runner:alpine-v19.4.0`]);
  const [first, arm] = config(runner).runners.map(({ kubernetes }: any) => kubernetes);
  expect([first.image, first.helper_image, first.autoscaler.pause_pod_image])
    .toEqual([`${HUB}/library/ubuntu:24.04`, `${HUB}/gitlab/gitlab-runner-helper:x86_64-v19.4.0`, 'acme.azurecr.io/kubernetes/pause:3.10']);
  expect([arm.image, arm.helper_image, arm.autoscaler]).toEqual([`${HUB}/library/ubuntu:24.04`, `${HUB}/gitlab/gitlab-runner-helper:ubuntu-arm64-v19.4.0`, undefined]);
  // the tags are those of the runner's version.
  expect(warnings(runner.chart)).toEqual([]);
  expect(pullRoles(synth(stack))).toEqual([expect.objectContaining({ scope: REGISTRY, principal_id: expect.stringContaining('kubelet_identity') })]);
});

test.each([
  [RunnerImageBuilds.userNamespace(), `${HUB}/moby/buildkit:v0.34.2`],
  [RunnerImageBuilds.rootlessBuildkit(undefined, '20Gi'), `${HUB}/moby/buildkit:v0.34.2-rootless`],
  [RunnerImageBuilds.docker(), `${HUB}/library/docker:29-dind`],
  [RunnerImageBuilds.docker('mirror.example.com/docker:29-dind'), 'mirror.example.com/docker:29-dind'],
  [RunnerImageBuilds.docker('docker:28-dind'), 'docker:28-dind'],
])('a builder is taken from it, unless its image is chosen: %#', (imageBuilds, image) => {
  const stack = newStack();
  const runner = newRunner(newCluster(stack), RegistryCache.azure(stack, 'Images', OPTIONS), 'Runner', { imageBuilds, allowedServices: [] });
  const { services, allowed_services: allowed } = config(runner).runners[0].kubernetes;
  expect([services.map(({ name }: any) => name), allowed]).toEqual([[image], [image]]);
  runner.addRunner('plain', { token: RunnerToken.kubernetesSecret('plain') });
  expect(config(runner).runners[1].kubernetes.services).toBeUndefined();
});

test('jobs that choose another architecture would get the helper of this one', () => {
  const make = (kubernetesSettings: any, nodeSelector?: any) => () => {
    const stack = newStack();
    return newRunner(newCluster(stack), RegistryCache.azure(stack, 'Images', OPTIONS), 'Runner', { kubernetesSettings, nodeSelector });
  };
  expect(make({ node_selector_overwrite_allowed: '.*' })).toThrow(new Error(
    'kubernetesSettings.node_selector_overwrite_allowed: lets jobs choose nodes for arm64, and the helper\'s image of registryCache is for amd64, got ".*"; '
    + 'write a pattern that does not match it, or give helper_image (at Test/Runner)'));
  expect(make({ node_selector_overwrite_allowed: 'kubernetes.io/arch=.*' }, { 'kubernetes.io/arch': 'arm64' })).toThrow('lets jobs choose nodes for amd64, and the helper\'s image of registryCache is for arm64');
  expect(make({ node_selector_overwrite_allowed: 'example.com/size=.*' })).not.toThrow();
  expect(make({ node_selector_overwrite_allowed: '.*', helper_image: 'mirror.example.com/helper:x86_64-v19.4.0' })).not.toThrow();
  expect(config(make({ helper_image: '' })()).runners[0].kubernetes.helper_image).toBe(`${HUB}/gitlab/gitlab-runner-helper:x86_64-v19.4.0`);
});

test('what is chosen stays', () => {
  const stack = newStack();
  const runner = newRunner(newCluster(stack), RegistryCache.azure(stack, 'Images', OPTIONS), 'Runner', {
    managerImage: 'mirror.example.com/runner:alpine-v19.4.0', image: 'node:22', kubernetesSettings: { helper_image: 'mirror.example.com/helper:x86_64-v19.4.0' },
  });
  expect(object(runner.chart, 'Deployment').spec.template.spec.containers[0].image).toBe('mirror.example.com/runner:alpine-v19.4.0');
  expect(config(runner).runners[0].kubernetes).toMatchObject({ image: 'node:22', helper_image: 'mirror.example.com/helper:x86_64-v19.4.0' });
});

test('two runners of a cluster give its nodes one role, and those of another cluster theirs', () => {
  const stack = newStack();
  const cache = RegistryCache.azure(stack, 'Images', OPTIONS);
  const [cluster, other] = [newCluster(stack), newCluster(stack, 'Other')];
  newRunner(cluster, cache, 'One');
  newRunner(cluster, cache, 'Two');
  newRunner(other, cache, 'Three');
  expect(pullRoles(synth(stack))).toHaveLength(2);
});

test('in another cloud the vault\'s address is that cloud\'s, and so must the login server be', () => {
  const made = (more: Partial<AzureRegistryCacheOptions>) => {
    const stack = newStack();
    const cache = RegistryCache.azure(stack, 'Images', { ...OPTIONS, ...more });
    newRunner(new AksCluster(stack, 'Cluster', { location: 'usgovvirginia' }), cache);
    return synth(stack);
  };
  expect(() => made({})).toThrow(new Error(
    'loginServer: of another cloud than the cluster, got "acme.azurecr.io"; give that of the registry, such as "acme.azurecr.us" (at Test/Images)'));
  expect(resource(made({ loginServer: 'acme.azurecr.us' }), 'azurerm_container_registry_credential_set').authentication_credentials.username_secret_id)
    .toBe('https://own.vault.usgovcloudapi.net/secrets/name');
});

test('two caches of one registry are refused, whose rules would have the same names', () => {
  const stack = newStack();
  ['One', 'Two'].forEach((id) => RegistryCache.azure(stack, id, OPTIONS));
  expect(() => synth(stack)).toThrow(
    'registryId: Test/One caches into it already, under the same name, got "docker-hub"; give that RegistryCache to all runners (at Test/Two)');
});

test.each([['before', true], ['after', false]])('nodes that may pull from its registry anyway get no second role, said %s it', (_when, isBefore) => {
  const stack = newStack();
  const cluster = AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'aks', resourceGroupName: 'g' });
  const attach = (when: boolean) => when && cluster.attachAcr('Registry', REGISTRY.toUpperCase());
  attach(isBefore);
  newRunner(cluster, RegistryCache.azure(stack, 'Images', OPTIONS));
  attach(!isBefore);
  expect(pullRoles(synth(stack))).toHaveLength(1);
});

test('fails when a registry has a name that none has', () => {
  expect(() => RegistryCache.azure(newStack(), 'Images', { ...OPTIONS, registryId: REGISTRY.replace('acme', 'My_Registry') })).toThrow(new Error(
    `registryId: no registry has such a name, as it has only letters and digits, got "${REGISTRY.replace('acme', 'My_Registry')}"; give the one that `
    + '`az acr list` shows (at Test/Images)'));
});

test.each([
  ['node:22', `${HUB}/library/node:22`],
  ['grafana/grafana:12.2.0', `${HUB}/grafana/grafana:12.2.0`],
  ['docker.io/library/redis', `${HUB}/library/redis`],
  ['docker.io/redis:8', `${HUB}/library/redis:8`],
  ['index.docker.io/grafana/grafana', `${HUB}/grafana/grafana`],
  ['registry-1.docker.io/library/alpine:3', `${HUB}/library/alpine:3`],
  ['docker.io/alpine', `${HUB}/library/alpine`],
  ['node@sha256:' + 'a'.repeat(64), `${HUB}/library/node@sha256:${'a'.repeat(64)}`],
  ['registry.k8s.io/pause:3.10', 'acme.azurecr.io/kubernetes/pause:3.10'],
  ['registry.k8s.io/sig-storage/nfs:1', 'acme.azurecr.io/kubernetes/sig-storage/nfs:1'],
  ['registry.gitlab.com/group/project:1', 'registry.gitlab.com/group/project:1'],
  ['localhost/node:22', 'localhost/node:22'],
  ['mirror:5000/node:22', 'mirror:5000/node:22'],
  ['$CI_REGISTRY_IMAGE:1', '$CI_REGISTRY_IMAGE:1'],
])('%s is %s in the cache', (image, cached) => {
  expect(RegistryCache.azure(newStack(), 'Images', OPTIONS).image(image)).toBe(cached);
});

test('the login server is the registry\'s name in lower case, also of one that only the apply knows, unless it is another', () => {
  const stack = newStack();
  const variable = new TerraformVariable(stack, 'registry', {});
  const made = (id: string, more: Partial<AzureRegistryCacheOptions>) => RegistryCache.azure(stack, id, { ...OPTIONS, ...more });
  expect(made('Upper', { registryId: REGISTRY.replace('acme', 'Acme') }).loginServer).toBe('acme.azurecr.io');
  expect(made('Named', { registryId: REGISTRY.replace('acme', 'own'), loginServer: 'acme-a1b2.azurecr.io' }).image('node:22')).toBe('acme-a1b2.azurecr.io/docker-hub/library/node:22');
  new TerraformOutput(stack, 'later', { value: made('Later', { registryId: variable.stringValue }).loginServer });
  expect(synth(stack).output.later.value).toBe('${lower(element(split("/", var.registry), 8))}.azurecr.io');
});
