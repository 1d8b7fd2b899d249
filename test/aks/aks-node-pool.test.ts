import { TerraformVariable } from 'cdktf';
import { AksCluster, AksNodePool, AksNodePoolOptions, KubernetesVersion } from '../../src';
import * as fc from '../fast-check';
import { newStack, resources, synth, warnings } from '../synth';

function pool(options?: AksNodePoolOptions, id = 'Pool') {
  const stack = newStack();
  const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral', jobNodePoolEnabled: false });
  const made = cluster.addNodePool(id, options);
  return { stack, made, json: () => Object.values(resources(synth(stack), 'azurerm_kubernetes_cluster_node_pool'))[0] };
}

test('a spot pool has AKS\'s label and taint, so that a plan finds no difference, and drain settings without a surge', () => {
  const { made, json } = pool({ spot: true, nodeTaints: ['team=ci:NoExecute'], nodeLabels: { team: 'ci' } });
  expect(json()).toMatchObject({
    priority: 'Spot',
    eviction_policy: 'Delete',
    spot_max_price: -1,
    node_labels: { 'team': 'ci', 'kubernetes.azure.com/scalesetpriority': 'spot', 'cdktf-azure-gitlab/node-pool': 'pool' },
    node_taints: ['kubernetes.azure.com/scalesetpriority=spot:NoSchedule', 'team=ci:NoExecute'],
    upgrade_settings: { drain_timeout_in_minutes: 120, undrainable_node_behavior: 'Cordon' },
  });
  expect(json().upgrade_settings).not.toHaveProperty('max_surge');
  expect(made.nodeTaints).toEqual(['kubernetes.azure.com/scalesetpriority=spot:NoSchedule', 'team=ci:NoExecute']);
});

test('a fixed number of nodes is not left to the autoscaler', () => {
  const json = pool({ nodeCount: 3 }).json();
  expect(json).toMatchObject({ auto_scaling_enabled: false, node_count: 3 });
  for (const argument of ['min_count', 'max_count', 'lifecycle', 'priority', 'eviction_policy', 'spot_max_price']) {
    expect(json).not.toHaveProperty(argument);
  }
});

test('bounds, shape and upgrades as told', () => {
  expect(pool({
    nodePoolName: 'ci', vmSize: 'Standard_D8ds_v5', minCount: 7, osDiskSizeGb: 200, ephemeralOsDiskEnabled: true, maxPods: 30,
    zones: ['1', '3'], drainTimeoutMinutes: 240, undrainableNodesCordoned: false, maxSurge: '2',
  }).json()).toMatchObject({
    name: 'ci', vm_size: 'Standard_D8ds_v5', min_count: 7, max_count: 7, node_count: 7, os_disk_size_gb: 200, os_disk_type: 'Ephemeral', max_pods: 30,
    zones: ['1', '3'], upgrade_settings: { max_surge: '2', drain_timeout_in_minutes: 240, undrainable_node_behavior: 'Schedule' },
    lifecycle: { ignore_changes: ['node_count'] },
  });
});

test('a pool\'s operating system is Ubuntu, or the one that is given, and the pool says which', () => {
  expect([pool().json().os_sku, pool({ osSku: 'AzureLinux' }).json().os_sku]).toEqual(['Ubuntu', 'AzureLinux']);
  expect([pool().made.osSku, pool({ osSku: 'AzureLinux' }).made.osSku]).toEqual(['Ubuntu', 'AzureLinux']);
  expect(() => pool({ osSku: 'azurelinux' })).toThrow(
    new Error('osSku: not a valid value, got "azurelinux"; give "Ubuntu" or "AzureLinux", or one version of it such as "Ubuntu2404" (at Test/Cluster/Pool)'));
});

test('the most nodes follow the fewest, where only the apply knows those too', () => {
  const stack = newStack();
  const cluster = AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'a', resourceGroupName: 'b' });
  cluster.addNodePool('Pool', { minCount: new TerraformVariable(stack, 'least', { type: 'number' }).numberValue });
  expect(Object.values(resources(synth(stack), 'azurerm_kubernetes_cluster_node_pool'))[0])
    .toMatchObject({ node_count: '${var.least}', min_count: '${var.least}', max_count: '${max(5, var.least)}' });
});

test('a size that Azure retires is warned of, once', () => {
  const { stack } = pool({ vmSize: 'Standard_DS3_v2' });
  expect(warnings(stack)).toEqual(['Test/Cluster/Pool: vmSize: Azure retires Standard_DS3_v2 on 2028-05-01 and closes it to new subscriptions before; '
    + 'choose one such as "Standard_D4s_v5"']);
});

