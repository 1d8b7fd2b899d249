import { ProxyChoice } from './endpoint-choice';

/** How the server is reached. */
export interface ServerEndpoint {
  /** The host name, or for plain http also an address; may be a token. */
  readonly host: string;

  /**
   * - `none`: plain http, be it only from a proxy to the server
   * - `generated`: by an authority that the server makes for itself, and which the runners are told to trust
   * - `key-vault`: the user's, from a Key Vault
   */
  readonly certificate: 'none' | 'generated' | 'key-vault';

  /** With `generated`: ask Let's Encrypt afterwards, and go on without it where it refuses. */
  readonly letsEncrypt?: { readonly contactEmails: string[] };

  /** With `key-vault`: the certificate's vault and name. A certificate can be read as the secret of the same name. */
  readonly keyVaultCertificate?: { readonly vaultName: string; readonly secretName: string };

  /** What ends TLS in front of the server. */
  readonly proxy?: ProxyChoice;
}

/** The address that users and runners know. */
export function serverUrl({ host, certificate, proxy }: ServerEndpoint): string {
  return `${certificate === 'none' && !proxy ? 'http' : 'https'}://${host}`;
}
