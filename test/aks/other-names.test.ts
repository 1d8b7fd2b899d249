import { make } from './made';
import { AksClusterProps } from '../../src';
import { NODE_POOL_OPTIONS, SYSTEM_NODE_POOL } from '../../src/aks/node-pools/node-pool-rules';
import { CLUSTER } from '../../src/aks/private/cluster-rules';
import { OTHER_NAMES_OF_CLUSTER, OTHER_NAMES_OF_POOL, OTHER_NAMES_OF_SYSTEM_POOL } from '../../src/aks/private/other-names';
import { argumentsOf, remedies } from '../azurerm-arguments';

describe('names of azurerm, of its module and of the Azure CLI lead to what there is', () => {
  test.each([
    [{ name: 'x' }, 'name: no such prop, got "x"; write clusterName'],
    [{ vnet_subnet_id: 'x' }, 'vnet_subnet_id: no such prop, got "x"; write subnet: AzureSubnet.existing(…)'],
    [{ rbac_aad_admin_group_object_ids: ['x'] }, 'rbac_aad_admin_group_object_ids: no such prop, got ["x"]; write administratorObjectIds'],
    [{ privateClusterEnabled: true }, 'privateClusterEnabled: no such prop, got true; write apiServerAccess: ApiServerAccess.privateEndpoint()'],
    [{ agents_availability_zones: ['1'] }, 'agents_availability_zones: no such prop, got ["1"]; write systemNodePool: { zones: … }'],
    [{ log_analytics_workspace_enabled: true }, 'log_analytics_workspace_enabled: no such prop, got true; write containerInsightsEnabled and logWorkspace'],
    [{ microsoft_defender_enabled: true }, 'microsoft_defender_enabled: no such prop, got true; write defenderEnabled'],
    [{ attached_acr_id_map: {} }, 'attached_acr_id_map: no such prop, got {}; call attachAcr()'],
    [{ os_disk_size_gb: 60 }, 'os_disk_size_gb: no such prop, got 60; write systemNodePool.osDiskSizeGb or jobNodePool.osDiskSizeGb, or leave it out'],
    [{ only_critical_addons_enabled: true }, 'only_critical_addons_enabled: no such prop, got true; write systemNodePool.onlyCriticalAddonsEnabled, or leave it out'],
    [{ nodePools: [] }, 'nodePools: no such prop, got []; write jobNodePool, or call addNodePool()'],
    [{ systemNodePool: { min_count: 1 } }, 'systemNodePool.min_count: no such prop, got 1; write nodeCount: the autoscaler keeps at least those'],
    [{ systemNodePool: { nodeTaints: ['a=b:NoSchedule'] } }, 'systemNodePool.nodeTaints: no such prop, got ["a=b:NoSchedule"]; write onlyCriticalAddonsEnabled: AKS takes no other taint there'],
    [{ jobNodePool: { priority: 'Spot' } }, 'jobNodePool.priority: no such prop, got "Spot"; write spot'],
    [{ jobNodePool: { osDiskType: 'Ephemeral' } }, 'jobNodePool.osDiskType: no such prop, got "Ephemeral"; write ephemeralOsDiskEnabled'],
    [{ jobNodePool: { fips_enabled: true } }, 'jobNodePool.fips_enabled: no such prop, got true; leave it out, or override the resource: docs/escape-hatches.md'],
    [{ ephemeralOsDiskEnabled: true }, 'ephemeralOsDiskEnabled: no such prop, got true; write systemNodePool.ephemeralOsDiskEnabled or jobNodePool.ephemeralOsDiskEnabled, or leave it out'],
    [{ vmSize: 'Standard_D4s_v5' }, 'vmSize: no such prop, got "Standard_D4s_v5"; write systemNodePool.vmSize or jobNodePool.vmSize, or leave it out'],
  ] as [any, string][])('%j', (props, message) => {
    expect(() => make(props as AksClusterProps)).toThrow(new Error(`${message} (at Test/Cluster)`));
  });

  test('those of a pool that is added too', () => {
    expect(() => make().cluster.addNodePool('Pool', { enable_auto_scaling: true } as any)).toThrow(new Error(
      'enable_auto_scaling: no such prop, got true; write minCount and maxCount, or nodeCount for a fixed number (at Test/Cluster/Pool)'));
  });
});

test.each([
  ['a cluster', OTHER_NAMES_OF_CLUSTER, CLUSTER], ['a pool', OTHER_NAMES_OF_POOL, NODE_POOL_OPTIONS], ['a system pool', OTHER_NAMES_OF_SYSTEM_POOL, SYSTEM_NODE_POOL],
])('none of them is a prop of %s, and each prop that they lead to is one', (_, names, rules) => {
  expect(Object.keys(names).filter((name) => name in rules)).toEqual([]);
  const meant = Object.values(names).flatMap((words) => [.../^write ([\w, ]+?)(:|,? or |$)/.exec(words)?.[1].split(/, | and /) ?? []]);
  expect(meant.length).toBeGreaterThan(3);
  expect(meant.filter((prop) => !(prop in rules))).toEqual([]);
});

/** Adds a pool each time, to one cluster. */
function addPool(): (props: any) => unknown {
  const { cluster } = make();
  let count = 0;
  return (props) => cluster.addNodePool(`Pool${count++}`, props);
}

test.each<[string, string, string, object, (props: any) => unknown, RegExp]>([
  ['a cluster', 'kubernetes-cluster', 'KubernetesClusterConfig', CLUSTER, (props) => make(props), /^(autoScalerProfile|nodeResourceGroup)$/],
  ['a pool', 'kubernetes-cluster-node-pool', 'KubernetesClusterNodePoolConfig', NODE_POOL_OPTIONS, addPool(), /^$/],
  ['a system pool', 'kubernetes-cluster', 'KubernetesClusterDefaultNodePool', SYSTEM_NODE_POOL, (systemNodePool) => make({ systemNodePool }), /^$/],
])('every argument of azurerm for %s is a prop or has an answer', (_, resource, struct, rules, use, near) => {
  const others = argumentsOf(resource, struct).filter((name) => !(name in rules));
  expect(others.length).toBeGreaterThan(20);
  expect(remedies(others, use).filter(([name, remedy]) => remedy === undefined || remedy === 'taken' || remedy === 'leave it out' || /, or leave it out$/.test(remedy) && !near.test(name))).toEqual([]);
});
