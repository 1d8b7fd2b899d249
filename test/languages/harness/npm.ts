import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { made } from './bindings';
import { tool } from './tool';
import { CACHE, emptyFolder } from './workplace';

/** A folder with npm packages of exact versions, without what they would run at installation; kept from one run to the next. */
export function kept(name: string, packages: string[]): string {
  const folder = join(CACHE, name);
  made(folder, packages, () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    npmInstall(folder, '--ignore-scripts', ...packages);
  });
  return folder;
}

export function npmInstall(folder: string, ...args: string[]): void {
  tool('npm', ['install', '--no-fund', '--no-audit', ...args], { cwd: folder });
}

/** The version of a package that a folder has. */
export const versionIn = (folder: string, name: string): string =>
  JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')).version;

/**
 * A Node of another version than the machine's, from the npm package of its binaries.
 * @returns the folder to have first in PATH
 */
export function nodeFolder(version: string): string {
  const folder = join(CACHE, `node-${version}`);
  const program = join(folder, 'node');
  if (!existsSync(program)) {
    const work = emptyFolder();
    const [{ filename }] = JSON.parse(tool('npm', ['pack', '--json', `node-${process.platform}-${process.arch}@${version}`], { cwd: work }));
    tool('tar', ['-xzf', filename, '--strip-components', '2', 'package/bin/node'], { cwd: work });
    mkdirSync(folder, { recursive: true });
    // it is there whole or not at all, since two files of tests may want it at once.
    const copy = `${program}.${process.pid}`;
    copyFileSync(join(work, 'node'), copy);
    renameSync(copy, program);
  }
  return folder;
}

/** The environment in which `node` is the one in a folder. */
export const withNode = (folder: string): NodeJS.ProcessEnv => ({ PATH: `${folder}:${process.env.PATH}` });
