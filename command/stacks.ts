import { existsSync, readFileSync, statSync } from 'fs';
import { join } from 'path';
import { InputError } from './input-error';

/** One stack of a synthesised program. */
export interface Stack { readonly name: string; readonly folder: string; readonly json: any }

/** A resource, data source or module of a stack, without cdktf's comment. */
export interface Addressed {
  /** `type.name`, `data.type.name` or `module.name`. */
  readonly address: string;
  readonly type: string;
  readonly values: any;
  /** The path in the construct tree, the stack first. */
  readonly path: readonly string[];
}

/** Reads what the synthesis of a program wrote, in whatever language the program is. */
export function readStacks(folder: string): Stack[] {
  if (!existsSync(folder)) {
    throw new InputError(`${folder}: no such folder; synthesise your program, and run this in its folder, where cdktf.out is then`);
  }
  if (!statSync(folder).isDirectory()) {
    throw new InputError(`${folder}: this is a file; give the folder that your program was synthesised into, such as cdktf.out`);
  }
  const manifest = join(folder, 'manifest.json');
  if (!existsSync(manifest)) {
    throw new InputError(`${folder}: no manifest.json in it; give the folder that your program was synthesised into, such as cdktf.out`);
  }
  const { stacks } = readJson(manifest);
  if (typeof stacks !== 'object' || Object.keys(stacks ?? {}).length === 0) {
    throw new InputError(`${manifest}: it names no stacks; synthesise your program again`);
  }
  return Object.entries<any>(stacks).map(([key, stack]): Stack => {
    const { name, workingDirectory, synthesizedStackPath } = stack ?? {};
    if ([name, workingDirectory, synthesizedStackPath].some((value) => typeof value !== 'string')) {
      throw new InputError(`${manifest}: it does not tell where the stack ${key} is; synthesise your program again`);
    }
    return { name, folder: join(folder, workingDirectory), json: readJson(join(folder, synthesizedStackPath)) };
  });
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

/** All that has an address in a stack. */
export function addressed({ name: stack, json }: Stack): Addressed[] {
  const one = (address: string, type: string, { '//': comment, ...values }: any): Addressed =>
    ({ address, type, values, path: comment?.metadata?.path?.split('/') ?? [stack, address] });
  const ofTypes = (section: any, prefix: string) => Object.entries<any>(section ?? {})
    .flatMap(([type, all]) => Object.entries<any>(all).map(([name, values]) => one(`${prefix}${type}.${name}`, type, values)));
  return [
    ...ofTypes(json.resource, ''), ...ofTypes(json.data, 'data.'),
    ...Object.entries<any>(json.module ?? {}).map(([name, values]) => one(`module.${name}`, 'module', values)),
  ];
}
