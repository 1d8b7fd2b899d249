import { proxyAddress, proxyException } from './network/proxy-rules';
import { list } from '../private/rules/collections';
import { takeValue } from '../private/rules/rule';
import { known } from '../private/rules/subject';

/** What a machine never asks a proxy for: itself, Azure's metadata service and the host of the machine. */
const MACHINE = ['localhost', '127.0.0.1', '169.254.169.254', '168.63.129.16'];

/**
 * A forward proxy, for machines that cannot reach the Internet directly. Give the server and the cluster the same one. Each adds what must not go
 * through it, such as Azure's metadata service.
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
   * @param noProxy what is reached without it: hosts, domains with a dot in front, IPv4 addresses and blocks, none with a port or a wildcard. The name of
   *   a GitLab in the network belongs here, and the domains of what has private endpoints.
   */
  static at(url: string, noProxy: string[] = []): HttpProxy {
    const where = 'HttpProxy.at';
    const exceptions = list(proxyException(), { same: (one) => one.toLowerCase() });
    return new HttpProxy(takeValue(where, 'url', url, proxyAddress()), takeValue(where, 'noProxy', noProxy, exceptions));
  }

  private constructor(
    /** @internal without a slash at the end, but for one that only the apply knows. */
    readonly _url: string,
    private readonly noProxy: readonly string[],
  ) {}

  /** @internal as AKS always takes it: it has refused addresses without a slash at the end. */
  public get _aksUrl(): string {
    return known(this._url) ? `${this._url}/` : this._url;
  }

  /** @internal what is reached without it: the user's, the machine's, and these. */
  public _without(...own: string[]): string[] {
    return [...new Set([...MACHINE, ...own, ...this.noProxy])];
  }
}
