import { Fn, TerraformVariable } from 'cdktf';
import { AksCluster, AksNodePool, AksNodePoolOptions, ApiServerAccess, AzureSubnet, KubernetesVersion, PrivateEndpoints } from '../../src';
import { newStack, resources, synth } from '../synth';
import { clusterOf, make } from './made';

const add = (options: AksNodePoolOptions) => {
  const { stack, cluster } = make({ jobNodePoolEnabled: false });
  cluster.addNodePool('Pool', options);
  return Object.values<any>(resources(synth(stack), 'azurerm_kubernetes_cluster_node_pool'))[0];
};

describe('AKS takes', () => {
  // Azure/AKS#2866 has AKS's own words on prefixes.
  test.each(['node.kubernetes.io/exclude-from-external-load-balancers', 'kubelet.kubernetes.io/team', 'team.node.kubernetes.io/a', 'example.com/agentpool', 'accelerator'])(
    'the label %s', (label) => expect(add({ nodeLabels: { [label]: 'true' } }).node_labels).toMatchObject({ [label]: 'true' }));

  test.each([
    [['app=a:NoSchedule', 'app=a:NoExecute', 'app=b:PreferNoSchedule']], [['node.cilium.io/agent-not-ready=true:NoExecute']], [['a=:NoSchedule', 'b=:NoSchedule']],
  ])('the taints %j', (nodeTaints) => expect(add({ nodeTaints }).node_taints).toEqual(nodeTaints));

  test.each(['Standard_B2s', 'Standard_G1', 'Standard_A2_v2', 'Standard_E4-2s_v5', 'Standard_NC4as_T4_v3', 'Standard_NV6ads_A10_v5', 'Standard_ND40rs_v2', 'Standard_D2plds_v5'])(
    'nodes of %s', (vmSize) => expect(add({ vmSize }).vm_size).toBe(vmSize));

  test.each(['Ubuntu2204', 'Ubuntu2404', 'AzureLinux3'])('nodes of %s', (osSku) => expect(add({ osSku }).os_sku).toBe(osSku));

  test('a system pool of 2 vCPUs and 4 GiB', () => {
    expect(clusterOf({ systemNodePool: { vmSize: 'Standard_F2as_v6' } }).default_node_pool.vm_size).toBe('Standard_F2as_v6');
    expect(clusterOf({ systemNodePool: { vmSize: 'Standard_D2ls_v5' } }).default_node_pool.vm_size).toBe('Standard_D2ls_v5');
  });
});

