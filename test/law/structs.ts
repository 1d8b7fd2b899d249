import { existsSync, readFileSync } from 'fs';
import { join } from 'path';

const ASSEMBLY = join(__dirname, '..', '..', '.jsii');
if (!existsSync(ASSEMBLY)) {
  throw new Error('no .jsii: run `npx projen compile` first');
}
const { types, name: assembly }: { types: { [fqn: string]: any }; name: string } = JSON.parse(readFileSync(ASSEMBLY, 'utf8'));

/** What kind of value a prop takes, as a user of any language sees it. */
export type Kind = 'string' | 'number' | 'boolean' | 'enum' | 'list' | 'map' | 'data' | 'struct' | 'object';

export interface Prop {
  readonly name: string;
  readonly optional: boolean;
  readonly kind: Kind;
  /** The class, struct or enum. */
  readonly type?: string;
}

/** All public structs by their names, each with all its props, the inherited ones too. */
export const STRUCTS: ReadonlyMap<string, readonly Prop[]> = new Map(Object.values(types).filter(({ datatype }) => datatype)
  .map((struct) => [struct.name, propsOf(struct)]));

/** A static method by its class and name, and what its first argument takes. */
export interface Factory { readonly type: string; readonly method: string; readonly first: Prop }

/** All static methods that make something of their arguments alone, in no construct. */
export const FACTORIES: readonly Factory[] = Object.values(types).flatMap(({ name: type, methods = [] }) => methods
  .filter(({ static: isStatic, parameters = [] }: any) => isStatic && parameters.length > 0 && parameters[0].name !== 'scope')
  .map(({ name: method, parameters: [{ name, optional = false, type: taken }] }: any): Factory => (
    { type, method, first: { name, optional, ...kindOf(taken) } })));

function propsOf(struct: any): Prop[] {
  const inherited = (struct.interfaces ?? []).flatMap((fqn: string) => propsOf(types[fqn]));
  const own = (struct.properties ?? []).map(({ name, optional = false, type }: any): Prop => ({ name, optional, ...kindOf(type) }));
  return [...new Map<string, Prop>([...inherited, ...own].map((prop) => [prop.name, prop])).values()];
}

function kindOf(type: any): { kind: Kind; type?: string } {
  if (type.collection) {
    const { kind, elementtype } = type.collection;
    return { kind: kind === 'array' ? 'list' : elementtype.primitive === 'any' ? 'data' : 'map' };
  }
  if (type.primitive) {
    return { kind: type.primitive };
  }
  const named = type.fqn?.startsWith(`${assembly}.`) ? types[type.fqn] : undefined;
  return { kind: named?.kind === 'enum' ? 'enum' : named?.datatype ? 'struct' : 'object', type: type.fqn?.split('.').pop() };
}
