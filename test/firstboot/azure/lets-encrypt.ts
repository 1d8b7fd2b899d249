// The authority that the stand-in of GitLab asks. Not checked: ACME, and whether the name leads to the machine.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Answer, Endpoint } from './endpoint';

export class LetsEncrypt implements Endpoint {
  /** Whether the quota of the name's domain is used up. */
  refuses = true;
  orders = 0;
  /** Names that do not lead to the machine. */
  readonly unreachable = new Set<string>();

  answer(_: IncomingMessage, __: URL, body: Buffer): Answer {
    this.orders += 1;
    if (this.refuses) {
      return { status: 429, body: { type: 'urn:ietf:params:acme:error:rateLimited', detail: 'too many certificates already issued for "azure.com"' } };
    }
    const { names } = JSON.parse(body.toString()) as { names: string[] };
    const unreachable = names.find((name) => this.unreachable.has(name));
    if (unreachable !== undefined) {
      return { status: 403, body: { type: 'urn:ietf:params:acme:error:dns', detail: `DNS problem: NXDOMAIN looking up A for ${unreachable}` } };
    }
    const folder = mkdtempSync(join(tmpdir(), 'lets-encrypt-'));
    try {
      execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '90', '-subj', '/O=Let\'s Encrypt/CN=R13',
        '-addext', `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`, '-keyout', join(folder, 'key'), '-out', join(folder, 'cert')], { stdio: 'ignore' });
      return { status: 200, body: { cert: readFileSync(join(folder, 'cert'), 'utf8'), key: readFileSync(join(folder, 'key'), 'utf8') } };
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}