test('the drain settings of every pool stay whatever else is set: without them AKS would replace the pool', () => {
  fc.assert(fc.property(fc.boolean(), fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }), (spot, nodeCount) => {
    expect(pool({ spot, nodeCount }).json().upgrade_settings).toMatchObject({ drain_timeout_in_minutes: 120, undrainable_node_behavior: 'Cordon' });
  }), { numRuns: 10 });
});

test('names come from the id, with a digest where another pool of the cluster could come to the same', () => {
  expect(pool({}, 'Gpu2').made.nodePoolName).toBe('gpu2');
  expect(pool({}, 'System').made.nodePoolName).toMatch(/^stem[0-9a-f]{8}$/);
  expect(pool({}, 'Linux-Build-Nodes').made.nodePoolName).toMatch(/^odes[0-9a-f]{8}$/);
  expect(pool({}, '2nd').made.nodePoolName).toMatch(/^nd[0-9a-f]{8}$/);
  expect(pool({}, '日本').made.nodePoolName).toMatch(/^x[0-9a-f]{8}$/);
});

test('nodes with GPUs keep others away, and have NVIDIA\'s device plugin', () => {
  const { stack, made, json } = pool({ gpu: true, vmSize: 'Standard_NC4as_T4_v3', spot: true, nodeTaints: ['team=ci:NoSchedule', 'sku=gpu:NoSchedule'] }, 'Gpu');
  expect(made.nodeTaints).toEqual(['kubernetes.azure.com/scalesetpriority=spot:NoSchedule', 'sku=gpu:NoSchedule', 'team=ci:NoSchedule']);
  expect(json()).toMatchObject({ node_taints: made.nodeTaints, os_sku: 'Ubuntu' });
  // another driver than AKS's would replace the pool.
  expect(json()).not.toHaveProperty('gpu_driver');
  const synthesised = synth(stack);
  const [plugin] = Object.values<any>(synthesised.locals).flatMap((local) => local.manifests);
  expect(plugin).toMatchObject({ kind: 'DaemonSet', metadata: { name: 'nvidia-device-plugin-gpu', namespace: 'kube-system' } });
  expect(plugin.spec.template.spec).toMatchObject({
    nodeSelector: { 'cdktf-azure-gitlab/node-pool': 'gpu' }, tolerations: [{ operator: 'Exists' }],
    containers: [{ image: 'nvcr.io/nvidia/k8s-device-plugin:v0.18.0' }], volumes: [{ hostPath: { path: '/var/lib/kubelet/device-plugins' } }],
  });
  expect(Object.values(resources(synthesised, 'helm_release'))[0].depends_on).toContain('azurerm_kubernetes_cluster_node_pool.Cluster_Gpu_978798F7');
});

test('taints that only the apply knows add to the pool\'s own', () => {
  const stack = newStack();
  const cluster = AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'a', resourceGroupName: 'b' });
  const nodeTaints = new TerraformVariable(stack, 'taints', { type: 'list(string)' }).listValue;
  cluster.addNodePool('Pool', { gpu: true, vmSize: 'Standard_NC4as_T4_v3', nodeTaints });
  expect(Object.values(resources(synth(stack), 'azurerm_kubernetes_cluster_node_pool'))[0].node_taints)
    .toBe('${concat(["sku=gpu:NoSchedule"], var.taints)}');
});

test('each pod has a virtual machine of its own, on Azure Linux', () => {
  const { made, json } = pool({ podSandboxingEnabled: true });
  expect(json()).toMatchObject({ workload_runtime: 'KataVmIsolation', os_sku: 'AzureLinux' });
  expect(made.runtimeClassName).toBe('kata-vm-isolation');
  const plain = pool();
  expect(plain.json()).not.toHaveProperty('workload_runtime');
  expect(plain.json().os_sku).toBe('Ubuntu');
  expect(plain.made.runtimeClassName).toBeUndefined();
});

test('an Arm64 pool that cannot start from zero is warned of, others are not', () => {
  const told = (options: AksNodePoolOptions, kubernetesVersion = KubernetesVersion.V1_35) => {
    const stack = newStack();
    new AksCluster(stack, 'Cluster', { location: 'koreacentral', kubernetesVersion, jobNodePool: options });
    return warnings(stack).filter((warning) => warning.includes('Arm64')).length;
  };
  const arm = { vmSize: 'Standard_D4ps_v6' };
  expect(told(arm)).toBe(1);
  expect([told({ ...arm, minCount: 1 }), told({ ...arm, nodeCount: 1 }), told({}), told(arm, KubernetesVersion.V1_36)]).toEqual([0, 0, 0, 0]);
});

