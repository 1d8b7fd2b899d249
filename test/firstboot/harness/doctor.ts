import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { lane } from './lane';
import { Machine } from './machine';
import { Server } from './server';
import { AzureCli } from '../azure/azure-cli';

/** The kernel and its clock are those of whoever runs the tests: a machine tells of its own instead, in files that tests may write. */
export function setHostAside(machine: Machine): void {
  machine.write('/usr/local/bin/timedatectl', '#!/bin/sh\ncat /var/tmp/synchronised 2>/dev/null || echo yes\n', 0o755);
  machine.write('/usr/local/bin/journalctl', '#!/bin/sh\ncase "$*" in\n  *--dmesg*) cat /var/tmp/kernel 2>/dev/null ;;\n  *) exec /usr/bin/journalctl "$@" ;;\nesac\n', 0o755);
}

/** The published command `doctor`, as somebody who is signed in runs it on the machine of a test. */
export class Doctor {
  private readonly folder = mkdtempSync(join(lane.folder, 'az-'));

  /** Further machines than the server's own are looked for by name. */
  constructor(private readonly server: Server, nodes: ReadonlyMap<string, Machine> = new Map()) {
    const { azure } = server;
    // as Azure does it: a script is a file, without an environment, and the last 4 kB of what it says are shown.
    new AzureCli({
      azure, folder: this.folder, resourceGroup: 'gitlab-rg', virtualMachine: 'gitlab-vm', identity: () => server.identity,
      nodes: () => [...nodes.keys()],
      databases: () => Object.fromEntries(server.databases.map((name) => [name, 'Ready'])),
      onMachine: async (script, name) => {
        const machine = nodes.get(name) ?? server.machine;
        machine.write('/var/tmp/look', script, 0o700);
        const { output } = await machine.try('env', '-i', '/var/tmp/look');
        await machine.run('rm', '/var/tmp/look');
        return output.slice(-4096).trimEnd();
      },
    });
  }

  async look(): Promise<{ readonly code: number; readonly findings: readonly { state: string; what: string }[] }> {
    return new Promise((resolve, reject) => {
      execFile(process.execPath, [join(lane.app, 'node_modules/cdktf-azure-gitlab/lib/command.js'), 'doctor', this.server.synthesised, '--json'], {
        env: { PATH: [this.folder, process.env.PATH].join(delimiter) },
      }, (error, output, errors) => {
        try {
          resolve({ code: Number(error?.code ?? 0), findings: JSON.parse(output).findings });
        } catch {
          reject(new Error(`doctor told ${output}${errors}`));
        }
      });
    });
  }

  /** What it finds about one thing, with its state. The OS disk is the test machine's own, and fuller or emptier than a server's. */
  async found(pattern: RegExp): Promise<string[]> {
    const { findings } = await this.look();
    return findings.filter(({ what }) => pattern.test(what) && !what.startsWith('OS disk')).map(({ state, what }) => `${state} ${what}`);
  }
}
