import { roleDefinitionId as aRoleDefinitionId, roleName as aRoleName } from './private/rules';
import { takeValue } from '../private/rules/rule';

/**
 * An Azure role, built in or custom.
 * @see https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 * @example
 * runner.grantJobs('Push', AzureRole.ACR_PUSH, registryId);
 * runner.grantJobs('Zone', AzureRole.of('DNS Zone Contributor'), '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/dns');
 */
export class AzureRole {
  /** `AcrPull`: pull images from a container registry. */
  static readonly ACR_PULL = AzureRole.of('AcrPull');

  /** `AcrPush`: pull images from a container registry, and push images to it. */
  static readonly ACR_PUSH = AzureRole.of('AcrPush');

  /** `Azure Kubernetes Service Cluster User Role`: fetch a cluster's kubeconfig, and nothing more. */
  static readonly AKS_CLUSTER_USER = AzureRole.of('Azure Kubernetes Service Cluster User Role');

  /** `Azure Kubernetes Service RBAC Cluster Admin`: full rights inside a cluster. */
  static readonly AKS_RBAC_CLUSTER_ADMIN = AzureRole.of('Azure Kubernetes Service RBAC Cluster Admin');

  /** `Azure Kubernetes Service RBAC Writer`: read and write most objects in a cluster's namespaces, Secrets included, but no roles. */
  static readonly AKS_RBAC_WRITER = AzureRole.of('Azure Kubernetes Service RBAC Writer');

  /** `Contributor`: create, change and delete all resources, but assign no roles. */
  static readonly CONTRIBUTOR = AzureRole.of('Contributor');

  /** `Key Vault Secrets Officer`: read, write and delete the secrets of a Key Vault. */
  static readonly KEY_VAULT_SECRETS_OFFICER = AzureRole.of('Key Vault Secrets Officer');

  /** `Key Vault Secrets User`: read the secrets of a Key Vault. */
  static readonly KEY_VAULT_SECRETS_USER = AzureRole.of('Key Vault Secrets User');

  /** `Network Contributor`: create, change and delete networks, but not what is connected to them. */
  static readonly NETWORK_CONTRIBUTOR = AzureRole.of('Network Contributor');

  /** `Reader`: see all resources, but not their secrets or data. */
  static readonly READER = AzureRole.of('Reader');

  /** `Storage Blob Data Contributor`: read, write and delete blobs and containers. */
  static readonly STORAGE_BLOB_DATA_CONTRIBUTOR = AzureRole.of('Storage Blob Data Contributor');

  /** `Storage Blob Data Reader`: read blobs and containers. */
  static readonly STORAGE_BLOB_DATA_READER = AzureRole.of('Storage Blob Data Reader');

  /**
   * Any role by its name.
   * @param roleName the name of a built-in role, such as `DNS Zone Contributor`, or of a custom role that can be assigned where you assign it.
   */
  static of(roleName: string): AzureRole {
    return new AzureRole({ roleDefinitionName: takeValue('AzureRole.of', 'roleName', roleName, aRoleName()) });
  }

  /**
   * Any role by the ARM id of its definition, which keeps working if a custom role is renamed.
   * @param roleDefinitionId such as `/subscriptions/…/providers/Microsoft.Authorization/roleDefinitions/<UUID>`.
   */
  static ofDefinition(roleDefinitionId: string): AzureRole {
    return new AzureRole({ roleDefinitionId: takeValue('AzureRole.ofDefinition', 'roleDefinitionId', roleDefinitionId, aRoleDefinitionId()) });
  }

  private constructor(
    /** @internal the arguments of a role assignment. */
    public readonly _definition: { readonly roleDefinitionName?: string; readonly roleDefinitionId?: string },
  ) {}
}
