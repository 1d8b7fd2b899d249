/** How the server is reached. */
export interface ServerEndpoint {
  /** The host name, or for plain http also an address; may be a token. */
  readonly host: string;

  /**
   * - `none`: plain http
   * - `generated`: by an authority that the server makes for itself, and which the runners are told to trust
   * - `key-vault`: the user's, from a Key Vault
   */
  readonly certificate: 'none' | 'generated' | 'key-vault';

  /** With `generated`: ask Let's Encrypt afterwards, and go on without it where it refuses. */
  readonly letsEncrypt?: { readonly contactEmails: string[] };

  /** With `key-vault`: the certificate's vault and name. A certificate can be read as the secret of the same name. */
  readonly keyVaultCertificate?: { readonly vaultName: string; readonly secretName: string };
}