test('a disk whose size only the apply knows is not judged', () => {
  const stack = newStack();
  const value = new TerraformVariable(stack, 'v', {});
  const cluster = AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'a', resourceGroupName: 'b' });
  cluster.addNodePool('A', { ephemeralOsDiskEnabled: true, vmSize: value.stringValue, osDiskSizeGb: 2000 });
  cluster.addNodePool('B', { ephemeralOsDiskEnabled: true, vmSize: 'Standard_D2ds_v5', osDiskSizeGb: value.numberValue });
  cluster.addNodePool('C', { ephemeralOsDiskEnabled: true, vmSize: 'Standard_ND96isr_H100_v5' });
  expect(Object.keys(resources(synth(stack), 'azurerm_kubernetes_cluster_node_pool'))).toHaveLength(3);
});

test('a pool may live in another stack than its cluster', () => {
  const stack = newStack();
  const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral', jobNodePoolEnabled: false });
  const other = newStack('Other');
  new AksNodePool(other, 'Pool', AksCluster.fromAksClusterAttributes(other, 'Same', { clusterName: 'a', resourceGroupName: 'b' }));
  expect(Object.keys(resources(synth(other), 'azurerm_kubernetes_cluster_node_pool'))).toHaveLength(1);
  expect(resources(synth(stack), 'azurerm_kubernetes_cluster_node_pool')).toEqual({});
  expect(cluster.jobNodePool).toBeUndefined();
});

