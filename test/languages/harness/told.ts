import { spawnSync } from 'node:child_process';

/** What a program printed, without what a terminal would do with it. */
export interface Told { readonly status: number | null; readonly stdout: string; readonly stderr: string }

/** Runs a program and keeps its two streams apart. */
export function told(command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv = {}): Told {
  const { FORCE_COLOR: _, ...rest } = process.env;
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd, encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'pipe'], env: { ...rest, ...env },
  });
  const plain = (text: string) => text.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '');
  return { status, stdout: plain(stdout), stderr: plain(stderr) };
}

/** The warning that the trials of the tests leave unacknowledged. */
export const SSH = 'sshAllowedCidrs: port 22 is open to the whole Internet; name the networks that need it';
