// A real registry that images are pushed to, distribution's, beside the stand-in that can only be read. It asks nobody who they are.
import { ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, Server } from 'node:https';
import { join } from 'node:path';
import { Cluster, NODE_ADDRESS } from './cluster';

export class Distribution {
  readonly address = `${NODE_ADDRESS}:5001`;
  /** The same over TLS, by the cluster's authority, with the images of the stand-in beside it. */
  readonly secureAddress = NODE_ADDRESS;
  private process?: ChildProcess;
  private front?: Server;

  constructor(private readonly cluster: Cluster) {}

  async start(): Promise<void> {
    this.process = spawn(process.env.CLUSTER_REGISTRY!, [this.address], { stdio: ['ignore', 'pipe', 'pipe'] });
    const log = createWriteStream(join(this.cluster.folder, 'distribution.log'));
    this.process.stdout!.pipe(log);
    this.process.stderr!.pipe(log);
    // otherwise nodes ask the stand-in for what is here.
    const hosts = join(this.cluster.folder, 'containerd/hosts', this.address);
    mkdirSync(hosts, { recursive: true });
    writeFileSync(join(hosts, 'hosts.toml'), `server = "http://${this.address}"\n[host."http://${this.address}"]\n  capabilities = ["pull", "resolve"]\n`);
    await this.cluster.until('the registry answers', async () => (await fetch(`http://${this.address}/v2/`)).ok);
    await this.startFront();
  }

  stop(): void {
    this.process?.kill('SIGKILL');
    this.front?.closeAllConnections();
    this.front?.close();
  }

  private async startFront(): Promise<void> {
    // an end of what is idle could meet a request that is on its way
    this.front = createServer({ ...this.cluster.authority.issue(`IP:${NODE_ADDRESS}`), keepAliveTimeout: 0 }, (incoming, outgoing) => {
      const port = incoming.url!.startsWith('/v2/library/') ? 5000 : 5001;
      const headers = { ...incoming.headers, 'x-forwarded-proto': 'https' };
      incoming.pipe(request({ host: NODE_ADDRESS, port, path: incoming.url, method: incoming.method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(outgoing);
      }).on('error', (error) => outgoing.destroy(error)));
    });
    await new Promise<void>((resolve) => this.front!.listen(443, NODE_ADDRESS, resolve));
  }

  async tags(repository: string): Promise<string[]> {
    return ((await (await fetch(`http://${this.address}/v2/${repository}/tags/list`)).json()) as any).tags ?? [];
  }

  /** A manifest, as whoever pulls the image gets it. */
  async manifest(repository: string, tag: string): Promise<any> {
    return (await fetch(`http://${this.address}/v2/${repository}/manifests/${tag}`, {
      headers: { accept: 'application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json' },
    })).json();
  }
}
