// What a job may find around its pod: services of its machine, and the world behind the machine. At each address somebody listens.
import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createServer, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { Cluster } from './cluster';

/** On the node itself: the metadata service, and a cache of names. */
const ON_NODE = ['169.254.169.254:80', '169.254.20.10:53'];
/** Behind it, as in Azure's network: WireServer, a public server, a private one in a network that is joined to ours. */
const BEHIND = ['168.63.129.16:80', '168.63.129.16:32526', '203.0.113.10:443', '192.168.77.10:5432'];
const [GATEWAY, ROUTER] = ['198.51.100.1', '198.51.100.2'];

export class Surroundings {
  private readonly servers: Server[] = [];
  private readonly processes: ChildProcess[] = [];

  constructor(private readonly cluster: Cluster) {}

  async start(): Promise<void> {
    const ip = (line: string) => execFileSync('ip', line.split(' '));
    ip('netns add world');
    ip('link add node0 type veth peer name world0 netns world');
    ip(`address add ${GATEWAY}/24 dev node0`);
    ip(`-n world address add ${ROUTER}/24 dev world0`);
    ip('link set node0 up');
    ip('-n world link set world0 up');
    ip(`-n world route add default via ${GATEWAY}`);
    for (const address of hosts(BEHIND)) {
      ip(`-n world address add ${address}/32 dev world0`);
      ip(`route add ${address}/32 via ${ROUTER}`);
    }
    hosts(ON_NODE).forEach((address) => ip(`address add ${address}/32 dev lo`));
    for (const [host, port] of ON_NODE.map((place) => place.split(':'))) {
      const server = createServer((socket) => socket.on('error', () => undefined).end());
      this.servers.push(server);
      await new Promise<void>((resolve) => server.listen(Number(port), host, resolve));
    }
    BEHIND.forEach((place) => this.processes.push(spawn('ip', ['netns', 'exec', 'world', 'busybox', 'httpd', '-f', '-p', place, '-h', tmpdir()], { stdio: 'ignore' })));
    for (const place of BEHIND) {
      await this.cluster.until(`somebody listens at ${place}`, async () => (await fetch(`http://${place}/`)).status > 0);
    }
  }

  stop(): void {
    this.servers.forEach((server) => server.close());
    this.processes.forEach((process_) => process_.kill('SIGKILL'));
  }
}

function hosts(places: readonly string[]): string[] {
  return [...new Set(places.map((place) => place.split(':')[0]))];
}
