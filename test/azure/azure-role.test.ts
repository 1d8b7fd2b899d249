import { AksCluster, AzureRole } from '../../src';
import { newStack, resource, synth } from '../synth';

const REGISTRY = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/acme';
const DEFINITION = '/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/00000000-0000-0000-0000-000000000001';

function assigned(role: AzureRole) {
  const stack = newStack();
  const cluster = AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'aks', resourceGroupName: 'g' });
  cluster.addWorkloadIdentity('Identity', { namespace: 'ci', serviceAccountName: 'ci' }).grant('Role', role, REGISTRY);
  return resource(synth(stack), 'azurerm_role_assignment');
}

describe('AzureRole', () => {
  test('assigns a role by its name', () => {
    expect(assigned(AzureRole.ACR_PUSH)).toMatchObject({ role_definition_name: 'AcrPush', scope: REGISTRY });
    expect(assigned(AzureRole.of('Deployers of Acme'))).toMatchObject({ role_definition_name: 'Deployers of Acme' });
  });

  test('assigns a role by the id of its definition', () => {
    const role = assigned(AzureRole.ofDefinition(DEFINITION));
    expect(role).toMatchObject({ role_definition_id: DEFINITION, scope: REGISTRY });
    expect(role).not.toHaveProperty('role_definition_name');
  });

  test('knows the built-in roles by Azure\'s own names', () => {
    const names = Object.entries(AzureRole).filter(([, role]) => role instanceof AzureRole)
      .map(([key, role]) => [key, role._definition.roleDefinitionName]);
    const spelt = (name: string) => name.replace('Azure Kubernetes Service', 'Aks').replace(/ Role$/, '')
      .replace(/([a-z])([A-Z])/g, '$1 $2').replace(/ /g, '_').toUpperCase();
    expect(names.length).toBeGreaterThan(10);
    expect(names.map(([key]) => key)).toEqual(names.map(([, name]) => spelt(name!)));
  });

  test.each([
    ['roleName: not a valid value, got ""; give the name of a role such as "Key Vault Secrets User" (at AzureRole.of)', () => AzureRole.of('')],
    ['roleName: not a valid value, got "b24988ac-6180-42a0-ab88-20f7382dd24c"; give the name of a role such as "Key Vault Secrets User" (at AzureRole.of)',
      () => AzureRole.of('b24988ac-6180-42a0-ab88-20f7382dd24c')],
    ['roleDefinitionId: not a valid value, got "AcrPush"; give the ARM id of a Microsoft.Authorization/roleDefinitions (at AzureRole.ofDefinition)',
      () => AzureRole.ofDefinition('AcrPush')],
  ])('fails with %s', (message, make) => {
    expect(make).toThrow(new Error(message));
  });
});
