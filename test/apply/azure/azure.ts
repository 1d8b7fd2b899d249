// A stand-in of Azure: sign-in, Resource Manager and the data planes, behind one proxy on the loopback interface that leads the public names
// of Azure here and refuses all others. Each module beside this one says in its header what it does not check.
import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { addAlerts } from './alerts';
import { ApiServer, callApiServer } from './api-server';
import { addAuthorization, principals, roleDefinitions } from './authorization';
import { AzureError } from './azure-error';
import { CertificateAuthority } from './certificates';
import { addCompute, handleSkus, Machines } from './compute';
import { addContainerRegistry } from './container-registry';
import { addContainerService, isPrivateHost } from './container-service';
import { Arm } from './core';
import { addDataProtection } from './data-protection';
import { addKeyVault, Vaults } from './key-vault';
import { addLoadBalancers } from './load-balancer';
import { addLocks } from './locks';
import { discovery, principalOf, tokenFor, uuidOf } from './login';
import { addMaintenance } from './maintenance';
import { addManagedIdentity } from './managed-identity';
import { addMonitoring } from './monitoring';
import { addNetwork } from './network';
import { addPostgresql } from './postgresql';
import { addPrivateDns } from './private-dns';
import { addPrivateEndpoints } from './private-endpoints';
import { addPrometheus } from './prometheus';
import { Answer, LogEntry } from './request';
import { addResources, handleSubscription } from './resources';
import { addStorage } from './storage';

export const TENANT_ID = uuidOf('tenant');
export const SUBSCRIPTION_ID = uuidOf('subscription');
/** Of the same tenant. */
export const OTHER_SUBSCRIPTION_ID = uuidOf('other subscription');

export class Azure {
  readonly arm = new Arm();
  readonly machines: Machines;
  readonly vaults: Vaults;
  /** How long a role assignment takes to count, in milliseconds. */
  spreadMs = 100;
  /** All secret values that were handed out, and what they are. */
  readonly secrets = new Map<string, string>();
  private readonly server: Server;
  private readonly proxy: Server;
  private readonly sockets = new Set<Socket>();
  private readonly readers = new Map<string, readonly string[]>();

