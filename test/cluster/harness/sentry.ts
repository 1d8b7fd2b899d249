// Sentry's door for events over HTTP: it takes whatever names the project's key, and keeps it. A stand-in: nothing is grouped or shown.
import { createServer, Server } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { NODE_ADDRESS } from './cluster';

export class Sentry {
  readonly events: string[] = [];
  private server?: Server;

  constructor(private readonly key: string, private readonly port: number) {}

  /** The address that a program reports to. */
  get dsn(): string {
    return `http://${this.key}@${NODE_ADDRESS}:${this.port}/42`;
  }

  async start(): Promise<void> {
    // an end of what is idle could meet a request that is on its way
    this.server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece) => pieces.push(piece)).on('end', () => {
        const known = request.url === '/api/42/envelope/' && String(request.headers['x-sentry-auth']).includes(`sentry_key=${this.key}`);
        const body = Buffer.concat(pieces);
        if (known) {this.events.push((request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString());}
        response.writeHead(known ? 200 : 403, { 'content-type': 'application/json' }).end('{}');
      });
    });
    await new Promise<void>((resolve) => this.server!.listen(this.port, NODE_ADDRESS, resolve));
  }

  stop(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }
}
