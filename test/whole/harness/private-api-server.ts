// The API server of a private cluster, at an address of its network. Its name is told to the machine alone, by /etc/hosts; it lets in whose identity
// has a role on the cluster. Not checked: links of zones, routes and firewalls on the way to it.
import { execFileSync } from 'node:child_process';
import { createServer, Server } from 'node:https';
import { Socket } from 'node:net';
import { Kubernetes } from './kubernetes';
import { Machines } from './machines';
import { callApiServer } from '../../apply/azure/api-server';
import { Azure as ResourceManager } from '../../apply/azure/azure';
import { hostOf, isPrivateHost } from '../../apply/azure/container-service';

const ADDRESS = '10.2.0.4';
/** The application of every AKS cluster's API server. */
const AUDIENCE = '6dae42f8-4368-4678-94ff-3960e28e3630';

export class PrivateApiServer {
  private readonly sockets = new Set<Socket>();
  private server?: Server;

  constructor(private readonly azure: ResourceManager, private readonly kubernetes: Kubernetes, private readonly machines: Machines) {}

  async start(): Promise<void> {
    execFileSync('ip', ['address', 'add', `${ADDRESS}/32`, 'dev', 'lo']);
    const { arm, authority } = this.azure;
    // an end of what is idle could meet a request that is on its way
    this.server = createServer({ SNICallback: (name, done) => done(null, authority.contextFor(name)), keepAliveTimeout: 0 }, (request, response) => {
      const clientId = this.machines.side.tokens.owner(request.headers.authorization, AUDIENCE);
      const principal = clientId && this.machines.principalOf(clientId);
      const host = (request.headers.host ?? '').replace(/:443$/, '');
      callApiServer(arm, this.kubernetes, { host, principal, spreadMs: this.azure.spreadMs }, request, response);
    });
    this.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket)).on('error', () => {});
    });
    await new Promise<void>((resolve, reject) => this.server!.on('error', reject).listen(443, ADDRESS, () => resolve()));
  }

  async stop(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    if (this.server) {
      await new Promise((resolve) => this.server!.close(resolve));
      execFileSync('ip', ['address', 'del', `${ADDRESS}/32`, 'dev', 'lo']);
    }
  }

  /** The lines of /etc/hosts that lead the names of private clusters here. */
  get hosts(): string {
    return this.azure.arm.list('Microsoft.ContainerService/managedClusters').map(hostOf)
      .filter((host) => isPrivateHost(this.azure.arm, host)).map((host) => `${ADDRESS} ${host}\n`).join('');
  }
}
