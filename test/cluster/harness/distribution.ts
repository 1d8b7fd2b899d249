// A real registry that images are pushed to, distribution's, beside the stand-in that can only be read. It asks nobody who they are.
import { ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cluster, NODE_ADDRESS } from './cluster';

export class Distribution {
  readonly address = `${NODE_ADDRESS}:5001`;
  private process?: ChildProcess;

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
  }

  stop(): void {
    this.process?.kill('SIGKILL');
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
