// Entra ID's federation metadata, which is public. Not checked: everything else of Entra ID, and the signature of the metadata itself.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Answer, Endpoint } from './endpoint';

export const ENTRA_ID = 'login.microsoftonline.com';

export interface SigningCertificate {
  readonly key: string;
  readonly certificate: string;
}

export class EntraId implements Endpoint {
  /** The certificates by which it signs for an application, active or not. */
  signing: readonly SigningCertificate[] = [];
  /** What stands there instead of the metadata. */
  instead?: string;
  /** The tenant of whom the metadata is, whoever is asked about. */
  tenant?: string;
  /** Those that stand elsewhere in the metadata: what encrypts, what signs the metadata itself, what signs for another protocol. */
  readonly others = ['encrypts', 'signs metadata', 'signs for WS-Federation'].map((name) => signingCertificate(name));

  answer(request: IncomingMessage, url: URL): Answer {
    const tenant = /^\/([0-9a-f-]{36})\/federationmetadata\/2007-06\/federationmetadata\.xml$/.exec(url.pathname)?.[1];
    if (request.method !== 'GET' || !tenant || !url.searchParams.get('appid')) {
      return { status: 400, body: Buffer.from('AADSTS90002') };
    }
    return { status: 200, headers: { 'content-type': 'application/xml' }, body: Buffer.from(this.instead ?? this.metadata(this.tenant ?? tenant)) };
  }

  private metadata(tenant: string): string {
    const [encrypts, itself, federation] = this.others;
    const entity = `https://sts.windows.net/${tenant}/`;
    const key = (use: string, one: SigningCertificate) => `<KeyDescriptor use="${use}">${keyInfo(one)}</KeyDescriptor>`;
    return `\ufeff<?xml version="1.0" encoding="utf-8"?><EntityDescriptor ID="_1" entityID="${entity}" xmlns="urn:oasis:names:tc:SAML:2.0:metadata">`
      + `<Signature xmlns="http://www.w3.org/2000/09/xmldsig#">${keyInfo(itself)}</Signature>`
      + '<RoleDescriptor xsi:type="fed:SecurityTokenServiceType" protocolSupportEnumeration="http://docs.oasis-open.org/wsfed/federation/200706" '
      + 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:fed="http://docs.oasis-open.org/wsfed/federation/200706">'
      + `${key('signing', federation)}</RoleDescriptor>`
      + '<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
      + `${this.signing.map((one) => key('signing', one)).join('')}${key('encryption', encrypts)}`
      + `<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://${ENTRA_ID}/${tenant}/saml2"/></IDPSSODescriptor></EntityDescriptor>`;
  }
}

function keyInfo({ certificate }: SigningCertificate): string {
  const base64 = certificate.replace(/-----[^-]+-----|\s/g, '');
  return `<KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>${base64}</X509Certificate></X509Data></KeyInfo>`;
}

/** A certificate that signs, as Entra ID makes them. */
export function signingCertificate(name = 'Microsoft Azure Federated SSO Certificate', days = 1095): SigningCertificate {
  const folder = mkdtempSync(join(tmpdir(), 'entra-id-'));
  try {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', String(days), '-subj', `/CN=${name}`, '-keyout', join(folder, 'key'),
      '-out', join(folder, 'cert')], { stdio: 'ignore' });
    return { key: readFileSync(join(folder, 'key'), 'utf8'), certificate: readFileSync(join(folder, 'cert'), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
