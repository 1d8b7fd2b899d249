import { Stack } from '../command/stacks';

/** What a parameter of a run command is: the key of a local that has it, mostly. */
export function localValue({ json }: Stack, value: unknown): unknown {
  const [, local, key] = /^\$\{local\.([\w-]+)\.(\w+)\}$/.exec(String(value)) ?? [];
  return local === undefined ? value : json.locals?.[local]?.[key];
}
