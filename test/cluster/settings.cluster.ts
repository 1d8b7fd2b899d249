// What a user sets by the runner's own names, and beyond its defaults, is what the job has.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { TerraformStack } from 'cdktf';
import { log } from './gitlab/gitlab';
import { HOLD, letGo } from './harness/held-jobs';
import { Manager, Platform, VAULT_ID } from './harness/platform';
import { KeyVaultSecret, RegistryCache, RunnerVolume } from 'cdktf-azure-gitlab';

const platform = new Platform();
let manager: Manager;

before(async () => {
  await platform.start();
  await platform.cluster.api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } });
  manager = await platform.install('settings', {
    runnerSettings: { pre_build_script: 'echo "before: $(pwd)"', builds_dir: '/tmp/builds', connection_max_age: '10m', prepare_timeout: '20m' },
    kubernetesSettings: {
      cleanup_resources_timeout: '1m',
      memory_request_overwrite_max_allowed: '6Gi',
      namespace_overwrite_allowed: 'team-a',
      dns_config: { searches: ['ci.example.com'], options: [{ name: 'ndots', value: '2' }] },
      container_lifecycle: { post_start: { exec: { command: ['sh', '-c', 'touch /tmp/hooked'] } } },
      pod_spec: [{ name: 'name', patch_type: 'merge', patch: 'hostname: patched' }],
    },
    allowedServices: [],
    tolerations: ['spot', ':NoExecute'],
    volumes: [
      RunnerVolume.configMap('team', '/etc/own', { items: { a: 'script' } }),
      RunnerVolume.configMap('team', '/etc/again', { items: { b: 'other' } }),
      RunnerVolume.configMap('team', '/etc/one.conf', { subPath: 'a' }),
      RunnerVolume.configMap('team.example.com', '/etc/dots'),
      RunnerVolume.emptyDir('project', '/projects/$CI_PROJECT_ID'),
    ],
    hostAliases: { '10.1.2.3': ['private.example.com'] },
    managerEnvironment: { HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '10.99.0.1' },
    managerTolerations: ['spot'],
    managerVolumes: { '/home/gitlab-runner/.docker': { emptyDir: {} } },
  });
  for (const namespace of ['settings', 'team-a']) {
    for (const name of ['team', 'team.example.com']) {
      await platform.cluster.api.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { a: `a of ${name}`, b: 'b' } });
    }
  }
});
after(() => platform.stop());

test('scripts, directories, patches, volumes and names reach the job, which asks for more memory than by default', async () => {
  const job = platform.gitlab.queue(manager.token, {
    script: ['hostname', 'ls /tmp/hooked /etc/own', 'cat /etc/resolv.conf', 'grep private /etc/hosts', HOLD],
    variables: [{ key: 'KUBERNETES_MEMORY_REQUEST', value: '5Gi', public: true }],
  });
  const pod = await platform.running('settings', job);
  letGo(platform.cluster, pod);
  assert.equal(await platform.finished(job), 'success', log(job));
  const text = log(job);
  assert.match(text, /^before: \/tmp\/builds\//m);
  assert.match(text, /^patched$/m);
  assert.match(text, /^script$/m);
  assert.match(text, /^\/tmp\/hooked$/m);
  assert.match(text, /^search .*\bci\.example\.com$/m);
  assert.match(text, /^options .*\bndots:2$/m);
  assert.match(text, /^10\.1\.2\.3\s+private\.example\.com$/m);
  const { resources } = pod.spec.containers.find(({ name }: any) => name === 'build');
  assert.deepEqual([resources.requests.memory, resources.limits.memory], ['5Gi', '6Gi']);
  const own = pod.spec.tolerations.filter(({ key = '' }: any) => !key.startsWith('node.kubernetes.io/'));
  assert.deepEqual(own.sort((one: any, other: any) => (one.key ?? '').localeCompare(other.key ?? '')),
    [{ operator: 'Exists', effect: 'NoExecute' }, { key: 'spot', operator: 'Exists' }]);
});

test('one object is mounted at several paths, whatever its name, and a path has a variable', async () => {
  const job = platform.gitlab.queue(manager.token, {
    script: ['ls /etc/again', 'echo "one: $(cat /etc/one.conf)"', 'echo "dots: $(cat /etc/dots/a)"', 'grep -c " /projects/$CI_PROJECT_ID " /proc/mounts'],
  });
  assert.equal(await platform.finished(job), 'success', log(job));
  assert.match(log(job), /^other$/m);
  assert.match(log(job), /^one: a of team$/m);
  assert.match(log(job), /^dots: a of team\.example\.com$/m);
  assert.match(log(job), /^1$/m);
});

test('a job runs in a namespace that the pattern lists', async () => {
  const job = platform.gitlab.queue(manager.token, {
    script: ['true'], variables: [{ key: 'KUBERNETES_NAMESPACE_OVERWRITE', value: 'team-a', public: true }],
  });
  assert.equal(await platform.finished(job), 'success', log(job));
  assert.match(log(job), /Using Kubernetes namespace: team-a/);
});

test('a service is refused where none is allowed', async () => {
  const job = platform.gitlab.queue(manager.token, { script: ['true'], services: [{ name: 'busybox:1' }] });
  assert.equal(await platform.finished(job), 'failed', log(job));
  assert.match(log(job), /"busybox:1" image is not present on list of allowed services/);
});

test('manager, helper and jobs come from a cache of images, by the rules that it is made with', async () => {
  const options = {
    registryCache: (stack: TerraformStack) => RegistryCache.azure(stack, 'Images', {
      registryId: '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/acme',
      dockerHubUsername: KeyVaultSecret.of(VAULT_ID, 'username'), dockerHubToken: KeyVaultSecret.of(VAULT_ID, 'hub-token'),
    }),
  };
  const rules: any[] = Object.values(platform.manager('mirrored', options).resources.azurerm_container_registry_cache_rule);
  platform.cluster.registry.caches.set('acme.azurecr.io', rules.map(({ source_repo: source, target_repo: target }) => ({ source, target })));
  const mirrored = await platform.install('mirrored', options);
  const job = platform.gitlab.queue(mirrored.token, { script: [HOLD], services: [{ name: 'acme.azurecr.io/docker-hub/library/ubuntu:24.04', command: ['sleep', '3600'] }] });
  const pod = await platform.running('mirrored', job);
  letGo(platform.cluster, pod);
  assert.equal(await platform.finished(job), 'success', log(job));
  const [managerPod] = await platform.managerPods('mirrored');
  const images = [pod, managerPod].flatMap(({ spec }: any) => [...spec.initContainers, ...spec.containers]).map(({ image }: any) => image);
  assert.deepEqual(images.filter((image) => !image.startsWith('acme.azurecr.io/docker-hub/')), []);
});
