import { readFileSync } from 'node:fs';

/** The arguments of azurerm's resource, or of a block of it, as its bindings list them. */
export function argumentsOf(resource: string, struct: string): string[] {
  const file = require.resolve(`@cdktf/provider-azurerm/lib/${resource}`).replace(/\.js$/, '.d.ts');
  const [, body] = new RegExp(`^export interface ${struct} .*?\\{(.*?)^\\}`, 'ms').exec(readFileSync(file, 'utf8'))!;
  return [...body.matchAll(/^ {4}readonly (\w+)\??:/gm)].map(([, name]) => name).filter((name) => name !== 'id');
}

/** What an error says is to be done in place of each of these names. */
export function remedies(names: readonly string[], use: (props: any) => unknown): [name: string, remedy: string | undefined][] {
  return names.map((name) => {
    try {
      use({ [name]: true });
      return [name, 'taken'];
    } catch (error) {
      return [name, /; (.*?) \(at /.exec((error as Error).message)?.[1]];
    }
  });
}
