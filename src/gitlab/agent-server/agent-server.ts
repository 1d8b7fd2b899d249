import { Construct } from 'constructs';
import { known } from '../../private/rules/subject';
import { warn } from '../../warnings/private/warn';
import { EndpointChoice } from '../endpoint/endpoint-choice';
import { ServerEndpoint } from '../endpoint/server-endpoint';
import { Finding } from '../gitlab-rb/omnibus-judgement';
import { OmnibusSettings } from '../gitlab-rb/omnibus-settings';
import { isGiven, textAt, valueAt, wrongValue } from '../gitlab-rb/settings-reading';
import { hasOwnCertificate, mayLackTls, NginxSections } from '../gitlab-rb/site-tls';

/** The section of nginx's settings for the agent server for Kubernetes (KAS). */
export const AGENT_SERVER_NGINX = 'gitlab_kas_nginx';

const URL = 'gitlab_kas_external_url';
export const NGINX_SECTIONS: NginxSections = [[AGENT_SERVER_NGINX], ['gitlab_kas', 'nginx']];

/** Whether agents have an address of their own, or may have: at GitLab's own, its server serves them. */
export function hasOwnAddress(settings: OmnibusSettings | undefined, host: string | undefined): boolean {
  return isGiven(settings, URL) && valueAt(settings, 'gitlab_kas', 'enable') !== false && (host === undefined || nameIn(settings!) !== host.toLowerCase());
}

/** Nobody puts a certificate in place then, without which nginx does not start, and GitLab is down too. */
export function judgeCertificate(endpoint: EndpointChoice, settings: OmnibusSettings): Finding[] {
  const url = textAt(settings, URL);
  return endpoint.kind === 'http' && url !== undefined && isServedByTls(settings) && hasOwnAddress(settings, endpoint.hostname)
    ? [wrongValue([URL], 'TLS without a certificate, so that the whole web server would not start', url,
      `choose an endpoint with HTTPS, or name the certificate's files in ${AGENT_SERVER_NGINX}`)]
    : [];
}

/** Of this site alone, Omnibus has nginx listen at another key's port. */
export function judgePort(settings: OmnibusSettings): Finding[] {
  return NGINX_SECTIONS.map((nginx) => [...nginx, 'listen_port']).filter((path) => isGiven(settings, ...path))
    .map((path) => wrongValue(path, 'Omnibus does not read it of this site', valueAt(settings, ...path), `give ${[...path.slice(0, -1), 'port'].join('.')}`));
}

/** The server's own authority is for the server's names alone, where Let's Encrypt and a certificate of the user's may be for more. */
export function warnOfOtherName(scope: Construct, { certificate, host, letsEncrypt }: ServerEndpoint, settings: OmnibusSettings): void {
  if (certificate === 'generated' && letsEncrypt === undefined && known(host) && isServedByTls(settings) && hasOwnAddress(settings, host)) {
    const name = nameIn(settings);
    warn(scope, 'untrusted-agent-server', {
      prop: `omnibusSettings.${URL}`,
      reason: `the certificate that the server makes is for ${host}, and agents in clusters refuse it for ${name}`,
      remedy: `use GitLabEndpoint.certificateFromKeyVault() with a certificate for both names, or give ${AGENT_SERVER_NGINX} a certificate for ${name}`,
    });
  }
}

/** Whether it needs a certificate of ours. */
function isServedByTls(settings: OmnibusSettings): boolean {
  return /^wss:/i.test(textAt(settings, URL) ?? '') && nameIn(settings) !== undefined
    && !hasOwnCertificate(settings, NGINX_SECTIONS) && !mayLackTls(settings, NGINX_SECTIONS);
}

function nameIn(settings: OmnibusSettings): string | undefined {
  return /^wss?:\/\/([^/?#:\s]+)/i.exec(textAt(settings, URL) ?? '')?.[1].toLowerCase();
}
