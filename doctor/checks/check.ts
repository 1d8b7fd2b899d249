import { Found } from '../../preflight/finding';
import { Server } from '../platform';
import { ServerLook } from '../server-look';

/** What a check is given: a server, and what was seen on it. */
export interface Seen { readonly server: Server; readonly look: ServerLook }

/** Judges one kind of thing on a server. */
export interface ServerCheck {
  readonly name: string;
  readonly judge: (seen: Seen) => readonly Found[];
}

const THERE = 'on this machine: ';

/** A line for whoever reads this to run there; the report tells how, once. */
export function onServer(line: string): string {
  return `${THERE}${line}`;
}

export function isOnServer(remedy: string): boolean {
  return remedy.includes(THERE);
}
