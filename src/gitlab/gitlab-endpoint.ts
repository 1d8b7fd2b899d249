import { EndpointChoice } from './private/endpoint-choice';
import { checkArmId, checkGiven, checkPattern, checkType } from '../private/checks';

/** Options for `GitLabEndpoint.https`. */
export interface AzureDnsNameOptions {
  /**
   * Whether to request a Let's Encrypt certificate once GitLab runs, and again each day until one is issued. All names below `azure.com`
   * share one small rate limit there, so this may never succeed; until it does, the certificate is signed by a CA created on the server.
   * @see https://letsencrypt.org/docs/rate-limits/
   * @default - true if port 80 is open to everybody, which Let's Encrypt's challenge needs, else false
   */
  readonly letsEncrypt?: boolean;

  /**
   * The email address for Let's Encrypt's notices. It must contain an `@`.
   * @default - none
   */
  readonly letsEncryptEmail?: string;
}

/** Options for `GitLabEndpoint.customDomain`. */
export interface CustomDomainOptions {
  /**
   * Whether to request a Let's Encrypt certificate once GitLab runs, and again each day until one is issued, so that DNS can be set up after
   * the first apply. Needs port 80 open to everybody, because of Let's Encrypt's challenge.
   * @see https://letsencrypt.org/docs/challenge-types/#http-01-challenge
   * @default true
   */
  readonly letsEncrypt?: boolean;

  /**
   * The email address for Let's Encrypt's notices. It must contain an `@`.
   * @default - none
   */
  readonly letsEncryptEmail?: string;
}

/** Options for `GitLabEndpoint.certificateFromKeyVault`. */
export interface KeyVaultCertificateOptions {
  /** GitLab's DNS name in lower case, such as `gitlab.example.com`. The certificate must cover it. */
  readonly hostname: string;

  /**
   * The ARM id of the Key Vault that holds the certificate. The vault must use Azure RBAC, not access policies, and its firewall must let
   * the server in. The server's identity is granted the role "Key Vault Secrets User" on it.
   */
  readonly keyVaultId: string;

  /** The certificate's name in the vault: letters, digits and `-`, at most 127. The server picks up a renewed certificate within a day. */
  readonly certificateName: string;
}

/**
 * GitLab's address, and where its certificate comes from.
 *
 * Changing the endpoint reconfigures the server in place; the VM stays, and this library's runners follow. Existing clones keep the old
 * address.
 *
 * @example
 * new SelfHostedGitLab(stack, 'GitLab', {
 *   location: 'koreacentral',
 *   endpoint: GitLabEndpoint.customDomain('gitlab.example.com', { letsEncryptEmail: 'ops@example.com' }),
 * });
 */
export class GitLabEndpoint {
  /**
   * HTTPS on the DNS name that Azure gives the public address, such as `gitlab-1a2b3c4d.koreacentral.cloudapp.azure.com`.
   *
   * Until Let's Encrypt issues a certificate, it is signed by a CA created on the server, which this library's runners trust and browsers do
   * not.
   * @see https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#domain-name-label
   */
  static https(options: AzureDnsNameOptions = {}): GitLabEndpoint {
    checkLetsEncrypt('GitLabEndpoint.https', options);
    return new GitLabEndpoint({ kind: 'azure-dns', letsEncrypt: options?.letsEncrypt, letsEncryptEmail: options?.letsEncryptEmail });
  }

  /**
   * HTTPS on your own domain (recommended). Point a CNAME record at the server's `fqdn`, or an A record at its public address.
   * @param hostname a DNS name in lower case, such as `gitlab.example.com`.
   */
  static customDomain(hostname: string, options: CustomDomainOptions = {}): GitLabEndpoint {
    checkHostname('GitLabEndpoint.customDomain', hostname);
    checkLetsEncrypt('GitLabEndpoint.customDomain', options);
    return new GitLabEndpoint({
      kind: 'custom-domain', hostname, letsEncrypt: options?.letsEncrypt ?? true, letsEncryptEmail: options?.letsEncryptEmail,
    });
  }

  /** HTTPS on your own domain, with a certificate from your Key Vault. */
  static certificateFromKeyVault(options: KeyVaultCertificateOptions): GitLabEndpoint {
    const where = 'GitLabEndpoint.certificateFromKeyVault';
    checkHostname(where, options?.hostname);
    checkGiven({ where, prop: 'keyVaultId' }, options.keyVaultId);
    checkArmId({ where, prop: 'keyVaultId' }, options.keyVaultId, 'Microsoft.KeyVault/vaults');
    checkGiven({ where, prop: 'certificateName' }, options.certificateName);
    checkPattern({ where, prop: 'certificateName' }, options.certificateName, /^[0-9A-Za-z-]{1,127}$/, 'at most 127 letters, digits and "-"');
    return new GitLabEndpoint({
      kind: 'key-vault', hostname: options.hostname, keyVaultId: options.keyVaultId, certificateName: options.certificateName,
    });
  }

  /** Plain HTTP on the public address, for a trial only: passwords and tokens cross the Internet unencrypted. */
  static http(): GitLabEndpoint {
    return new GitLabEndpoint({ kind: 'http' });
  }

  private constructor(
    /** @internal */
    public readonly _choice: EndpointChoice,
  ) {}
}

function checkHostname(where: string, hostname: string): void {
  checkGiven({ where, prop: 'hostname' }, hostname);
  checkPattern({ where, prop: 'hostname' }, hostname, /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'a DNS name in lower case such as "gitlab.example.com", without scheme, port and path');
}

function checkLetsEncrypt(where: string, options: AzureDnsNameOptions): void {
  checkType({ where, prop: 'options' }, options, 'object');
  checkType({ where, prop: 'letsEncrypt' }, options?.letsEncrypt, 'boolean');
  checkPattern({ where, prop: 'letsEncryptEmail' }, options?.letsEncryptEmail, /^[^\s@"'\\#$%{}]+@[^\s@"'\\#$%{}]+$/, 'a mail address');
}
