import { Az } from '../az';
import { AzureError } from '../az-errors';

/** What to do about a right that is missing; a role of Privileged Identity Management counts for nothing until it is activated. */
export async function orActivate(az: Az, scope: string, remedy: string): Promise<string> {
  const roles = await eligibleRoles(az, scope);
  return roles.length === 0 ? remedy : `activate ${roles.join(' or ')}, for which you are eligible (portal: Privileged Identity Management), or ${remedy}`;
}

/** Whoever may not see them, or whose tenant has no such roles, is told nothing of them. */
async function eligibleRoles(az: Az, scope: string): Promise<string[]> {
  try {
    const { value } = await az.get(`${scope}/providers/Microsoft.Authorization/roleEligibilityScheduleInstances`, '2020-10-01', { $filter: 'asTarget()' });
    return [...new Set<string>(value.map(({ properties }: any) => properties.expandedProperties.roleDefinition.displayName))].sort();
  } catch (error) {
    if (error instanceof AzureError) {
      return [];
    }
    throw error;
  }
}
