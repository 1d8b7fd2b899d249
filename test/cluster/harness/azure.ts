// What of Azure a cache needs: names, the webhook that gives pods their identity's token, Entra ID, which takes it for one of its own, and a storage account.
// Tokens of service accounts are judged by the API server that signed them, signatures by the key they are made with; who may do what, tests say.
import { execFileSync } from 'node:child_process';
import { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, Server } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from './cluster';
import { DelegationKey } from './delegation-key';
import { NameServer } from './name-server';
import { discovery, uuidOf } from '../../apply/azure/login';
import { BlobStorage } from '../../firstboot/azure/blob-storage';
import { Tokens } from '../../firstboot/azure/tokens';

const EXCHANGE = 'api://AzureADTokenExchange';
const STORAGE = 'https://storage.azure.com';
const LABEL = 'azure.workload.identity/use';
const MOUNT = '/var/run/secrets/azure/tokens';
const LOGIN_HOST = 'login.microsoftonline.com';
const BLOB_DOMAIN = 'blob.core.windows.net';
/** Public, as Azure's are. */
const ADDRESS = '203.0.113.20';
/** The ConfigMap of the authority that the world knows and these machines do not. */
const AUTHORITY = 'authority';

/** Somebody's storage of blobs. */
interface Storage {
  answer(request: IncomingMessage, url: URL, body: Buffer): [number, Buffer, { [name: string]: string }?];
}

export class Azure {
  private readonly tokens = new Tokens();
  readonly blobs = new BlobStorage(this.tokens, true);
  /** The client ids that Entra ID takes service accounts for, by the accounts' full names. */
  readonly federated = new Map<string, string>();
  /** The client ids that have the role Storage Blob Data Contributor. */
  readonly contributors = new Set<string>();
  /** How fast a request's content goes either way; as fast as it can, if it is not set. */
  bytesPerSecond?: number;
  /** When the last request for a blob was answered, in milliseconds. */
  answered = 0;
  /** Every blob that was asked for with a signature, after the method and the pod's answer. */
  readonly signed: string[] = [];
  private readonly keys: { readonly clientId: string; readonly key: DelegationKey }[] = [];
  private readonly names: NameServer;
  private server?: Server;

  /** @param others what else is in the world, by its name */
  constructor(private readonly cluster: Cluster, private readonly others: { readonly [host: string]: Storage } = {}) {
    this.names = new NameServer(cluster, ADDRESS, [LOGIN_HOST, BLOB_DOMAIN, ...Object.keys(others)]);
  }

  async start(): Promise<void> {
    const { authority, api } = this.cluster;
    execFileSync('ip', ['address', 'add', `${ADDRESS}/32`, 'dev', 'lo']);
    await this.names.start();
    // an end of what is idle could meet a request that is on its way
    this.server = createServer({
      keepAliveTimeout: 0,
      ...authority.issue('webhook.example.com', `IP:${ADDRESS}`), SNICallback: (host, done) => done(null, authority.contextFor(host)),
    }, (request, response) => {
      this.answer(request, response).catch((error) => response.writeHead(500).end(String(error)));
    });
    await new Promise<void>((resolve) => this.server!.listen(443, ADDRESS, resolve));
    await api.call('POST', '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations', {
      metadata: { name: 'azure-wi-webhook' },
      webhooks: [{
        name: 'mutation.azure-workload-identity.io', sideEffects: 'None', admissionReviewVersions: ['v1'], timeoutSeconds: 30,
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        clientConfig: { url: `https://${ADDRESS}/`, caBundle: Buffer.from(authority.certificate).toString('base64') },
      }],
    });
    // the API server learns of it a moment later, and a pod that came before would have no identity
    await this.cluster.until('the webhook is asked', async () => {
      const { body } = await api.call('POST', '/api/v1/namespaces/kube-system/pods?dryRun=All', { metadata: { name: 'try' }, spec: { containers: [{ name: 'main', image: 'ubuntu:24.04' }] } });
      return body.spec?.containers[0].env?.some(({ name }: any) => name === 'SSL_CERT_FILE');
    });
  }

  stop(): void {
    this.names.stop();
    this.server?.closeAllConnections();
    this.server?.close();
  }

  /** Knows the identities, federations, roles and containers that a stack makes. */
  apply(resources: any): void {
    const all = (type: string): any[] => Object.values(resources[`azurerm_${type}`] ?? {});
    const names = Object.keys(resources.azurerm_user_assigned_identity ?? {});
    const clientId = (attribute: string, value: string) => {
      const name = names.find((candidate) => uuidOf(`azurerm_user_assigned_identity.${candidate}.${attribute}`) === value);
      return uuidOf(`azurerm_user_assigned_identity.${name}.client_id`);
    };
    all('federated_identity_credential').filter(({ audience }) => audience.includes(EXCHANGE))
      .forEach(({ subject, user_assigned_identity_id: id }) => this.federated.set(subject, clientId('id', id)));
    all('role_assignment').filter(({ role_definition_name: role }) => role === 'Storage Blob Data Contributor')
      .forEach(({ principal_id: id }) => this.contributors.add(clientId('principal_id', id)));
    all('storage_container').forEach(({ name }) => this.blobs.containers.add(name));
  }

