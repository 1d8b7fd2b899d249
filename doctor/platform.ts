import { localValue } from './locals';
import { Release, releasesOn } from './releases';
import { AzureResource } from '../preflight/resources';

/** A machine that the library sets up: a server's own, or an application node beside it. */
export interface Server {
  readonly isNode: boolean;
  readonly machine: AzureResource;
  readonly group?: string;
  /** Where it is in the construct tree. */
  readonly path: string;
  /** The steps of its set-up, such as `gitlab`, and the resource of each that Terraform has to replace to run it again. */
  readonly steps: ReadonlyMap<string, string>;
  /** The version that the program wants, such as `19.4`, where it is known. */
  readonly wanted?: string;
}

/** A database server of the program. */
export interface Database { readonly server: AzureResource; readonly group?: string; readonly path: string }

/** A cluster of the program, and the releases that the apply brings there itself. */
export interface Cluster {
  readonly cluster: AzureResource;
  readonly group?: string;
  readonly path: string;
  readonly releases: readonly Release[];
}

const STEP = /^(.+)-\$\{.*\b(terraform_data\.[\w-]+)\.id\b/;

/** Machines on which the library sets GitLab up, application nodes last. */
export function serversOf(resources: readonly AzureResource[]): Server[] {
  const commands = resources.filter(({ type }) => type === 'azurerm_virtual_machine_run_command');
  return resources.filter(({ type }) => type === 'azurerm_linux_virtual_machine').flatMap((machine): Server[] => {
    const own = commands.filter(({ stack, values }) => stack === machine.stack && values.virtual_machine_id === `\${${machine.address}.id}`);
    const steps = new Map(own.flatMap(({ values: { name } }) => {
      const [, step, attempt] = STEP.exec(name) ?? [];
      return step === undefined ? [] : [[step, attempt]];
    }));
    const parameters: any[] = own.filter(({ values: { name } }) => STEP.exec(name)?.[1] === 'gitlab').flatMap(({ values }) => values.parameter ?? []);
    const version = parameters.find(({ name }) => name === 'VERSION')?.value;
    const isNode = steps.has('node');
    return isNode || steps.has('gitlab') ? [{ isNode, machine, ...place(machine, isNode ? 1 : 2), steps, wanted: machine.known.text(localValue(machine.stack, version)) }] : [];
  }).sort((one, other) => Number(one.isNode) - Number(other.isNode));
}

/** Machines whose set-up, if it is GitLab's, is not one that this version knows. */
export function othersOf(resources: readonly AzureResource[], servers: readonly Server[]): AzureResource[] {
  return resources.filter((one) => one.type === 'azurerm_linux_virtual_machine' && servers.every(({ machine }) => machine !== one));
}

export function databasesOf(resources: readonly AzureResource[]): Database[] {
  return resources.filter(({ type }) => type === 'azurerm_postgresql_flexible_server').map((server) => ({ server, ...place(server, 1) }));
}

export function clustersOf(resources: readonly AzureResource[]): Cluster[] {
  return resources.filter(({ type }) => type === 'azurerm_kubernetes_cluster').map((cluster) => ({ cluster, ...place(cluster, 1), releases: releasesOn(cluster, resources) }));
}

/** Where the construct is that has the resource so many levels below itself. */
function place({ path, known, values }: AzureResource, levels: number) {
  return { path: path.slice(0, -levels).join('/'), group: known.text(values.resource_group_name) };
}
