import { AksCluster, AksNodePool, JoinedRunnerOptions, KubernetesGitLabRunner, RunnerImageBuilds, SelfHostedGitLab } from '../../../src';
import { newStack } from '../../synth';
import { config, joinExisting, LOCATION } from '../joined';

test('jobs on a pool with virtual machines for pods ask for one, unless the settings say otherwise', () => {
  const stack = newStack();
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION });
  const cluster = new AksCluster(stack, 'Cluster', { location: LOCATION });
  const nodePool = cluster.addNodePool('Sandboxed', { podSandboxingEnabled: true });
  const runner = new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, nodePool });
  const attributes = { nodePoolName: 'old', podSandboxingEnabled: true };
  runner.addRunner('Imported', { nodePool: AksNodePool.fromAksNodePoolAttributes(stack, 'Old', attributes) });
  runner.addRunner('Own', { nodePool, kubernetesSettings: { runtime_class_name: 'gvisor' } });
  runner.addRunner('None', { nodePool, kubernetesSettings: { runtime_class_name: '' } });
  runner.addRunner('Plain', {});
  expect(config(runner).runners.map((one: any) => one.kubernetes.runtime_class_name)).toEqual(['kata-vm-isolation', 'kata-vm-isolation', 'gvisor', '', undefined]);
});

test('jobs in virtual machines have memory limits, by which their machines are made', () => {
  const stack = newStack();
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION });
  const cluster = new AksCluster(stack, 'Cluster', { location: LOCATION });
  const nodePool = cluster.addNodePool('Sandboxed', { podSandboxingEnabled: true });
  const runner = new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, nodePool, imageBuilds: RunnerImageBuilds.rootlessBuildkit() });
  expect(config(runner).runners[0].kubernetes).toMatchObject({ runtime_class_name: 'kata-vm-isolation', memory_limit: '4Gi', service_memory_limit: '4Gi' });
  const words = 'no limit, and on the pool sandboxed a job\'s virtual machine has only as much memory as the limits of its containers, got ""; '
    + 'leave it to its default, or give what jobs need (at Test/Runner)';
  expect(() => runner.addRunner('Build', { nodePool, buildResources: { memoryLimit: '' } })).toThrow(new Error(`buildResources.memoryLimit: ${words}`));
  expect(() => runner.addRunner('Pod', { nodePool, kubernetesSettings: { pod_memory_request: '2Gi' } })).toThrow(new Error(`buildResources.memoryLimit: ${words}`));
  expect(() => runner.addRunner('Daemon', { nodePool, imageBuilds: RunnerImageBuilds.docker(), serviceResources: { memoryLimit: '0' } })).toThrow(
    new Error(`serviceResources.memoryLimit: ${words}`));
  runner.addRunner('Whole', { nodePool, kubernetesSettings: { pod_memory_limit: '8Gi' } });
  runner.addRunner('Services', { nodePool, serviceResources: { memoryLimit: '' } });
  runner.addRunner('Elsewhere', { buildResources: { memoryLimit: '' } });
  runner.addRunner('Node', { nodePool, buildResources: { memoryLimit: '' }, kubernetesSettings: { runtime_class_name: '' } });
});

test('GPUs are the build container\'s, by a patch with its flag, and those of a pool that has some', () => {
  const stack = newStack();
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION });
  const cluster = new AksCluster(stack, 'Cluster', { location: LOCATION });
  const nodePool = cluster.addNodePool('Gpu', { gpu: true, vmSize: 'Standard_NC8as_T4_v3' });
  const own = { name: 'host', patch_type: 'merge', patch: 'hostname: job' };
  const runner = new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, nodePool, gpus: 2, kubernetesSettings: { pod_spec: [own] } });
  const [first] = config(runner).runners;
  expect(first.feature_flags.FF_USE_ADVANCED_POD_SPEC_CONFIGURATION).toBe(true);
  expect(first.kubernetes.pod_spec).toEqual([{ name: 'gpus', patch: expect.any(String) }, own]);
  expect(JSON.parse(first.kubernetes.pod_spec[0].patch)).toEqual({
    containers: [{ name: 'build', resources: { requests: { 'nvidia.com/gpu': '2' }, limits: { 'nvidia.com/gpu': '2' } } }],
  });
  expect(first.kubernetes.node_tolerations).toEqual({ 'sku=gpu': 'NoSchedule' });
  expect(() => runner.addRunner('Without', { gpus: 1 })).toThrow(new Error(
    'gpus: the machines of the pool jobs have no NVIDIA GPU, got 1; give a nodePool with gpu, or leave it out (at Test/Runner)'));
  expect(() => runner.addRunner('Off', { nodePool, gpus: 1, featureFlags: { FF_USE_ADVANCED_POD_SPEC_CONFIGURATION: false } })).toThrow(
    /^featureFlags\.FF_USE_ADVANCED_POD_SPEC_CONFIGURATION: off, so that the runner would ignore pod_spec/);
  expect(() => runner.addRunner('Half', { nodePool, gpus: 0.5 })).toThrow('gpus: out of range, got 0.5; give a whole number from 1 to 16');
  // of a pool that is there nobody knows.
  expect(config(joinExisting({ gpus: 1 }).runner).runners[0].kubernetes.pod_spec).toHaveLength(1);
});