describe('fails when', () => {
  test.each([
    [{ nodePoolName: 'CI' }, 'nodePoolName: not a valid value, got "CI"; give a lower-case letter and up to 11 more lower-case letters and digits'],
    [{ vmSize: 'D4s_v5' }, 'vmSize: not a VM size, got "D4s_v5"; give a size such as "Standard_D4s_v5" (az vm list-sizes -o table)'],
    [{ nodeCount: 2, minCount: 1 }, 'nodeCount: a fixed number cannot be combined with bounds for the autoscaler, got 2; give either nodeCount, or minCount and maxCount'],
    [{ nodeCount: 2, maxCount: 3 }, 'nodeCount: a fixed number cannot be combined with bounds for the autoscaler, got 2; give either nodeCount, or minCount and maxCount'],
    [{ nodeCount: 1.5 }, 'nodeCount: out of range, got 1.5; give a whole number from 0 to 1000'],
    [{ minCount: 4, maxCount: 3 }, 'minCount: more than maxCount (3), got 4; lower it, or raise maxCount'],
    [{ maxCount: 0 }, 'maxCount: out of range, got 0; give a whole number from 1 to 1000'],
    [{ osDiskSizeGb: 29 }, 'osDiskSizeGb: out of range, got 29; give a whole number from 30 to 2048'],
    [{ ephemeralOsDiskEnabled: 'Ephemeral' }, 'ephemeralOsDiskEnabled: not true or false, got "Ephemeral"; give true or false'],
    [{ ephemeralOsDiskEnabled: true }, 'ephemeralOsDiskEnabled: Standard_D4s_v5 has no local disk for an ephemeral OS disk, got true; give a size with a local disk such as '
      + '"Standard_D4ds_v5", or leave it out'],
    [{ ephemeralOsDiskEnabled: true, vmSize: 'Standard_D2ds_v5' }, 'osDiskSizeGb: more than the 75 GiB that Standard_D2ds_v5 has for an ephemeral OS disk, got 128; '
      + 'give at most 75, a larger size, or leave ephemeralOsDiskEnabled out'],
    [{ ephemeralOsDiskEnabled: true, vmSize: 'Standard_D4ds_v5', osDiskSizeGb: 151 }, 'osDiskSizeGb: more than the 150 GiB that Standard_D4ds_v5 has for an ephemeral OS disk, '
      + 'got 151; give at most 150, a larger size, or leave ephemeralOsDiskEnabled out'],
    [{ ephemeralOsDiskEnabled: true, vmSize: 'Standard_B2ms' }, 'ephemeralOsDiskEnabled: the local disk of Standard_B2ms has only 16 GiB, got true; give a size with a local disk '
      + 'such as "Standard_D4ds_v5", or leave it out'],
    [{ gpu: true }, 'gpu: Standard_D4s_v5 has no NVIDIA GPU, got true; give a vmSize such as "Standard_NC4as_T4_v3", or leave it out'],
    [{ gpu: true, vmSize: 'Standard_NV12ads_V710_v5' }, 'gpu: Standard_NV12ads_V710_v5 has no NVIDIA GPU, got true; give a vmSize such as "Standard_NC4as_T4_v3", or leave it out'],
    [{ gpu: 'nvidia' }, 'gpu: not true or false, got "nvidia"; give true or false'],
    [{ podSandboxingEnabled: true, vmSize: 'Standard_D4ps_v5' }, 'podSandboxingEnabled: no virtual machines of generation 2 run inside Standard_D4ps_v5, got '
      + 'true; give a vmSize such as "Standard_D4s_v5", or leave it out'],
    [{ podSandboxingEnabled: true, vmSize: 'Standard_NC4as_T4_v3', gpu: true }, 'podSandboxingEnabled: virtual machines of pods do not get the node\'s GPUs, got '
      + 'true; leave it or gpu out'],
    [{ maxPods: 251 }, 'maxPods: out of range, got 251; give a whole number from 10 to 250'],
    [{ zones: ['4'] }, 'zones[0]: not a valid value, got "4"; give "1", "2" or "3"'],
    [{ zones: ['1', '1'] }, 'zones[1]: given twice, got "1"; name it once'],
    [{ zones: '1' }, 'zones: not a list, got "1"; give a list, each item "1", "2" or "3"'],
    [{ nodeLabels: { '-': 'x' } }, 'nodeLabels["-"]: not a valid value, got "-"; give a Kubernetes name such as "team" or "example.com/team"'],
    [{ nodeLabels: { 'kubernetes.azure.com/mode': 'x' } }, 'nodeLabels["kubernetes.azure.com/mode"]: AKS reserves this label, '
      + 'got "kubernetes.azure.com/mode"; use a prefix of your own'],
    [{ nodeLabels: { a: 'b c' } }, 'nodeLabels["a"]: not a valid value, got "b c"; give at most 63 letters, digits, ".", "_" and "-", a letter or '
      + 'digit at both ends'],
    [{ nodeTaints: ['ci'] }, 'nodeTaints[0]: not a valid value, got "ci"; give a taint such as "sku=gpu:NoSchedule"'],
    [{ nodeTaints: ['ci:NoSchedule'] }, 'nodeTaints[0]: a taint without a value, got "ci:NoSchedule"; write it as "key=value:NoSchedule"'],
    [{ nodeTaints: ['ci=1:NoSchedule', 'ci=1:NoSchedule'] }, 'nodeTaints[1]: given twice, got "ci=1:NoSchedule"; name it once'],
    [{ vmsize: 'Standard_D2s_v5' }, 'vmsize: no such prop, got "Standard_D2s_v5"; write vmSize, or leave it out'],
    [{ drainTimeoutMinutes: 1441 }, 'drainTimeoutMinutes: out of range, got 1441; give a whole number from 5 to 1440'],
    [{ drainTimeoutMinutes: 4 }, 'drainTimeoutMinutes: out of range, got 4; give a whole number from 5 to 1440'],
    [{ undrainableNodesCordoned: 'Cordon' }, 'undrainableNodesCordoned: not true or false, got "Cordon"; give true or false'],
    [{ maxSurge: '0' }, 'maxSurge: not a valid value, got "0"; give a number such as "1" or a percentage such as "10%"'],
    [{ spot: true, maxSurge: '1' }, 'maxSurge: spot pools are upgraded without extra nodes, got "1"; leave it or spot out'],
    [{ spot: 'yes' }, 'spot: not true or false, got "yes"; give true or false'],
  ] as [any, string][])('%j', (options, message) => {
    expect(() => pool(options)).toThrow(new Error(`${message} (at Test/Cluster/Pool)`));
  });

  test.each([
    [7, 'options: not an object, got 7; give an object with its props'],
    [['vmSize'], 'options: not an object, got ["vmSize"]; give an object with its props'],
    [new TerraformVariable(newStack(), 'v', {}).value, 'options: known only at apply time, got a reference; write the object here; its values may be '
      + 'references'],
    [{ cluster: 'another' }, 'cluster: no such prop, got "another"; leave it out'],
  ] as [any, string][])('the options are none: %p', (options, message) => {
    expect(() => pool(options)).toThrow(new Error(`${message} (at Test/Cluster/Pool)`));
  });

  test('there is no cluster', () => {
    expect(() => new AksNodePool(newStack(), 'Pool', {} as any)).toThrow(new Error(
      'cluster: not a cluster, got an object; give an AksCluster, or AksCluster.fromAksClusterAttributes(…) (at Test/Pool)'));
    expect(() => new AksNodePool(newStack(), 'Pool', undefined as any)).toThrow(new Error(
      'cluster: missing, got nothing; give an AksCluster, or AksCluster.fromAksClusterAttributes(…) (at Test/Pool)'));
  });

  test('an existing pool has Windows', () => {
    expect(() => AksNodePool.fromAksNodePoolAttributes(newStack(), 'Pool', { nodePoolName: 'win', nodeSelector: { 'kubernetes.io/os': 'windows' } })).toThrow(
      /^nodeSelector\["kubernetes\.io\/os"\]: jobs on Windows are not supported: .+, got "windows"; use GitLab's own chart for them \(at Test\/Pool\)$/);
  });

  test('an existing pool has no possible name', () => {
    expect(() => AksNodePool.fromAksNodePoolAttributes(newStack(), 'Pool', { nodePoolName: '' })).toThrow(new Error(
      'nodePoolName: not a valid value, got ""; give a lower-case letter and up to 11 more lower-case letters and digits (at Test/Pool)'));
  });
});
