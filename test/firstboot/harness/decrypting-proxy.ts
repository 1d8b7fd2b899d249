import { createServer, IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { connect, TLSSocket } from 'node:tls';
import { CertificateAuthority } from '../../apply/azure/certificates';

const ADDRESS = '10.77.2.3';
const PORT = 3128;

/** A proxy that ends TLS to look inside, with certificates of its own authority, as companies have them. It knows where the names of the world lead. */
export class DecryptingProxy {
  readonly url = `http://${ADDRESS}:${PORT}`;
  readonly authority = new CertificateAuthority('inspection of a company');
  /** The hosts that were asked for. */
  readonly asked = new Set<string>();
  private readonly server = createServer((_, response) => response.writeHead(502).end()).on('connect', (request, socket) => this.tunnel(request, socket as Socket));
  private readonly sockets = new Set<Socket>();
  private addresses = new Map<string, string>();
  private worldAuthority = '';

  /** @param hosts lines of /etc/hosts that the proxy sees @param worldAuthority who vouches for the world's certificates */
  async start(hosts: string, worldAuthority: string): Promise<void> {
    this.addresses = new Map(hosts.split('\n').filter(Boolean).map((line) => line.split(' ').reverse() as [string, string]));
    this.worldAuthority = worldAuthority;
    await new Promise<void>((resolve, reject) => this.server.on('error', reject).listen(PORT, ADDRESS, resolve));
  }

  stop(): void {
    this.server.close();
    this.sockets.forEach((socket) => socket.destroy());
    this.authority.close();
  }

  private tunnel({ url = '' }: IncomingMessage, socket: Socket): void {
    const host = url.split(':')[0];
    const address = this.addresses.get(host);
    socket.on('error', () => socket.destroy());
    if (address === undefined) {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    const inside = new TLSSocket(socket, { isServer: true, secureContext: this.authority.contextFor(host) });
    const outside = connect({ host: address, port: 443, servername: host, ca: this.worldAuthority });
    // whoever does not trust this authority ends the handshake, and has asked for nothing.
    inside.on('data', () => this.asked.add(host));
    [[inside, outside], [outside, inside]].forEach(([one, other]) => {
      this.sockets.add(one);
      one.on('error', () => other.destroy()).on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      }).pipe(other);
    });
  }
}
