/** Options for `GitLabEndpoint.behindProxy`. */
export interface GitLabProxyOptions {
  /** GitLab's DNS name in lower case, such as `gitlab.example.com`. Its DNS record leads to the proxy, which has a certificate for it. */
  readonly host: string;

  /**
   * The proxy's own addresses as IPv4 CIDR blocks from /8 to /32, such as an Application Gateway's subnet. Only they reach the server's web
   * ports, and only they are believed when they name a client's address.
   */
  readonly trustedCidrs: string[];

  /**
   * The HTTP header in which the proxy names the client's address: letters, digits and `-`.
   * @see https://nginx.org/en/docs/http/ngx_http_realip_module.html
   * @default 'X-Forwarded-For'
   */
  readonly clientAddressHeader?: string;

  /**
   * Whether the proxy's own health probes may ask `/-/readiness`, which GitLab hides from all addresses but the server's. If false, let them
   * ask `/users/sign_in`.
   * @see https://docs.gitlab.com/administration/monitoring/health_check/
   * @default false
   */
  readonly healthProbesAllowed?: boolean;

  /**
   * The DNS name in git's SSH addresses, in lower case. It has to lead to the server itself, since proxies for HTTP do not carry SSH.
   * @default - the server's name in Azure's domain
   */
  readonly sshHost?: string;
}