test.each([
  [{ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/os', operator: 'In', values: ['windows'] }] }] } } } },
    'affinity'],
  [{ kubernetesSettings: { helper_image_flavor: 'servercore21H2' } }, 'kubernetesSettings.helper_image_flavor'],
  [{ kubernetesSettings: { helper_image: 'registry.example.com/gitlab-runner-helper:x86_64-v19.4.0-nanoserver21H2' } }, 'kubernetesSettings.helper_image'],
  [{ nodeSelector: { 'node.kubernetes.io/windows-build': '10.0.20348' } }, 'nodeSelector["node.kubernetes.io/windows-build"]'],
] as [any, string][])('jobs on Windows are refused in the same words: %j', (props, prop) => {
  expect(() => joinExisting(props)).toThrow(new RegExp(`^${prop.replace(/[[\].]/g, '\\$&')}: jobs on Windows are not supported: the network policies of AksCluster are Cilium's, which `
    + 'is for Linux only, got .+; use GitLab\'s own chart for them \\(at Test/Runner\\)$'));
});

describe('a pool of machines with 4 vCPUs and 16 GiB', () => {
  const runnerOf = (options: JoinedRunnerOptions, vmSize = 'Standard_D4s_v5') => {
    const stack = newStack();
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION });
    const cluster = new AksCluster(stack, 'Cluster', { location: LOCATION });
    return new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, nodePool: cluster.addNodePool('Small', { vmSize }), ...options });
  };

  test.each<[string, JoinedRunnerOptions, string]>([
    ['cores for thousandths', { buildResources: { cpuRequest: '500' } },
      'cpuRequest: together with the helper\'s 100m, more than a node of the pool small has, 4 vCPUs, got "500"; lower it ("500m" is half a vCPU), or give the pool a larger vmSize'],
    ['all cores, and none for the helper', { buildResources: { cpuRequest: '4' } }, 'cpuRequest: together with the helper\'s 100m, more than a node of the pool small has, 4 vCPUs, got "4"; '
      + 'lower it ("500m" is half a vCPU), or give the pool a larger vmSize'],
    ['a limit that is the request too', { buildResources: { cpuRequest: '', cpuLimit: '8' } }, 'cpuLimit: together with the helper\'s 100m, more than a node of the pool small has, 4 vCPUs, got "8"; '
      + 'lower it ("500m" is half a vCPU), or give the pool a larger vmSize'],
    ['memory', { buildResources: { memoryRequest: '12Gi' }, helperResources: { memoryRequest: '6Gi' } },
      'memoryRequest: together with the helper\'s 6Gi, more than a node of the pool small has, 16 GiB, got "12Gi"; lower it, or give the pool a larger vmSize'],
  ])('has no room for %s', (_what, options, message) => {
    expect(() => runnerOf(options)).toThrow(new Error(`buildResources.${message} (at Test/Runner)`));
  });

  test.each<[string, JoinedRunnerOptions, string?]>([
    ['what a node has, but for the helper', { buildResources: { cpuRequest: '3900m', memoryRequest: '15Gi' } }],
    ['a limit beyond it, as long as the request is not', { buildResources: { cpuLimit: '8', memoryLimit: '32Gi' } }],
    ['what jobs may lower', { buildResources: { cpuRequest: '8' }, kubernetesSettings: { cpu_request_overwrite_max_allowed: '8' } }],
    ['a patch that may lower it', { buildResources: { cpuRequest: '8' }, kubernetesSettings: { pod_spec: [{ name: 'own', patch: 'priority: 1' }] } }],
    ['larger machines', { buildResources: { cpuRequest: '8', memoryRequest: '64Gi' } }, 'Standard_E16s_v5'],
    ['machines whose size nobody knows', { buildResources: { cpuRequest: '200' } }, 'Standard_M64s'],
  ])('takes %s', (...[, options, size]) => {
    expect(config(runnerOf(options, size)).runners).toHaveLength(1);
  });
});
