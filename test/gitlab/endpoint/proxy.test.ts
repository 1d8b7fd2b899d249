import { Fn, TerraformVariable, Token } from 'cdktf';
import { GitLabEndpoint, SelfHostedGitLab } from '../../../src';
import { newStack, synth, warnings } from '../../synth';
import { named, parameters, rb, rules } from '../server';

const HOST = 'gitlab.example.com';
const FRONT_DOOR = '0F0E0D0C-1111-4222-8333-0a0b0c0d0e0f';
const BEHIND = { endpoint: GitLabEndpoint.behindProxy({ host: HOST, trustedCidrs: ['10.40.1.0/24', '10.40.2.0/24'] }) };
const FRONT = { endpoint: GitLabEndpoint.behindFrontDoor(HOST, FRONT_DOOR) };

describe('TLS that ends in front', () => {
  test('leaves GitLab its address, and gives its web servers everything they have to know', () => {
    const { gitlab, json } = named({ ...BEHIND, registry: {}, pages: { domain: 'pages.example.com' } });
    expect(gitlab.gitlabUrl).toBe(`https://${HOST}`);
    expect(gitlab.registryAddress).toBe(`${HOST}:5050`);
    const lines = rb(json);
    expect(lines).toEqual(expect.arrayContaining([
      `external_url "https://${HOST}"`, `registry_external_url "https://${HOST}:5050"`, 'pages_external_url "https://pages.example.com"',
      'letsencrypt["enable"] = false', 'gitlab_rails["gitlab_ssh_host"] = "acme.koreacentral.cloudapp.azure.com"',
    ]));
    for (const section of ['gitlab_rails[\'nginx\']', 'registry[\'nginx\']', 'gitlab_pages[\'nginx\']']) {
      expect(lines).toEqual(expect.arrayContaining([
        `${section}["listen_https"] = false`,
        `${section}["real_ip_trusted_addresses"] = ["10.40.1.0/24", "10.40.2.0/24"]`,
        `${section}["real_ip_header"] = "X-Forwarded-For"`,
        `${section}["real_ip_recursive"] = "on"`,
        `${section}["redirect_http_to_https"] = false`,
        `${section}["hsts_max_age"] = 0`,
      ]));
    }
    expect(lines.filter((line) => line.includes('listen_port'))).toEqual(['gitlab_rails[\'nginx\']["listen_port"] = 80', 'gitlab_pages[\'nginx\']["listen_port"] = 80']);
    expect(lines.join('\n')).not.toMatch(/ssl_certificate|monitoring_whitelist|trusted_proxies|custom_gitlab_server_config/);
    expect(parameters(json, 'Gitlab')).toMatchObject({ SCHEME: 'http', SERVER_HOST: HOST, SERVER_URL: `https://${HOST}`, CERTIFICATE: 'none' });
    expect(parameters(json, 'Runners')).toMatchObject({ SCHEME: 'http', SERVER_HOST: HOST });
  });

  test('opens the ports to the proxy alone, also when runners ask', () => {
    const { gitlab, stack } = named({ ...BEHIND, registry: {}, sshAllowedCidrs: ['203.0.113.0/24'] });
    gitlab.allowWebFrom(stack, 'Runners', ['20.1.2.3']);
    const found = rules(synth(stack));
    expect(Object.keys(found).sort()).toEqual(['AllowHttp', 'AllowRegistry', 'AllowSsh', 'DenyOtherInbound']);
    expect(found.AllowHttp).toMatchObject({ destination_port_range: '80', source_address_prefixes: ['10.40.1.0/24', '10.40.2.0/24'], priority: 100 });
    expect(found.AllowRegistry).toMatchObject({ destination_port_range: '5050', source_address_prefixes: ['10.40.1.0/24', '10.40.2.0/24'] });
  });

  test('gives runners no certificate, and takes no certificate from anybody', () => {
    const { gitlab, json } = named(BEHIND);
    expect(gitlab.requestRunnerToken('ci', {}).caSecretName).toBeUndefined();
    expect(Object.keys(json.output).join(' ')).not.toMatch(/DnsRecord/);
    expect(parameters(json, 'Gitlab').LETS_ENCRYPT).toBeUndefined();
  });

  test('lets its options and the user decide otherwise', () => {
    const { json } = named({
      endpoint: GitLabEndpoint.behindProxy({
        host: HOST, trustedCidrs: ['10.40.1.0/24'], clientAddressHeader: 'X-Real-IP', healthProbesAllowed: true, sshHost: 'ssh.example.com',
      }),
      omnibusSettings: { nginx: { hsts_max_age: 60 } },
    });
    expect(rb(json)).toEqual(expect.arrayContaining([
      'gitlab_rails[\'nginx\']["real_ip_header"] = "X-Real-IP"', 'gitlab_rails[\'nginx\']["hsts_max_age"] = 60',
      'gitlab_rails["monitoring_whitelist"] = ["127.0.0.0/8", "::1/128", "10.40.1.0/24"]', 'gitlab_rails["gitlab_ssh_host"] = "ssh.example.com"',
    ]));
    expect(rb(json).filter((line) => line.includes('hsts_max_age'))).toHaveLength(1);
  });

  test('takes blocks that only the apply knows', () => {
    const stack = newStack();
    const blocks = Token.asList(Fn.lookup(new TerraformVariable(stack, 'blocks', {}).value, 'gateway', []));
    new SelfHostedGitLab(stack, 'GitLab', {
      location: 'koreacentral', endpoint: GitLabEndpoint.behindProxy({ host: HOST, trustedCidrs: blocks, healthProbesAllowed: true }),
    });
    const json = synth(stack);
    expect(rules(json).AllowHttp.source_address_prefixes).toMatch(/lookup\(var\.blocks/);
    expect(parameters(json, 'Gitlab').GITLAB_RB).toMatch(/real_ip_trusted_addresses"\] = JSON\.parse/);
    expect(parameters(json, 'Gitlab').GITLAB_RB).toMatch(/monitoring_whitelist"\] = JSON\.parse\(".*concat\(/);
  });

  test('is worth a warning only across the Internet', () => {
    expect(warnings(named(BEHIND).stack).filter((text) => text.includes('unencrypted'))).toEqual([]);
  });

  test.each<[string, () => unknown, string]>([
    ['nobody is trusted', () => GitLabEndpoint.behindProxy({ host: HOST, trustedCidrs: [] }),
      'trustedCidrs: empty, got []; give at least 1, each an IPv4 block such as "10.0.0.0/16" (at GitLabEndpoint.behindProxy)'],
    ['everybody is', () => GitLabEndpoint.behindProxy({ host: HOST, trustedCidrs: ['0.0.0.0/0'] }),
      'trustedCidrs[0]: wrong size, got "0.0.0.0/0"; give a prefix length from /8 to /32 (at GitLabEndpoint.behindProxy)'],
    ['the host is a URL', () => GitLabEndpoint.behindProxy({ host: 'https://x', trustedCidrs: ['10.0.0.0/8'] }),
      'host: not a valid value, got "https://x"; give a DNS name in lower case such as "gitlab.example.com", without scheme, port and path (at GitLabEndpoint.behindProxy)'],
    ['the SSH host has a port', () => GitLabEndpoint.behindProxy({ host: HOST, trustedCidrs: ['10.0.0.0/8'], sshHost: 'ssh.example.com:22' }),
      'sshHost: not a valid value, got "ssh.example.com:22"; give a DNS name in lower case such as "gitlab.example.com", without scheme, port and path '
      + '(at GitLabEndpoint.behindProxy)'],
    ['the header is two', () => GitLabEndpoint.behindProxy({ host: HOST, trustedCidrs: ['10.0.0.0/8'], clientAddressHeader: 'a; b' }),
      'clientAddressHeader: not a valid value, got "a; b"; give the name of an HTTP header such as "X-Forwarded-For" (at GitLabEndpoint.behindProxy)'],
    ['Front Door has no id', () => GitLabEndpoint.behindFrontDoor(HOST, 'my-profile'),
      'frontDoorId: not a valid value, got "my-profile"; give a UUID such as "00000000-0000-0000-0000-000000000000" (at GitLabEndpoint.behindFrontDoor)'],
    ['somebody else is let in', () => named({ ...BEHIND, webAllowedCidrs: ['203.0.113.0/24'] }),
      'webAllowedCidrs: only the proxy of the endpoint reaches the web ports, got ["203.0.113.0/24"]; '
      + 'leave it out, and let the proxy decide who reaches it (at Test/GitLab)'],
    ['port 80 is for all', () => named({ ...FRONT, httpAllowedCidrs: ['0.0.0.0/0'] }),
      'httpAllowedCidrs: only the proxy of the endpoint reaches the web ports, got ["0.0.0.0/0"]; '
      + 'leave it out, and let the proxy decide who reaches it (at Test/GitLab)'],
    ['what only the apply knows could undo the check of Front Door', () => named({ ...FRONT, omnibusSettings: { nginx: Token.asAny({}) } }),
      'omnibusSettings.nginx: may replace the check of GitLabEndpoint.behindFrontDoor(), got a reference; '
      + 'write the map here; its values may be references (at Test/GitLab)'],
  ])('fails when %s', (_, make, message) => {
    expect(make).toThrow(new Error(message));
  });
});

describe('Front Door', () => {
  test('alone gets through, and only the own profile further', () => {
    const { json } = named({ ...FRONT, registry: {}, omnibusSettings: { nginx: { custom_gitlab_server_config: 'add_header X-Own kept;' } } });
    expect(rules(json).AllowHttp).toMatchObject({ destination_port_range: '80', source_address_prefix: 'AzureFrontDoor.Backend' });
    expect(rules(json).AllowRegistry).toMatchObject({ source_address_prefix: 'AzureFrontDoor.Backend' });
    const lines = rb(json);
    const checks = lines.filter((line) => line.includes('$http_x_azure_fdid'));
    expect(checks.map((line) => line.split('[')[0].replace('gitlab_rails', 'nginx'))).toEqual(['nginx', 'registry']);
    expect(checks[0]).toContain(FRONT_DOOR);
    // the user's own text stays, behind the check.
    expect(checks[0]).toMatch(/ \+ gitlab_rails\['nginx'\]\["custom_gitlab_server_config"\]\.to_s$/);
    expect(lines.indexOf('gitlab_rails[\'nginx\']["custom_gitlab_server_config"] = "add_header X-Own kept;"')).toBeLessThan(lines.indexOf(checks[0]));
    expect(lines).toEqual(expect.arrayContaining([
      'gitlab_rails[\'nginx\']["real_ip_header"] = "X-Azure-SocketIP"', 'gitlab_rails["trusted_proxies"] = ["127.0.0.0/8", "::1/128"]',
    ]));
  });
});
