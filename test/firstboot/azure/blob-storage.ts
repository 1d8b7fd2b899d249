// The data plane of a storage account, for block blobs, in private containers without keys, with versions and soft delete; what is done to blobs by people
// and by time are methods. A list is one in XML, three names a page. Not checked: leases, other kinds of lists, checksums, limits of size, regions; of roles only that one may read or write or not.
import { IncomingMessage } from 'node:http';
import { Answer, Endpoint } from './endpoint';
import { Tokens } from './tokens';

const AUDIENCE = 'https://storage.azure.com';

/** What was current once. */
interface Version {
  readonly body: Buffer;
  /** Day numbers. */
  readonly created: number;
  deleted?: number;
}

/** A rule of Azure's lifecycle management, as Terraform's provider takes it. */
export interface LifecycleRule {
  readonly enabled: boolean;
  readonly filters: { readonly prefix_match: readonly string[] };
  readonly actions: {
    readonly base_blob?: { readonly delete_after_days_since_modification_greater_than: number };
    readonly version?: { readonly delete_after_days_since_creation: number };
  };
}

export class BlobStorage implements Endpoint {
  readonly containers = new Set<string>();
  /** By container and name, with a slash between. */
  readonly blobs = new Map<string, Buffer>();
  /** The client ids that may read; nobody else may. Everybody, if it is not set. */
  readers?: Set<string>;
  rules: readonly LifecycleRule[] = [];
  /** For how many days a deleted version can be brought back. */
  deletedRetentionDays = 0;
  private today = 0;
  /** When the current blobs were written. */
  private readonly written = new Map<string, number>();
  /** Oldest first. */
  private readonly versions = new Map<string, Version[]>();
  private readonly blocks = new Map<string, Map<string, Buffer>>();

  constructor(private readonly tokens: Tokens, public writable: boolean) {}

  /** The blobs of a container, in the order of the alphabet, as a listing has them. */
  list(container: string): string[] {
    return [...this.blobs.keys()].filter((path) => path.startsWith(`${container}/`)).map((path) => path.slice(container.length + 1)).sort();
  }

  /** The earlier versions of a blob that are not deleted, oldest first. */
  earlier(path: string): readonly Buffer[] {
    return this.versions.get(path)?.filter(({ deleted }) => deleted === undefined).map(({ body }) => body) ?? [];
  }

  put(path: string, body: Buffer): void {
    this.keepVersion(path);
    this.blobs.set(path, body);
    this.written.set(path, this.today);
  }

  /** Where there are versions, a deleted blob is one of them from then on. */
  delete(path: string): void {
    this.keepVersion(path);
    this.blobs.delete(path);
  }

  /** Brings deleted versions back, and no current blob. */
  undelete(path: string): void {
    this.versions.get(path)?.forEach((version) => {
      version.deleted = undefined;
    });
  }

  /** Lets days go by, in which Azure does what the rules and the retention of deleted versions say. */
  pass(days: number): void {
    for (const end = this.today + days; this.today < end;) {
      this.today += 1;
      this.rules.filter(({ enabled }) => enabled).forEach((rule) => this.apply(rule));
      this.versions.forEach((versions, path) => this.versions.set(path,
        versions.filter(({ deleted }) => deleted === undefined || this.today - deleted <= this.deletedRetentionDays)));
    }
  }

  answer(request: IncomingMessage, url: URL, body: Buffer): Answer {
    const caller = this.tokens.owner(request.headers.authorization, AUDIENCE);
    if (!caller) {
      return failed(401, 'InvalidAuthenticationInfo');
    }
    if (!/^20\d\d-\d\d-\d\d$/.test(String(request.headers['x-ms-version']))) {
      return failed(400, 'MissingRequiredHeader');
    }
    const path = decodeURIComponent(url.pathname.slice(1));
    if (this.readers && !this.readers.has(caller)) {
      return failed(403, 'AuthorizationPermissionMismatch');
    }
    if (!this.containers.has(path.split('/')[0])) {
      return failed(404, 'ContainerNotFound');
    }
    switch (request.method) {
      case 'GET': case 'HEAD': return url.searchParams.get('comp') === 'list' ? this.names(path, url) : this.read(request, path);
      case 'PUT': return this.writable ? this.write(request, url, path, body) : failed(403, 'AuthorizationPermissionMismatch');
      default: return failed(405, 'UnsupportedHttpVerb');
    }
  }

  private keepVersion(path: string): void {
    const body = this.blobs.get(path);
    if (body) {
      this.versions.set(path, [...this.versions.get(path) ?? [], { body, created: this.written.get(path)! }]);
    }
  }

  private apply({ filters, actions }: LifecycleRule): void {
    const concerned = (path: string) => filters.prefix_match.some((prefix) => path.startsWith(prefix));
    const age = actions.base_blob?.delete_after_days_since_modification_greater_than ?? Infinity;
    const versionAge = actions.version?.delete_after_days_since_creation ?? Infinity;
    [...this.blobs.keys()].filter((path) => concerned(path) && this.today - this.written.get(path)! > age).forEach((path) => this.delete(path));
    [...this.versions].filter(([path]) => concerned(path)).flatMap(([, versions]) => versions)
      .filter((version) => version.deleted === undefined && this.today - version.created > versionAge).forEach((version) => {
        version.deleted = this.today;
      });
  }

  private names(container: string, url: URL): Answer {
    if (url.searchParams.get('restype') !== 'container') {
      return failed(400, 'InvalidQueryParameterValue');
    }
    const all = this.list(container).filter((name) => name > (url.searchParams.get('marker') ?? ''));
    const page = all.slice(0, 3);
    const text = (value: string) => value.replace(/&/g, '&amp;').replace(/</g, '&lt;');
    const blobs = page.map((name) => `<Blob><Name>${text(name)}</Name><Properties><Content-Length>1</Content-Length></Properties></Blob>`).join('');
    const next = all.length > page.length ? `<NextMarker>${text(page.at(-1)!)}</NextMarker>` : '<NextMarker />';
    const xml = `<?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="${container}"><Blobs>${blobs}</Blobs>${next}</EnumerationResults>`;
    return { status: 200, body: Buffer.from(xml) };
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
      this.put(path, Buffer.concat(blocks as Buffer[]));
      this.blocks.delete(path);
      return { status: 201 };
    }
    if (part !== null || request.headers['x-ms-blob-type'] !== 'BlockBlob') {
      return failed(400, 'InvalidHeaderValue');
    }
    this.put(path, body);
    return { status: 201 };
  }
}

function failed(status: number, code: string): Answer {
  return { status, headers: { 'x-ms-error-code': code }, body: Buffer.from(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`) };
}
