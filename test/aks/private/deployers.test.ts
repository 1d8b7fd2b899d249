import { AksClusterProps, AzureResourceGroup, ManifestDelivery } from '../../../src';
import { resource, resources, synth, warnings } from '../../synth';
import { ADMIN_ROLE, OTHER, SOMEBODY, make, roles } from '../made';

describe('who may do what', () => {
  test('named deployers get their role on our own group, before the cluster', () => {
    const { stack, cluster } = make({ deployerObjectIds: [SOMEBODY, OTHER] });
    const json = synth(stack);
    expect(roles(json).filter((role) => role.startsWith(ADMIN_ROLE))).toEqual([
      `${ADMIN_ROLE}: \${azurerm_resource_group.Cluster_ResourceGroup_CFE37354.id} <- ${SOMEBODY}`,
      `${ADMIN_ROLE}: \${azurerm_resource_group.Cluster_ResourceGroup_CFE37354.id} <- ${OTHER}`,
    ]);
    expect(resource(json, 'azurerm_kubernetes_cluster').depends_on.filter((address: string) => address.startsWith('azurerm_role_assignment.'))).toHaveLength(4);
    expect(cluster.ready).toHaveLength(3);
  });

  test('whoever is named first takes over what whoever applied first has, since Azure assigns no role twice', () => {
    const first = Object.keys(resources(synth(make().stack), 'azurerm_role_assignment')).find((name) => name.includes('Deployers'));
    const named = synth(make({ deployerObjectIds: [SOMEBODY, OTHER] }).stack);
    const [somebody] = Object.keys(resources(named, 'azurerm_role_assignment')).filter((name) => name.includes('Deployers'));
    expect(resources(named, 'azurerm_role_assignment')[somebody]).toMatchObject({ principal_id: SOMEBODY });
    expect(named.moved).toEqual([{ from: `azurerm_role_assignment.${first}`, to: `azurerm_role_assignment.${somebody}` }]);
    for (const none of [{}, { deployerObjectIds: [] }]) {
      expect(synth(make(none).stack).moved).toBeUndefined();
    }
  });

  test('in a group that others share, the role is good for the cluster alone, and manifests wait until it has spread', () => {
    const { stack, cluster } = make({ resourceGroup: AzureResourceGroup.existing('shared'), deployerObjectIds: [SOMEBODY] });
    cluster.addManifest('Manifest', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } });
    const json = synth(stack);
    expect(roles(json).filter((role) => role.startsWith(ADMIN_ROLE))).toEqual([
      `${ADMIN_ROLE}: \${azurerm_kubernetes_cluster.Cluster_EB0386A7.id} <- ${SOMEBODY}`,
    ]);
    const [assignment] = Object.keys(resources(json, 'azurerm_role_assignment')).filter((name) => name.includes('Deployers'));
    expect(resource(json, 'time_sleep')).toEqual({
      create_duration: '300s',
      triggers: { assignments: `\${azurerm_role_assignment.${assignment}.id}` },
      depends_on: [`azurerm_role_assignment.${assignment}`],
    });
    expect(json.terraform.required_providers.time).toEqual({ source: 'hashicorp/time', version: '~> 0.12' });
    expect(resource(json, 'helm_release').depends_on).toEqual([
      'azurerm_kubernetes_cluster.Cluster_EB0386A7', 'time_sleep.Cluster_Deployers_SpreadingTime_12751C22',
    ]);
    expect(resources(json, 'azurerm_resource_group')).toEqual({});
  });

  test('nobody gets a role where none is wanted', () => {
    const admins = (props: Partial<AksClusterProps>) => roles(synth(make(props).stack)).filter((role) => role.startsWith(ADMIN_ROLE));
    expect(admins({ deployerObjectIds: [] })).toEqual([]);
    expect(admins({ resourceGroup: AzureResourceGroup.existing('shared'), deployerObjectIds: [] })).toEqual([]);
    expect(admins({ manifestDelivery: ManifestDelivery.files() })).toEqual([]);
  });

  test('administrators and users are good for the cluster alone', () => {
    const { stack, cluster } = make({ administratorObjectIds: [SOMEBODY], deployerObjectIds: [] });
    cluster.grantClusterAdmin('Ops', OTHER);
    cluster.grantClusterUser('Devs', OTHER);
    expect(roles(synth(stack)).filter((role) => role.startsWith('Azure Kubernetes'))).toEqual([
      `Azure Kubernetes Service Cluster User Role: \${azurerm_kubernetes_cluster.Cluster_EB0386A7.id} <- ${OTHER}`,
      `${ADMIN_ROLE}: \${azurerm_kubernetes_cluster.Cluster_EB0386A7.id} <- ${SOMEBODY}`,
      `${ADMIN_ROLE}: \${azurerm_kubernetes_cluster.Cluster_EB0386A7.id} <- ${OTHER}`,
    ]);
  });

  test('the nodes may pull from an attached registry', () => {
    const { stack, cluster } = make();
    cluster.attachAcr('Registry', '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/r');
    expect(roles(synth(stack))).toContain('AcrPull: /subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/r <- '
      + '${azurerm_kubernetes_cluster.Cluster_EB0386A7.kubelet_identity[0].object_id}');
  });

  test('a role that could be assigned twice is warned of', () => {
    expect(warnings(make({ resourceGroup: AzureResourceGroup.existing('shared'), administratorObjectIds: [SOMEBODY] }).stack)).toEqual([
      'Test/Cluster: deployerObjectIds: the deployer gets the administrators\' role on the cluster, and Azure refuses to assign it '
      + 'twice if the deployer is one of administratorObjectIds; name them here',
    ]);
  });

  test('fails when a grant names nobody', () => {
    const { cluster } = make();
    expect(() => cluster.grantClusterAdmin('X', 'me')).toThrow(new Error(
      'objectId: not a valid value, got "me"; give a UUID such as "00000000-0000-0000-0000-000000000000" (at Test/Cluster)'));
    expect(() => cluster.attachAcr('X', 'registry.azurecr.io')).toThrow(new Error(
      'registryId: not a valid value, got "registry.azurecr.io"; give the ARM id of a Microsoft.ContainerRegistry/registries (at Test/Cluster)'));
  });
});
