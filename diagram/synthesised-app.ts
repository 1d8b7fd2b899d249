import { existsSync, readdirSync, readFileSync } from 'fs';
import { basename, join } from 'path';
import { referencesIn, Values } from './references';
import { addressed, readStacks, Stack } from '../command/stacks';

/** A Kubernetes object, as much of it as a picture tells. */
export interface KubernetesObject { readonly kind: string; readonly app?: string }

/** One resource, data source or module of a synthesised program. */
export interface Element {
  /** Unique in the program. */
  readonly id: string;
  /** The path in the construct tree, the stack first. */
  readonly path: readonly string[];
  readonly type: string;
  /** Ids of the elements its values come from, or that it waits for. */
  readonly references: readonly string[];
  /** What a role assignment says: who may do what, where. */
  readonly grant?: { readonly role: string; readonly principals: readonly string[]; readonly scopes: readonly string[] };
  /** What a Helm release of manifests, or a file of them, brings into the cluster. */
  readonly objects: readonly KubernetesObject[];
}

export interface SynthesisedApp { readonly stacks: readonly string[]; readonly elements: readonly Element[] }

/** Reads what the synthesis of a program wrote, in whatever language the program is. */
export function readApp(folder: string): SynthesisedApp {
  const read = readStacks(folder);
  return { stacks: read.map(({ name }) => name), elements: read.flatMap((stack) => elements(stack, read)) };
}

function elements(stack: Stack, stacks: readonly Stack[]): Element[] {
  const values = (one: Stack): Values => ({
    locals: one.json.locals ?? {},
    providers: one.json.provider ?? {},
    // a value of another stack comes through its outputs.
    output: (name) => stacks.filter((other) => other !== one && other.json.output?.[name])
      .flatMap((other) => find(other.json.output[name].value, other)),
  });
  const known = new Map(stacks.map((one) => [one, new Set(addressed(one).map(({ address }) => address))]));
  const find = (value: unknown, one: Stack = stack): string[] =>
    referencesIn(value, known.get(one)!, values(one)).map((found) => (found.includes(':') ? found : `${one.name}:${found}`));

  const found = addressed(stack).map(({ address, type, path, values: all }): Element => ({
    id: `${stack.name}:${address}`,
    path,
    type: address.startsWith('data.') ? `data.${type}` : type,
    references: find(all).filter((id) => id !== `${stack.name}:${address}`),
    grant: /_role_assignment$/.test(type) ? { role: roleName(all), principals: find(all.principal_id), scopes: find(all.scope) } : undefined,
    objects: type === 'helm_release' ? objectsOf(all, stack.json.locals ?? {}) : [],
  }));
  const released = Object.values<any>(stack.json.resource?.helm_release ?? {}).map(({ name }) => `${name}.yaml`);
  return [...found, ...files(stack, find, released)];
}

/** A role of the user's own may be known by its id alone, or not before the apply. */
function roleName({ role_definition_name: name }: any): string {
  return typeof name === 'string' && !name.includes('${') ? name : 'a role';
}

/** The objects stand in a local, so that no text of theirs needs quoting in Terraform's language. */
function objectsOf(release: any, locals: any): KubernetesObject[] {
  const names = [...JSON.stringify(release.values ?? '').matchAll(/local\.([\w-]+)/g)].map(([, name]) => name);
  return names.flatMap((name) => locals[name]?.manifests ?? [])
    .map(({ kind, metadata }: any) => ({ kind: String(kind), app: metadata?.labels?.['app.kubernetes.io/name'] }));
}

/** Manifests that no release brings into the cluster, but something outside: their file is all there is of them. */
function files(stack: Stack, find: (value: unknown) => string[], released: readonly string[]): Element[] {
  const folder = join(stack.folder, 'manifests');
  const left = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.yaml') && !released.includes(file)).sort() : [];
  return left.map((file): Element => {
    const text = readFileSync(join(folder, file), 'utf8');
    return {
      id: `${stack.name}:manifests/${file}`,
      path: [stack.name, basename(file, '.yaml')],
      type: 'manifests_file',
      references: find(text),
      objects: text.split(/^---\n/m).map((object) => ({
        kind: /^kind: (\w+)/m.exec(object)?.[1] ?? 'object', app: /^ +app\.kubernetes\.io\/name: (\S+)/m.exec(object)?.[1],
      })),
    };
  });
}
