// A certificate authority of our own, and a certificate for each name that a client asks for.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, SecureContext } from 'node:tls';

export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

export class CertificateAuthority {
  readonly folder = mkdtempSync(join(tmpdir(), 'azure-ca-'));
  readonly certificateFile = join(this.folder, 'ca.pem');
  private readonly contexts = new Map<string, SecureContext>();

  constructor(name = 'stand-in of Azure') {
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', `/CN=${name}`,
      '-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign', '-keyout', join(this.folder, 'ca.key'), '-out', this.certificateFile);
  }

  get certificate(): string {
    return readFileSync(this.certificateFile, 'utf8');
  }

  /** @param names DNS names, or with `IP:` before them addresses */
  issue(name: string, ...names: string[]): KeyPair {
    const base = join(this.folder, `leaf-${this.contexts.size}-${name.replace(/[^\w.-]/g, '_')}`);
    const alternatives = [name, ...names].map((item) => (item.startsWith('IP:') ? item : `DNS:${item}`)).join(',');
    writeFileSync(`${base}.cnf`, `subjectAltName=${alternatives}\nextendedKeyUsage=serverAuth,clientAuth\n`);
    openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=stand-in', '-keyout', `${base}.key`, '-out', `${base}.csr`);
    openssl('x509', '-req', '-in', `${base}.csr`, '-CA', this.certificateFile, '-CAkey', join(this.folder, 'ca.key'), '-CAcreateserial', '-days', '2',
      '-extfile', `${base}.cnf`, '-out', `${base}.pem`);
    return { key: readFileSync(`${base}.key`, 'utf8'), cert: readFileSync(`${base}.pem`, 'utf8') };
  }

  contextFor(host: string): SecureContext {
    const context = this.contexts.get(host) ?? createSecureContext(this.issue(host));
    this.contexts.set(host, context);
    return context;
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
