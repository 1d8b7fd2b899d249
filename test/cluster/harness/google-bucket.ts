// A bucket of Google Cloud Storage, as far as caches need it: objects by signed URLs, whose signatures are judged by the public half of a service account's key.
import { createVerify, generateKeyPairSync, KeyObject } from 'node:crypto';
import { IncomingMessage } from 'node:http';

export const GOOGLE_HOST = 'storage.googleapis.com';
const ACCOUNT = 'cache@ci.iam.gserviceaccount.com';

export class GoogleBucket {
  readonly objects = new Map<string, Buffer>();
  /** Every request, after its method and the bucket's answer. */
  readonly requests: string[] = [];
  private publicKey!: KeyObject;

  constructor(readonly name: string) {}

  /** A new key of the account, the only one from now on. @returns its file */
  newKeyFile(): string {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.publicKey = publicKey;
    return JSON.stringify({
      type: 'service_account', project_id: 'ci', private_key_id: '1', client_email: ACCOUNT, client_id: '1', token_uri: 'https://oauth2.googleapis.com/token',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    });
  }

  answer(request: IncomingMessage, url: URL, body: Buffer): [number, Buffer, { [name: string]: string }?] {
    const allowed = this.allows(request, url);
    this.requests.push(`${request.method} ${allowed ? 'allowed' : 'refused'}`);
    if (!allowed) {
      return [403, Buffer.from('<Error><Code>SignatureDoesNotMatch</Code></Error>')];
    }
    if (request.method === 'PUT') {
      this.objects.set(url.pathname, body);
      return [200, Buffer.alloc(0)];
    }
    const content = this.objects.get(url.pathname);
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    if (content === undefined || from === undefined) {
      return content === undefined ? [404, Buffer.alloc(0)] : [200, content];
    }
    const part = content.subarray(Number(from), to ? Number(to) + 1 : undefined);
    return [206, part, { 'Content-Range': `bytes ${from}-${Number(from) + part.length - 1}/${content.length}` }];
  }

  /** By version 2 of Google's signatures: https://cloud.google.com/storage/docs/access-control/signed-urls-v2 */
  private allows({ method, headers }: IncomingMessage, url: URL): boolean {
    const of = (name: string) => url.searchParams.get(name) ?? '';
    const own = Object.keys(headers).filter((name) => name.startsWith('x-goog-')).sort().map((name) => `${name}:${headers[name]}`);
    const signed = [method, '', method === 'PUT' ? headers['content-type'] : '', of('Expires'), ...own, url.pathname].join('\n');
    const right = createVerify('RSA-SHA256').update(signed).verify(this.publicKey, of('Signature'), 'base64');
    return right && of('GoogleAccessId') === ACCOUNT && Number(of('Expires')) * 1000 > Date.now() && url.pathname.startsWith(`/${this.name}/`);
  }
}
