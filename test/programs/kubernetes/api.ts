import { request } from 'node:https';

export interface KubernetesAnswer {
  readonly status: number;
  /** What a JSON answer says, or the text of another. */
  readonly body: any;
}

/** An API server as its administrator calls it. */
export class KubernetesApi {
  constructor(
    private readonly host: string, private readonly port: number, private readonly certificateAuthority: () => string, private readonly token: string,
  ) {}

  async call(method: string, path: string, body?: any, headers: { readonly [name: string]: string } = {}): Promise<KubernetesAnswer> {
    return new Promise((resolve, reject) => {
      const outgoing = request({
        host: this.host, port: this.port, ca: this.certificateAuthority(), method, path,
        headers: { 'authorization': `Bearer ${this.token}`, 'content-type': 'application/json', ...headers },
      }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('error', reject).on('data', (chunk) => chunks.push(chunk)).on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: answer.statusCode!, body: text.startsWith('{') ? JSON.parse(text) : text });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body && JSON.stringify(body));
    });
  }

  /** Server-side apply. What the API server does not know is refused; with `dryRun` nothing is kept. */
  async apply(object: any, options: { readonly dryRun?: boolean } = {}): Promise<void> {
    const query = `fieldManager=helm&fieldValidation=Strict&force=true${options.dryRun ? '&dryRun=All' : ''}`;
    const { status, body } = await this.call('PATCH', `${pathOf(object)}?${query}`, object, { 'content-type': 'application/apply-patch+yaml' });
    if (status >= 300) {throw new Error(`${object.kind} ${object.metadata.name}: ${status} ${JSON.stringify(body.message ?? body)}`);}
  }
}

const CLUSTER_KINDS = ['Namespace', 'Node', 'ClusterRole', 'ClusterRoleBinding', 'PriorityClass', 'RuntimeClass', 'CustomResourceDefinition'];

/** Where the API server has an object. */
export function pathOf({ apiVersion, kind, metadata }: any): string {
  const [, stem, ending] = /^(.*?)(y|s|)$/.exec(kind.toLowerCase())!;
  const plural = stem + ({ y: 'ies', s: 'ses' }[ending] ?? 's');
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const namespace = CLUSTER_KINDS.includes(kind) ? '' : `/namespaces/${metadata.namespace ?? 'default'}`;
  return `${root}${namespace}/${plural}/${metadata.name}`;
}
