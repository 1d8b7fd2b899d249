import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './workplace';

/** What README has a newcomer do, as it is printed. */
export interface QuickStart {
  /** The line that installs, in an empty folder. */
  readonly install: string;
  /** The line that synthesises. */
  readonly run: string;
  /** `main.ts`. */
  readonly program: string;
  /** What goes first where TypeScript is 7, in a project of a command line's template. */
  readonly olderTypeScript: string;
  /** The line that installs for Python. */
  readonly pythonInstall: string;
  readonly pythonProgram: string;
}

/** README is the package's own, or the one that a package for cdktn has. */
export function quickStart(readme = join(ROOT, 'README.md')): QuickStart {
  const text = readFileSync(readme, 'utf8');
  const part = (pattern: RegExp) => {
    const found = text.match(pattern)?.[1];
    if (!found) {
      throw new Error(`${readme} has nothing like ${pattern}`);
    }
    return found;
  };
  const [install, run] = part(/^```sh\n(.*?)^```$/ms).split('\n');
  return {
    install, run,
    program: part(/^```ts nofixture\n(.*?)^```$/ms),
    olderTypeScript: part(/`(npm install --save-dev typescript@\S+)`/),
    pythonInstall: part(/^\| Python \| `(.*)` \|$/m),
    pythonProgram: part(/^```python\n(.*?)^```$/ms),
  };
}

/** A printed line with the archive in place of the package that no registry has yet. */
export function withArchive(line: string, name: string, archive: string): string {
  const words = line.split(' ');
  if (words.filter((word) => word === name).length !== 1) {
    throw new Error(`not one ${name} in: ${line}`);
  }
  return words.map((word) => (word === name ? archive : word)).join(' ');
}
