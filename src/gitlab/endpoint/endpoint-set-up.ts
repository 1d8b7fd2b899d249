import { ServerEndpoint } from './server-endpoint';
import { rubyText } from '../set-up/literals';
import { Section } from '../set-up/omnibus-settings';
import { flag, RbSections, SetUpPart } from '../set-up/set-up-part';

/** Where the scripts keep the certificate in use, and the file by which they switch Let's Encrypt on and off. */
const CERTIFICATE_FILES = { ssl_certificate: '/etc/gitlab/ssl/server.crt', ssl_certificate_key: '/etc/gitlab/ssl/server.key' };
const LETS_ENCRYPT_SWITCH = '/etc/gitlab/ssl/use-lets-encrypt';

/** How GitLab is told of its certificate, and the scripts where it comes from. */
export function endpointSetUp(endpoint: ServerEndpoint): SetUpPart {
  return {
    gitlabRb: {
      defaults: nginxDefaults(endpoint),
      fixed: endpoint.letsEncrypt === undefined ? { letsencrypt: { enable: false } } : {},
      lines: (sections) => certificateLines(endpoint, sections),
    },
    inSteps: {
      gitlab: {
        scripts: ['certificate.sh'],
        parameters: {
          LETS_ENCRYPT: flag(endpoint.letsEncrypt !== undefined),
          CERTIFICATE_VAULT: endpoint.keyVaultCertificate?.vaultName,
          CERTIFICATE_SECRET: endpoint.keyVaultCertificate?.secretName,
        },
      },
    },
  };
}

function nginxDefaults({ certificate }: ServerEndpoint): { [section: string]: Section } {
  return certificate === 'none' ? {} : {
    nginx: {
      redirect_http_to_https: true,
      // a browser that has seen this header lets nobody past an unknown authority any more.
      ...certificate === 'generated' ? { hsts_max_age: 0 } : {},
    },
  };
}

function certificateLines({ certificate, letsEncrypt }: ServerEndpoint, { certificateSections, assignments }: RbSections): string[] {
  if (certificate === 'none') {
    return [];
  }
  const own = certificateSections.flatMap((section) => assignments(section, CERTIFICATE_FILES));
  if (letsEncrypt === undefined) {
    return own;
  }
  const { contactEmails } = letsEncrypt;
  return [
    `if File.exist?(${rubyText(LETS_ENCRYPT_SWITCH)})`,
    ...assignments('letsencrypt', { enable: true, ...contactEmails.length > 0 ? { contact_emails: contactEmails } : {} }).map(indented),
    'else',
    ...[...assignments('letsencrypt', { enable: false }), ...own].map(indented),
    'end',
  ];
}

function indented(line: string): string {
  return `  ${line}`;
}
