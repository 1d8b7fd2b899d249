// NFS, which the kernel here does not have. Kubelet's own plugin for it calls `mount -t nfs`, and that a helper: here one that binds a folder of the node. It does
// not speak to a server, and writes down what it was asked for.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export class NfsExports {
  readonly folder: string;
  private readonly calls: string;

  /** @param folder where what is exported lies, each export by its path. */
  constructor(folder: string) {
    this.folder = join(folder, 'nfs');
    this.calls = join(folder, 'nfs-calls');
  }

  /** Makes the helper known to programs in this mount namespace. */
  start(): void {
    const helpers = join(this.folder, '..', 'mount-helpers');
    mkdirSync(helpers);
    writeFileSync(join(helpers, 'mount.nfs'), [
      '#!/bin/sh', `printf '%s\\n' "$*" >> '${this.calls}'`, 'mkdir -p "$2"', `exec mount --bind "${this.folder}\${1#*:}" "$2"`, '',
    ].join('\n'), { mode: 0o755 });
    execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', `lowerdir=${helpers}:/usr/sbin`, '/usr/sbin']);
  }

  /** Exports a folder. */
  add(path: string): string {
    const folder = join(this.folder, path);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** What was mounted, as the arguments of the helper. */
  mounted(): string[] {
    return existsSync(this.calls) ? readFileSync(this.calls, 'utf8').trim().split('\n') : [];
  }
}
