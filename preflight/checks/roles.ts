import { orActivate } from './eligible-roles';
import { registrations } from './providers';
import { ARM_TYPES } from '../arm-types';
import { Az } from '../az';
import { Found } from '../finding';
import { Check, inEachSubscription } from '../question';

export interface Permission { readonly actions?: readonly string[]; readonly notActions?: readonly string[] }

/** Who may not assign roles is told so: Contributor is what most have, and it is not enough. */
const ASSIGN = 'Microsoft.Authorization/roleAssignments/write';

export const ROLES: Check = {
  name: 'roles',
  async run(question) {
    const { resources, azure } = question;
    const found = await inEachSubscription('your roles', resources, async (subscription, all) => {
      const { byApply } = await registrations(question, subscription, all);
      const needed = [...new Set([
        ...all.map(({ type }) => ARM_TYPES[type]).filter(Boolean).map((armType) => `${armType}/write`),
        ...byApply.map((namespace) => `${namespace}/register/action`),
      ])].sort();
      const makesGroups = all.some(({ type }) => type === 'azurerm_resource_group');
      const groups = new Set(all.map(({ known, values }) => known.text(values.resource_group_name)).filter((name) => name !== undefined));
      // a group that the apply makes has no roles yet: those of the subscription count.
      const scopes = makesGroups || groups.size === 0 ? [`/subscriptions/${subscription}`]
        : [...groups].map((name) => `/subscriptions/${subscription}/resourceGroups/${name}`);
      return Promise.all(scopes.map(async (scope) => {
        const { value } = await azure.az.get(`${scope}/providers/Microsoft.Authorization/permissions`, '2022-04-01');
        return verdict(azure.az, scope, needed, value);
      }));
    });
    const unknownTypes = [...new Set(resources.map(({ type }) => type))].filter((type) => ARM_TYPES[type] === undefined);
    return [...found, ...unknownTypes.map((type): Found => ({ state: 'unknown', what: `${type}: not known here, so its rights and its provider are not checked` }))];
  },
};

async function verdict(az: Az, scope: string, needed: readonly string[], permissions: readonly Permission[]): Promise<Found> {
  const missing = needed.filter((action) => !permissions.some((permission) => allows(permission, action)));
  const where = scope.includes('/resourceGroups/') ? `the resource group ${scope.split('/').at(-1)}` : 'the subscription';
  if (missing.length === 0) {
    return { state: 'ok', what: `your roles on ${where} allow all ${needed.length} kinds of action (conditions and deny assignments are not seen)` };
  }
  return {
    state: 'refused',
    what: `your roles on ${where} do not allow ${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ` and ${missing.length - 3} more` : ''}`,
    remedy: await orActivate(az, scope, missing.every((action) => action === ASSIGN) ? `ask for User Access Administrator, or Role Based Access Control Administrator, on ${where}`
      : `ask for Owner on ${where}, or Contributor and User Access Administrator`),
  };
}

/** Conditions and deny assignments are not seen. */
export function allows({ actions = [], notActions = [] }: Permission, action: string): boolean {
  const matches = (pattern: string) => new RegExp(`^${pattern.split('*').map((text) => text.replace(/[.\\]/g, '\\$&')).join('.*')}$`, 'i').test(action);
  return actions.some(matches) && !notActions.some(matches);
}