  /** Lets pods of a namespace trust what is served here. */
  async trustedIn(namespace: string): Promise<void> {
    await this.cluster.api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    await this.cluster.api.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: AUTHORITY, namespace }, data: { 'ca.pem': this.cluster.authority.certificate } });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {chunks.push(chunk);}
    const body = Buffer.concat(chunks);
    const host = request.headers.host!.replace(/:\d+$/, '');
    const url = new URL(request.url!, `https://${host}`);
    if (host.endsWith(`.${BLOB_DOMAIN}`) || host in this.others) {
      const begun = Date.now();
      const [status, content, headers = {}] = this.others[host]?.answer(request, url, body) ?? this.storage(request, url, body);
      if (this.bytesPerSecond) {
        const bytes = body.length + (request.method === 'HEAD' ? 0 : content.length);
        await sleep(Math.max(0, begun + bytes / this.bytesPerSecond * 1000 - Date.now()));
      }
      const now = new Date().toUTCString();
      response.writeHead(status, {
        'Last-Modified': now, 'x-ms-creation-time': now, 'ETag': '"1"', 'Content-Type': 'application/octet-stream', 'Content-Length': content.length, ...headers,
      });
      response.end(request.method === 'HEAD' ? undefined : content, () => { this.answered = Date.now(); });
      return;
    }
    const [status, content] = host === LOGIN_HOST ? await this.signIn(url.pathname, new URLSearchParams(body.toString()))
      : [200, await this.admit(JSON.parse(body.toString()))];
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(content));
  }

  private storage(request: IncomingMessage, url: URL, body: Buffer): [number, Buffer, { [name: string]: string }?] {
    const account = url.hostname.split('.')[0];
    if (url.searchParams.get('comp') === 'userdelegationkey') {
      const clientId = this.tokens.owner(request.headers.authorization, STORAGE);
      if (!clientId || !this.contributors.has(clientId)) {return [403, Buffer.from('<Error><Code>AuthorizationPermissionMismatch</Code></Error>'), { 'x-ms-error-code': 'AuthorizationPermissionMismatch' }];}
      const key = new DelegationKey(account, uuidOf(clientId), clientId, String(request.headers['x-ms-version']));
      this.keys.push({ clientId, key });
      return [200, Buffer.from(key.xml), { 'Content-Type': 'application/xml' }];
    }
    if (url.searchParams.has('sig')) {
      const owner = this.keys.find(({ key, clientId }) => key.allows(request.method!, url) && this.contributors.has(clientId));
      this.signed.push(`${request.method} ${url.pathname} ${owner ? 'allowed' : 'refused'}`);
      if (!owner) {return [403, Buffer.alloc(0), { 'x-ms-error-code': 'AuthenticationFailed' }];}
      request.headers.authorization = `Bearer ${this.tokens.issue(STORAGE, owner.clientId)}`;
    }
    const { status, body: content, headers } = this.blobs.answer(request, url, body);
    return [status, (content as Buffer | undefined) ?? Buffer.alloc(0), headers];
  }

  private async signIn(path: string, form: URLSearchParams): Promise<[number, object]> {
    const known = discovery(path);
    if (known) {return [200, known];}
    const { body } = await this.cluster.api.call('POST', '/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token: form.get('client_assertion'), audiences: [EXCHANGE] } });
    const { authenticated, user } = body.status;
    const clientId = form.get('client_id')!;
    if (!authenticated || this.federated.get(user.username) !== clientId) {
      return [401, { error: 'invalid_client', error_description: 'AADSTS700213: No matching federated identity record found' }];
    }
    const audience = form.get('scope')!.split(' ').find((scope) => scope.endsWith('/.default'))!.replace(/\/\.default$/, '');
    return [200, { token_type: 'Bearer', expires_in: 3600, access_token: this.tokens.issue(audience, clientId) }];
  }

  /** Puts into labelled pods what the webhook does: where the identity's token is, and whose; and into all where the authority is. */
  private async admit({ request: { uid, namespace, object: { metadata, spec } } }: any): Promise<object> {
    const { body: account } = await this.cluster.api.call('GET', `/api/v1/namespaces/${namespace}/serviceaccounts/${spec.serviceAccountName}`);
    const annotation = (name: string) => account.metadata.annotations?.[`azure.workload.identity/${name}`] ?? '';
    const identity = metadata.labels?.[LABEL] === 'true';
    const environment = Object.entries({
      SSL_CERT_FILE: `/${AUTHORITY}/ca.pem`,
      ...identity ? {
        AZURE_CLIENT_ID: annotation('client-id'), AZURE_TENANT_ID: annotation('tenant-id'),
        AZURE_FEDERATED_TOKEN_FILE: `${MOUNT}/azure-identity-token`, AZURE_AUTHORITY_HOST: `https://${LOGIN_HOST}/`,
      } : {},
    }).map(([name, value]) => ({ name, value }));
    const token = { name: 'azure-identity-token', projected: { sources: [{ serviceAccountToken: { audience: EXCHANGE, expirationSeconds: 3600, path: 'azure-identity-token' } }] } };
    const mounts = [{ name: AUTHORITY, mountPath: `/${AUTHORITY}` }, ...identity ? [{ name: token.name, mountPath: MOUNT, readOnly: true }] : []];
    const extended = ({ env = [], volumeMounts = [], ...container }: any) => ({
      ...container, env: [...env, ...environment], volumeMounts: [...volumeMounts, ...mounts],
    });
    const patch = [
      ...['containers', 'initContainers'].filter((kind) => spec[kind]).map((kind) => ({ op: 'replace', path: `/spec/${kind}`, value: spec[kind].map(extended) })),
      { op: 'add', path: '/spec/volumes', value: [...spec.volumes ?? [], { name: AUTHORITY, configMap: { name: AUTHORITY } }, ...identity ? [token] : []] },
    ];
    return {
      apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview',
      response: { uid, allowed: true, patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(patch)).toString('base64') },
    };
  }
}
