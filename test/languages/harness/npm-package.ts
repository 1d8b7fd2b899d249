import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { made } from './bindings';
import { tool } from './tool';
import { CACHE } from './workplace';

/**
 * Packages in a folder of their own, without what they would run at installation.
 * @returns the folder's node_modules
 */
export function npmPackages(name: string, ...packages: string[]): string {
  const folder = join(CACHE, name);
  made(folder, packages, () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    tool('npm', ['install', '--ignore-scripts', '--no-fund', '--no-audit', ...packages], { cwd: folder });
  });
  return join(folder, 'node_modules');
}

/** @returns the program of a version of Node, which npm has as a package for each platform */
export function node(version: string): string {
  const name = `node-${process.platform}-${process.arch}`;
  return join(npmPackages(`node-${version}`, `${name}@${version}`), name, 'bin/node');
}
