// The scanners themselves, as published: Checkov and an engine for KQL in virtual environments of their own, kube-score built from its Go module. All stay in a cache folder.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cached, goBuild, sources } from '../programs/go.mjs';

const HERE = import.meta.dirname;

/** @returns the Python that has Checkov */
export const checkov = (cache, note) => python(cache, note, 'checkov', 'Checkov');

/** @returns the Python that has an engine for KQL */
export const kql = (cache, note) => python(cache, note, 'queries', 'an engine for KQL');

/** A virtual environment with what a folder's requirements ask for. */
function python(cache, note, name, what) {
  const requirements = join(HERE, name, 'requirements.txt');
  const version = execFileSync('python3', ['-c', 'import sys; print(sys.version, sys.executable)'], { encoding: 'utf8' });
  const key = createHash('sha256').update(version).update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(cache, `${name}-${key}`);
  if (!existsSync(folder)) {
    note(`installing ${what} …`);
    mkdirSync(cache, { recursive: true });
    // another run may be at it too: the folder comes into being in one step
    const unfinished = `${folder}.${process.pid}`;
    rmSync(unfinished, { recursive: true, force: true });
    execFileSync('python3', ['-m', 'venv', unfinished], { stdio: ['ignore', 'ignore', 'inherit'] });
    execFileSync(join(unfinished, 'bin/python'), [
      '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes', '--no-deps', '--requirement', requirements,
    ], { stdio: ['ignore', 'ignore', 'inherit'] });
    renameSync(unfinished, folder);
  }
  return join(folder, 'bin/python');
}

export function kubeScore(cache, note) {
  const folder = join(HERE, 'kube-score');
  return cached(cache, 'kube-score', sources(folder, 'go.mod', 'go.sum'), note, (target) => goBuild(folder, 'github.com/zegl/kube-score/cmd/kube-score', target));
}
