// Where programs can make Unix sockets: the path of one has 107 bytes at most, and neither the folder of a clone nor TMPDIR has to leave room for it.
import { tmpdir } from 'node:os';

/** What the longest of the tiers leaves: that of the cluster's Key Vault driver, which kubelet looks for in its own folder. */
const ROOM = 12;

/** The folder for temporary files, or /tmp if its name is too long. */
export const SHORT_FOLDER = Buffer.byteLength(tmpdir()) <= ROOM ? tmpdir() : '/tmp';
