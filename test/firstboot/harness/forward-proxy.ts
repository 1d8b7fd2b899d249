import { ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { lane, until } from './lane';

const ADDRESS = '10.77.2.3';
const PORT = 3128;

/** A real tinyproxy beside the machine, which alone knows where the names of the world lead. */
export class ForwardProxy {
  readonly url = `http://${ADDRESS}:${PORT}`;
  private readonly log = join(lane.folder, 'tinyproxy.log');
  private process?: ChildProcess;

  /** @param hosts the lines of /etc/hosts that the proxy sees, and the machine does not. */
  async start(hosts: string): Promise<void> {
    const [settings, names] = ['tinyproxy.conf', 'tinyproxy.hosts'].map((name) => join(lane.folder, name));
    writeFileSync(names, `127.0.0.1 localhost\n${hosts}`);
    writeFileSync(this.log, '');
    writeFileSync(settings, [
      `Listen ${ADDRESS}`, `Port ${PORT}`, `Allow ${ADDRESS}`, 'ConnectPort 443', 'Timeout 600', 'LogLevel Connect', `LogFile "${this.log}"`, '',
    ].join('\n'));
    this.process = spawn('unshare', ['--mount', 'sh', '-c', 'mount --bind "$1" /etc/hosts && exec tinyproxy -d -c "$2"', 'sh', names, settings], { stdio: 'ignore' });
    await until('the proxy', () => new Promise<boolean>((resolve) => {
      const socket = connect(PORT, ADDRESS, () => resolve(true)).on('error', () => resolve(false)).on('connect', () => socket.destroy());
    }));
  }

  stop(): void {
    this.process?.kill();
  }

  /** The hosts that were asked for, once each. */
  get asked(): string[] {
    const requests = readFileSync(this.log, 'utf8').matchAll(/Request \(file descriptor \d+\): \S+ (?:http:\/\/)?([^\s:/]+)/g);
    return [...new Set([...requests].map(([, host]) => host))].sort();
  }
}
