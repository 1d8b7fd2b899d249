// A registry of images that can only be read, for every registry that containerd asks.
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createServer, Server } from 'node:http';
import { join } from 'node:path';

/** Where a password is asked for. */
export const PRIVATE_REGISTRY = 'private.example.com';

export class Registry {
  /** What the private registry takes, as HTTP's basic credentials. */
  credentials?: string;
  /** Registries that have nothing but copies of others' images, by their names, with what each rule takes them from and where it keeps them. */
  readonly caches = new Map<string, readonly { readonly source: string; readonly target: string }[]>();
  private readonly index: { [image: string]: string };
  private server?: Server;
  private port = 0;

  constructor(private readonly folder: string) {
    this.index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'));
  }

  async start(port: number): Promise<void> {
    this.port = port;
    // an end of what is idle could meet a request that is on its way
    this.server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
      if (request.url!.includes(`ns=${PRIVATE_REGISTRY}`) && request.headers.authorization !== `Basic ${this.credentials}`) {
        response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="private"' }).end();
        return;
      }
      const [, repository, kind, reference] = /^\/v2\/(.+)\/(manifests|blobs)\/([^/?]+)/.exec(request.url!) ?? [];
      const original = this.originalOf(repository, new URL(request.url!, 'http://registry').searchParams.get('ns') ?? '');
      const digest = original && (reference.startsWith('sha256:') ? reference : this.index[`${original}:${reference}`]);
      if (!digest) {
        response.writeHead(request.url!.startsWith('/v2/?') || request.url === '/v2/' ? 200 : 404).end();
        return;
      }
      const file = join(this.folder, 'blobs', digest);
      response.writeHead(200, {
        'Content-Type': kind === 'manifests' ? 'application/vnd.oci.image.manifest.v1+json' : 'application/octet-stream',
        'Content-Length': statSync(file).size, 'Docker-Content-Digest': digest,
      });
      if (request.method === 'HEAD') {
        response.end();
      } else {
        createReadStream(file).pipe(response);
      }
    });
    await new Promise<void>((resolve) => this.server!.listen(port, '0.0.0.0', resolve));
  }

  /** What a repository is a copy of, if it is one of a cache; nothing, if no rule of the cache is for it. */
  private originalOf(repository: string | undefined, host: string): string | undefined {
    const rules = this.caches.get(host);
    const rule = rules?.find(({ target }) => repository?.startsWith(target.replace(/\*$/, '')));
    // the registry of the source is not looked at: images have one name at all of them.
    return rules ? rule && repository!.replace(rule.target.replace(/\*$/, ''), rule.source.replace(/^[^/]+\//, '').replace(/\*$/, '')) : repository;
  }

  async startAgain(): Promise<void> {
    await this.start(this.port);
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    server?.closeAllConnections();
    await new Promise((resolve) => server ? server.close(resolve) : resolve(undefined));
  }
}
