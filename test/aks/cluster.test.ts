import { AksCluster, AksNodePool } from '../../src';
import { newStack, resource, synth } from '../synth';
import { SUBNET_ID, roles } from './made';

describe('an existing cluster', () => {
  test('is read by its name, and takes pools, identities and charts', () => {
    const stack = newStack();
    const cluster = AksCluster.fromAksClusterAttributes(stack, 'Cluster', {
      clusterName: 'theirs', resourceGroupName: 'their-rg', subnetId: SUBNET_ID, egressIpAddress: '203.0.113.7',
      jobNodePool: AksNodePool.fromAksNodePoolAttributes(stack, 'Jobs', { nodePoolName: 'ci', nodeTaints: ['ci=true:NoSchedule'] }),
    });
    cluster.addNodePool('More');
    cluster.addWorkloadIdentity('Identity', { namespace: 'ci', serviceAccountName: 'jobs' });
    cluster.addManifest('Manifest', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } });
    cluster.attachAcr('Registry', '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/r');
    const json = synth(stack);
    expect(json.data.azurerm_kubernetes_cluster).toEqual({ Cluster_EB0386A7: { name: 'theirs', resource_group_name: 'their-rg' } });
    expect(resource(json, 'azurerm_kubernetes_cluster_node_pool')).toMatchObject({
      name: 'more', kubernetes_cluster_id: '${data.azurerm_kubernetes_cluster.Cluster_EB0386A7.id}', vnet_subnet_id: SUBNET_ID,
    });
    expect(resource(json, 'azurerm_federated_identity_credential').issuer).toBe('${data.azurerm_kubernetes_cluster.Cluster_EB0386A7.oidc_issuer_url}');
    expect(json.provider.helm[0].kubernetes.host).toBe('${data.azurerm_kubernetes_cluster.Cluster_EB0386A7.kube_config[0].host}');
    expect(resource(json, 'helm_release')).not.toHaveProperty('depends_on');
    expect(cluster.egressIpAddress).toBe('203.0.113.7');
    expect(cluster.jobNodePool?.nodeSelector).toEqual({ 'kubernetes.azure.com/agentpool': 'ci' });
    expect(cluster.jobNodePool?.nodeTaints).toEqual(['ci=true:NoSchedule']);
    expect(roles(json)).toEqual(['AcrPull: /subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/r <- '
      + '${data.azurerm_kubernetes_cluster.Cluster_EB0386A7.kubelet_identity[0].object_id}']);
  });

  const attributes = { clusterName: 'theirs', resourceGroupName: 'their-rg' };
  test.each([
    ['no name', { ...attributes, clusterName: undefined }, 'clusterName: missing, got nothing; give clusterId, or clusterName and resourceGroupName (at Test/Cluster)'],
    ['something else in the pool\'s place', { ...attributes, jobNodePool: { nodePoolName: 'ci' } },
      'jobNodePool: not a node pool, got an object; give an AksNodePool, or AksNodePool.fromAksNodePoolAttributes(…) (at Test/Cluster)'],
    ['an impossible name', { ...attributes, clusterName: '-x' },
      'clusterName: not a valid value, got "-x"; give at most 63 letters, digits, "-" and "_", a letter or digit at both ends (at Test/Cluster)'],
    ['an impossible group', { ...attributes, resourceGroupName: 'a.' },
      'resourceGroupName: not a valid value, got "a."; give at most 90 letters, digits, "-", "_", ".", "(" and ")", '
        + 'without a final "." (at Test/Cluster)'],
    ['an impossible address', { ...attributes, egressIpAddress: '300.0.0.1' },
      'egressIpAddress: not a valid value, got "300.0.0.1"; give an IPv4 address such as "203.0.113.7" (at Test/Cluster)'],
  ] as [string, any, string][])('fails when there is %s', (_, given, message) => {
    expect(() => AksCluster.fromAksClusterAttributes(newStack(), 'Cluster', given)).toThrow(new Error(message));
  });
});
