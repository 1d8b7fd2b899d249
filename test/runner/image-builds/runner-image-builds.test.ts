import { App } from 'cdk8s';
import { parse } from 'smol-toml';
import { AksCluster, AksNodePool, KubernetesVersion } from '../../../src/aks';
import { AzureRole } from '../../../src/azure';
import { GitLab, GitLabVersion } from '../../../src/gitlab';
import { GitLabRunnerChart, GitLabRunnerChartProps, KubernetesGitLabRunner, RunnerImageBuilds, RunnerSeccompProfile, RunnerToken, RunnerVolume } from '../../../src/runner';
import { newStack, synth } from '../../synth';
import { config, newChart, object, runner, warnings } from '../chart';

const ROOTLESS = RunnerImageBuilds.rootlessBuildkit();
const IN_NAMESPACE = RunnerImageBuilds.userNamespace();
const DOCKER = RunnerImageBuilds.docker();
const ALL = { ROOTLESS, IN_NAMESPACE, DOCKER };

const building = (imageBuilds: RunnerImageBuilds, more: Partial<GitLabRunnerChartProps> = {}) => newChart({ imageBuilds, ...more });
const kubernetes = (imageBuilds: RunnerImageBuilds, more: Partial<GitLabRunnerChartProps> = {}) => runner(building(imageBuilds, more)).kubernetes;
const context = (imageBuilds: RunnerImageBuilds) => kubernetes(imageBuilds).service_container_security_context;

/** A runner on a pool of the options, on a cluster of the version. */
function onPool(imageBuilds: RunnerImageBuilds, pool: object, more: object = {}): KubernetesGitLabRunner {
  const stack = newStack();
  const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
  return joined(stack, cluster, imageBuilds, { nodePool: cluster.addNodePool('Builds', pool), ...more });
}

function importedSandboxed(): any {
  return AksNodePool.fromAksNodePoolAttributes(newStack('Other'), 'Old', { nodePoolName: 'old', podSandboxingEnabled: true });
}

function joined(stack: any, cluster: any, imageBuilds: RunnerImageBuilds, more: object): KubernetesGitLabRunner {
  return new KubernetesGitLabRunner(stack, 'Runner', {
    gitlab: GitLab.fromAttributes(stack, 'GitLab', { gitlabUrl: 'https://gitlab.example.com' }),
    cluster,
    token: RunnerToken.kubernetesSecret('token'),
    imageBuilds,
    ...more,
  });
}

test('rootless BuildKit is a service on the loopback address, with the least that it starts with', () => {
  const {
    services, volumes, service_container_security_context: rights, pod_spec: patches, privileged, allow_privilege_escalation: escalation,
  } = kubernetes(ROOTLESS);
  expect(services).toEqual([{
    name: 'moby/buildkit:v0.34.2-rootless',
    alias: 'buildkitd',
    command: ['--addr', 'tcp://127.0.0.1:1234', '--oci-worker-no-process-sandbox'],
    environment: ['HEALTHCHECK_TCP_PORT=1234'],
  }]);
  expect(rights).toEqual({
    run_as_user: 1000,
    run_as_group: 1000,
    run_as_non_root: true,
    allow_privilege_escalation: true,
    capabilities: { drop: ['ALL'], add: ['SETUID', 'SETGID'] },
    seccomp_profile: { type: 'Unconfined' },
    app_armor_profile: { type: 'Unconfined' },
  });
  expect(volumes).toEqual({ empty_dir: [{ name: 'buildkit', mount_path: '/home/user/.local/share/buildkit' }] });
  expect([patches, privileged, escalation]).toEqual([undefined, false, false]);
  expect(runner(building(ROOTLESS)).environment).toEqual(['BUILDKIT_HOST=tcp://127.0.0.1:1234']);
});