describe('AKS refuses, so that', () => {
  const reserved = (label: string) => `nodeLabels["${label}"]: AKS reserves this label, got "${label}"; use a prefix of your own`;
  const small = (size: string) => `vmSize: AKS takes no nodes with fewer than 2 vCPUs, got "${size}"; give a larger size such as "Standard_D2s_v5"`;
  const retired = (size: string, successor: string) => `vmSize: Azure has taken it out of service, got "${size}"; give a size such as "${successor}"`;

  test.each([
    ...['agentpool', 'node.kubernetes.io/instance-type', 'node-restriction.kubernetes.io/a', 'node-role.kubernetes.io/ci', 'topology.kubernetes.io/zone', 'kubernetes.io/a', 'k8s.io/a',
      'x.kubernetes.azure.com/a'].map((label): [AksNodePoolOptions, string] => [{ nodeLabels: { [label]: 'a' } }, reserved(label)]),
    // Azure/AKS#1412: such nodes never became ready.
    [{ nodeTaints: ['app=a:NoSchedule', 'x=y:NoSchedule', 'app=b:NoSchedule'] }, 'nodeTaints[2]: has the key and the effect of "app=a:NoSchedule", got "app=b:NoSchedule"; give one of the two, or another key'],
    ...['scalesetpriority=x', 'mode=ci'].map((one): [AksNodePoolOptions, string] => [{ spot: true, nodeTaints: [`kubernetes.azure.com/${one}:NoSchedule`] },
      `nodeTaints[0]: AKS reserves taints of this prefix, got "kubernetes.azure.com/${one}:NoSchedule"; use a prefix of your own`]),
    [{ gpu: true, vmSize: 'Standard_NC4as_T4_v3', nodeTaints: ['sku=big:NoSchedule'] }, 'nodeTaints[0]: has the key and the effect of "sku=gpu:NoSchedule", got "sku=big:NoSchedule"; '
      + 'give one of the two, or another key'],
    ...['Standard_B1ms', 'Standard_DS1_v2', 'Standard_F1s', 'Standard_A1_v2', 'Standard_DC1s_v3'].map((size): [AksNodePoolOptions, string] => [{ vmSize: size }, small(size)]),
    [{ vmSize: 'Standard_B2ts_v2' }, 'vmSize: AKS takes no nodes with less than 2 GiB of memory, got "Standard_B2ts_v2"; give a larger size such as "Standard_D2s_v5"'],
    [{ vmSize: 'Standard_NC6s_v3' }, retired('Standard_NC6s_v3', 'Standard_NC4as_T4_v3')],
    [{ vmSize: 'Standard_NV4as_v4', gpu: true }, retired('Standard_NV4as_v4', 'Standard_NV6ads_A10_v5')],
    [{ vmSize: 'Standard_ND6s' }, retired('Standard_ND6s', 'Standard_NC24ads_A100_v4')],
    [{ vmSize: 'Standard_A4' }, retired('Standard_A4', 'Standard_D4s_v5')],
    [{ nodePoolName: 'system' }, 'nodePoolName: the name of the cluster\'s system pool, got "system"; give another'],
  ])('%j is told', (options, message) => {
    expect(() => add(options)).toThrow(new Error(`${message} (at Test/Cluster/Pool)`));
  });

  test.each([['Ubuntu2204', KubernetesVersion.V1_37, '1.36'], ['Ubuntu2404', KubernetesVersion.of('1.39'), '1.38']])('%s is not with newer versions of Kubernetes', (osSku, kubernetesVersion, last) => {
    expect(() => make({ kubernetesVersion, jobNodePool: { osSku } })).toThrow(new Error(`osSku: AKS has it up to Kubernetes ${last}, and the cluster has ${kubernetesVersion.version}, `
      + `got "${osSku}"; give "Ubuntu", or leave it out (at Test/Cluster/Jobs)`));
    expect(() => make({ kubernetesVersion: KubernetesVersion.of(last), jobNodePool: { osSku } })).not.toThrow();
  });

  test.each(['Windows2022', 'CBLMariner', 'AzureLinuxOSGuard'])('nodes have no %s', (osSku) => {
    expect(() => add({ osSku })).toThrow(new Error(`osSku: not a valid value, got "${osSku}"; give "Ubuntu" or "AzureLinux", or one version of it such as "Ubuntu2404" (at Test/Cluster/Pool)`));
  });

  test('a system pool has a little more', () => {
    expect(() => make({ systemNodePool: { vmSize: 'Standard_DS1_v2' } })).toThrow(new Error('systemNodePool.vmSize: AKS takes no nodes with fewer than 2 vCPUs in a system pool, '
      + 'got "Standard_DS1_v2"; give a larger size such as "Standard_D2s_v5" (at Test/Cluster)'));
    expect(() => make({ systemNodePool: { nodeLabels: { agentpool: 'a' } } })).toThrow(new Error(
      'systemNodePool.nodeLabels["agentpool"]: AKS reserves this label, got "agentpool"; use a prefix of your own (at Test/Cluster)'));
  });

  test('what jobs tolerate is what a node can have', () => {
    expect(() => AksNodePool.fromAksNodePoolAttributes(newStack(), 'Pool', { nodePoolName: 'ci', nodeTaints: ['a=b:NoSchedule', 'a=c:NoSchedule'] })).toThrow(new Error(
      'nodeTaints[1]: has the key and the effect of "a=b:NoSchedule", got "a=c:NoSchedule"; give one of the two, or another key (at Test/Pool)'));
  });

  test('a cluster that exists may have a pool of any name, and references are not looked into', () => {
    const stack = newStack();
    const cluster = AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'a', resourceGroupName: 'b' });
    const text = new TerraformVariable(stack, 'v', {}).stringValue;
    cluster.addNodePool('Pool', { nodePoolName: 'system', vmSize: text, nodeTaints: [text, `${text}:NoSchedule`] });
    cluster.addNodePool('Other', { nodeTaints: Fn.split(',', text) as unknown as string[] });
    expect(Object.keys(resources(synth(stack), 'azurerm_kubernetes_cluster_node_pool'))).toHaveLength(2);
  });

  test.each(['GatewaySubnet', 'gatewaysubnet', 'AzureBastionSubnet', 'AzureFirewallSubnet', 'AzureFirewallManagementSubnet', 'RouteServerSubnet'])('no machine is in a %s', (name) => {
    const id = `/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/${name}`;
    const words = `subnetId: a subnet that Azure keeps for one of its services, got "${id}"; give another subnet of the network`;
    expect(() => AzureSubnet.existing(id)).toThrow(new Error(`${words} (at AzureSubnet.existing)`));
    expect(() => AksCluster.fromAksClusterAttributes(newStack(), 'Cluster', { clusterName: 'a', resourceGroupName: 'b', subnetId: id })).toThrow(new Error(`${words} (at Test/Cluster)`));
    expect(() => PrivateEndpoints.dnsByPolicy(id)).toThrow(new Error(`${words} (at PrivateEndpoints.dnsByPolicy)`));
    expect(() => PrivateEndpoints.dnsZones(id, id)).toThrow(new Error(`${words} (at PrivateEndpoints.dnsZones)`));
    expect(() => ApiServerAccess.privateEndpoint({ subnetId: id })).toThrow(new Error(`${words} (at ApiServerAccess.privateEndpoint)`));
  });

  test('a taint of AKS\'s own may be on a pool that exists, and that of Spot nodes on any', () => {
    expect(() => AksNodePool.fromAksNodePoolAttributes(newStack(), 'Pool', { nodePoolName: 'ci', nodeTaints: ['kubernetes.azure.com/mode=ci:NoSchedule'] })).not.toThrow();
    expect(() => make({ jobNodePool: { nodeTaints: ['kubernetes.azure.com/scalesetpriority=spot:NoSchedule'] } })).not.toThrow();
  });
});
