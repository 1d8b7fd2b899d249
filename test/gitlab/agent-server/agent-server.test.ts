import { Token } from 'cdktf';
import { GitLabEndpoint, KeyVaultSecret } from '../../../src';
import { warnings } from '../../synth';
import { named, plain, rb, VAULT } from '../server';

const URL = { gitlab_kas_external_url: 'wss://kas.example.com' };
const OWN = GitLabEndpoint.customDomain('gitlab.example.com', { letsEncrypt: false });
const REFERENCE = Token.asString({ resolve: () => '${var.url}' });
const lines = (props: any) => rb(named({ endpoint: OWN, ...props }).json).filter((line) => line.includes('gitlab_kas')).map((line) => line.trim());

const CERTIFICATE = [
  'gitlab_kas[\'nginx\']["ssl_certificate"] = "/etc/gitlab/ssl/server.crt"', 'gitlab_kas[\'nginx\']["ssl_certificate_key"] = "/etc/gitlab/ssl/server.key"',
];
const UNKNOWN_AUTHORITY = 'gitlab_kas[\'nginx\']["hsts_max_age"] = 0';

describe('an agent server with an address of its own', () => {
  test.each<[string, any, string[]]>([
    ['the server\'s authority', {}, [...CERTIFICATE, UNKNOWN_AUTHORITY]],
    ['the server\'s authority until Let\'s Encrypt vouches', { endpoint: GitLabEndpoint.customDomain('gitlab.example.com') }, [...CERTIFICATE, UNKNOWN_AUTHORITY]],
    ['the user\'s Key Vault', { endpoint: GitLabEndpoint.certificateFromKeyVault('gitlab.example.com', KeyVaultSecret.of(VAULT, 'web')) }, CERTIFICATE],
  ])('has the server\'s certificate by %s', (_, props, expected) => {
    expect(lines({ omnibusSettings: URL, ...props })).toEqual(['gitlab_kas_external_url "wss://kas.example.com"', ...expected]);
  });

  test('has it where only the apply knows the address', () => {
    expect(lines({ omnibusSettings: { gitlab_kas_external_url: REFERENCE } })).toEqual(expect.arrayContaining(CERTIFICATE));
  });

  test.each<[string, any]>([
    ['it has another one', { ...URL, gitlab_kas_nginx: { ssl_certificate: '/etc/gitlab/ssl/kas.crt', ssl_certificate_key: '/etc/gitlab/ssl/kas.key' } }],
    ['it has another one by the newer place', { ...URL, gitlab_kas: { nginx: { ssl_certificate: '/etc/gitlab/ssl/kas.crt' } } }],
    ['its address is GitLab\'s', { gitlab_kas_external_url: 'wss://GitLab.example.com/-/kubernetes-agent/' }],
    ['it is another machine\'s', { ...URL, gitlab_kas: { enable: false } }],
    ['nobody gives an address', { gitlab_kas: { log_level: 'debug' } }],
  ])('is given none where %s', (_, omnibusSettings) => {
    expect(lines({ omnibusSettings }).filter((line) => line.includes('server.crt'))).toEqual([]);
    expect(warnings(named({ endpoint: OWN, omnibusSettings }).stack).filter((text) => text.includes('agents in clusters'))).toEqual([]);
  });

  test('is not mentioned elsewhere', () => {
    expect(rb(plain.json).join('\n')).not.toContain('gitlab_kas');
  });

  test('takes plain requests where something in front ends TLS', () => {
    const endpoint = GitLabEndpoint.behindProxy({ host: 'gitlab.example.com', trustedCidrs: ['10.0.0.0/16'] });
    expect(lines({ endpoint, omnibusSettings: URL })).toEqual(expect.arrayContaining([
      'gitlab_kas[\'nginx\']["listen_https"] = false', 'gitlab_kas[\'nginx\']["port"] = 80', 'gitlab_kas[\'nginx\']["real_ip_trusted_addresses"] = ["10.0.0.0/16"]',
    ]));
  });

  test('runs on a machine with little memory, unless it is switched off', () => {
    const switches = (settings: any) => lines({ lowMemoryTuningEnabled: true, omnibusSettings: { ...URL, ...settings } }).filter((line) => line.includes('"enable"'));
    expect(switches({})).toEqual(['gitlab_kas["enable"] = true']);
    expect(switches({ gitlab_kas: { enable: false } })).toEqual(['gitlab_kas["enable"] = false']);
  });

  test('needs a certificate', () => {
    const given = (omnibusSettings: any) => () => named({ endpoint: GitLabEndpoint.http(), omnibusSettings });
    expect(given(URL)).toThrow(new Error('omnibusSettings.gitlab_kas_external_url: TLS without a certificate, so that the whole web server would not start, '
      + 'got "wss://kas.example.com"; choose an endpoint with HTTPS, or name the certificate\'s files in gitlab_kas_nginx (at Test/GitLab)'));
    expect(given({ gitlab_kas_external_url: 'ws://kas.example.com' })).not.toThrow();
    expect(given({ ...URL, gitlab_kas_nginx: { listen_https: false } })).not.toThrow();
  });

  test.each<[string, any]>([
    ['gitlab_kas_nginx', { gitlab_kas_nginx: { listen_port: 8443 } }],
    ['gitlab_kas.nginx', { gitlab_kas: { nginx: { listen_port: 8443 } } }],
  ])('has its port by another key than other sites: %s', (section, settings) => {
    expect(() => named({ endpoint: OWN, omnibusSettings: { ...URL, ...settings } }).json)
      .toThrow(`omnibusSettings.${section}.listen_port: Omnibus does not read it of this site, got 8443; give ${section}.port (at Test/GitLab)`);
  });
});
