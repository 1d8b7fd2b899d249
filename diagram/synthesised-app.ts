import { existsSync, readdirSync, readFileSync } from 'fs';
import { basename, join } from 'path';
import { referencesIn, Values } from './references';

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

interface Stack { readonly name: string; readonly folder: string; readonly json: any }

/** What is wrong with what the user gave, to be told in one line. */
export class InputError extends Error {}

/** Reads what the synthesis of a program wrote, in whatever language the program is. */
export function readApp(folder: string): SynthesisedApp {
  if (!existsSync(folder)) {
    throw new InputError(`${folder}: no such folder; synthesise your program first, which makes cdktf.out`);
  }
  const manifest = join(folder, 'manifest.json');
  if (!existsSync(manifest)) {
    throw new InputError(`${folder}: no manifest.json in it; give the folder that your program was synthesised into, such as cdktf.out`);
  }
  const { stacks } = readJson(manifest);
  if (typeof stacks !== 'object' || Object.keys(stacks ?? {}).length === 0) {
    throw new InputError(`${manifest}: it names no stacks; synthesise your program again`);
  }
  const read = Object.values<any>(stacks).map(({ name, workingDirectory, synthesizedStackPath }): Stack =>
    ({ name, folder: join(folder, String(workingDirectory)), json: readJson(join(folder, String(synthesizedStackPath))) }));
  return { stacks: read.map(({ name }) => name), elements: read.flatMap((stack) => elements(stack, read)) };
}

function readJson(file: string): any {
  if (file.endsWith('.tf')) {
    throw new InputError(`${file}: this is HCL; synthesise your program without hclOutput, for JSON`);
  }
  try {
    return JSON.parse(readFileSync(file, 'utf8')) ?? {};
  } catch (error) {
    throw new InputError(`${file}: cannot be read as JSON; synthesise your program again (${(error as Error).message.split('\n')[0]})`);
  }
}

/** Each address of a stack with its values: `type.name`, `data.type.name`, `module.name`. */
function addresses({ json }: Stack): [string, string, any][] {
  const ofTypes = (section: any, prefix: string) => Object.entries<any>(section ?? {})
    .flatMap(([type, all]) => Object.entries<any>(all).map(([name, values]): [string, string, any] => [`${prefix}${type}.${name}`, type, values]));
  return [
    ...ofTypes(json.resource, ''), ...ofTypes(json.data, 'data.'),
    ...Object.entries<any>(json.module ?? {}).map(([name, values]): [string, string, any] => [`module.${name}`, 'module', values]),
  ];
}

function elements(stack: Stack, stacks: readonly Stack[]): Element[] {
  const values = (one: Stack): Values => ({
    locals: one.json.locals ?? {},
    providers: one.json.provider ?? {},
    // a value of another stack comes through its outputs.
    output: (name) => stacks.filter((other) => other !== one && other.json.output?.[name])
      .flatMap((other) => find(other.json.output[name].value, other)),
  });
  const known = new Map(stacks.map((one) => [one, new Set(addresses(one).map(([address]) => address))]));
  const find = (value: unknown, one: Stack = stack): string[] =>
    referencesIn(value, known.get(one)!, values(one)).map((found) => (found.includes(':') ? found : `${one.name}:${found}`));

  const found = addresses(stack).map(([address, type, { '//': comment, ...all }]): Element => ({
    id: `${stack.name}:${address}`,
    path: comment?.metadata?.path?.split('/') ?? [stack.name, address],
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
