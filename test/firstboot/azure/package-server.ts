// packages.gitlab.com, which leads downloads on to where they are stored. Not checked: its paging, rate limits, mirrors.
import { readFileSync, statSync } from 'node:fs';
import { IncomingMessage } from 'node:http';
import { join, normalize } from 'node:path';
import { Answer, Endpoint } from './endpoint';

export const PACKAGES = 'packages.gitlab.com';
export const DOWNLOADS = 'storage.googleapis.com';

export class PackageServer implements Endpoint {
  /** Which month it is: later ones have further packages. */
  month: 'first' | 'second' = 'first';

  /** Another key than GitLab's, as after a change of key or an attack. */
  signingKey?: string;

  constructor(private readonly folder: string) {}

  answer(request: IncomingMessage, url: URL): Answer {
    const path = normalize(decodeURIComponent(url.pathname));
    if (request.headers.host === PACKAGES && path.endsWith('.deb')) {
      return { status: 302, headers: { location: `https://${DOWNLOADS}${url.pathname}` } };
    }
    if (path === '/gpgkey/gpg.key' && this.signingKey) {
      return { status: 200, body: Buffer.from(this.signingKey) };
    }
    const file = join(this.folder, path.includes('/dists/') ? this.month : '', path);
    return statSync(file, { throwIfNoEntry: false })?.isFile() ? { status: 200, body: readFileSync(file) } : { status: 404 };
  }
}
