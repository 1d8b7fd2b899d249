/* eslint-disable no-bitwise -- frames are of bits */
// A client of WebSockets that trusts one certificate and sends a header, as GitLab does to a runner's terminals; as much of RFC 6455 as that takes.
import { randomBytes } from 'node:crypto';
import { request } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Job } from '../gitlab/gitlab';

type Session = NonNullable<Job['session']>;

/** The status of an answer that is no WebSocket. */
export class Refused extends Error {
  constructor(readonly status: number) {
    super(`refused with ${status}`);
  }
}

export class Terminal {
  /**
   * Opens a terminal.
   * @param address where the connection goes, as a load balancer would send it; the certificate is judged by the session's URL.
   */
  static async open(session: Session, address: { host: string; port: number }, authorization = session.authorization): Promise<Terminal> {
    const url = new URL(`${session.url}/exec`);
    return new Promise((resolve, reject) => {
      const call = request({
        ...address, path: url.pathname, ca: session.certificate, servername: url.hostname, headers: {
          'Host': url.host, 'Authorization': authorization, 'Connection': 'Upgrade', 'Upgrade': 'websocket', 'Sec-WebSocket-Version': '13',
          'Sec-WebSocket-Key': randomBytes(16).toString('base64'), 'Sec-WebSocket-Protocol': 'terminal.gitlab.com',
        },
      });
      call.on('upgrade', (_response, socket, head) => resolve(new Terminal(socket, head)));
      call.on('response', ({ statusCode }) => reject(new Refused(statusCode!)));
      call.on('error', reject);
      call.end();
    });
  }

  /** What the shell has printed. */
  text = '';
  closed = false;
  private rest = Buffer.alloc(0);

  private constructor(private readonly socket: Duplex, head: Buffer) {
    socket.on('data', (data: Buffer) => this.take(data));
    socket.on('close', () => { this.closed = true; });
    socket.on('error', () => { this.closed = true; });
    this.take(head);
  }

  /** Types a line. */
  type(line: string): void {
    const data = Buffer.from(`${line}\n`);
    const mask = randomBytes(4);
    // one frame of data, short enough for one byte of length.
    this.socket.write(Buffer.concat([Buffer.from([0x82, 0x80 | data.length]), mask, data.map((byte, index) => byte ^ mask[index % 4])]));
  }

  close(): void {
    this.socket.destroy();
  }

  private take(data: Buffer): void {
    this.rest = Buffer.concat([this.rest, data]);
    while (this.rest.length >= 2) {
      const [short, start] = [this.rest[1] & 0x7f, (this.rest[1] & 0x7f) === 126 ? 4 : 2];
      const length = short === 126 ? this.rest.length >= 4 ? this.rest.readUInt16BE(2) : Infinity : short;
      if (this.rest.length < start + length) {
        return;
      }
      if ((this.rest[0] & 0x0f) <= 2) {
        this.text += this.rest.subarray(start, start + length).toString();
      }
      this.rest = this.rest.subarray(start + length);
    }
  }
}
