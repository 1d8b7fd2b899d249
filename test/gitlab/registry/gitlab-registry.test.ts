import { Token } from 'cdktf';
import { GitLabEndpoint, KeyVaultSecret, SelfHostedGitLab } from '../../../src';
import { newStack, resources, synth, warnings } from '../../synth';
import { named, rb, VAULT } from '../server';

describe('the registry', () => {
  test('has the server\'s name and certificate, a port of its own, and a rule for it', () => {
    const { json, gitlab } = named({ registry: {}, omnibusSettings: { registry_external_url: undefined } });
    expect(gitlab.registryAddress).toBe('acme.koreacentral.cloudapp.azure.com:5050');
    expect(rb(json)).toEqual(expect.arrayContaining([
      'registry_external_url "https://acme.koreacentral.cloudapp.azure.com:5050"', 'registry["enable"] = true',
      '  registry[\'nginx\']["ssl_certificate"] = "/etc/gitlab/ssl/server.crt"',
    ]));
    expect(Object.values(resources(json, 'azurerm_network_security_rule')).find(({ name }) => name === 'AllowRegistry')).toMatchObject({
      destination_port_range: '5050', priority: 130, source_address_prefix: '*',
    });
  });

  test('is reached by whoever reaches GitLab', () => {
    const { json } = named({ firstRulePriority: 300, registry: { port: 5443 }, webAllowedCidrs: ['203.0.113.0/24'] });
    expect(Object.values(resources(json, 'azurerm_network_security_rule')).find(({ name }) => name === 'AllowRegistry')).toMatchObject({
      destination_port_range: '5443', priority: 330, source_address_prefixes: ['203.0.113.0/24'],
    });
    const stack = newStack();
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', registry: {}, webAllowedCidrs: [] });
    gitlab.allowWebFrom(gitlab, 'Runners', ['20.1.2.3']);
    expect(Object.values(resources(synth(stack), 'azurerm_network_security_rule')).find(({ name }) => /^AllowWeb\d/.test(name))).toMatchObject({
      destination_port_ranges: ['80', '443', '5050'],
    });
  });

  test('warns where nobody knows its certificate', () => {
    const found = (endpoint?: GitLabEndpoint) => warnings(named({ registry: {}, endpoint }).stack).filter((text) => text.includes('registry:'));
    expect(found()).toEqual([
      'Test/GitLab: registry: docker and the nodes of a cluster do not trust the registry\'s certificate until Let\'s Encrypt issues one, '
      + 'which for a name in Azure\'s domain may be never; use GitLabEndpoint.customDomain() or certificateFromKeyVault()',
    ]);
    expect(found(GitLabEndpoint.customDomain('gitlab.example.com'))).toEqual([]);
    expect(found(GitLabEndpoint.customDomain('gitlab.example.com', { letsEncrypt: false }))).toHaveLength(1);
    expect(found(GitLabEndpoint.certificateFromKeyVault('g.example.com', KeyVaultSecret.of(VAULT, 'web')))).toEqual([]);
  });

  describe('with a name of its own by gitlab.rb', () => {
    const found = (omnibusSettings: any, endpoint = GitLabEndpoint.customDomain('gitlab.example.com', { letsEncrypt: false })) =>
      warnings(named({ endpoint, omnibusSettings }).stack).filter((text) => text.includes('the certificate that the server makes'));

    test.each(['https://registry.example.com', 'https://Registry.example.com:443/'])('warns where the server\'s certificate is for another one: %s', (url) => {
      const name = /registry\.example\.com/i.exec(url)![0];
      expect(found({ registry_external_url: url })).toEqual([
        'Test/GitLab: omnibusSettings.registry_external_url: the certificate that the server makes is for gitlab.example.com, and docker and the nodes of a cluster refuse it '
        + `for ${name}; use GitLabEndpoint.certificateFromKeyVault() with a certificate for both names, or give registry_nginx a certificate for ${name}`,
      ]);
    });

    test.each<[string, any]>([
      ['it is GitLab\'s name', { registry_external_url: 'https://GitLab.example.com:5050' }],
      ['it is served without TLS', { registry_external_url: 'http://registry.example.com' }],
      ['it has a certificate', { registry_nginx: { ssl_certificate: '/etc/gitlab/ssl/r.crt', ssl_certificate_key: '/etc/gitlab/ssl/r.key' } }],
      ['it has one by the newer place', { registry: { nginx: { ssl_certificate: '/etc/gitlab/ssl/r.crt' } } }],
      ['it is another machine\'s', { registry: { enable: false } }],
      ['another web server serves it', { registry_nginx: { enable: false } }],
      ['something in front ends TLS', { registry: { nginx: { listen_https: false } } }],
      ['only the apply knows who serves it', { registry_nginx: { listen_https: Token.asAny({ resolve: () => true }) } }],
      ['only the apply knows its address', { registry_external_url: Token.asString({ resolve: () => '${var.url}' }) }],
    ])('gives no warning where %s', (_, settings) => {
      expect(found({ registry_external_url: 'https://registry.example.com', ...settings })).toEqual([]);
    });

    test.each<[string, GitLabEndpoint]>([
      ['Let\'s Encrypt is asked for it too', GitLabEndpoint.customDomain('gitlab.example.com')],
      ['the user\'s certificate may be for it', GitLabEndpoint.certificateFromKeyVault('gitlab.example.com', KeyVaultSecret.of(VAULT, 'web'))],
    ])('gives no warning where %s', (_, endpoint) => {
      expect(found({ registry_external_url: 'https://registry.example.com' }, endpoint)).toEqual([]);
    });
  });

  test.each<[string, any, string]>([
    ['it is a text', { registry: 'yes' }, 'registry: not an object, got "yes"; give an object with its props'],
    ['the port is a system\'s', { registry: { port: 443 } }, 'registry.port: out of range, got 443; give a whole number from 1024 to 65535'],
    ['the port is GitLab\'s', { registry: { port: 5000 } }, 'registry.port: in use by GitLab itself, got 5000; give another one such as 5050'],
    ['there is no HTTPS', { registry: {}, endpoint: GitLabEndpoint.http() },
      'registry: registry clients refuse plain HTTP, got "GitLabEndpoint.http()"; choose an endpoint with HTTPS'],
    ['gitlab.rb names another one', { registry: {}, omnibusSettings: { registry_external_url: 'https://r.example.com' } },
      'omnibusSettings.registry_external_url: set together with registry, got "https://r.example.com"; leave one of the two out'],
    ['its images have two places', { omnibusSettings: { registry: { storage: { s3: { bucket: 'images' }, filesystem: {}, delete: { enabled: true } } } } },
      'omnibusSettings.registry.storage: has filesystem and s3, and with more than one the registry does not start, got {…}; leave all out but one'],
    ['they have two places beside a registry of ours', { registry: {}, omnibusSettings: { registry: { storage: { azure_v2: {}, gcs: {} } } } },
      'omnibusSettings.registry.storage: has azure_v2 and gcs, and with more than one the registry does not start, got {…}; leave all out but one'],
    ['gitlab.rb gives it GitLab\'s own address', { endpoint: GitLabEndpoint.customDomain('gitlab.example.com'), omnibusSettings: { registry_external_url: 'https://gitlab.example.com/' } },
      'omnibusSettings.registry_external_url: GitLab\'s own address, which the registry cannot share, got "https://gitlab.example.com/"; set registry instead, which has a port of its own'],
    ['gitlab.rb gives it HTTPS where there is no certificate', { endpoint: GitLabEndpoint.http(), omnibusSettings: { registry_external_url: 'https://registry.example.com' } },
      'omnibusSettings.registry_external_url: HTTPS without a certificate, so that the whole web server would not start, got "https://registry.example.com"; '
        + 'choose an endpoint with HTTPS, or name the certificate\'s files in registry_nginx'],
  ])('fails when %s', (_, given, message) => {
    expect(() => named(given)).toThrow(new Error(`${message} (at Test/GitLab)`));
  });

  test('may have its images elsewhere by gitlab.rb', () => {
    const storage = { azure_v2: { accountname: 'acme', container: 'registry', credentialstype: 'default_credentials' }, redirect: { disable: true } };
    expect(() => named({ registry: {}, omnibusSettings: { registry: { storage } } })).not.toThrow();
  });

  test('may have HTTPS by gitlab.rb where GitLab has none', () => {
    const own = [{ registry_nginx: { ssl_certificate: '/etc/gitlab/ssl/r.crt', ssl_certificate_key: '/etc/gitlab/ssl/r.key' } }, { registry: { nginx: { listen_https: false } } }];
    own.forEach((settings) => expect(() => named({
      endpoint: GitLabEndpoint.http(), omnibusSettings: { registry_external_url: 'https://registry.example.com', ...settings },
    })).not.toThrow());
  });

  test('may be elsewhere by gitlab.rb', () => {
    const urls = ['https://gitlab.example.com:5050', 'https://registry.example.com', 'https://gitlabxexample.com'];
    urls.forEach((url) => expect(() => named({
      endpoint: GitLabEndpoint.customDomain('gitlab.example.com'), omnibusSettings: { registry_external_url: url },
    })).not.toThrow());
  });
});
