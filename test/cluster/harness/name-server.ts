// A name server that knows one address for all names under some domains, and nothing else.
import { createSocket, Socket } from 'node:dgram';
import { Cluster, NODE_ADDRESS } from './cluster';
import { startDnsPod } from './dns-pod';

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
    await startDnsPod(this.cluster);
  }

  stop(): void {
    this.socket?.close();
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
