import { ServerEndpoint } from './server-endpoint';
import { rubyText } from '../set-up/literals';
import { flag, RbSections, SetUpPart } from '../set-up/set-up-part';

/** Where the scripts keep the certificate in use, and the files by which they switch Let's Encrypt on and off. */
const CERTIFICATE_FILES = { ssl_certificate: '/etc/gitlab/ssl/server.crt', ssl_certificate_key: '/etc/gitlab/ssl/server.key' };
const LETS_ENCRYPT_SWITCH = '/etc/gitlab/ssl/use-lets-encrypt';
/** What has another name than GitLab, which Let's Encrypt may refuse by itself. Where it vouches, Omnibus adds the name to GitLab's certificate. */
const LETS_ENCRYPT_SWITCHES: { readonly [section: string]: string } = { pages_nginx: '/etc/gitlab/ssl/use-lets-encrypt-for-pages' };

/** How GitLab is told of its certificate, and the scripts where it comes from. */
export function endpointSetUp(endpoint: ServerEndpoint): SetUpPart {
  return {
    gitlabRb: {
      defaults: endpoint.certificate === 'none' ? {} : { nginx: { redirect_http_to_https: true } },
      fixed: endpoint.letsEncrypt === undefined ? { letsencrypt: { enable: false } } : {},
      lines: (sections) => certificateLines(endpoint, sections),
    },
    onFurtherMachines: {
      // they get the certificate that the server's own machine has.
      gitlabRb: {
        defaults: { nginx: { redirect_http_to_https: true } },
        fixed: { letsencrypt: { enable: false } },
        lines: (sections) => certificateLines({ ...endpoint, letsEncrypt: undefined }, sections),
      },
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

function certificateLines({ certificate, letsEncrypt }: ServerEndpoint, { certificateSections, assignments, unlessGiven }: RbSections): string[] {
  if (certificate === 'none') {
    return [];
  }
  const own = (section: string) => [
    ...assignments(section, CERTIFICATE_FILES),
    // a browser that has seen this header lets nobody past an unknown authority any more, whichever of the host's ports it came from.
    ...certificate === 'generated' ? unlessGiven(section, { hsts_max_age: 0 }) : [],
  ];
  if (letsEncrypt === undefined) {
    return certificateSections.flatMap(own);
  }
  const { contactEmails } = letsEncrypt;
  return [
    `if File.exist?(${rubyText(LETS_ENCRYPT_SWITCH)})`,
    ...indented([
      ...assignments('letsencrypt', { enable: true, ...contactEmails.length > 0 ? { contact_emails: contactEmails } : {} }),
      ...certificateSections.filter((section) => section in LETS_ENCRYPT_SWITCHES).flatMap((section) => [
        `unless File.exist?(${rubyText(LETS_ENCRYPT_SWITCHES[section])})`, ...indented(own(section)), 'end',
      ]),
    ]),
    'else',
    ...indented([...assignments('letsencrypt', { enable: false }), ...certificateSections.flatMap(own)]),
    'end',
  ];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
