import { writeFileSync } from 'node:fs';
import { host, lane } from './lane';

/** The block in which clients are, and their address in it. */
const OUTSIDE = { gateway: '198.51.100.1/24', client: '198.51.100.7/24' };

export interface Cable {
  plugIn(): void;
  pullOut(): void;
}

/**
 * The network of several machines: a bridge in this process' namespace, to which each machine is connected by a cable from a namespace of its own, and
 * a namespace of people outside, who reach what the fabric lets them. Nothing leads out of it.
 */
export class Fabric {
  /** Where people are. */
  readonly outside = `${lane.name}-outside`;
  private machines = 0;

  /**
   * @param gateway the first address of the subnet, with its size
   * @param address another address that is this process' own
   */
  constructor(private readonly gateway: string, private readonly address: string) {}

  begin(): void {
    // a bridge without an address of its own takes another one when a cable goes, and the machines' traffic to it is lost until they ask anew.
    ip('link', 'add', 'br0', 'address', '02:00:00:00:00:01', 'type', 'bridge');
    ip('addr', 'add', this.gateway, 'dev', 'br0');
    ip('addr', 'add', `${this.address}/32`, 'dev', 'lo');
    ip('link', 'set', 'br0', 'up');
    host('ip', 'netns', 'add', this.outside);
    ip('link', 'add', 'ext', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', this.outside);
    ip('addr', 'add', OUTSIDE.gateway, 'dev', 'ext');
    ip('link', 'set', 'ext', 'up');
    configure(this.outside, OUTSIDE.client, OUTSIDE.gateway);
    // azure's balancers forget a flow after four minutes, and never take one up in its middle.
    Object.entries({ 'ipv4/ip_forward': 1, 'netfilter/nf_conntrack_tcp_loose': 0, 'netfilter/nf_conntrack_tcp_timeout_established': 240 })
      .forEach(([name, value]) => writeFileSync(`/proc/sys/net/${name}`, String(value)));
  }

  /** The cable of a machine, whose namespace is made when it is first plugged in. */
  cable(name: string, address: string): Cable {
    this.machines += 1;
    const port = `port${this.machines}`;
    let laid = false;
    const lay = () => {
      host('ip', 'netns', 'add', name);
      ip('link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
      ip('link', 'set', port, 'master', 'br0');
      configure(name, `${address}/${this.gateway.split('/')[1]}`, this.gateway);
      laid = true;
    };
    return {
      plugIn: () => {
        if (!laid) {
          lay();
        }
        ip('link', 'set', port, 'up');
      },
      pullOut: () => ip('link', 'set', port, 'down'),
    };
  }

  remove(name: string): void {
    host('ip', 'netns', 'delete', name);
  }

  end(): void {
    // whom a failed test left there.
    host('ip', 'netns', 'pids', this.outside).split('\n').filter(Boolean).forEach((pid) => process.kill(Number(pid)));
    ip('link', 'delete', 'br0');
    this.remove(this.outside);
    host('ip', 'netns', 'list').split('\n').map((line) => line.split(' ')[0]).filter((name) => name.startsWith(`${lane.name}-`)).forEach((name) => this.remove(name));
    ip('addr', 'del', `${this.address}/32`, 'dev', 'lo');
    nft('flush ruleset');
  }
}

/** nftables of this process' namespace, by the program that the machine's root has. */
export function nft(...rules: string[]): void {
  host('chroot', lane.root, '/usr/sbin/nft', rules.join('\n'));
}

function ip(...args: string[]): void {
  host('ip', ...args);
}

function configure(namespace: string, address: string, gateway: string): void {
  const inside = (...args: string[]) => host('ip', '-n', namespace, ...args);
  inside('link', 'set', 'lo', 'up');
  inside('addr', 'add', address, 'dev', 'eth0');
  inside('link', 'set', 'eth0', 'up');
  inside('route', 'add', 'default', 'via', gateway.split('/')[0]);
}
