import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { Construct } from 'constructs';

/** All rights inside a cluster. */
export const CLUSTER_ADMIN_ROLE = 'Azure Kubernetes Service RBAC Cluster Admin';

/** A built-in role of a managed identity: the kind of principal is named, so that Azure does not look for an identity that is still spreading. */
export function assignIdentityRole(scope: Construct, id: string, roleName: string, roleScope: string, principalId: string): RoleAssignment {
  return new RoleAssignment(scope, id, {
    scope: roleScope,
    roleDefinitionName: roleName,
    principalId,
    principalType: 'ServicePrincipal',
  });
}

/** A built-in role of somebody the user named: a user, a group or a service principal, so the kind stays open. */
export function assignRole(scope: Construct, id: string, roleName: string, roleScope: string, principalId: string): RoleAssignment {
  return new RoleAssignment(scope, id, { scope: roleScope, roleDefinitionName: roleName, principalId });
}
