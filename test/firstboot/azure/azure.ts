// What the machine reaches: the metadata service, Key Vaults, storage accounts, GitLab's packages, Let's Encrypt, Entra ID, each on its public name, and failures on
// demand. It listens on addresses of the loopback interface in the network namespace of this process, which one machine shares and several are connected to;
// nothing leads out of it.
import { createServer as createHttpServer, IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { Socket } from 'node:net';
import { BlobStorage } from './blob-storage';
import { Answer, Endpoint } from './endpoint';
import { EntraId, ENTRA_ID } from './entra-id';
import { KeyVault, Permission } from './key-vault';
import { LetsEncrypt } from './lets-encrypt';
import { Metadata } from './metadata';
import { DOWNLOADS, PACKAGES, PackageServer } from './package-server';
import { Tokens } from './tokens';
import { WireServer } from './wire-server';
import { CertificateAuthority } from '../../apply/azure/certificates';

export const METADATA = '169.254.169.254';
const ADDRESS = '10.77.2.2';
const ACME = 'acme-v02.api.letsencrypt.org';

export interface LogEntry {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** What befalls requests instead of their normal course. */
export interface Failure {
  readonly host: string | RegExp;
  readonly method?: string;
  readonly path?: RegExp;
  /** An answer, a closed connection, or one that is closed after the request has taken effect. */
  readonly answer: Answer | 'no answer' | 'lost answer';
  /** After this many requests, or this long after the first of them, it is over; else when `end` is called. */
  readonly times?: number;
  readonly milliseconds?: number;
}

interface ActiveFailure extends Failure {
  met: number;
  since?: number;
}

export class Azure {
  /** Lines of the machine's /etc/hosts that lead to servers of others. */
  furtherHosts = '';
  readonly authority = new CertificateAuthority();
  readonly tokens = new Tokens();
  readonly metadata = new Metadata(this.tokens);
  readonly letsEncrypt = new LetsEncrypt();
  readonly entraId = new EntraId();
  readonly packages: PackageServer;
  readonly log: LogEntry[] = [];
  private readonly endpoints = new Map<string, Endpoint>();
  private readonly wireServer = new WireServer();
  private readonly servers: Server[] = [];
  private readonly sockets = new Set<Socket>();
  private failures: ActiveFailure[] = [];

  constructor(packageFolder: string) {
    this.packages = new PackageServer(packageFolder);
    this.endpoints.set(METADATA, this.metadata).set(PACKAGES, this.packages).set(DOWNLOADS, this.packages).set(ACME, this.letsEncrypt)
      .set(ENTRA_ID, this.entraId);
  }

  async start(): Promise<void> {
    await this.wireServer.start();
    const listener: RequestListener = (request, response) => void this.answer(request, response);
    // an end of what is idle could meet a request that is on its way
    const secure = createHttpsServer({ SNICallback: (name, done) => done(null, this.authority.contextFor(name)), keepAliveTimeout: 0 }, listener);
    await Promise.all([[createHttpServer(listener), 80, METADATA] as const, [secure, 443, ADDRESS] as const].map(([server, port, address]) => {
      this.servers.push(server);
      server.on('connection', (socket: Socket) => {
        this.sockets.add(socket);
        socket.on('close', () => this.sockets.delete(socket)).on('error', () => {});
      });
      return new Promise<void>((resolve, reject) => server.on('error', reject).listen(port, address, () => resolve()));
    }));
  }

  async stop(): Promise<void> {
    await this.wireServer.stop();
    this.sockets.forEach((socket) => socket.destroy());
    await Promise.all(this.servers.map((server) => new Promise((resolve) => server.close(resolve))));
    this.authority.close();
  }

  /** A vault; whoever has a token may do everything unless said otherwise when it is first named. */
  vault(name: string, may: Permission = () => true): KeyVault {
    const host = `${name}.vault.azure.net`;
    const vault = this.endpoints.get(host) ?? new KeyVault(name, this.tokens, may);
    this.endpoints.set(host, vault);
    return vault as KeyVault;
  }

  /** A storage account, likewise. */
  storage(name: string, writable = true): BlobStorage {
    const host = `${name}.blob.core.windows.net`;
    const storage = this.endpoints.get(host) ?? new BlobStorage(this.tokens, writable);
    this.endpoints.set(host, storage);
    return storage as BlobStorage;
  }

  /** A service that only some servers ask. */
  add(host: string, endpoint: Endpoint): void {
    this.endpoints.set(host, endpoint);
  }

  /** The lines of /etc/hosts that lead all names here. */
  get hosts(): string {
    return [...this.endpoints.keys()].filter((host) => host !== METADATA).map((host) => `${ADDRESS} ${host}\n`).join('') + this.furtherHosts;
  }

  fail(failure: Failure): { readonly end: () => void; readonly met: () => number } {
    const active: ActiveFailure = { ...failure, met: 0 };
    this.failures.push(active);
    return {
      end: () => {
        this.failures = this.failures.filter((one) => one !== active);
      },
      met: () => active.met,
    };
  }

  /** All that must not be readable by anybody: what the vaults hold, and the tokens to them. */
  get secrets(): string[] {
    const vaults = [...this.endpoints.values()].filter((endpoint): endpoint is KeyVault => endpoint instanceof KeyVault);
    return [...this.tokens.all, ...vaults.flatMap((vault) => vault.names.filter((name) => name !== 'gitlab-ca-certificate').map((name) => vault.value(name)!))];
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await new Promise<Buffer>((resolve) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks)));
    });
    const host = request.headers.host ?? '';
    const url = new URL(`https://${host}${request.url}`);
    const failure = this.failure(host, request.method!, url.pathname);
    const given = failure && typeof failure.answer !== 'string' ? failure.answer : undefined;
    let answer: Answer = given ?? { status: 0 };
    if (!failure || failure.answer === 'lost answer') {
      answer = this.endpoints.get(host)?.answer(request, url, body) ?? { status: 421 };
    }
    this.log.push({ host, method: request.method!, path: url.pathname, status: answer.status });
    if (failure && !given) {
      request.socket.destroy();
      return;
    }
    const bytes = Buffer.isBuffer(answer.body) ? answer.body : Buffer.from(answer.body === undefined ? '' : JSON.stringify(answer.body));
    response.writeHead(answer.status, { 'content-length': bytes.length, ...answer.headers });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  }

  private failure(host: string, method: string, path: string): ActiveFailure | undefined {
    const found = this.failures.find((one) => (typeof one.host === 'string' ? one.host === host : one.host.test(host))
      && (one.method ?? method) === method && (one.path ?? /./).test(path)
      && (one.times === undefined || one.met < one.times)
      && (one.milliseconds === undefined || one.since === undefined || Date.now() < one.since + one.milliseconds));
    if (found) {
      found.met += 1;
      found.since ??= Date.now();
    }
    return found;
  }
}
