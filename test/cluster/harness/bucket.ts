// A bucket on a real S3 server, Versity's gateway before a folder: it refuses what is not signed with its key.
import { ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Cluster, NODE_ADDRESS } from './cluster';

const PORT = 7070;

export class Bucket {
  readonly serverAddress = `${NODE_ADDRESS}:${PORT}`;
  private readonly folder: string;
  private server?: ChildProcess;

  constructor(private readonly cluster: Cluster, readonly name: string, private readonly key: { readonly id: string; readonly secret: string }) {
    this.folder = join(cluster.folder, 's3');
  }

  async start(): Promise<void> {
    mkdirSync(join(this.folder, this.name), { recursive: true });
    this.server = spawn(process.env.CLUSTER_S3!, ['--port', this.serverAddress, '--quiet', 'posix', '--nometa', this.folder], {
      stdio: ['ignore', 'pipe', 'pipe'], env: { ROOT_ACCESS_KEY: this.key.id, ROOT_SECRET_KEY: this.key.secret },
    });
    const log = createWriteStream(join(this.cluster.folder, 's3.log'));
    this.server.stdout!.pipe(log);
    this.server.stderr!.pipe(log);
    await this.cluster.until('the bucket is served', async () => (await fetch(`http://${this.serverAddress}/`).catch(() => undefined))?.status === 403);
  }

  stop(): void {
    this.server?.kill('SIGKILL');
  }

  /** The paths of what is in it. */
  objects(): string[] {
    return readdirSync(join(this.folder, this.name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile()).map(({ name }) => name);
  }
}
