// A name server that knows one address for all names under some domains, and nothing else. Pods reach it as they reach a cluster's: by the address of a Service,
// behind which is a pod, for which policies can tell it from the node. The pod only hands on.
import { execFileSync } from 'node:child_process';
import { createSocket, Socket } from 'node:dgram';
import { Cluster, DNS_ADDRESS, iptables, NODE_ADDRESS } from './cluster';

const NAME_ERROR = 3;
const ADDRESS_TYPE = 1;

export class NameServer {
  private socket?: Socket;

  constructor(private readonly cluster: Cluster, private readonly address: string, private readonly domains: readonly string[]) {}

  async start(): Promise<void> {
    const socket = createSocket('udp4');
    this.socket = socket;
    socket.on('message', (query, client) => socket.send(this.answer(query), client.port, client.address));
    await new Promise<void>((resolve) => socket.bind(53, NODE_ADDRESS, resolve));
    const address = await this.startPod();
    // what kube-proxy does
    iptables('-t', 'nat', '-A', 'PREROUTING', '-d', DNS_ADDRESS, '-p', 'udp', '--dport', '53', '-j', 'DNAT', '--to-destination', `${address}:53`);
    const namespace = execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' }).split('\n').map((line) => line.split(' ')[0]).filter(Boolean)
      .find((name) => execFileSync('ip', ['-n', name, '-4', 'address'], { encoding: 'utf8' }).includes(` ${address}/`))!;
    const inPod = (...command: string[]) => execFileSync('ip', ['netns', 'exec', namespace, ...command]);
    inPod('sysctl', '-qw', 'net.ipv4.ip_forward=1');
    inPod('iptables', '-t', 'nat', '-A', 'PREROUTING', '-p', 'udp', '--dport', '53', '-j', 'DNAT', '--to-destination', `${NODE_ADDRESS}:53`);
    inPod('iptables', '-t', 'nat', '-A', 'POSTROUTING', '-j', 'MASQUERADE');
  }

  stop(): void {
    this.socket?.close();
  }

  /** With the label that CoreDNS has everywhere. @returns its address */
  private async startPod(): Promise<string> {
    const { api } = this.cluster;
    const pods = '/api/v1/namespaces/kube-system/pods';
    await this.cluster.until('pods can be made', async () => (await api.call('GET', '/api/v1/namespaces/kube-system/serviceaccounts/default')).status === 200);
    await api.call('POST', pods, {
      metadata: { name: 'dns', labels: { 'k8s-app': 'kube-dns' } },
      spec: { terminationGracePeriodSeconds: 0, automountServiceAccountToken: false, containers: [{ name: 'dns', image: 'registry.k8s.io/pause:1' }] },
    });
    return this.cluster.until('the name server\'s pod runs', async () => (await api.call('GET', `${pods}/dns`)).body.status?.podIP);
  }

  private answer(query: Buffer): Buffer {
    const labels: string[] = [];
    let end = 12;
    for (; query[end] > 0; end += query[end] + 1) {labels.push(query.subarray(end + 1, end + 1 + query[end]).toString());}
    const name = labels.join('.').toLowerCase();
    const known = this.domains.some((domain) => name === domain || name.endsWith(`.${domain}`));
    const found = known && query.readUInt16BE(end + 1) === ADDRESS_TYPE;
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8580 + (known ? 0 : NAME_ERROR), 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(found ? 1 : 0, 6);
    // a pointer to the name, type and class, a second to live, four bytes
    const answer = Buffer.from([0xc0, 12, 0, ADDRESS_TYPE, 0, 1, 0, 0, 0, 1, 0, 4, ...this.address.split('.').map(Number)]);
    return Buffer.concat([head, query.subarray(12, end + 5), ...found ? [answer] : []]);
  }
}
