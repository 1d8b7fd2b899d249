// Go modules as they are published, and copies of them that can be changed.
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function moduleFolder(name, version) {
  return JSON.parse(execFileSync('go', ['mod', 'download', '-json', `${name}@${version}`], { encoding: 'utf8' })).Dir;
}

/** Copies parts of a module. */
export function copyModule(from, to, parts) {
  parts.forEach((part) => cpSync(join(from, part), join(to, part), { recursive: true }));
  // the module cache is read-only, and so are its copies
  execFileSync('chmod', ['-R', 'u+w', to]);
}

export function edit(path, change) {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}
