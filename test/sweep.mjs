// Leaves nothing behind, however a run of a tier ends. Everything a run makes lies in one folder, and all its processes have that folder in their
// environment. As a program this waits until the run that started it has ended, by whatever signal, and sweeps then.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SHORT_FOLDER } from './short-folder.mjs';

/** The variable by which the processes of a run are known. */
export const MARK = 'TIER_FOLDER';

const RUNNER = 'runner.pid';

/** Ends all processes that work in a folder, and removes it. */
export function sweep(folder) {
  const mark = `${MARK}=${folder}\0`;
  for (let left = true; left;) {
    const found = processes().filter((pid) => pid !== process.pid && `${read(`/proc/${pid}/environ`)}\0`.includes(mark));
    found.forEach((pid) => {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // it has ended by itself
      }
    });
    // what was being started when it was asked for shows up the next time
    left = found.some((pid) => !/^State:\s+Z/m.test(read(`/proc/${pid}/status`)));
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Sweeps what runs left behind that were killed together with their watch. */
export function sweepForgotten(tier) {
  for (const folder of readdirSync(SHORT_FOLDER).map((name) => join(SHORT_FOLDER, name)).filter((path) => path.startsWith(folderPrefix(tier)))) {
    const [pid, started] = read(join(folder, RUNNER)).split(' ');
    if (pid && startOf(pid) !== started) {
      sweep(folder);
    }
  }
}

/** Makes sure that a folder is swept when this process has ended. */
export function sweepAtTheEnd(folder) {
  writeFileSync(join(folder, RUNNER), `${process.pid} ${startOf(process.pid)}`);
  // a group of its own: Ctrl-C reaches the run, not its watch
  const watch = spawn(process.execPath, [fileURLToPath(import.meta.url), folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  watch.unref();
  watch.stdin.unref();
}

export const folderPrefix = (tier) => join(SHORT_FOLDER, `${tier}-tier-`);

/** Numbers are used again: a process is known by its number and the time of its start. */
function startOf(pid) {
  return read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ')[19] ?? '';
}

function processes() {
  return existsSync('/proc') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number) : [];
}

function read(path) {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdin.resume().on('end', () => sweep(process.argv[2])).on('error', () => sweep(process.argv[2]));
}
