// Times whole processes, in pairs and turn by turn, so that whatever else the machine does hits both alike.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROBE = fileURLToPath(new URL('./peak-memory.cjs', import.meta.url));

/** Runs a program once in a folder of its own: wall time in ms and peak memory in MB. */
export function once({ command, args, env = {} }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const start = performance.now();
    const { status, stderr } = spawnSync(command, args, {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: `--require ${PROBE}`, PEAK_MEMORY_FILE: join(folder, 'peak'), ...env },
    });
    const wall = performance.now() - start;
    if (status !== 0) {
      throw new Error(`${command} ${args.join(' ')} failed:\n${stderr}`);
    }
    return { wall, memory: Number(readFileSync(join(folder, 'peak'), 'utf8')) / 1024 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Runs two programs in turn, after one unmeasured round, and returns the medians of each and of their ratios. */
export function pair(one, other, rounds) {
  once(one);
  once(other);
  const runs = Array.from({ length: rounds }, () => [once(one), once(other)]);
  const of = (index, figure) => median(runs.map((run) => run[index][figure]));
  const ratio = (figure) => median(runs.map(([a, b]) => a[figure] / b[figure]));
  return {
    one: { wall: of(0, 'wall'), memory: of(0, 'memory') },
    other: { wall: of(1, 'wall'), memory: of(1, 'memory') },
    wall: ratio('wall'),
    memory: ratio('memory'),
  };
}
