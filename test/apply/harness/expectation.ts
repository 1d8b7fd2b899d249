import { Plan, Workspace } from './workspace';

/** What may never be replaced or deleted without an explicit opt-in. */
const SACRED = [
  'azurerm_managed_disk', 'azurerm_key_vault', 'azurerm_kubernetes_cluster', 'azurerm_linux_virtual_machine', 'azurerm_public_ip',
  'azurerm_data_protection_backup_vault', 'azurerm_data_protection_backup_instance_disk',
];

/** A plan by construct paths, without the stack's name: `GitLab/SetUp/Gitlab` is easier to review than an address. */
export interface Outcome {
  readonly [path: string]: string;
}

export function outcome(plan: Plan, before: Workspace, after: Workspace): Outcome {
  const paths = new Map([before, after].flatMap((workspace) => Object.entries<any>(workspace.configuration.resource)
    .flatMap(([type, all]) => Object.entries<any>(all).map(([name, content]): [string, string] => [`${type}.${name}`, path(content)]))));
  if (plan.status !== 0) {
    const refused = plan.errors.map((error) => /Resource (\S+) has lifecycle.prevent_destroy set/.exec(error)?.[1]);
    if (refused.length === 0 || refused.some((address) => address === undefined)) {
      throw new Error(`the plan failed:\n${plan.errors.join('\n')}\n${plan.output.slice(-2000)}`);
    }
    return Object.fromEntries(refused.map((address) => [paths.get(address!)!, 'refused']));
  }
  const lost = Object.entries(plan.actions).filter(([address, action]) => ['replace', 'delete'].includes(action)
    && SACRED.includes(address.split('.')[0]));
  return Object.fromEntries([
    ...Object.entries(plan.actions).map(([address, action]): [string, string] => [paths.get(address) ?? address, action]),
    ...lost.map(([address, action]): [string, string] => [paths.get(address) ?? address, `${action} OF WHAT MUST STAY`]),
  ].sort());
}

function path(resource: any): string {
  return resource['//'].metadata.path.split('/').slice(1).join('/');
}

/** By struct and prop. */
export interface Changes { readonly [struct: string]: { readonly [prop: string]: Outcome | string } }
