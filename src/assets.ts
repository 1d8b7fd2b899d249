import { readdirSync, readFileSync, statSync } from 'fs';
import { join } from 'path';

/** The texts of a folder's files by their paths in it, sorted by these. */
export interface Texts { readonly [file: string]: string }

// lib/assets.js and src/assets.ts lie equally deep: only files directly in src may use __dirname.
const ROOT = join(__dirname, '..', 'assets');
const read = new Map<string, Texts>();

/** The path of a file in the repository that the published package has inside its code. */
export function assetPath(...names: string[]): string {
  return join(ROOT, ...names);
}

/**
 * The files of a folder of `assets/`. In the published package `build/bundle.mjs` replaces this file by one that holds the texts: nothing
 * lies beside the code any more once a user has bundled it into a program.
 */
export function assetTexts(folder: string): Texts {
  const texts = read.get(folder) ?? readTexts(assetPath(folder));
  read.set(folder, texts);
  return texts;
}

function readTexts(root: string): Texts {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(join(root, file)).isFile()).sort();
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
}
