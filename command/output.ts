import { PROGRAM } from './package';

/** The exit code where there is no other reason for one. */
const NOT_WRITTEN = 2;

/**
 * Lets a command go on where nobody takes its lines any more: what it has begun, such as a platform that is to be destroyed again, matters more.
 * A reader that has enough, such as `head`, is no fault; a disk that is full is told at the end.
 */
export function survive(): void {
  let problem: string | undefined;
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') {
      problem = message;
    }
  });
  process.on('exit', (code) => {
    if (problem !== undefined) {
      console.error(`${PROGRAM}: not all of the output could be written: ${problem}`);
      process.exitCode = code || NOT_WRITTEN;
    }
  });
}
