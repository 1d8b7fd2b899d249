// The data plane of a storage account, for block blobs, in private containers without keys.
// Not checked: leases, versions, soft delete, lifecycle rules, listing, checksums, limits of size, regions; of roles only that one may write or not.
import { IncomingMessage } from 'node:http';
import { Answer, Endpoint } from './endpoint';
import { Tokens } from './tokens';

const AUDIENCE = 'https://storage.azure.com';

export class BlobStorage implements Endpoint {
  readonly containers = new Set<string>();
  /** By container and name, with a slash between. */
  readonly blobs = new Map<string, Buffer>();
  private readonly blocks = new Map<string, Map<string, Buffer>>();

  constructor(private readonly tokens: Tokens, private readonly writable: boolean) {}

  /** The blobs of a container, in the order of the alphabet, as a listing has them. */
  list(container: string): string[] {
    return [...this.blobs.keys()].filter((path) => path.startsWith(`${container}/`)).map((path) => path.slice(container.length + 1)).sort();
  }

  answer(request: IncomingMessage, url: URL, body: Buffer): Answer {
    if (!this.tokens.owner(request.headers.authorization, AUDIENCE)) {
      return failed(401, 'InvalidAuthenticationInfo');
    }
    if (!/^20\d\d-\d\d-\d\d$/.test(String(request.headers['x-ms-version']))) {
      return failed(400, 'MissingRequiredHeader');
    }
    const path = decodeURIComponent(url.pathname.slice(1));
    if (!this.containers.has(path.split('/')[0])) {
      return failed(404, 'ContainerNotFound');
    }
    switch (request.method) {
      case 'GET': case 'HEAD': return this.read(request, path);
      case 'PUT': return this.writable ? this.write(request, url, path, body) : failed(403, 'AuthorizationPermissionMismatch');
      default: return failed(405, 'UnsupportedHttpVerb');
    }
  }

  private read(request: IncomingMessage, path: string): Answer {
    const blob = this.blobs.get(path);
    if (!blob) {
      return failed(404, 'BlobNotFound');
    }
    const range = /^bytes=(\d+)-(\d*)$/.exec(String(request.headers['x-ms-range'] ?? request.headers.range ?? ''));
    if (!range) {
      return { status: 200, body: blob };
    }
    const [from, to] = [Number(range[1]), Math.min(range[2] === '' ? Infinity : Number(range[2]), blob.length - 1)];
    return from >= blob.length ? failed(416, 'InvalidRange')
      : { status: 206, body: blob.subarray(from, to + 1), headers: { 'Content-Range': `bytes ${from}-${to}/${blob.length}` } };
  }

  private write(request: IncomingMessage, url: URL, path: string, body: Buffer): Answer {
    const [part, id] = [url.searchParams.get('comp'), url.searchParams.get('blockid')];
    if (part === 'block') {
      const blocks = this.blocks.get(path) ?? new Map<string, Buffer>();
      const others = [...blocks.keys()];
      if (!id || Buffer.from(id, 'base64').toString('base64') !== id || others.some((other) => other.length !== id.length)) {
        return failed(400, 'InvalidBlobOrBlock');
      }
      this.blocks.set(path, blocks.set(id, body));
      return { status: 201 };
    }
    if (part === 'blocklist') {
      const ids = [...body.toString().matchAll(/<(?:Latest|Uncommitted)>([^<]+)</g)].map(([, found]) => found);
      const blocks = ids.map((found) => this.blocks.get(path)?.get(found));
      if (blocks.includes(undefined)) {
        return failed(400, 'InvalidBlockList');
      }
      this.blobs.set(path, Buffer.concat(blocks as Buffer[]));
      this.blocks.delete(path);
      return { status: 201 };
    }
    if (part !== null || request.headers['x-ms-blob-type'] !== 'BlockBlob') {
      return failed(400, 'InvalidHeaderValue');
    }
    this.blobs.set(path, body);
    return { status: 201 };
  }
}

function failed(status: number, code: string): Answer {
  return { status, headers: { 'x-ms-error-code': code }, body: Buffer.from(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`) };
}