test('BuildKit in a user namespace is root there, with all it needs by name, and the pod is outside of the node\'s users', () => {
  const made = building(IN_NAMESPACE);
  const { kubernetes: settings, builds_dir: folder, feature_flags: flags } = runner(made);
  expect(settings.services).toEqual([{
    name: 'moby/buildkit:v0.34.2',
    alias: 'buildkitd',
    command: ['--addr', 'tcp://127.0.0.1:1234', '--root', '/var/lib/buildkit'],
    environment: ['HEALTHCHECK_TCP_PORT=1234'],
  }]);
  const { capabilities, ...rights } = settings.service_container_security_context;
  expect(rights).toEqual({
    run_as_user: 0,
    run_as_group: 0,
    run_as_non_root: false,
    allow_privilege_escalation: true,
    seccomp_profile: { type: 'Unconfined' },
    app_armor_profile: { type: 'Unconfined' },
  });
  // without ALL the runner's own drop of NET_RAW comes after what is added, and each RUN fails.
  expect(capabilities.drop).toEqual(['ALL']);
  expect(capabilities.add).toEqual(expect.arrayContaining(['SYS_ADMIN', 'NET_RAW', 'CHOWN', 'MKNOD', 'SETFCAP']));
  expect(settings.pod_spec).toEqual([{ name: 'user namespace', patch_type: 'json', patch: '[{"op":"add","path":"/hostUsers","value":false}]' }]);
  expect(flags.FF_USE_ADVANCED_POD_SPEC_CONFIGURATION).toBe(true);
  expect([folder, settings.logs_base_dir, settings.scripts_base_dir]).toEqual(['/tmp/builds', '/tmp', '/tmp']);
  expect(settings.volumes).toEqual({ empty_dir: [{ name: 'buildkit', mount_path: '/var/lib/buildkit' }] });
});

test('Docker in Docker is the only privileged container, and is called with its certificates, which are in memory', () => {
  const { services, volumes, service_container_security_context: rights, privileged } = kubernetes(DOCKER);
  expect(services).toEqual([{ name: 'docker:29-dind', alias: 'docker', environment: ['DOCKER_TLS_CERTDIR=/certs', 'HEALTHCHECK_TCP_PORT=2376'] }]);
  expect(privileged).toBe(false);
  expect(rights).toEqual({ run_as_user: 0, run_as_group: 0, run_as_non_root: false, privileged: true, allow_privilege_escalation: true });
  expect(volumes).toEqual({
    empty_dir: [{ name: 'docker', mount_path: '/var/lib/docker' }, { name: 'docker-certificates', mount_path: '/certs/client', medium: 'Memory' }],
  });
  expect(runner(building(DOCKER)).environment).toEqual([
    'DOCKER_HOST=tcp://docker:2376', 'DOCKER_TLS_CERTDIR=/certs', 'DOCKER_TLS_VERIFY=1', 'DOCKER_CERT_PATH=/certs/client',
  ]);
});

test('the daemon\'s image and the size of its store are given, and the runner\'s own settings come beside it', () => {
  const { services, volumes } = kubernetes(RunnerImageBuilds.rootlessBuildkit('mirror.azurecr.io/buildkit:1', '30Gi'), {
    volumes: [RunnerVolume.memory('ram', '/ram')], kubernetesSettings: { services: [{ name: 'postgres:17', alias: 'db' }] },
  });
  expect(services.map(({ name }: any) => name)).toEqual(['mirror.azurecr.io/buildkit:1', 'postgres:17']);
  expect(volumes.empty_dir).toEqual([
    { name: 'ram', mount_path: '/ram', medium: 'Memory' }, { name: 'buildkit', mount_path: '/home/user/.local/share/buildkit', size_limit: '30Gi' },
  ]);
});

test('folders that are given stay where they are', () => {
  const made = runner(building(IN_NAMESPACE, { runnerSettings: { builds_dir: '/ci/builds' }, kubernetesSettings: { logs_base_dir: '/ci' } }));
  expect([made.builds_dir, made.kubernetes.logs_base_dir, made.kubernetes.scripts_base_dir]).toEqual(['/ci/builds', '/ci', '/tmp']);
});

test('builds take place in the daemon, which has what a build container has', () => {
  const memory = (settings: any) => [settings.service_memory_request, settings.service_memory_limit, settings.service_cpu_request];
  expect(memory(kubernetes(ROOTLESS))).toEqual(['1Gi', '4Gi', '500m']);
  expect(memory(kubernetes(ROOTLESS, { serviceResources: { memoryRequest: '6Gi' } }))).toEqual(['6Gi', '6Gi', '500m']);
  expect(memory(runner(newChart()).kubernetes)).toEqual(['256Mi', '2Gi', '100m']);
});

test('where services are listed, the daemon is one of them', () => {
  expect(kubernetes(ROOTLESS, { allowedServices: [] }).allowed_services).toEqual(['moby/buildkit:v0.34.2-rootless']);
  expect(kubernetes(DOCKER, { allowedServices: ['postgres:*'] }).allowed_services).toEqual(['postgres:*', 'docker:29-dind']);
  expect(kubernetes(DOCKER).allowed_services).toBeUndefined();
});

