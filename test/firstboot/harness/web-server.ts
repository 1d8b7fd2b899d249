import { ChildProcess, spawn, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, IncomingMessage, request as httpRequest, Server as HttpServer } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { lane, until } from './lane';
import { Machine } from './machine';

/** Where GitLab's nginx listens, what is behind it, where a proxy is, and where clients ask from. */
export const ADDRESSES = { gitlab: '127.0.1.10', behind: '127.0.1.11:8181', proxy: '127.0.1.20', client: '127.0.1.30', stranger: '127.0.1.40' };

const RENDER = join(process.env.FIRSTBOOT_REPOSITORY!, 'test/firstboot/nginx/render.rb');

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** What came through to the service behind nginx: its path and headers. */
  readonly seen?: { readonly path: string; readonly headers: { readonly [name: string]: string } };
}

/**
 * The web server of GitLab's package: the real nginx with Omnibus' own templates, of the settings that Ruby read from the machine's gitlab.rb. Behind
 * it is a service that tells what came through.
 */
export class WebServer {
  private readonly processes: ChildProcess[] = [];
  private behind?: HttpServer;

  constructor(private readonly machine: Machine) {}

  /** With the settings and certificates that the machine has now. */
  async start(): Promise<void> {
    const folder = mkdtempSync(join(lane.folder, 'nginx-'));
    const ssl = join(folder, 'ssl');
    mkdirSync(ssl);
    for (const path of (await this.machine.shell('ls /etc/gitlab/ssl/*.crt /etc/gitlab/ssl/*.key 2>/dev/null || true')).split('\n').filter(Boolean)) {
      writeFileSync(join(ssl, path.split('/').pop()!), await this.machine.run('cat', path));
    }
    const settings = JSON.parse(await this.machine.run('cat', '/var/opt/gitlab/gitlab.json'));
    execFileSync('ruby', [RENDER], { input: JSON.stringify({ settings, folder, ssl, address: ADDRESSES.gitlab, behind: ADDRESSES.behind }) });
    const [host, port] = ADDRESSES.behind.split(':');
    this.behind ??= await listening(Number(port), host);
    const plain = [settings.sections.gitlab_rails?.nginx, settings.sections.nginx].some((section) => section?.listen_https === false);
    await this.nginx(folder, plain ? 80 : 443, ADDRESSES.gitlab);
  }

  /** A proxy in front of it, by a configuration of nginx for the `http` block. */
  async startProxy(configuration: string): Promise<void> {
    const folder = mkdtempSync(join(lane.folder, 'proxy-'));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=proxy', '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')],
      { stdio: 'ignore' });
    writeFileSync(join(folder, 'nginx.conf'), `daemon off;\nuser root;\npid ${folder}/pid;\nerror_log stderr;\nevents {}\nhttp {\n  access_log off;\n  proxy_bind ${ADDRESSES.proxy};\n`
      + `${configuration.replace(/(ssl_certificate|ssl_certificate_key)( +)[^;]+;/g, (_, key, space) => `${key}${space}${folder}/${key === 'ssl_certificate' ? 'cert' : 'key'}.pem;`)}\n}\n`);
    await this.nginx(folder, 443, ADDRESSES.proxy);
  }

  async stop(): Promise<void> {
    const ended = this.processes.splice(0).map((child) => new Promise((resolve) => {
      child.once('exit', resolve);
      child.kill('SIGTERM');
    }));
    await Promise.all(ended);
    this.behind?.close();
    this.behind = undefined;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  private async nginx(folder: string, port: number, address: string): Promise<void> {
    const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: ['ignore', 'ignore', 'inherit'] });
    this.processes.push(child);
    await until(`nginx at ${address}:${port}`, async () => {
      if (child.exitCode !== null) {
        throw new Error(`nginx ended with ${child.exitCode}`);
      }
      try {
        await ask(`${port === 443 ? 'https' : 'http'}://nobody.example.com/`, { address, port });
        return true;
      } catch {
        return false;
      }
    });
  }
}

export interface Ask {
  /** Where to connect, whatever the URL says, and from which address. */
  readonly address: string;
  readonly port?: number;
  readonly from?: string;
  readonly headers?: { readonly [name: string]: string };
}

/** One request, without following where it leads. */
export async function ask(url: string, { address, port, from = ADDRESSES.client, headers }: Ask): Promise<Answer> {
  const { hostname, host, pathname, protocol } = new URL(url);
  const tls = protocol === 'https:';
  return new Promise((resolve, reject) => {
    const request = (tls ? httpsRequest : httpRequest)({
      host: address, port: port ?? (tls ? 443 : 80), localAddress: from, path: pathname, headers: { host, ...headers }, agent: false,
      ...tls ? { servername: hostname, rejectUnauthorized: false } : {},
    }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode!, headers: response.headers, ...text.startsWith('{') ? { seen: JSON.parse(text) } : {} });
      });
    });
    request.on('error', reject).end();
  });
}

async function listening(port: number, host: string): Promise<HttpServer> {
  const server = createServer((request, response) => response.end(JSON.stringify({ path: request.url, headers: request.headers })));
  await new Promise<void>((resolve) => {
    server.listen(port, host, resolve);
  });
  return server;
}
