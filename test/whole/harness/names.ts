// DNS for the pods: the names below cloudapp.azure.com that belong to a public address, and nothing else. Answers over UDP, one question each.
import { createSocket, Socket } from 'node:dgram';

const A = 1;
const NAME_ERROR = 3;

export class Names {
  private readonly socket: Socket = createSocket('udp4');

  /** @param find tells the IPv4 address of a name, or undefined where there is none */
  constructor(private readonly find: (name: string) => string | undefined) {}

  async start(address: string): Promise<void> {
    this.socket.on('message', (question, { address: host, port }) => this.socket.send(this.answer(question), port, host));
    await new Promise<void>((resolve) => {
      this.socket.bind(53, address, resolve);
    });
  }

  stop(): void {
    this.socket.close();
  }

  private answer(question: Buffer): Buffer {
    const labels: string[] = [];
    let end = 12;
    for (; question[end] > 0; end += question[end] + 1) {
      labels.push(question.toString('latin1', end + 1, end + 1 + question[end]));
    }
    const asked = question.subarray(12, end + 5);
    const address = this.find(labels.join('.').toLowerCase());
    const known = address !== undefined && asked.readUInt16BE(asked.length - 4) === A;
    const header = Buffer.alloc(12);
    question.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 + (address === undefined ? NAME_ERROR : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(known ? 1 : 0, 6);
    // the name is that of the question; a minute's life; four bytes
    const record = known ? Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address.split('.').map(Number)]) : Buffer.alloc(0);
    return Buffer.concat([header, asked, record]);
  }
}
