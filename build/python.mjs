// Builds the wheel, installs it into a fresh virtual environment and runs test/python with it.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const run = (command, args, options = {}) => execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], ...options });

const probe = spawnSync('python3', ['-c', 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 9))'], { stdio: 'ignore' });
if (probe.error || probe.status !== 0) {
  console.log('SKIPPED, there is no python3 (3.9 or later, with venv): the Python package was not tried');
  process.exit(process.env.CI ? 1 : 0);
}
const dist = join('dist', 'python');
rmSync(dist, { recursive: true, force: true });
run('npx', ['jsii-pacmak', '--target', 'python']);
const wheel = join(dist, readdirSync(dist).find((file) => file.endsWith('.whl')));

const environment = join('.cache', 'python');
rmSync(environment, { recursive: true, force: true });
mkdirSync('.cache', { recursive: true });
run('python3', ['-m', 'venv', environment]);
const python = join(process.cwd(), environment, 'bin', 'python');
run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', wheel]);
const { status } = spawnSync(python, ['run.py', wheel], { cwd: join('test', 'python'), stdio: 'inherit' });
process.exit(status ?? 1);