test('a runner of its own has the daemon, and the others of the manager have none', () => {
  const made = newChart();
  made.addRunner('images', RunnerToken.kubernetesSecret('images-token'), { imageBuilds: ROOTLESS });
  const [first, images] = config(made).runners;
  const { services, service_container_security_context: rights } = first.kubernetes;
  expect([services, rights, first.environment]).toEqual([undefined, undefined, undefined]);
  expect(images.kubernetes.services).toHaveLength(1);
  expect(object(made, 'Namespace').metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'privileged' });
});

test.each([
  ['rootless', ROOTLESS, ['imageBuilds: the namespace of the jobs takes any pod, since Pod Security\'s level baseline refuses what BuildKit needs; '
    + 'keep such jobs to a manager and nodes of their own']],
  ['in a namespace', IN_NAMESPACE, ['imageBuilds: the namespace of the jobs takes any pod, since Pod Security\'s level baseline refuses what BuildKit needs; '
    + 'keep such jobs to a manager and nodes of their own']],
  ['Docker', DOCKER, ['imageBuilds: by the Docker daemon, which is privileged, every job can control the node it runs on, and with it the other jobs there; '
    + 'keep such jobs on a pool of their own, or use RunnerImageBuilds.userNamespace()']],
])('what the daemon may do is one warning: %s', (_, builds, expected) => {
  expect(warnings(building(builds))).toEqual(expected);
});

test('what the runner allows beside the daemon is still told', () => {
  expect(warnings(building(ROOTLESS, { podSecurityContext: { seccompProfile: RunnerSeccompProfile.UNCONFINED } })).some((text) => text.startsWith('podSecurityContext.seccompProfile:')))
    .toBe(true);
});

describe('public reports of builders that do not start', () => {
  test.each([
    ['[rootlesskit:child ] error: failed to share mount point: /: permission denied (moby/buildkit#2441): AppArmor', ROOTLESS, { app_armor_profile: { type: 'Unconfined' } }],
    ['[rootlesskit:parent] error: failed to start the child: fork/exec /proc/self/exe: operation not permitted (rootlesskit#172): seccomp', ROOTLESS,
      { seccomp_profile: { type: 'Unconfined' } }],
    ['newuidmap: write to uid_map failed: Operation not permitted: no_new_privs', ROOTLESS, { allow_privilege_escalation: true }],
    ['No subuid ranges found for user 0: another user than the image\'s', ROOTLESS, { run_as_user: 1000, run_as_group: 1000 }],
    ['cannot set allowPrivilegeEscalation to false and privileged to true', DOCKER, { privileged: true, allow_privilege_escalation: true }],
  ])('%s', (_, builds, part) => {
    expect(context(builds)).toMatchObject(part);
  });

  test('Options:[rbind ro]}]: operation not permitted (moby/buildkit#879): the store is an emptyDir, not the image\'s volume', () => {
    Object.values(ALL).forEach((builds) => expect(kubernetes(builds).volumes.empty_dir[0].mount_path).toMatch(/^(\/home\/user\/\.local\/share\/buildkit|\/var\/lib\/(buildkit|docker))$/));
  });

  test('mount proc:/proc, flags: 0xe: operation not permitted: steps share the daemon\'s /proc, as that of the pod is masked', () => {
    expect(kubernetes(ROOTLESS).services[0].command).toContain('--oci-worker-no-process-sandbox');
  });

  test('Cannot connect to the Docker daemon at tcp://docker:2375: TLS is on, on the port of TLS, and the job waits for it', () => {
    const made = runner(building(DOCKER));
    expect(made.environment).toContain('DOCKER_HOST=tcp://docker:2376');
    expect(made.kubernetes.services[0].environment).toContain('HEALTHCHECK_TCP_PORT=2376');
  });

  test('fork/exec /proc/self/exe: permission denied: kernel.apparmor_restrict_unprivileged_userns of Ubuntu 24.04', () => {
    expect(() => onPool(ROOTLESS, {})).toThrow('imageBuilds: Ubuntu 24.04, which the nodes of the pool builds have, lets no ordinary user make user namespaces, '
      + 'got "RunnerImageBuilds.rootlessBuildkit()"; give a nodePool with osSku "AzureLinux", or use RunnerImageBuilds.userNamespace() (at Test/Runner)');
  });

  test('can\'t set spec.hostUsers: false, runtime does not support user namespaces: Kubernetes before 1.33, which no cluster here can have', () => {
    expect(() => KubernetesVersion.of('1.32')).toThrow(new Error('version: AKS support for versions before 1.35 ends on 2026-11-30, got "1.32"; '
      + 'give 1.35, 1.36, 1.37 or newer (at KubernetesVersion.of)'));
  });
});

