// Every booted machine, and every node, watches files by ten or twenty instances of inotify, of which all programs of root together have 128 by default. Without
// one a machine's udev does not start, and its boot never ends.
import { readFileSync, writeFileSync } from 'node:fs';

const LIMIT = '/proc/sys/fs/inotify/max_user_instances';
const ENOUGH = 2048;

/** Raises the kernel's limit where it is lower, until the host restarts. */
export function allowWatchers() {
  const now = Number(readFileSync(LIMIT, 'utf8'));
  if (now >= ENOUGH) {
    return;
  }
  try {
    writeFileSync(LIMIT, `${ENOUGH}`);
  } catch ({ message }) {
    console.log(`${LIMIT} stays at ${now}, with which several machines at once may not boot: ${message}`);
  }
}
