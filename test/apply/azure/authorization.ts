// Microsoft.Authorization: built-in roles by name, and role assignments, which count only some time after they were made.
// Not checked: what a role allows beyond its name, deny assignments, conditions, and whether the caller may assign roles.
import { AzureError } from './azure-error';
import { Arm } from './core';
import { Resource } from './resource';

/** Name to id, as Azure documents them. */
const BUILT_IN_ROLES: { [name: string]: string } = {
  'Owner': '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  'Contributor': 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  'Reader': 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  'AcrPull': '7f951dda-4ed3-4680-a7ca-43fe172d538d',
  'AcrPush': '8311e382-0749-4cb8-b61a-304f252e45ec',
  'Azure Kubernetes Service Cluster User Role': '4abbcc35-e782-43d8-92c5-2d3f1bd2253f',
  'Azure Kubernetes Service RBAC Admin': '3498e952-d568-435e-9b2c-8d77e338d7f7',
  'Azure Kubernetes Service RBAC Cluster Admin': 'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b',
  'Azure Kubernetes Service RBAC Reader': '7f6c6a51-bcf8-42ba-9220-52d62157d7db',
  'Azure Kubernetes Service RBAC Writer': 'a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb',
  'Disk Backup Reader': '3e5e47e6-65f7-47ef-90b5-e5dd4d455f24',
  'Disk Snapshot Contributor': '7efff54f-a5b4-42b5-a1c5-5411624893ce',
  'Key Vault Administrator': '00482a5a-887f-4fb3-b363-3b7fe8e74483',
  'Key Vault Crypto Service Encryption User': 'e147488a-f6f5-4113-8e2d-b22465e65bf6',
  'Key Vault Secrets Officer': 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6',
  'Managed Identity Operator': 'f1a07417-d97a-45cb-824c-7a7467783830',
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb',
  'Network Contributor': '4d97b98b-1d4f-4787-a291-c67834d212e7',
  'Private DNS Zone Contributor': 'b12aa53e-6015-4669-85d0-8515ebb3ae7f',
  'Storage Blob Data Contributor': 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  'Storage Blob Data Reader': '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
  'Storage Blob Delegator': 'db58b8e5-c6ad-4a2a-8342-4190687cbf4a',
};

const ASSIGNMENT = 'Microsoft.Authorization/roleAssignments';
const DEFINITION = 'Microsoft.Authorization/roleDefinitions';

export interface Assignment {
  readonly scope: string;
  readonly role: string;
  readonly principal: string;
  readonly since: number;
}

export function addAuthorization(arm: Arm): void {
  arm.add(
    { type: DEFINITION, stateless: true },
    {
      type: ASSIGNMENT,
      stateless: true,
      check({ id, path, body, before }) {
        const { principalId, roleDefinitionId, principalType } = body.properties ?? {};
        if (before) {
          throw new AzureError(409, 'RoleAssignmentExists', `${id} exists`);
        }
        if (!roleName(roleDefinitionId)) {
          throw new AzureError(400, 'RoleDefinitionDoesNotExist', `${roleDefinitionId} is no role`);
        }
        const same = arm.list(ASSIGNMENT).find(({ id: other, properties }) => properties.principalId === principalId
          && scopeOf(other) === path.scope.toLowerCase() && roleName(properties.roleDefinitionId) === roleName(roleDefinitionId));
        if (same) {
          throw new AzureError(409, 'RoleAssignmentExists', `the role assignment exists already: ${same.id}`);
        }
        // an identity that was made a moment ago is not everywhere yet, unless the caller says what it is
        if (principalType !== 'ServicePrincipal' && !principals(arm).has(principalId)) {
          throw new AzureError(400, 'PrincipalNotFound', `principal ${principalId} does not exist in the directory`);
        }
      },
      fill(resource) {
        resource.properties = { principalType: 'ServicePrincipal', ...resource.properties, scope: resource.id.slice(0, resource.id.toLowerCase().lastIndexOf('/providers/')) };
      },
    },
  );
}

const directories = new WeakMap<Arm, Set<string>>();

/** The object ids that the directory knows for sure. */
export function principals(arm: Arm): Set<string> {
  const known = directories.get(arm) ?? new Set<string>();
  directories.set(arm, known);
  return known;
}

/** The roles that are looked up by name or id; undefined for other calls. */
export function roleDefinitions(scope: string, filter: string | null, id?: string): { value: any[] } | any {
  const definition = ([name, guid]: [string, string]) => ({
    id: `${/^\/subscriptions\/[^/]+/.exec(scope)?.[0] ?? ''}/providers/${DEFINITION}/${guid}`, name: guid, type: DEFINITION,
    properties: { roleName: name, type: 'BuiltInRole', permissions: [{ actions: [], notActions: [] }], assignableScopes: ['/'] },
  });
  const roles = Object.entries(BUILT_IN_ROLES);
  if (id) {
    const role = roles.find(([, guid]) => guid === id.toLowerCase());
    if (!role) {
      throw new AzureError(404, 'RoleDefinitionDoesNotExist', `${id} is no role`);
    }
    return definition(role);
  }
  const name = /roleName eq '([^']+)'/.exec(filter ?? '')?.[1];
  return { value: roles.filter(([role]) => !name || role === name).map(definition) };
}

export function assignments(arm: Arm): Assignment[] {
  return arm.list(ASSIGNMENT).map((resource: Resource) => ({
    scope: scopeOf(resource.id),
    role: roleName(resource.properties.roleDefinitionId)!,
    principal: resource.properties.principalId,
    since: arm.stored.get(resource.id.toLowerCase())!.since,
  }));
}

/** Whether a principal has one of the roles on a resource, by an assignment that has spread. */
export function hasRole(arm: Arm, principal: string | undefined, roles: string[], resource: string, spreadMs: number): boolean {
  return assignments(arm).some((assignment) => assignment.principal === principal && roles.includes(assignment.role)
    && `${resource.toLowerCase()}/`.startsWith(`${assignment.scope}/`) && Date.now() - assignment.since >= spreadMs);
}

export function roleId(name: string): string {
  return `/providers/${DEFINITION}/${BUILT_IN_ROLES[name]}`;
}

export function roleName(definitionId: string | undefined): string | undefined {
  const guid = definitionId?.toLowerCase().split('/').pop();
  return Object.entries(BUILT_IN_ROLES).find(([, id]) => id === guid)?.[0];
}

function scopeOf(assignmentId: string): string {
  return assignmentId.slice(0, assignmentId.toLowerCase().lastIndexOf('/providers/microsoft.authorization/')).toLowerCase();
}