describe('nodes', () => {
  test('of Azure Linux take rootless BuildKit, and those of both systems the other ways', () => {
    expect(() => onPool(ROOTLESS, { osSku: 'AzureLinux' })).not.toThrow();
    for (const builds of [IN_NAMESPACE, DOCKER]) {
      expect(() => onPool(builds, {})).not.toThrow();
      expect(() => onPool(builds, { osSku: 'AzureLinux' })).not.toThrow();
    }
  });

  test('of Ubuntu 22.04 are the other way round than those of 24.04', () => {
    expect(() => onPool(ROOTLESS, { osSku: 'Ubuntu2204' })).not.toThrow();
    expect(() => onPool(IN_NAMESPACE, { osSku: 'Ubuntu2204' })).toThrow(new Error('imageBuilds: pods on Ubuntu 22.04 have no user namespaces, got "RunnerImageBuilds.userNamespace()"; '
      + 'use RunnerImageBuilds.rootlessBuildkit() there, or give a nodePool with another osSku (at Test/Runner)'));
    expect(() => onPool(ROOTLESS, { osSku: 'Ubuntu2404' })).toThrow('imageBuilds: Ubuntu 24.04, which the nodes of the pool builds have');
    expect(() => onPool(ROOTLESS, { osSku: 'AzureLinux3' })).not.toThrow();
    expect(() => onPool(IN_NAMESPACE, { osSku: 'Ubuntu2404' })).not.toThrow();
  });

  test('of which pods are virtual machines take no user namespaces, unless the runner has its pods without them', () => {
    const sandboxed = { podSandboxingEnabled: true, vmSize: 'Standard_D8s_v5' };
    expect(() => onPool(IN_NAMESPACE, sandboxed)).toThrow(new Error('imageBuilds: pods on the pool builds are virtual machines, which have no user namespaces, '
      + 'got "RunnerImageBuilds.userNamespace()"; use RunnerImageBuilds.docker() there, or give another nodePool (at Test/Runner)'));
    expect(() => onPool(IN_NAMESPACE, sandboxed, { kubernetesSettings: { runtime_class_name: '' } })).not.toThrow();
    expect(config(onPool(DOCKER, sandboxed).chart).runners[0].kubernetes.runtime_class_name).toBe('kata-vm-isolation');
    expect(() => onPool(ROOTLESS, sandboxed)).not.toThrow();
    expect(() => onPool(IN_NAMESPACE, {}).addRunner('More', { token: RunnerToken.kubernetesSecret('more'), imageBuilds: IN_NAMESPACE, nodePool: importedSandboxed() }))
      .toThrow('imageBuilds: pods on the pool old are virtual machines');
  });

  test('with Arm64 or GPUs build images as others do', () => {
    for (const builds of Object.values(ALL)) {
      const arm = config(onPool(builds, { vmSize: 'Standard_D4ps_v6', osSku: 'AzureLinux', minCount: 1 }).chart).runners[0].kubernetes;
      expect(arm.node_selector).toMatchObject({ 'kubernetes.io/arch': 'arm64' });
      expect(arm.services).toHaveLength(1);
    }
    expect(config(onPool(DOCKER, { gpu: true, vmSize: 'Standard_NC4as_T4_v3' }, { gpus: 1 }).chart).runners[0].kubernetes.node_tolerations).toEqual({ 'sku=gpu': 'NoSchedule' });
  });

  test('of the cluster\'s own pool for jobs are looked at too, and so are those of a runner that is added', () => {
    const stack = newStack();
    const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
    expect(() => joined(stack, cluster, ROOTLESS, {})).toThrow('imageBuilds: Ubuntu 24.04, which the nodes of the pool jobs have');
    const made = onPool(IN_NAMESPACE, {});
    expect(() => made.addRunner('rootless', { token: RunnerToken.kubernetesSecret('other'), imageBuilds: ROOTLESS }))
      .toThrow('imageBuilds: Ubuntu 24.04, which the nodes of the pool jobs have');
  });

  test('that exist are looked at where it is told what they are', () => {
    const existing = (attributes: object, more: object = {}) => {
      const stack = newStack();
      const cluster = AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'c', resourceGroupName: 'g' });
      return joined(stack, cluster, ROOTLESS, { nodePool: AksNodePool.fromAksNodePoolAttributes(stack, 'Pool', { nodePoolName: 'old', ...attributes }), ...more });
    };
    expect(() => existing({ osSku: 'Ubuntu' })).toThrow('imageBuilds: Ubuntu 24.04, which the nodes of the pool old have');
    expect(() => existing({}, { nodeSelector: { 'kubernetes.azure.com/os-sku': 'Ubuntu' } })).toThrow('imageBuilds: Ubuntu 24.04');
    expect(() => existing({})).not.toThrow();
    expect(() => existing({ osSku: 'AzureLinux' })).not.toThrow();
  });
});

