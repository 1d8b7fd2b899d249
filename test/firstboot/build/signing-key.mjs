// A key to sign with, for as long as something is signed. The agent of gpg listens on a socket in the key's folder.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SHORT_FOLDER } from '../../short-folder.mjs';

/** Calls `use` with gpg, which has a key of this name and takes arguments, and forgets the key. */
export function withSigningKey(name, use) {
  const home = mkdtempSync(join(SHORT_FOLDER, 'gpg-'));
  const gpg = (...args) => execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', '', ...args],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    gpg('--quick-gen-key', name, 'rsa2048', 'sign', 'never');
    return use(gpg);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
