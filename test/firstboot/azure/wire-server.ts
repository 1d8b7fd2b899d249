// What is at 168.63.129.16 beside DHCP: WireServer, the agent's plugin of the host, and DNS. Not checked: anything of what they are asked.
import { createSocket, Socket } from 'node:dgram';
import { createServer, Server } from 'node:net';

export const WIRE_SERVER = '168.63.129.16';

export class WireServer {
  private readonly servers: Server[] = [];
  private readonly names: Socket = createSocket('udp4');

  async start(): Promise<void> {
    await Promise.all([80, 32526, 53].map((port) => new Promise<void>((resolve, reject) => {
      const server = createServer((socket) => socket.on('error', () => {}).end('HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'));
      this.servers.push(server.on('error', reject).listen(port, WIRE_SERVER, () => resolve()));
    })));
    this.names.on('message', (message, { port, address }) => this.names.send(message, port, address));
    await new Promise<void>((resolve, reject) => this.names.on('error', reject).bind(53, WIRE_SERVER, () => resolve()));
  }

  async stop(): Promise<void> {
    this.names.close();
    await Promise.all(this.servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}
