// the package ships a CommonJS build, but types for ES modules only, which a CommonJS source cannot import.
declare module 'smol-toml' {
  export function parse(toml: string): { [key: string]: any };
  export function stringify(value: object): string;
}
