import { readdirSync, readFileSync, statSync } from 'fs';
import { basename, join } from 'path';

/** The texts of files by their names, sorted by these. */
export interface Texts { readonly [file: string]: string }

/** The rooms of `src/` that have scripts for machines beside the code that tells them what to do. */
export const SCRIPT_ROOMS = ['delivery', 'gitlab', 'runner'] as const;
export type ScriptRoom = (typeof SCRIPT_ROOMS)[number];

// lib/assets.js and src/assets.ts lie equally deep: only files directly in src may use __dirname.
const ROOT = join(__dirname, '..');
const read = new Map<string, Texts>();

/**
 * The files of a folder of `assets/`, by their paths in it. In the published package `build/bundle.mjs` replaces this file by one that holds
 * the texts: nothing lies beside the code any more once a user has bundled it into a program.
 */
export function assetTexts(folder: string): Texts {
  const root = join(ROOT, 'assets', folder);
  return readOnce(root, () => filesBelow(root).map((file) => [file, join(root, file)]));
}

/** The scripts of a room by their names, whichever folder of the room they are in. */
export function scriptTexts(room: ScriptRoom): Texts {
  return readOnce(room, () => scriptPaths(room));
}

/** Where a script is in the repository, which the published package has inside its code. */
export function scriptPath(room: ScriptRoom, name: string): string {
  return new Map(scriptPaths(room)).get(name)!;
}

function scriptPaths(room: ScriptRoom): [string, string][] {
  const root = join(ROOT, 'src', room);
  const paths = filesBelow(root).filter((file) => /\.(?:sh|rb|py)$/.test(file)).map((file): [string, string] => [basename(file), join(root, file)]);
  const names = paths.map(([name]) => name);
  if (new Set(names).size < names.length) {
    throw new Error(`two scripts of src/${room} have the same name: ${names.sort().join(', ')}`);
  }
  return paths;
}

function filesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(join(root, file)).isFile());
}

function readOnce(key: string, find: () => [string, string][]): Texts {
  const texts = read.get(key) ?? Object.fromEntries(find().sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, path]) => [name, readFileSync(path, 'utf8')]));
  read.set(key, texts);
  return texts;
}
