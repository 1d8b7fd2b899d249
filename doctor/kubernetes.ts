import { request } from 'https';
import { Az } from '../preflight/az';
import { AzureError } from '../preflight/az-errors';
import { AKS } from '../preflight/checks/token';

const TIMEOUT_MS = 30_000;

/** Asks a cluster's API server as whoever is signed in to `az`. No kubectl is needed, and nothing is written into anybody's kubeconfig. */
export class Kubernetes {
  static async of(az: Az, subscriptionId: string, group: string, name: string, tenantId: string): Promise<Kubernetes> {
    const [config, token] = await Promise.all([az.kubeconfig(subscriptionId, group, name), az.accessToken(AKS, tenantId)]);
    const value = (key: string) => new RegExp(`^\\s*(?:- )?${key}: *"?([^"\\s]+)"?$`, 'm').exec(config)?.[1];
    const [server, authority] = [value('server'), value('certificate-authority-data')];
    if (server === undefined || authority === undefined) {
      throw new AzureError('Unknown', 'az aks get-credentials told no server');
    }
    return new Kubernetes(server, Buffer.from(authority, 'base64'), token);
  }

  private constructor(private readonly server: string, private readonly ca: Buffer, private readonly token: string) {}

  /** The items of a list. */
  list(path: string): Promise<any[]> {
    return this.get(path, 'application/json');
  }

  /** Of a list's items what all kinds of objects have: of secrets nothing secret. */
  metadata(path: string): Promise<any[]> {
    return this.get(path, 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1');
  }

  /** What is no JSON, such as a log. */
  text(path: string): Promise<string> {
    return this.ask('GET', path, '*/*');
  }

  /** Any other call; its answer. */
  async call(method: string, path: string, body?: object): Promise<any> {
    return JSON.parse(await this.ask(method, path, 'application/json', body) || '{}');
  }

  private async get(path: string, accept: string): Promise<any[]> {
    return JSON.parse(await this.ask('GET', path, accept) || '{}').items ?? [];
  }

  private ask(method: string, path: string, accept: string, body?: object): Promise<string> {
    const { server, ca, token } = this;
    const content = body === undefined ? undefined : JSON.stringify(body);
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const headers = { authorization: `Bearer ${token}`, accept, ...content === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(content) } };
    return new Promise((resolve, reject) => {
      const asked = request(new URL(path, server), { method, ca, timeout: TIMEOUT_MS, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (response.statusCode! < 300) {
            resolve(text);
          } else {
            reject(new AzureError(response.statusCode === 403 ? 'Forbidden' : 'Unknown', `the API server answers ${path.split('?')[0]} with ${response.statusCode}`));
          }
        }).on('error', (error) => reject(unreachable(server, error)));
      });
      asked.on('timeout', () => asked.destroy(new Error('no answer in time'))).on('error', (error) => reject(unreachable(server, error))).end(content);
    });
  }
}

function unreachable(server: string, { message }: Error): AzureError {
  return new AzureError('Unreachable', `the API server ${server} is not reached from here: ${message}`,
    'run this where kubectl would reach it: in the network of a private cluster, or from an address that it lets in; what the server told of the runners holds all the same');
}
