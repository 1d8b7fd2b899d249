import { Fn, Token } from 'cdktf';
import { ServerEndpoint, serverUrl } from './server-endpoint';
import { Section } from '../gitlab-rb/omnibus-settings';
import { RbSections, SetUpPart } from '../set-up/set-up-part';

/** Who may ask GitLab how it is, unless told otherwise. */
const LOCAL_ADDRESSES = ['127.0.0.0/8', '::1/128'];

// only Front Door gets through to the server, and in this header it names an address that clients cannot choose.
const WHOEVER_GETS_THROUGH = ['0.0.0.0/0'];

/**
 * What GitLab is told where TLS ends in front of it. Each of nginx's sections needs all of it, none takes it over from another.
 *
 * @see https://docs.gitlab.com/omnibus/settings/ssl/
 */
export function proxySetUp(endpoint: ServerEndpoint, fqdn: string, webSections: readonly string[]): SetUpPart {
  const { proxy } = endpoint;
  if (!proxy) {
    return {};
  }
  const trusted = proxy.trustedCidrs ?? WHOEVER_GETS_THROUGH;
  const { frontDoorId } = proxy;
  return {
    gitlabRb: {
      defaults: {
        ...ofEach(webSections, {
          real_ip_trusted_addresses: trusted,
          real_ip_header: proxy.clientAddressHeader,
          real_ip_recursive: 'on',
          // to the proxy, plain HTTP is what there is; the redirection is its own.
          redirect_http_to_https: false,
          // one of the two sends it, and only the proxy knows how long its certificates will be there.
          hsts_max_age: 0,
        }),
        gitlab_rails: {
          gitlab_ssh_host: proxy.sshHost ?? fqdn,
          ...proxy.healthProbesAllowed ? { monitoring_whitelist: together(LOCAL_ADDRESSES, trusted) } : {},
          // else Rails would take every address for a proxy's.
          ...proxy.trustedCidrs === undefined ? { trusted_proxies: LOCAL_ADDRESSES } : {},
        },
      },
      // registry and Pages find their ports in their URLs, which are the proxy's; of the agent server's site, Omnibus reads another key.
      fixed: ofEach(webSections, { listen_https: false }, { ...ofEach(['nginx', 'pages_nginx'], { listen_port: 80 }), gitlab_kas_nginx: { port: 80 } }),
      lines: frontDoorId === undefined ? undefined : (sections) => webSections.flatMap((section) => strangersRefused(section, frontDoorId, sections)),
    },
    inSteps: { gitlab: { parameters: { SERVER_URL: serverUrl(endpoint) } } },
  };
}

function ofEach(sections: readonly string[], settings: Section, more: { readonly [section: string]: Section } = {}): { [section: string]: Section } {
  return Object.fromEntries(sections.map((section) => [section, { ...settings, ...more[section] }]));
}

function together(some: string[], others: string[]): string[] {
  return Token.isUnresolved(others) ? Token.asList(Fn.concat([some, others])) : [...some, ...others];
}

/** Front Door's addresses are everybody's who has a profile: only the header tells whose it was. The scripts on the machine have none. */
function strangersRefused(section: string, frontDoorId: string, { assignments }: RbSections): string[] {
  const check = [
    // nginx compares one variable. No address has a "|", so that no header can pass for one.
    'set $gitlab_proxy "$realip_remote_addr|$http_x_azure_fdid";',
    `if ($gitlab_proxy !~* "^(127\\.0\\.0\\.1\\||[^|]+\\|${frontDoorId}$)") {`,
    '  return 403;',
    '}',
    '',
  ].join('\n');
  const [line] = assignments(section, { custom_gitlab_server_config: check });
  const [own] = assignments(section, { custom_gitlab_server_config: '' })[0].split(' = ');
  return [`${line} + ${own}.to_s`];
}
