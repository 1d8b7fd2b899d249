import { join } from 'node:path';
import { made } from './bindings';
import { tool } from './tool';
import { CACHE } from './workplace';

/**
 * A virtual environment with a wheel and what it asks for, and nothing else.
 * @returns its interpreter
 */
export function virtualEnvironment(name: string, wheel: string): string {
  const folder = join(CACHE, name);
  const python = join(folder, 'bin/python');
  const pip = (...args: string[]) => tool(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...args]);
  made(folder, [tool('python3', ['-c', 'import sys; print(sys.version, sys.executable)'])], () => tool('python3', ['-m', 'venv', folder]));
  // a version 0.0.0 that is there already counts as installed, whatever is in it; the second call sees to the rest.
  pip('--force-reinstall', '--no-deps', wheel);
  pip(wheel);
  return python;
}
