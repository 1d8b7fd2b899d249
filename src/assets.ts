import * as path from 'path';

// lib/bundle.js, lib/assets.js and src/assets.ts lie equally deep: only files directly in src may use __dirname.
const ROOT = path.join(__dirname, '..', 'assets');

/** The path of a file that ships beside the code. */
export function assetPath(...names: string[]): string {
  return path.join(ROOT, ...names);
}
