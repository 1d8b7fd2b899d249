import { request } from 'node:http';
import { nft } from './fabric';
import { WIRE_SERVER } from '../azure/wire-server';

/** A rule of the balancer: one port of the frontend, and the machines that it leads to. */
export interface BalancerRule {
  readonly port: number;
  readonly backendPort: number;
  readonly pool: string;
  /** Without one all machines get connections, whatever they are. */
  readonly probe?: Probe;
}

export interface Probe {
  readonly port: number;
  readonly path: string;
  /** How many silences in a row take a machine out. */
  readonly threshold: number;
}

interface Member {
  readonly pool: string;
  readonly address: string;
}

/** A machine is asked this often; Azure takes 5 seconds at least. */
const PROBE_MILLISECONDS = 1000;

/**
 * Azure's Standard Load Balancer: packets are passed on by a hash of where they come from and go to, with their source kept, to the machines whose probe
 * is answered. What was begun goes on where it was begun. Where no machine answers, nobody does.
 */
export class Balancer {
  /** What each machine was last seen as, by pool, probe and address. */
  private readonly seen = new Map<string, { silences: number; up: boolean }>();
  private rules: readonly BalancerRule[] = [];
  private members: readonly Member[] = [];
  private direct?: string;
  private shown = '';
  /** The machines that each port's connections are led to. */
  private led = new Map<number, string[]>();
  private timer?: NodeJS.Timeout;
  private isOn = false;
  /** The probes that were answered by something else than 200, as `address status`. */
  readonly refusals: string[] = [];

  constructor(private readonly address: string) {}

  start(): void {
    nft('table ip balancer {', 'chain pre { type nat hook prerouting priority dstnat; }',
      // a frontend without machines is silent.
      `chain guard { type filter hook input priority 0; iifname "ext" ip daddr ${this.address} drop; }`,
      // a machine that is off is silent, where this fabric would say that there is no way to it.
      'chain dead { type filter hook output priority 0; icmp type destination-unreachable icmp code host-unreachable drop; }', '}');
    const look = async () => {
      await this.probe();
      if (this.isOn) {
        this.show();
        this.timer = setTimeout(look, PROBE_MILLISECONDS);
      }
    };
    this.isOn = true;
    this.timer = setTimeout(look, 0);
  }

  stop(): void {
    this.isOn = false;
    clearTimeout(this.timer);
  }

  /** What is planned: rules and the machines of their pools, or one machine whose own the address is. */
  set(planned: { readonly rules: readonly BalancerRule[]; readonly members: readonly Member[] } | { readonly direct: string }): void {
    this.direct = 'direct' in planned ? planned.direct : undefined;
    this.rules = 'direct' in planned ? [] : planned.rules;
    this.members = 'direct' in planned ? [] : planned.members;
    this.show();
  }

  /** The machines that new connections to a port are led to. */
  serving(port: number): string[] {
    return this.led.get(port) ?? [];
  }

  private healthy({ pool, probe }: BalancerRule): string[] {
    const isUp = (address: string) => probe === undefined || this.seen.get(keyOf(probe, address))?.up === true;
    return this.members.filter((member) => member.pool === pool).map(({ address }) => address).filter(isUp);
  }

  private async probe(): Promise<void> {
    const asked = new Map(this.rules.flatMap(({ pool, probe }) => probe === undefined ? [] : this.members
      .filter((member) => member.pool === pool).map(({ address }) => [keyOf(probe, address), { probe, address }] as const)));
    await Promise.all([...asked].map(async ([key, { probe, address }]) => {
      const status = await answerTo(probe, address);
      const before = this.seen.get(key) ?? { silences: 0, up: false };
      // another answer than 200 takes it out at once.
      const silences = status === undefined ? before.silences + 1 : 0;
      if (status !== undefined && status !== 200) {
        this.refusals.push(`${address} ${status}`);
      }
      this.seen.set(key, { silences, up: status === 200 || status === undefined && before.up && silences < probe.threshold });
    }));
  }

  private show(): void {
    const lines = this.direct ? [`add rule ip balancer pre iifname "ext" ip daddr ${this.address} dnat to ${this.direct}`] : this.rules.flatMap((rule) => {
      const healthy = this.healthy(rule);
      const map = healthy.map((address, index) => `${index} : ${address}`).join(', ');
      return healthy.length === 0 ? [] : [`add rule ip balancer pre iifname "ext" ip daddr ${this.address} tcp dport ${rule.port} dnat to `
        + `jhash ip saddr . tcp sport . ip daddr . tcp dport mod ${healthy.length} map { ${map} } : ${rule.backendPort}`];
    });
    if (lines.join() !== this.shown) {
      nft('flush chain ip balancer pre;', lines.join(';'));
      this.shown = lines.join();
    }
    const healthy = (port: number) => this.rules.filter((rule) => rule.port === port).flatMap((rule) => this.healthy(rule)).sort();
    this.led = new Map(this.rules.map(({ port }) => [port, healthy(port)]));
  }
}

const keyOf = (probe: Probe, address: string) => `${address}:${probe.port}${probe.path}`;

/** The status of the answer, or undefined without one. */
export function answerTo({ port, path }: Pick<Probe, 'port' | 'path'>, address: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const asked = request({ host: address, port, path, localAddress: WIRE_SERVER, agent: false, timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on('timeout', () => asked.destroy()).on('error', () => resolve(undefined)).end();
  });
}
