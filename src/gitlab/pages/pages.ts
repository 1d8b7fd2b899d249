import { Construct, IConstruct } from 'constructs';
import { GitLabPagesOptions } from './gitlab-pages';
import { keyVaultSecret } from '../../azure/access/key-vault-secret-rules';
import { vaultName } from '../../azure/access/vault-name';
import { required, Rules } from '../../private/rules/rule';
import { trueOrFalse } from '../../private/rules/scalars';
import { known } from '../../private/rules/subject';
import { InWords, ValidationError } from '../../private/validation-error';
import { warn } from '../../warnings/private/warn';
import { EndpointChoice } from '../endpoint/endpoint-choice';
import { ServerEndpoint, serverUrl } from '../endpoint/server-endpoint';
import { isSection, OmnibusSettings } from '../gitlab-rb/omnibus-settings';
import { mayBeOff } from '../gitlab-rb/settings-reading';
import { hasOwnCertificate, NginxSections } from '../gitlab-rb/site-tls';
import { GitLabVersion } from '../gitlab-version';
import { domainName } from '../private/text-rules';
import { SetUpPart } from '../set-up/set-up-part';

export const PAGES: Rules<GitLabPagesOptions> = {
  domain: required(domainName()),
  singleDomain: trueOrFalse(),
  certificate: keyVaultSecret(),
  accessControlEnabled: trueOrFalse(),
};

/** Pages with every gap filled that a constant fills. */
export type PagesPlan = ReturnType<typeof pagesPlan>;

export function pagesPlan(options: GitLabPagesOptions) {
  const { _keyVaultId: vaultId, _secretName: secretName } = options.certificate ?? {};
  return {
    domain: options.domain,
    singleDomain: options.singleDomain ?? true,
    accessControlEnabled: options.accessControlEnabled ?? true,
    certificate: vaultId && secretName ? { vaultId, vaultName: vaultName(vaultId), secretName } : undefined,
  };
}

/** The name that a certificate for the sites has to cover. */
function certificateName({ domain, singleDomain }: PagesPlan): string {
  return singleDomain ? domain : `*.${domain}`;
}

/** Refuses Pages that the rest of the server contradicts. */
export function checkPagesFit(where: IConstruct, pages: PagesPlan, endpoint: ServerEndpoint, props: {
  readonly version: GitLabVersion;
  readonly omnibusSettings?: OmnibusSettings;
}): void {
  const refuse = (prop: string, problem: string, got: unknown, remedy: string) => {
    throw new ValidationError(where, { prop, problem, got, remedy });
  };
  const { certificate, domain, singleDomain } = pages;
  const { version, omnibusSettings } = props;
  if (known(domain) && known(endpoint.host) && (domain === endpoint.host || domain.endsWith(`.${endpoint.host}`))) {
    refuse('pages.domain', 'GitLab\'s own name or one below it, so that the sites\' scripts could read GitLab\'s cookies', domain, 'give another one such as "pages.example.com"');
  }
  if (singleDomain && !version._isAtLeast(17, 5)) {
    refuse('pages.singleDomain', 'GitLab serves all sites under one name from 17.5 on', version.version, 'set a later version, or singleDomain to false');
  }
  if (certificate && endpoint.certificate === 'none') {
    refuse('pages.certificate', 'the server itself serves plain HTTP', new InWords('a Key Vault secret'), endpoint.proxy ? 'give it to the proxy' : 'choose an endpoint with HTTPS');
  }
  if (!singleDomain && !certificate && endpoint.certificate === 'generated') {
    refuse('pages.singleDomain', 'a name for each group needs a wildcard certificate, which neither Let\'s Encrypt nor the server can make', false,
      'leave it out, or give pages.certificate');
  }
  const given = { pages_external_url: omnibusSettings?.pages_external_url, ...decidedIn(omnibusSettings) };
  const twice = Object.entries(given).find(([, value]) => value !== undefined && value !== null);
  if (twice) {
    refuse(`omnibusSettings.${twice[0]}`, 'set together with pages', twice[1], 'leave one of the two out');
  }
}

function decidedIn(settings: OmnibusSettings | undefined): { [key: string]: unknown } {
  const section: unknown = settings?.gitlab_pages;
  return isSection(section)
    ? Object.fromEntries(['enable', 'namespace_in_path', 'access_control'].map((key) => [`gitlab_pages.${key}`, section[key]]))
    : {};
}

const PAGES_NGINX: NginxSections = [['pages_nginx'], ['gitlab_pages', 'nginx']];

/** By GitLab's own key, nobody puts a certificate in place, without which nginx does not start, and GitLab is down too. */
export function checkRawPages(where: IConstruct, endpoint: EndpointChoice, settings: OmnibusSettings | undefined): void {
  const address: unknown = settings?.pages_external_url;
  const isPlain = PAGES_NGINX.some((nginx) => mayBeOff(settings, ...nginx, 'listen_https'));
  if (typeof address === 'string' && known(address) && address.startsWith('https:') && !endpoint.proxy && !hasOwnCertificate(settings, PAGES_NGINX) && !isPlain) {
    throw new ValidationError(where, {
      prop: 'omnibusSettings.pages_external_url', problem: 'HTTPS without a certificate, so that the whole web server would not start', got: address,
      remedy: 'set pages instead, or name the certificate\'s files in omnibusSettings.pages_nginx',
    });
  }
}

export function warnOfPublicPages(scope: Construct): void {
  warn(scope, 'public-pages', {
    prop: 'pages.accessControlEnabled', reason: 'everybody who reaches the server can see every site, those of private projects too', remedy: 'set it to true',
  });
}

/** Where the scripts keep the sites' own certificate. */
const CERTIFICATE_FILES = { ssl_certificate: '/etc/gitlab/ssl/pages.crt', ssl_certificate_key: '/etc/gitlab/ssl/pages.key' };

export function pagesSetUp(pages: PagesPlan, endpoint: ServerEndpoint): SetUpPart {
  const { certificate } = pages;
  const tls = endpoint.certificate !== 'none';
  const scheme = serverUrl(endpoint).split(':')[0];
  const shared = tls && !certificate;
  return {
    gitlabRb: {
      singleKeys: { pages_external_url: `${scheme}://${pages.domain}` },
      defaults: tls ? { pages_nginx: { redirect_http_to_https: true } } : {},
      fixed: {
        gitlab_pages: { enable: true, namespace_in_path: pages.singleDomain, access_control: pages.accessControlEnabled },
        ...certificate ? { pages_nginx: CERTIFICATE_FILES } : {},
      },
      certificateSections: shared ? ['pages_nginx'] : [],
    },
    inSteps: {
      gitlab: {
        parameters: {
          SHARED_NAME: shared ? certificateName(pages) : undefined,
          LETS_ENCRYPT_PAGES: shared && endpoint.letsEncrypt ? pages.domain : undefined,
          PAGES_CERTIFICATE_VAULT: certificate?.vaultName,
          PAGES_CERTIFICATE_SECRET: certificate?.secretName,
          PAGES_CERTIFICATE_NAME: certificate && certificateName(pages),
        },
      },
    },
  };
}
