import { AksCluster, AzureSubnet, GitLabEndpoint, GitLabNetwork, HttpProxy, PrivateEndpoints, SelfHostedGitLabProps } from '../../../src';
import { newStack, resource, resources, synth } from '../../synth';
import { LOCATION, parameters, rb, server, SUBNET, unsynthesised } from '../server';

const PROXY = HttpProxy.at('http://10.0.0.5:3128', ['.corp.example.com']);
const DOMAIN = GitLabEndpoint.customDomain('gitlab.example.com');
const MACHINE = 'localhost,127.0.0.1,169.254.169.254,168.63.129.16';
const proxied = (props: Partial<SelfHostedGitLabProps> = {}) => server({ endpoint: DOMAIN, httpProxy: PROXY, ...props }).json;

describe('a server behind a forward proxy', () => {
  const json = proxied({ backup: {}, registry: {} });

  test('all steps ask the proxy, and what is near without it', () => {
    for (const step of ['Metadata', 'DataDisk', 'Gitlab', 'Runners', 'Backup']) {
      expect(parameters(json, step)).toMatchObject({
        http_proxy: 'http://10.0.0.5:3128', https_proxy: 'http://10.0.0.5:3128', no_proxy: `${MACHINE},gitlab.example.com,.corp.example.com`,
      });
    }
  });

  test('so does each of GitLab\'s services that asks others', () => {
    for (const service of ['gitlab_rails', 'gitlab_workhorse', 'gitaly', 'registry', 'gitlab_pages']) {
      expect(rb(json).find((line) => line.startsWith(`${service}["env"] = `))).toContain('"https_proxy" => "http://10.0.0.5:3128"');
    }
  });

  // gitlab-org/gitaly#1447: a service whose list lacks itself asks the proxy for what is on its own machine.
  test('none of them asks it for what is on the machine', () => {
    for (const service of ['gitlab_rails', 'gitlab_workhorse', 'gitaly', 'registry', 'gitlab_pages']) {
      expect(rb(json).find((line) => line.startsWith(`${service}["env"] = `))).toContain(`"no_proxy" => "${MACHINE},gitlab.example.com,`);
    }
  });

  test('reaches vaults and accounts with private endpoints, and its own address, without it', () => {
    const { no_proxy: direct } = parameters(proxied({
      network: GitLabNetwork.privateAddress({ natGatewayEnabled: false }),
      privateEndpoints: PrivateEndpoints.dnsByPolicy(SUBNET),
      pages: { domain: 'pages.example.com' },
    }), 'Gitlab');
    expect(direct.split(',')).toEqual([
      ...MACHINE.split(','), 'gitlab.example.com', '10.40.0.4', 'pages.example.com', '.vault.azure.net', '.blob.core.windows.net', '.corp.example.com',
    ]);
  });

  test('needs no NAT gateway', () => {
    const { resource: made } = proxied({ network: GitLabNetwork.privateAddress({ natGatewayEnabled: false }) });
    expect(made).not.toHaveProperty('azurerm_nat_gateway');
    expect(made).not.toHaveProperty('azurerm_public_ip');
  });

  test('is told of no proxy by default', () => {
    expect(JSON.stringify(server({}).json)).not.toContain('_proxy"');
  });

  test.each<[string, Partial<SelfHostedGitLabProps>, string]>([
    ['no way to the packages', { httpProxy: undefined, network: GitLabNetwork.privateAddress({ natGatewayEnabled: false }) },
      'network.natGatewayEnabled: the server has no other way to its packages, got false; leave it out, or give httpProxy'],
    ['a gateway for a subnet that exists', { network: GitLabNetwork.privateAddress({ address: '10.1.0.4', natGatewayEnabled: true }), subnet: AzureSubnet.existing(SUBNET) },
      'network.natGatewayEnabled: a subnet that exists has its own way out, got true; leave it out'],
    ['variables that take the place of the proxy\'s', { omnibusSettings: { gitaly: { env: { TZ: 'UTC' } } } },
      'omnibusSettings.gitaly.env: takes the place of the variables that httpProxy sets, got {"TZ":"UTC"}; add http_proxy, https_proxy and no_proxy to it'],
    ['variables that lead what is near through the proxy', { omnibusSettings: { gitaly: { env: { https_proxy: 'http://10.0.0.6:3128' } } } },
      'omnibusSettings.gitaly.env: takes the place of the variables that httpProxy sets, got {"https_proxy":"http://10.0.0.6:3128"}; add http_proxy, https_proxy and no_proxy to it'],
  ])('%s fails', (_, props, message) => {
    expect(() => unsynthesised({ endpoint: DOMAIN, httpProxy: PROXY, ...props })).toThrow(new Error(`${message} (at Test/GitLab)`));
  });

  test('variables that name a proxy pass', () => {
    const env = { https_proxy: 'http://10.0.0.6:3128', no_proxy: 'localhost' };
    expect(rb(proxied({ omnibusSettings: { gitaly: { env } } }))).toContain('gitaly["env"] = {"https_proxy" => "http://10.0.0.6:3128", "no_proxy" => "localhost"}');
  });
});

describe('a cluster behind the same proxy', () => {
  const cluster = (subnet?: AzureSubnet) => {
    const stack = newStack();
    new AksCluster(stack, 'Cluster', { location: LOCATION, httpProxy: PROXY, subnet });
    return synth(stack);
  };

  test('reaches nodes, pods and services without it', () => {
    expect(resource(cluster(), 'azurerm_kubernetes_cluster').http_proxy_config).toEqual({
      http_proxy: 'http://10.0.0.5:3128/',
      https_proxy: 'http://10.0.0.5:3128/',
      no_proxy: [...MACHINE.split(','), '10.244.0.0/16', '10.0.0.0/16', '.svc', '.cluster.local', '.corp.example.com', '10.224.0.0/20'],
    });
  });

  test('asks Azure for the blocks of a subnet that exists', () => {
    const json = cluster(AzureSubnet.existing(SUBNET));
    const [name] = Object.keys(json.data.azurerm_subnet);
    expect(resource(json, 'azurerm_kubernetes_cluster').http_proxy_config.no_proxy).toContain(`data.azurerm_subnet.${name}.address_prefixes`);
    expect(Object.keys(resources(json, 'azurerm_kubernetes_cluster'))).toHaveLength(1);
  });
});
