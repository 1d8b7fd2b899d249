import { execFileSync } from 'child_process';
import { readFileSync } from 'fs';
import { createServer, Server } from 'https';
import { AddressInfo } from 'net';
import { join } from 'path';
import { emptyFolder } from '../command/program';
import { Answer } from '../preflight/azure';

export const TOKEN = 'a-token-of-somebody';

/** What is in the cluster, by path without its query; a text is a log. */
export type Objects = { readonly [path: string]: readonly object[] | number | string };

/** An API server of a cluster: lists by path, or the status that a number is. */
export class ApiServer {
  static async start(objects: () => Objects): Promise<ApiServer> {
    const folder = emptyFolder();
    const [key, cert] = ['key', 'cert'].map((name) => join(folder, name));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=kubernetes', '-addext', 'subjectAltName=IP:127.0.0.1',
      '-keyout', key, '-out', cert], { stdio: 'ignore' });
    const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) });
    const api = new ApiServer(server, readFileSync(cert).toString('base64'));
    server.on('request', ({ url, headers }, response) => {
      api.asked.push({ path: decodeURIComponent(url!), accept: headers.accept });
      const found = objects()[url!.split('?')[0]] ?? [];
      const status = headers.authorization !== `Bearer ${TOKEN}` ? 401 : typeof found === 'number' ? found : 200;
      response.writeHead(status).end(typeof found === 'string' ? found : JSON.stringify({ items: found }));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return api;
  }

  readonly asked: { path: string; accept?: string }[] = [];

  private constructor(private readonly server: Server, private readonly authority: string) {}

  /** What `az` tells of the way there. */
  get answers(): readonly Answer[] {
    const { port } = this.server.address() as AddressInfo;
    return [
      {
        call: ['aks get-credentials', '--file -'],
        text: `apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: ${this.authority}\n    server: https://127.0.0.1:${port}\n  name: gitlab-cluster\n`,
      },
      { call: ['account get-access-token', '6dae42f8-4368-4678-94ff-3960e28e3630'], answer: { accessToken: TOKEN, expires_on: 1 } },
    ];
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}