  constructor(readonly authority: CertificateAuthority, private readonly apiServer?: ApiServer) {
    const issue = (text: string) => {
      const value = uuidOf(text).replace(/-/g, '') + uuidOf(`${text} more`).replace(/-/g, '');
      const what = text.replace(/ \d? ?\/.*/, '');
      this.secrets.set(value, what).set(Buffer.from(value).toString('base64'), what);
      return value;
    };
    [SUBSCRIPTION_ID, OTHER_SUBSCRIPTION_ID].forEach((subscription) => this.arm.subscriptions.add(subscription));
    addResources(this.arm);
    addAuthorization(this.arm);
    addLocks(this.arm);
    addManagedIdentity(this.arm);
    addNetwork(this.arm);
    addLoadBalancers(this.arm);
    addPrivateDns(this.arm);
    addPrivateEndpoints(this.arm);
    this.machines = addCompute(this.arm);
    this.vaults = addKeyVault(this.arm, () => this.spreadMs);
    addDataProtection(this.arm, () => this.spreadMs);
    addMonitoring(this.arm, issue);
    addAlerts(this.arm);
    addPrometheus(this.arm);
    addMaintenance(this.arm);
    addContainerRegistry(this.arm);
    addPostgresql(this.arm, (password) => this.secrets.set(password, 'password of a database server'));
    addStorage(this.arm, issue);
    addContainerService(this.arm, authority.certificate, issue);

    // an end of what is idle could meet a request that is on its way
    this.server = createServer({ keepAliveTimeout: 0 }, (request, response) => void this.answer(request, response));
    this.proxy = createServer((request, response) => {
      this.arm.log.push({ host: request.url!, method: request.method!, path: '', start: Date.now(), status: 403 });
      response.writeHead(403).end();
    });
    this.proxy.on('connect', (request, socket: Socket, head) => this.connect(request.url!, socket, head));
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.proxy.listen(0, '127.0.0.1', resolve);
    });
  }

  /** The environment of a process that shall take this for Azure. */
  environment(clientId = uuidOf('deployer')): { [name: string]: string } {
    principals(this.arm).add(uuidOf(clientId));
    return {
      HTTPS_PROXY: `http://127.0.0.1:${(this.proxy.address() as AddressInfo).port}`,
      NO_PROXY: '127.0.0.1,localhost',
      SSL_CERT_FILE: this.authority.certificateFile,
      ARM_CLIENT_ID: clientId,
      ARM_CLIENT_SECRET: 'none',
      ARM_TENANT_ID: TENANT_ID,
      ARM_SUBSCRIPTION_ID: SUBSCRIPTION_ID,
      ARM_USE_CLI: 'false',
      STANDIN_TOKEN: this.token(clientId, '6dae42f8-4368-4678-94ff-3960e28e3630'),
    };
  }

  /** Puts an object id into the directory. */
  addPrincipal(objectId: string): void {
    principals(this.arm).add(objectId);
  }

  /** Somebody who has the role Reader, and may take these actions. */
  mayOnlyRead(objectId: string, actions: readonly string[] = []): void {
    this.readers.set(objectId, actions);
  }

  async stop(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await Promise.all([this.proxy, this.server].map((server) => new Promise((resolve) => {
      server.close(resolve);
    })));
  }

  private token(clientId: string, audience: string): string {
    const token = tokenFor(clientId, TENANT_ID, audience);
    this.secrets.set(token, 'token');
    return token;
  }

  private connect(target: string, socket: Socket, head: Buffer): void {
    const host = target.replace(/:443$/, '');
    this.sockets.add(socket);
    socket.on('error', () => {}).on('close', () => this.sockets.delete(socket));
    if (!this.handler(host)) {
      this.arm.log.push({ host: target, method: 'CONNECT', path: '', start: Date.now(), status: 403 });
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    if (head.length > 0) {
      socket.unshift(head);
    }
    const secure = new TLSSocket(socket, { isServer: true, secureContext: this.authority.contextFor(host), ALPNProtocols: ['http/1.1'] });
    secure.on('error', () => {});
    this.server.emit('connection', secure);
  }

  private handler(host: string): ((request: IncomingMessage, url: URL, body: any, entry: LogEntry) => Promise<Answer>) | undefined {
    if (host === 'login.microsoftonline.com') {
      return async (_, url, body) => {
        const found = discovery(url.pathname);
        if (found) {
          return { status: 200, body: found };
        }
        const form = new URLSearchParams(body);
        const token = this.token(form.get('client_id') ?? '', url.pathname.endsWith('/token') ? form.get('scope') ?? '' : '');
        return { status: 200, body: { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: token } };
      };
    }
    if (host === 'management.azure.com') {
      return (request, url, body, entry) => this.manage(request, url, body, entry);
    }
    if (host.endsWith('.vault.azure.net')) {
      return async (request, url, body, entry) => this.vaults.data(host.split('.')[0], request.method!, url.pathname, body, entry.principal);
    }
    // Terraform runs outside of the networks that reach a private cluster.
    if (host.endsWith('.azmk8s.io') && this.apiServer && !isPrivateHost(this.arm, host)) {
      return async () => ({ status: 404 });
    }
    return undefined;
  }

  private async manage(request: IncomingMessage, url: URL, body: any, entry: LogEntry): Promise<Answer> {
    const armRequest = { method: request.method!, url, body, principal: entry.principal ?? '' };
    const path = url.pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '');
    const definitions = /^(.*)\/providers\/Microsoft\.Authorization\/roleDefinitions(?:\/([^/]+))?$/i.exec(path);
    if (definitions) {
      return { status: 200, body: roleDefinitions(definitions[1], url.searchParams.get('$filter'), definitions[2]) };
    }
    if (!entry.principal) {
      throw new AzureError(401, 'InvalidAuthenticationToken', 'the token is missing or for another audience');
    }
    if (!['GET', 'HEAD'].includes(request.method!) && this.readers.get(entry.principal)?.includes(path.split('/').pop()!) === false) {
      throw new AzureError(403, 'AuthorizationFailed', `the client ${entry.principal} does not have authorization to perform action ${request.method} over scope ${path}`);
    }
    return this.vaults.handle(request.method!, path) ?? handleSkus(path) ?? await handleSubscription(this.arm, armRequest)
      ?? this.arm.handle(armRequest, entry);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = (request.headers.host ?? '').replace(/:443$/, '');
    const url = new URL(`https://${host}${request.url}`);
    const principal = principalOf(request.headers.authorization, host);
    if (host.endsWith('.azmk8s.io')) {
      callApiServer(this.arm, this.apiServer!, { host, principal, spreadMs: this.spreadMs }, request, response);
      return;
    }
    const text = await new Promise<string>((resolve) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks).toString()));
    });
    const body = request.headers['content-type']?.includes('json') && text ? JSON.parse(text) : text;
    const entry: LogEntry = { host, method: request.method!, path: url.pathname, body: body || undefined, principal, start: Date.now() };
    this.arm.log.push(entry);
    let answer: Answer;
    try {
      answer = await this.handler(host)!(request, url, body, entry);
    } catch (error: any) {
      const known = error instanceof AzureError;
      const code = known ? error.code : 'StandInFailed';
      const message = known ? error.message : `${error.stack}`;
      answer = { status: known ? error.status : 418, body: { error: { code, message } } };
    }
    if (answer.lost) {
      request.socket.destroy();
      return;
    }
    entry.status = answer.status;
    entry.end ??= answer.headers ? undefined : Date.now();
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(answer.body === undefined || request.method === 'HEAD' ? undefined : JSON.stringify(answer.body));
  }
}
