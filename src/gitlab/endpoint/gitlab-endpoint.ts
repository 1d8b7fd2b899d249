import { EndpointChoice } from './endpoint-choice';
import { GitLabProxyOptions } from './gitlab-proxy';
import { OTHER_NAMES_OF_LETS_ENCRYPT } from './other-names';
import { PROXY } from './proxy-rules';
import { keyVaultSecret } from '../../azure/access/key-vault-secret-rules';
import { KeyVaultSecret } from '../../azure/key-vault-secret';
import { uuid } from '../../azure/private/rules';
import { Rules, takeProps, takeValue } from '../../private/rules/rule';
import { trueOrFalse } from '../../private/rules/scalars';
import { domainName, mailAddress } from '../private/text-rules';

/** Options for a certificate from Let's Encrypt. */
export interface LetsEncryptOptions {
  /**
   * Whether to request a Let's Encrypt certificate once GitLab runs, and again each day until one is issued, so that DNS can be set up
   * after the first apply. Needs port 80 open to everybody. For Azure's name it may never succeed: all names below `azure.com` share one
   * small rate limit.
   * @see https://letsencrypt.org/docs/challenge-types/#http-01-challenge
   * @default - true for your own domain, false with a private address; for Azure's name true if port 80 is open to everybody, else false
   */
  readonly letsEncrypt?: boolean;

  /**
   * The email address for Let's Encrypt's notices.
   * @default - none
   */
  readonly letsEncryptEmail?: string;
}

const LETS_ENCRYPT: Rules<LetsEncryptOptions> = {
  letsEncrypt: trueOrFalse(),
  letsEncryptEmail: mailAddress(),
};


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
   * @see https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses
   */
  static https(options: LetsEncryptOptions = {}): GitLabEndpoint {
    return new GitLabEndpoint({ kind: 'azure-dns', ...takeProps('GitLabEndpoint.https', 'options', options, LETS_ENCRYPT, undefined, OTHER_NAMES_OF_LETS_ENCRYPT) });
  }

  /**
   * HTTPS on your own domain (recommended). Point a CNAME record at the server's `fqdn`, or an A record at its public address.
   * @param hostname a DNS name in lower case, such as `gitlab.example.com`.
   */
  static customDomain(hostname: string, options: LetsEncryptOptions = {}): GitLabEndpoint {
    const where = 'GitLabEndpoint.customDomain';
    const name = takeValue(where, 'hostname', hostname, domainName());
    const given = takeProps(where, 'options', options, LETS_ENCRYPT, undefined, OTHER_NAMES_OF_LETS_ENCRYPT);
    return new GitLabEndpoint({ kind: 'custom-domain', hostname: name, ...given });
  }

  /**
   * HTTPS on your own domain, with a certificate from your Key Vault. The server picks up a renewed one within a day.
   * @param hostname a DNS name in lower case, such as `gitlab.example.com`. The certificate must cover it.
   * @param certificate a certificate of the vault by its name, or a secret with a certificate and its key.
   */
  static certificateFromKeyVault(hostname: string, certificate: KeyVaultSecret): GitLabEndpoint {
    const where = 'GitLabEndpoint.certificateFromKeyVault';
    const name = takeValue(where, 'hostname', hostname, domainName());
    return new GitLabEndpoint({ kind: 'key-vault', hostname: name, certificate: takeValue(where, 'certificate', certificate, keyVaultSecret()) });
  }

  /**
   * HTTPS that ends at a proxy in front of the server, such as an Azure Application Gateway or nginx, which passes requests on over plain
   * HTTP, to port 80 and to the registry's port, with their `Host` header.
   * @see https://docs.gitlab.com/omnibus/settings/ssl/
   */
  static behindProxy(options: GitLabProxyOptions): GitLabEndpoint {
    const { host, ...given } = takeProps('GitLabEndpoint.behindProxy', 'options', options, PROXY);
    const proxy = { ...given, clientAddressHeader: given.clientAddressHeader ?? 'X-Forwarded-For' };
    return new GitLabEndpoint({ kind: 'proxy', hostname: host, proxy });
  }

  /**
   * HTTPS that ends at Azure Front Door. Front Door breaks off requests after four minutes, long clones and pushes among them: prefer
   * `behindProxy` with an Application Gateway. Only your own profile gets through to the server.
   * @param host GitLab's DNS name in lower case, such as `gitlab.example.com`, for which the profile has a certificate.
   * @param frontDoorId the profile's Front Door ID, a UUID, which it sends as `X-Azure-FDID`.
   * @see https://learn.microsoft.com/azure/frontdoor/origin-security
   */
  static behindFrontDoor(host: string, frontDoorId: string): GitLabEndpoint {
    const where = 'GitLabEndpoint.behindFrontDoor';
    return new GitLabEndpoint({
      kind: 'proxy',
      hostname: takeValue(where, 'host', host, domainName()),
      proxy: { frontDoorId: takeValue(where, 'frontDoorId', frontDoorId, uuid()), clientAddressHeader: 'X-Azure-SocketIP' },
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
