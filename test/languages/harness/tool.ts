import { spawnSync } from 'node:child_process';

/** Runs a tool to its end and returns what it printed; a failure shows all of that. */
export function tool(command: string, args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): string {
  const { error, status, signal, stdout, stderr } = spawnSync(command, args, {
    ...options, encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...options.env },
  });
  if (error || status !== 0) {
    throw new Error(`${command} ${args.join(' ')} failed (${error?.message ?? status ?? signal}):\n${stdout ?? ''}${stderr ?? ''}`);
  }
  return stdout;
}
