import { EndpointChoice } from './private/endpoint-choice';
import { domainName, mailAddress } from './private/text-rules';
import { armId, keyVaultObjectName } from '../azure/private/rules';
import { required, Rules, takeProps, takeValue } from '../private/rules/rule';
import { trueOrFalse } from '../private/rules/scalars';

/** How `GitLabEndpoint.https` gets its certificate. */
export interface AzureDnsNameOptions {
  /**
   * Whether a certificate of Let's Encrypt is asked for once GitLab runs, and again each day until one is issued. All names below
   * `azure.com` share one small quota there, so this may never succeed; until it does, the server's own authority signs.
   * @see https://letsencrypt.org/docs/rate-limits/
   * @default - true if port 80 is open to all, which the check of Let's Encrypt needs, else false
   */
  readonly letsEncrypt?: boolean;

  /**
   * Where Let's Encrypt writes to. Anything without an `@` is refused.
   * @default - no address
   */
  readonly letsEncryptEmail?: string;
}

/** How `GitLabEndpoint.customDomain` gets its certificate. */
export interface CustomDomainOptions {
  /**
   * Whether a certificate of Let's Encrypt is asked for once GitLab runs, and again each day until one is issued: the name may be
   * pointed at the server after the first apply. Refused unless port 80 is open to all, which the check of Let's Encrypt needs.
   * @see https://letsencrypt.org/docs/challenge-types/#http-01-challenge
   * @default true
   */
  readonly letsEncrypt?: boolean;

  /**
   * Where Let's Encrypt writes to. Anything without an `@` is refused.
   * @default - no address
   */
  readonly letsEncryptEmail?: string;
}

/** Where `GitLabEndpoint.certificateFromKeyVault` finds its certificate. */
export interface KeyVaultCertificateOptions {
  /** GitLab's name, such as `gitlab.example.com`, which the certificate must be for. Anything but a DNS name is refused. */
  readonly hostname: string;

  /**
   * The ARM id of the vault that holds the certificate; other ids are refused. The vault must use Azure RBAC, not access policies,
   * and its firewall must let the server in. The server's identity gets the role "Key Vault Secrets User" there.
   */
  readonly keyVaultId: string;

  /**
   * The certificate's name in the vault. Letters, digits and `-`, at most 127; others are refused.
   * A renewed certificate is taken up within a day.
   */
  readonly certificateName: string;
}

const LETS_ENCRYPT: Rules<AzureDnsNameOptions & CustomDomainOptions> = {
  letsEncrypt: trueOrFalse(),
  letsEncryptEmail: mailAddress(),
};

const KEY_VAULT_CERTIFICATE: Rules<KeyVaultCertificateOptions> = {
  hostname: required(domainName()),
  keyVaultId: required(armId('Microsoft.KeyVault/vaults')),
  certificateName: required(keyVaultObjectName()),
};

/**
 * The address GitLab is reached at, and where its certificate comes from.
 *
 * A changed endpoint configures the same server anew; the machine stays, and the runners of this library follow. Clones keep the old
 * address.
 */
export class GitLabEndpoint {
  /**
   * HTTPS on the name that Azure gives the public address, such as `gitlab-1a2b3c4d.koreacentral.cloudapp.azure.com`.
   * The certificate is signed by an authority made on the server, which the runners of this library trust and browsers do not,
   * until Let's Encrypt issues one.
   * @see https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#domain-name-label
   */
  static https(options: AzureDnsNameOptions = {}): GitLabEndpoint {
    return new GitLabEndpoint({ kind: 'azure-dns', ...takeProps('GitLabEndpoint.https', 'options', options, LETS_ENCRYPT) });
  }

  /**
   * HTTPS on a name of your own: the recommended way. Point a CNAME record at the server's `fqdn`, or an A record at its address.
   * @param hostname such as `gitlab.example.com`; anything but a DNS name is refused.
   */
  static customDomain(hostname: string, options: CustomDomainOptions = {}): GitLabEndpoint {
    const where = 'GitLabEndpoint.customDomain';
    const name = takeValue(where, 'hostname', hostname, domainName());
    const { letsEncrypt = true, letsEncryptEmail } = takeProps(where, 'options', options, LETS_ENCRYPT);
    return new GitLabEndpoint({ kind: 'custom-domain', hostname: name, letsEncrypt, letsEncryptEmail });
  }

  /** HTTPS on a name of your own with a certificate that a Key Vault of yours holds. */
  static certificateFromKeyVault(options: KeyVaultCertificateOptions): GitLabEndpoint {
    return new GitLabEndpoint({ kind: 'key-vault', ...takeProps('GitLabEndpoint.certificateFromKeyVault', 'options', options, KEY_VAULT_CERTIFICATE) });
  }

  /** Plain HTTP on the public address, for a trial: passwords and tokens cross the Internet readable by all on the way. */
  static http(): GitLabEndpoint {
    return new GitLabEndpoint({ kind: 'http' });
  }

  private constructor(
    /** @internal */
    public readonly _choice: EndpointChoice,
  ) {}
}
