import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { Construct } from 'constructs';
import { instanceOf } from '../../private/rules/objects';
import { Rule } from '../../private/rules/rule';
import { AzureRole } from '../azure-role';

/** A role that somebody gives. */
export function azureRole(): Rule<AzureRole> {
  return instanceOf(AzureRole, 'one such as AzureRole.ACR_PUSH, or AzureRole.of("Reader")');
}

/** A role of a managed identity: the kind of principal is named, so that Azure does not look for an identity that is still spreading. */
export function assignIdentityRole(scope: Construct, id: string, role: AzureRole, roleScope: string, principalId: string): RoleAssignment {
  return new RoleAssignment(scope, id, {
    scope: roleScope,
    ...role._definition,
    principalId,
    principalType: 'ServicePrincipal',
  });
}

/** A role of somebody the user named: a user, a group or a service principal, so the kind stays open. */
export function assignRole(scope: Construct, id: string, role: AzureRole, roleScope: string, principalId: string): RoleAssignment {
  return new RoleAssignment(scope, id, { scope: roleScope, ...role._definition, principalId });
}
