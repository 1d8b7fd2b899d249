import { join } from 'node:path';
import { made } from './bindings';
import { tool } from './tool';
import { CACHE } from './workplace';

/**
 * A virtual environment with a wheel and what it asks for, of the given versions where some are given, and nothing else.
 * @returns its interpreter
 */
export function virtualEnvironment(name: string, wheel: string, ...versions: string[]): string {
  const python = withPackages(name);
  const pip = (...args: string[]) => tool(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...args]);
  // a version 0.0.0 that is there already counts as installed, whatever is in it; the second call sees to the rest.
  pip('--force-reinstall', '--no-deps', wheel);
  pip(wheel, ...versions);
  return python;
}

/**
 * A virtual environment with packages of exact versions from the index.
 * @returns its interpreter
 */
export function withPackages(name: string, ...packages: string[]): string {
  const folder = join(CACHE, name);
  const python = join(folder, 'bin/python');
  made(folder, [tool('python3', ['-c', 'import sys; print(sys.version, sys.executable)']), ...packages], () => {
    tool('python3', ['-m', 'venv', folder]);
    packages.forEach((item) => tool(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', item]));
  });
  return python;
}
