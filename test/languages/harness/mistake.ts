import { ok } from 'node:assert/strict';

// what a program gets to read that names a region as the portal does.
const MISTAKE = 'location: not a valid value, got "Korea Central"; did you mean "koreacentral" (at Prod/GitLab)';
const COLOUR = '\u001b[0m';

/** The message is a line of its own; Java adds the stack of the JavaScript below it, Maven a code for its colours before. */
export function assertMistake(printed: string): void {
  ok(printed.replaceAll(COLOUR, '').split('\n').includes(MISTAKE), printed);
}
