// The way from outside to a machine: its public address on the loopback interface, what the rules of its network security group let through, and where a load
// balancer leads to.
// Not checked: rules by address, priorities beyond the first that fits, UDP, limits.
import { execFileSync } from 'node:child_process';
import { connect, createServer, Server, Socket } from 'node:net';
import { LoadBalancers } from './load-balancers';
import { Arm } from '../../apply/azure/core';
import { lane } from '../../firstboot/harness/lane';

const PORTS = [80, 443];
/** The one that shares this network. */
const FIRST_MACHINE = '127.0.0.1';

export class FrontDoor {
  private readonly servers: Server[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly addresses: string[] = [];
  private readonly balancers: LoadBalancers;
  /** The machines that connections to GitLab's pages were led to by a load balancer. */
  readonly led = new Set<string>();

  constructor(private readonly arm: Arm) {
    this.balancers = new LoadBalancers(arm);
  }

  async open(address: string): Promise<void> {
    execFileSync('ip', ['address', 'add', `${address}/32`, 'dev', 'lo']);
    this.addresses.push(address);
    // the machine shares this network: what it listens on everywhere is not behind this address yet.
    this.filter(`table ip front_door {
      chain input {
        type filter hook input priority 0
        ip daddr ${address} ct state new tcp dport != { ${PORTS.join(', ')} } reject with tcp reset
      }
    }\n`);
    await Promise.all(PORTS.map((port) => new Promise<void>((resolve) => {
      const server = createServer((socket) => void this.pass(socket, address, port));
      this.servers.push(server);
      server.listen(port, address, resolve);
    })));
  }

  async close(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await Promise.all(this.servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
    if (this.addresses.length > 0) {
      this.filter('delete table ip front_door');
    }
    this.addresses.splice(0).forEach((address) => execFileSync('ip', ['address', 'del', `${address}/32`, 'dev', 'lo']));
  }

  private filter(rules: string): void {
    execFileSync('chroot', [lane.root, '/usr/sbin/nft', '-f', '-'], { input: rules });
  }

  /** Whether somebody is there for who comes to GitLab's pages. */
  async serves(): Promise<boolean> {
    const found = await Promise.all(this.addresses.map((address) => this.balancers.machinesFor(address, 443)));
    return found.every((machines) => machines?.length !== 0);
  }

  private async pass(socket: Socket, address: string, port: number): Promise<void> {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket)).on('error', () => socket.destroy());
    if (!this.allowed(port)) {
      socket.destroy();
      return;
    }
    const machines = await this.balancers.machinesFor(address, port);
    const chosen = machines ? this.balancers.choose(machines) : FIRST_MACHINE;
    if (!chosen) {
      socket.destroy();
      return;
    }
    if (machines && port === 443) {
      this.led.add(chosen);
    }
    const machine = connect(port, chosen);
    machine.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('close', () => machine.destroy());
    socket.pipe(machine).pipe(socket);
  }

  private allowed(port: number): boolean {
    return this.arm.list('Microsoft.Network/networkSecurityGroups/securityRules').map(({ properties }) => properties)
      .filter(({ direction, destinationPortRange, destinationPortRanges = [] }) => direction === 'Inbound'
        && [destinationPortRange, ...destinationPortRanges].some((range) => range === '*' || range === String(port)))
      .sort((a, b) => a.priority - b.priority)[0]?.access === 'Allow';
  }
}
