import { GitLabEndpoint, GitLabVersion, KeyVaultSecret, SelfHostedGitLabProps } from '../../../src';
import { resources } from '../../synth';
import { parameters, rb, serverJson } from '../server';

const VAULT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/certificates';
const DOMAIN = 'pages.example.com';
const OWN = { endpoint: GitLabEndpoint.customDomain('gitlab.example.com') };

const ofItsOwnDomain = (props: Partial<SelfHostedGitLabProps>) => serverJson({ ...OWN, ...props });

describe('Pages', () => {
  test('share GitLab\'s certificate under one name', () => {
    const json = ofItsOwnDomain({ pages: { domain: DOMAIN } });
    const lines = rb(json);
    expect(lines).toEqual(expect.arrayContaining([
      `pages_external_url "https://${DOMAIN}"`, 'gitlab_pages["enable"] = true', 'gitlab_pages["namespace_in_path"] = true',
      'gitlab_pages["access_control"] = true', 'gitlab_pages[\'nginx\']["redirect_http_to_https"] = true',
    ]));
    expect(parameters(json, 'Gitlab')).toMatchObject({ SHARED_NAME: DOMAIN, LETS_ENCRYPT_PAGES: DOMAIN });
    expect(Object.entries(json.output).find(([id]) => id.includes('PagesDnsRecord'))![1]).toMatchObject({ value: expect.stringMatching(/^pages\.example\.com CNAME /) });
  });

  test('have the own authority\'s until Let\'s Encrypt has vouched for their name too', () => {
    const text = rb(ofItsOwnDomain({ pages: { domain: DOMAIN } })).join('\n');
    expect(text).toMatch(new RegExp([
      'if File\\.exist\\?\\("/etc/gitlab/ssl/use-lets-encrypt"\\)',
      '  letsencrypt\\["enable"\\] = true',
      '  unless File\\.exist\\?\\("/etc/gitlab/ssl/use-lets-encrypt-for-pages"\\)',
      '    gitlab_pages\\[\'nginx\'\\]\\["ssl_certificate"\\] = "/etc/gitlab/ssl/server\\.crt"',
      '    gitlab_pages\\[\'nginx\'\\]\\["ssl_certificate_key"\\] = "/etc/gitlab/ssl/server\\.key"',
      '    gitlab_pages\\[\'nginx\'\\]\\["hsts_max_age"\\] = 0',
      '  end',
      'else',
    ].join('\n')));
    const [, otherwise] = text.split('\nelse\n');
    expect(otherwise).toMatch(/ {2}gitlab_pages\['nginx'\]\["ssl_certificate"\] = "\/etc\/gitlab\/ssl\/server\.crt"/);
  });

  test('may have a certificate of their own, a wildcard', () => {
    const json = ofItsOwnDomain({ pages: { domain: DOMAIN, singleDomain: false, certificate: KeyVaultSecret.of(VAULT, 'pages') } });
    expect(rb(json)).toEqual(expect.arrayContaining([
      'gitlab_pages["namespace_in_path"] = false', 'gitlab_pages[\'nginx\']["ssl_certificate"] = "/etc/gitlab/ssl/pages.crt"',
      'gitlab_pages[\'nginx\']["ssl_certificate_key"] = "/etc/gitlab/ssl/pages.key"',
    ]));
    expect(rb(json).join('\n')).not.toMatch(/for-pages/);
    expect(parameters(json, 'Gitlab')).toMatchObject({ PAGES_CERTIFICATE_VAULT: 'certificates', PAGES_CERTIFICATE_SECRET: 'pages', PAGES_CERTIFICATE_NAME: `*.${DOMAIN}` });
    expect(parameters(json, 'Gitlab').SHARED_NAME).toBeUndefined();
    expect(Object.values(resources(json, 'azurerm_role_assignment')).map(({ scope }) => scope)).toContain(VAULT);
  });

  test('are covered by the endpoint\'s certificate from a Key Vault, which is looked at for their names', () => {
    const endpoint = GitLabEndpoint.certificateFromKeyVault('gitlab.example.com', KeyVaultSecret.of(VAULT, 'web'));
    const json = ofItsOwnDomain({ endpoint, pages: { domain: DOMAIN, singleDomain: false } });
    expect(parameters(json, 'Gitlab')).toMatchObject({ SHARED_NAME: `*.${DOMAIN}` });
    expect(parameters(json, 'Gitlab').LETS_ENCRYPT_PAGES).toBeUndefined();
    expect(rb(json)).toContain('gitlab_pages[\'nginx\']["ssl_certificate"] = "/etc/gitlab/ssl/server.crt"');
  });

  test('are plain where GitLab is', () => {
    const json = ofItsOwnDomain({ endpoint: GitLabEndpoint.http(), pages: { domain: DOMAIN, singleDomain: false } });
    expect(rb(json)).toContain(`pages_external_url "http://${DOMAIN}"`);
    expect(rb(json).join('\n')).not.toMatch(/gitlab_pages\['nginx'\]/);
  });

  test('leave everything else as it was', () => {
    expect(rb(ofItsOwnDomain({})).join('\n')).not.toMatch(/pages/);
  });

  test.each<[string, any, string]>([
    ['the domain is GitLab\'s', { pages: { domain: 'gitlab.example.com' } },
      'pages.domain: GitLab\'s own name or one below it, so that the sites\' scripts could read GitLab\'s cookies, got "gitlab.example.com"; give another one such as "pages.example.com"'],
    ['the domain is below GitLab\'s', { pages: { domain: 'pages.gitlab.example.com' } },
      'pages.domain: GitLab\'s own name or one below it, so that the sites\' scripts could read GitLab\'s cookies, got "pages.gitlab.example.com"; '
      + 'give another one such as "pages.example.com"'],
    ['the domain is a URL', { pages: { domain: 'https://pages.example.com' } },
      'pages.domain: not a valid value, got "https://pages.example.com"; give a DNS name in lower case such as "gitlab.example.com", without scheme, port and path'],
    ['GitLab is too old for one name', { pages: { domain: DOMAIN }, version: GitLabVersion.of('17.4.2') },
      'pages.singleDomain: GitLab serves all sites under one name from 17.5 on, got "17.4.2"; set a later version, or singleDomain to false'],
    ['nobody can make the wildcard', { pages: { domain: DOMAIN, singleDomain: false } },
      'pages.singleDomain: a name for each group needs a wildcard certificate, which neither Let\'s Encrypt nor the server can make, got false; '
      + 'leave it out, or give pages.certificate'],
    ['the certificate belongs to the proxy',
      { endpoint: GitLabEndpoint.behindProxy({ host: 'g.example.com', trustedCidrs: ['10.0.0.0/8'] }), pages: { domain: DOMAIN, certificate: KeyVaultSecret.of(VAULT, 'p') } },
      'pages.certificate: the server itself serves plain HTTP, got a Key Vault secret; give it to the proxy'],
    ['GitLab\'s own key is there too', { pages: { domain: DOMAIN }, omnibusSettings: { pages_external_url: 'https://p.example.com' } },
      'omnibusSettings.pages_external_url: set together with pages, got "https://p.example.com"; leave one of the two out'],
    ['a key says otherwise', { pages: { domain: DOMAIN }, omnibusSettings: { gitlab_pages: { access_control: false } } },
      'omnibusSettings.gitlab_pages.access_control: set together with pages, got false; leave one of the two out'],
    ['nobody puts a certificate in place', { omnibusSettings: { pages_external_url: 'https://p.example.com' } },
      'omnibusSettings.pages_external_url: HTTPS without a certificate, so that the whole web server would not start, got "https://p.example.com"; '
      + 'set pages instead, or name the certificate\'s files in omnibusSettings.pages_nginx'],
  ])('fail when %s', (_, props, message) => {
    expect(() => ofItsOwnDomain(props)).toThrow(new Error(`${message} (at Test/GitLab)`));
  });

  test.each<[string, any]>([
    ['with files that the user names', { pages_external_url: 'https://p.example.com', pages_nginx: { ssl_certificate: '/etc/gitlab/ssl/p.crt', ssl_certificate_key: '/etc/gitlab/ssl/p.key' } }],
    ['over plain HTTP', { pages_external_url: 'http://p.example.com' }],
    ['over plain HTTP to what ends TLS', { pages_external_url: 'https://p.example.com', pages_nginx: { listen_https: false } }],
    ['the same by the newer place', { pages_external_url: 'https://p.example.com', gitlab_pages: { nginx: { listen_https: false } } }],
  ])('may still be set by GitLab\'s own keys, %s', (_, omnibusSettings) => {
    expect(rb(ofItsOwnDomain({ omnibusSettings }))).toContain(`pages_external_url "${omnibusSettings.pages_external_url}"`);
  });
});
