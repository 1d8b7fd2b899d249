import { digested } from '../../private/default-name';

// what a server takes as the id of a runner.
const LONGEST_NAME = 200;
const LONGEST_DESCRIPTION = 1024;

/** A runner's name in the manager's log, and its id for the server: the path with hyphens where that tells the path, else with a digest. */
export function runnerName(path: string): string {
  return path.length <= LONGEST_NAME && /^[\x20-\x7e]+$/.test(path) && !path.includes('-') ? path.replaceAll('/', '-') : digested(path, 63);
}

/** What people see of a runner whose description nobody wrote: its path, the end of one that is too long. */
export function defaultDescription(path: string): string {
  const characters = Array.from(path.replace(/[\p{Cc}\p{Surrogate}\u2028\u2029]/gu, ' '));
  return characters.slice(-LONGEST_DESCRIPTION).join('');
}
