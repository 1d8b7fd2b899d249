import { ServerEndpoint } from './server-endpoint';
import { rubyText } from '../gitlab-rb/literals';
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
        lines: (sections) => furtherMachineLines(endpoint, sections),
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

/** There the switch alone says whose certificate it is. */
function furtherMachineLines(endpoint: ServerEndpoint, sections: RbSections): string[] {
  if (endpoint.letsEncrypt === undefined) {
    return certificateLines(endpoint, sections);
  }
  return sections.certificateSections.flatMap((section) => [
    ...sections.assignments(section, CERTIFICATE_FILES),
    ...unless(LETS_ENCRYPT_SWITCH, unknownAuthorityLines(section, sections)),
  ]);
}

/** A browser that has seen this header lets nobody past an unknown authority any more, whichever of the host's ports it came from. */
function unknownAuthorityLines(section: string, { unlessGiven }: RbSections): string[] {
  return unlessGiven(section, { hsts_max_age: 0 });
}

function certificateLines({ certificate, letsEncrypt }: ServerEndpoint, sections: RbSections): string[] {
  const { certificateSections, assignments } = sections;
  if (certificate === 'none') {
    return [];
  }
  const own = (section: string) => [
    ...assignments(section, CERTIFICATE_FILES),
    ...certificate === 'generated' ? unknownAuthorityLines(section, sections) : [],
  ];
  if (letsEncrypt === undefined) {
    return certificateSections.flatMap(own);
  }
  const { contactEmails } = letsEncrypt;
  return [
    `if File.exist?(${rubyText(LETS_ENCRYPT_SWITCH)})`,
    ...indented([
      ...assignments('letsencrypt', { enable: true, ...contactEmails.length > 0 ? { contact_emails: contactEmails } : {} }),
      ...certificateSections.filter((section) => section in LETS_ENCRYPT_SWITCHES)
        .flatMap((section) => unless(LETS_ENCRYPT_SWITCHES[section], own(section))),
    ]),
    'else',
    ...indented([...assignments('letsencrypt', { enable: false }), ...certificateSections.flatMap(own)]),
    'end',
  ];
}

function unless(file: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`unless File.exist?(${rubyText(file)})`, ...indented(lines), 'end'];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