describe('fails when', () => {
  const at = '(at ci)';
  test.each<[string, Partial<GitLabRunnerChartProps>, string]>([
    ['something else is given', { imageBuilds: 'docker' as any },
      `imageBuilds: not a RunnerImageBuilds, got "docker"; give RunnerImageBuilds.rootlessBuildkit(), userNamespace() or docker() ${at}`],
    ['all containers are privileged', { imageBuilds: ROOTLESS, privileged: true },
      `privileged: would hold for all containers of each job, while RunnerImageBuilds.rootlessBuildkit() gives its daemon alone what it needs, got true; leave it out ${at}`],
    ['the daemon\'s rights are set', { imageBuilds: ROOTLESS, kubernetesSettings: { service_container_security_context: { run_as_user: 5 } } },
      'kubernetesSettings.service_container_security_context: set by RunnerImageBuilds.rootlessBuildkit(), got {"run_as_user":5}; leave it out, or imageBuilds '
        + at],
    ['its address is set', { imageBuilds: DOCKER, environment: { DOCKER_HOST: 'tcp://docker:2375' } },
      `environment.DOCKER_HOST: set by RunnerImageBuilds.docker(), got "tcp://docker:2375"; leave it out ${at}`],
    ['another Docker is a service', { imageBuilds: DOCKER, kubernetesSettings: { services: [{ name: 'postgres:17', alias: 'db' }, { name: 'docker:29-dind' }] } },
      `kubernetesSettings.services[1]: called "docker" by jobs, like the daemon of RunnerImageBuilds.docker(), got "docker:29-dind"; leave it out, or imageBuilds ${at}`],
    ['a service has its alias', { imageBuilds: ROOTLESS, kubernetesSettings: { services: [{ name: 'registry.example.com:5000/buildkit:1', alias: 'builder,buildkitd' }] } },
      'kubernetesSettings.services[0]: called "buildkitd" by jobs, like the daemon of RunnerImageBuilds.rootlessBuildkit(), got "registry.example.com:5000/buildkit:1"; '
        + `leave it out, or imageBuilds ${at}`],
    ['a volume is at its store', { imageBuilds: DOCKER, volumes: [RunnerVolume.emptyDir('a', '/a'), RunnerVolume.emptyDir('b', '/var/lib/docker')] },
      `volumes[1]: RunnerImageBuilds.docker() mounts a volume docker at /var/lib/docker, got "b"; take another name and path ${at}`],
    ['a volume has its name', { imageBuilds: IN_NAMESPACE, volumes: [RunnerVolume.emptyDir('buildkit', '/a')] },
      `volumes[0]: RunnerImageBuilds.userNamespace() mounts a volume buildkit at /var/lib/buildkit, got "buildkit"; take another name and path ${at}`],
    ['pods are virtual machines, which have no user namespaces', { imageBuilds: IN_NAMESPACE, kubernetesSettings: { runtime_class_name: 'kata-vm-isolation' } },
      'kubernetesSettings.runtime_class_name: virtual machines have no user namespaces, which RunnerImageBuilds.userNamespace() needs, got "kata-vm-isolation"; '
        + `leave it out, or use RunnerImageBuilds.docker() ${at}`],
    ['a job has GPUs in a user namespace (NVIDIA/nvidia-container-toolkit#648)', { imageBuilds: IN_NAMESPACE, gpus: 1 },
      'gpus: NVIDIA\'s driver has no rights to set up a container in the user namespace of RunnerImageBuilds.userNamespace(), got 1; leave it out, or imageBuilds '
        + at],
    ['a user namespace would have to map an NFS server\'s users', { imageBuilds: IN_NAMESPACE, volumes: [RunnerVolume.nfs('reports', '/reports', '10.20.0.9', '/reports')] },
      'volumes[0]: a network share, whose owners cannot be mapped into the user namespace of RunnerImageBuilds.userNamespace(), got "reports"; '
        + `leave it out, or use RunnerImageBuilds.rootlessBuildkit() ${at}`],
    ['a user namespace would have to map Azure Files\'', { imageBuilds: IN_NAMESPACE, volumes: [RunnerVolume.csi('files', '/files', 'file.csi.azure.com', { shareName: 'x' })] },
      'volumes[0]: a network share, whose owners cannot be mapped into the user namespace of RunnerImageBuilds.userNamespace(), got "files"; '
        + `leave it out, or use RunnerImageBuilds.rootlessBuildkit() ${at}`],
    ['a user is beyond a user namespace', { imageBuilds: IN_NAMESPACE, podSecurityContext: { runAsUser: 100_000 } },
      'podSecurityContext.runAsUser: not in the user namespace of RunnerImageBuilds.userNamespace(), whose ids end at 65535, got 100000; take a smaller one ' + at],
    ['one of some groups is', { imageBuilds: IN_NAMESPACE, podSecurityContext: { supplementalGroups: [2000, 70_000] } },
      'podSecurityContext.supplementalGroups: not in the user namespace of RunnerImageBuilds.userNamespace(), whose ids end at 65535, got 70000; take a smaller one ' + at],
    ['a container\'s user is', { imageBuilds: IN_NAMESPACE, kubernetesSettings: { build_container_security_context: { run_as_user: 65_536 } } },
      'kubernetesSettings.build_container_security_context.run_as_user: not in the user namespace of RunnerImageBuilds.userNamespace(), whose ids end at 65535, '
        + `got 65536; take a smaller one ${at}`],
    ['the runner knows no profiles', { imageBuilds: ROOTLESS, runnerVersion: GitLabVersion.minor('18.10') },
      'imageBuilds: needs profiles of seccomp and AppArmor that are not known to runner 18.10, got "RunnerImageBuilds.rootlessBuildkit()"; take runner 18.11 or later '
        + at],
    ['patches are off', { imageBuilds: IN_NAMESPACE, featureFlags: { FF_USE_ADVANCED_POD_SPEC_CONFIGURATION: false } },
      `featureFlags.FF_USE_ADVANCED_POD_SPEC_CONFIGURATION: off, so that the runner would ignore pod_spec, got false; leave it out, or what needs pod_spec ${at}`],
  ])('%s', (_, props, message) => {
    expect(() => newChart(props)).toThrow(new Error(message));
  });

  test('an image or a size is none', () => {
    expect(() => RunnerImageBuilds.docker('Docker:dind')).toThrow(
      new Error('image: an image\'s name has no upper-case letters, got "Docker:dind"; write "docker" (at RunnerImageBuilds.docker)'));
    expect(() => RunnerImageBuilds.userNamespace(undefined, '20 GB')).toThrow(
      new Error('storageSizeLimit: not a valid value, got "20 GB"; give a positive quantity such as "500Mi" or "2Gi" (at RunnerImageBuilds.userNamespace)'));
  });
});

test('Docker needs no profiles, so that older runners take it', () => {
  expect(kubernetes(DOCKER, { runnerVersion: GitLabVersion.minor('18.5') }).services).toHaveLength(1);
});

test('jobs push without a secret: their account has the role', () => {
  const made = onPool(IN_NAMESPACE, {});
  made.grantJobs('Push', AzureRole.ACR_PUSH, '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/r');
  const roles = Object.values<any>(synth(made.node.scope as any).resource.azurerm_role_assignment);
  expect(roles.map(({ role_definition_name: role, scope }) => [role, scope])).toContainEqual(
    ['AcrPush', '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/r']);
});

test('a chart of its own has the same', () => {
  const chart = new GitLabRunnerChart(new App({ outdir: 'cdk8s.outdir.' }), 'own', {
    gitlabUrl: 'https://gitlab.example.com', token: RunnerToken.kubernetesSecret('t'), imageBuilds: ROOTLESS,
  });
  const { data } = chart.toJson().find(({ kind }) => kind === 'ConfigMap');
  expect((parse(data['config.template.toml']) as any).runners[0].kubernetes.services).toHaveLength(1);
});
