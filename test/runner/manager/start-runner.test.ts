import { ChildProcess, spawn } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { scriptPath } from '../../../src/assets';
import { findTool, testWith } from '../../tools';

const SHELLS = [['sh'], ['busybox', 'sh'], ['bash', '--posix']].filter(([program]) => program === 'sh' || findTool(program));
/** Like the runner it leaves QUIT as it finds it at first, then catches it and, once it has come STOPS times, finishes its job; any other signal ends it. */
const RUNNER = `#!/usr/bin/env perl
$| = 1;
print "starts as $$\\n";
select undef, undef, undef, $ENV{START_SECONDS};
$SIG{QUIT} = sub { print "finishes its job\\n"; $left = 3 if ++$stops == $ENV{STOPS}; };
print "runs ", join("|", @ARGV), "\\n";
until (defined $left && $left-- == 0) { select undef, undef, undef, 0.1; }
exit 7;
`;

const perl = findTool('perl');
const testWithPerl = testWith(perl, 'perl');

describe.each(SHELLS)('start-runner.sh under %s', (...shell: string[]) => {
  let folder: string;
  let child: ChildProcess;
  let output: string;
  let ended: Promise<number | null>;
  let hears: boolean;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'start-'));
    fs.writeFileSync(path.join(folder, 'gitlab-runner'), RUNNER, { mode: 0o755 });
  });
  afterEach(() => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // all of its processes have ended.
    }
    fs.rmSync(folder, { recursive: true });
  });

  function start({ startSeconds = 0, stops = 1 } = {}): void {
    [output, hears] = ['', false];
    child = spawn(shell[0], [...shell.slice(1), scriptPath('runner', 'start-runner.sh'), 'run', '--config=two words'], {
      env: { PATH: `${folder}:${process.env.PATH}`, START_SECONDS: String(startSeconds), STOPS: String(stops) }, detached: true,
    });
    [child.stdout!, child.stderr!].forEach((stream) => stream.on('data', (data) => { output += data; }));
    ended = new Promise((resolve) => child.on('close', resolve));
  }

  async function until(text: string): Promise<void> {
    for (let tries = 0; tries < 12_000 && !(output.includes(text) && (hears ||= catchesTerm())); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(output).toContain(text);
  }

  /** What the shell does a moment after it has started the runner. */
  const catchesTerm = (): boolean => /^SigCgt:\s*\w*[4-7c-f]\w{3}$/m.test(fs.readFileSync(`/proc/${child.pid}/status`, 'utf8'));

  testWithPerl.each(['SIGTERM', 'SIGINT', 'SIGQUIT'] as const)('lets the runner finish its job when %s stops the container, and ends as it does', async (signal) => {
    start();
    await until('runs run|--config=two words');
    child.kill(signal);
    await until('finishes');
    expect(await ended).toBe(7);
    expect(output).toMatch(/^starts as \d+\nruns run\|--config=two words\nfinishes its job\n$/);
  });

  testWithPerl('lets it finish when the stop is repeated', async () => {
    start({ stops: 2 });
    await until('runs');
    child.kill('SIGTERM');
    await until('finishes');
    child.kill('SIGTERM');
    expect(await ended).toBe(7);
    expect(output.match(/finishes/g)).toHaveLength(2);
  });

  testWithPerl('stops a runner that has only just been started', async () => {
    start({ startSeconds: 0.3 });
    await until('starts');
    child.kill('SIGTERM');
    expect(await ended).toBe(7);
    expect(output).toContain('finishes its job');
  });

  testWithPerl('ends as the runner does when that ends by itself', async () => {
    start();
    await until('runs');
    process.kill(Number(/starts as (\d+)/.exec(output)![1]), 'SIGKILL');
    expect(await ended).toBe(137);
  });
});
