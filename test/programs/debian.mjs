// Programs of Debian's packages that are not installed: they would start services.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './go.mjs';

/** @returns the folder that a package of the distribution is unpacked in */
export function debianPackage(cache, name, note) {
  return cached(cache, name, ['debian'], note, (target, work) => unpacked(name, target, work));
}

function unpacked(name, target, work) {
  mkdirSync(work, { recursive: true });
  try {
    execFileSync('apt-get', ['-qq', 'download', name], { cwd: work, stdio: ['ignore', 'ignore', 'inherit'] });
    const [file] = readdirSync(work).filter((one) => one.endsWith('.deb'));
    execFileSync('dpkg', ['-x', join(work, file), target]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
