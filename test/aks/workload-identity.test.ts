import { AksServiceAccount, AzureRole } from '../../src';
import { resource, resources, synth } from '../synth';
import { make } from './made';

describe('identities of pods', () => {
  test('trust the cluster\'s token of one service account, and store no secret', () => {
    const { stack, cluster } = make();
    const identity = cluster.addWorkloadIdentity('Identity', { namespace: 'ci', serviceAccountName: 'jobs', identityName: 'ci-jobs' });
    identity.grant('Push', AzureRole.ACR_PUSH, '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/r');
    const json = synth(stack);
    expect(resource(json, 'azurerm_federated_identity_credential')).toEqual({
      name: 'kubernetes',
      user_assigned_identity_id: '${azurerm_user_assigned_identity.Cluster_Identity_E66962C5.id}',
      issuer: '${azurerm_kubernetes_cluster.Cluster_EB0386A7.oidc_issuer_url}',
      subject: 'system:serviceaccount:ci:jobs',
      audience: ['api://AzureADTokenExchange'],
    });
    expect(resources(json, 'azurerm_user_assigned_identity').Cluster_Identity_E66962C5).toEqual({
      name: 'ci-jobs', location: 'koreacentral', resource_group_name: '${azurerm_resource_group.Cluster_ResourceGroup_CFE37354.name}',
    });
    expect(Object.values<any>(resources(json, 'azurerm_role_assignment')).find((role) => role.role_definition_name === 'AcrPush')).toEqual({
      role_definition_name: 'AcrPush',
      scope: '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/r',
      principal_id: '${azurerm_user_assigned_identity.Cluster_Identity_E66962C5.principal_id}',
      principal_type: 'ServicePrincipal',
    });
    expect(Object.keys(identity.serviceAccountAnnotations)).toEqual(['azure.workload.identity/client-id', 'azure.workload.identity/tenant-id']);
    expect(identity.podLabels).toEqual({ 'azure.workload.identity/use': 'true' });
    expect(identity.ready).toHaveLength(2);
  });

  test('come with their annotated account', () => {
    const { stack, cluster } = make();
    const account = cluster.addServiceAccount('Account', { namespace: 'ci', serviceAccountName: 'jobs' });
    account.waitFor(cluster.ready[0]);
    const json = synth(stack);
    expect(Object.values(json.locals)).toEqual([{
      manifests: [{
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: {
          name: 'jobs',
          namespace: 'ci',
          annotations: {
            'azure.workload.identity/client-id': '${azurerm_user_assigned_identity.Cluster_Account_9DE924E9.client_id}',
            'azure.workload.identity/tenant-id': '${data.azurerm_client_config.CdktfAzureGitLab_Azure_ClientConfig_2E17B686.tenant_id}',
          },
        },
      }],
    }]);
    expect(resource(json, 'helm_release')).toMatchObject({ namespace: 'ci', name: 'test-cluster-account' });
    expect(account.ready).toHaveLength(2);
  });

  test.each([
    [{ namespace: 'CI' }, 'namespace: not a valid value, got "CI"; give at most 63 lower-case letters, digits and hyphens such as "gitlab-runner"'],
    [{ namespace: undefined }, 'namespace: missing, got nothing; give at most 63 lower-case letters, digits and hyphens such as "gitlab-runner"'],
    [{ serviceAccountName: 'a_b' }, 'serviceAccountName: not a valid value, got "a_b"; give a Kubernetes name such as "gitlab-runner"'],
    [{ identityName: 'ab' }, 'identityName: not a valid value, got "ab"; give 3 to 128 letters, digits, "-" and "_", a letter or digit first'],
  ] as [any, string][])('fails when %j', (wrong, message) => {
    const { cluster } = make();
    expect(() => cluster.addWorkloadIdentity('Identity', { namespace: 'ci', serviceAccountName: 'jobs', ...wrong }))
      .toThrow(new Error(`${message} (at Test/Cluster/Identity)`));
  });

  test('fails when a role or its scope is none', () => {
    const { cluster } = make();
    const identity = new AksServiceAccount(cluster, 'Account', cluster, { namespace: 'ci', serviceAccountName: 'jobs' });
    expect(() => identity.grant('X', 'Reader' as any, '/subscriptions/s')).toThrow(new Error(
      'role: not an AzureRole, got "Reader"; give one such as AzureRole.ACR_PUSH, or AzureRole.of("Reader") (at Test/Cluster/Account)'));
    expect(() => identity.grant('X', AzureRole.READER, 'gitlab-rg')).toThrow(new Error(
      'roleScope: not a valid value, got "gitlab-rg"; give the ARM id of what the role is assigned on (at Test/Cluster/Account)'));
  });
});
