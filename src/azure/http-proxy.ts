import { list } from '../private/rules/collections';
import { takeValue } from '../private/rules/rule';
import { text } from '../private/rules/scalars';

const ADDRESS = text('an address such as "http://10.0.0.5:3128", without a user and a password', /^http:\/\/[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?:\d{1,5}\/?$/);
const EXCEPTION = text('a host, a domain such as ".example.com", an address or a block', /^\.?[A-Za-z0-9_-]+([.:][A-Za-z0-9_-]*)*(\/\d{1,3})?$/);

/** What a machine never asks a proxy for: itself, Azure's metadata service and the host of the machine. */
const MACHINE = ['localhost', '127.0.0.1', '::1', '169.254.169.254', '168.63.129.16'];

/**
 * A forward proxy, which machines without a way of their own use to reach the Internet. Give the same to the server and to the cluster. Each adds what
 * must not go through it, such as Azure's metadata service.
 * @see https://learn.microsoft.com/azure/aks/http-proxy
 * @example
 * const httpProxy = HttpProxy.at('http://10.0.0.5:3128', ['.corp.example.com', 'gitlab.example.com']);
 * new SelfHostedGitLab(stack, 'Server', { location: 'koreacentral', httpProxy });
 * new AksCluster(stack, 'Nodes', { location: 'koreacentral', httpProxy });
 */
export class HttpProxy {
  /**
   * A proxy for HTTP and HTTPS.
   * @param url its address with the port, such as `http://10.0.0.5:3128`. It cannot hold a password.
   * @param noProxy what is reached without it: hosts, domains with a dot in front, addresses, IPv4 blocks. The name of a GitLab in the network belongs
   *   here, and the domains of what has private endpoints.
   */
  static at(url: string, noProxy: string[] = []): HttpProxy {
    const where = 'HttpProxy.at';
    return new HttpProxy(takeValue(where, 'url', url, ADDRESS), takeValue(where, 'noProxy', noProxy, list(EXCEPTION)));
  }

  private constructor(
    /** @internal */
    readonly _url: string,
    private readonly noProxy: readonly string[],
  ) {}

  /** @internal what is reached without it: the user's, the machine's, and these. */
  public _without(...own: string[]): string[] {
    return [...new Set([...MACHINE, ...own, ...this.noProxy])];
  }
}
