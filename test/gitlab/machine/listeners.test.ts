import { Token } from 'cdktf';
import { GitLabEndpoint } from '../../../src';
import { attempt, LOCATION } from '../server';

const given = (omnibusSettings: any, props: any = {}) => () => attempt({ location: LOCATION, omnibusSettings, ...props });
const told = (key: string, other: string, got: unknown) =>
  `omnibusSettings.${key}: the port of ${other} too, got ${Array.isArray(got) ? '[…]' : JSON.stringify(got)}; give another port to one of the two (at Test/GitLab)`;

test.each<[string, any, string, string, unknown, any?]>([
  ['metrics and health checks', { sidekiq: { health_checks_listen_port: 8082 } }, 'sidekiq.health_checks_listen_port', 'sidekiq.listen_port', 8082],
  ['both given', { sidekiq: { listen_port: 8100 }, puma: { exporter_enabled: true, exporter_port: 8100 } }, 'sidekiq.listen_port', 'puma.exporter_port', 8100],
  ['Puma and Sidekiq', { puma: { listen: '0.0.0.0', port: 8082 } }, 'puma.port', 'sidekiq.listen_port', 8082],
  ['Puma where its metrics are', { puma: { listen: '127.0.0.1', port: '8083', exporter_enabled: true } }, 'puma.port', 'puma.exporter_port', '8083'],
  ['the default of a service that is bound', { postgresql: { listen_address: '10.0.0.4,127.0.0.1', port: 9090 } }, 'postgresql.port', 'prometheus.listen_address', 9090],
  ['the host alone', { puma: { listen: '*' }, prometheus: { listen_address: ':8080' } }, 'prometheus.listen_address', 'puma.port', ':8080'],
  ['text with a host', { prometheus: { listen_address: '0.0.0.0:8082' } }, 'prometheus.listen_address', 'sidekiq.listen_port', '0.0.0.0:8082'],
  ['a port of all hosts', { gitlab_workhorse: { listen_network: 'tcp', listen_addr: ':80' } }, 'gitlab_workhorse.listen_addr', 'the web server', ':80'],
  ['the other port of the web', { gitlab_kas: { listen_address: 'localhost:443' } }, 'gitlab_kas.listen_address', 'the web server', 'localhost:443'],
  ['IPv6', { node_exporter: { listen_address: '[::]:9168' } }, 'node_exporter.listen_address', 'gitlab_exporter.listen_port', '[::]:9168'],
  ['Redis', { redis: { port: 9121 } }, 'redis.port', 'redis_exporter.listen_address', 9121],
  ['Gitaly', { gitaly: { configuration: { listen_addr: '0.0.0.0:9100' } } }, 'gitaly.configuration.listen_addr', 'node_exporter.listen_address', '0.0.0.0:9100'],
  ['the machine\'s sshd', { gitlab_exporter: { listen_address: '0.0.0.0', listen_port: 22 } }, 'gitlab_exporter.listen_port', 'sshPort', 22],
  ['sshPort', { gitlab_exporter: { listen_port: '2222' } }, 'gitlab_exporter.listen_port', 'sshPort', '2222', { sshPort: 2222 }],
  ['sshd beside sshPort', { gitlab_exporter: { listen_port: '22' } }, 'gitlab_exporter.listen_port', 'the machine\'s sshd', '22', { sshPort: 2222 }],
  ['the registry', { sidekiq: { listen_port: 5050 } }, 'sidekiq.listen_port', 'registry', 5050, { registry: {} }],
  ['the registry behind nginx', { sidekiq: { listen_port: 5000 } }, 'sidekiq.listen_port', 'registry.registry_http_addr', 5000, { registry: {} }],
  ['Pages behind nginx', { sidekiq: { listen_port: 8090 } }, 'sidekiq.listen_port', 'gitlab_pages.listen_proxy', 8090, { pages: { domain: 'pages.example.com' } }],
  ['a registry by its URL', { registry_external_url: 'https://registry.example.com:9090' }, 'registry_external_url', 'prometheus.listen_address', 'https://registry.example.com:9090'],
  ['an agent server by its URL', { gitlab_kas_external_url: 'wss://kas.example.com:8150/-/' }, 'gitlab_kas_external_url', 'gitlab_kas.listen_address', 'wss://kas.example.com:8150/-/'],
  ['a site of nginx', { registry_nginx: { listen_port: 9093 } }, 'registry_nginx.listen_port', 'alertmanager.listen_address', 9093],
  ['the state of nginx', { nginx: { status: { port: 9187 } } }, 'nginx.status.port', 'postgres_exporter.listen_address', 9187],
  ['addresses of Pages', { pages_external_url: 'http://pages.example.com', gitlab_pages: { external_http: ['10.0.0.5:80'] } }, 'gitlab_pages.external_http', 'the web server', []],
])('two services at one port are refused: %s', (_, settings, key, other, got, props = {}) => {
  expect(given(settings, props)).toThrow(expect.objectContaining({ message: told(key, other, got) }));
  expect(given(settings, { ...props, uncheckedOmnibusKeys: [key] })).not.toThrow();
});

test.each<[string, any, any?]>([
  ['ports of their own', { puma: { listen: '127.0.0.1', port: 8100 }, sidekiq: { listen_port: 8101 }, prometheus: { listen_address: '0.0.0.0:9190' } }],
  ['one port of two addresses', { sidekiq: { listen_port: 8092, health_checks_listen_address: '10.0.0.1' } }],
  ['a service that is off', { alertmanager: { enable: false }, prometheus: { listen_address: 'localhost:9093' } }],
  ['services that are all off', { prometheus_monitoring: { enable: false }, sidekiq: { listen_port: 9090 } }],
  ['metrics that are off', { sidekiq: { metrics_enabled: false, health_checks_listen_port: 8082 } }],
  ['Puma by its socket', { puma: { port: 8082 } }],
  ['an agent server by its socket', { gitlab_kas: { internal_api_listen_network: 'unix', internal_api_listen_address: '/run/kas.sock' }, sidekiq: { listen_port: 8153 } }],
  ['sites of one web server', { registry_external_url: 'https://registry.example.com', pages_external_url: 'http://pages.example.com:80', nginx: { redirect_http_to_https_port: 80 } }],
  ['addresses of Pages beside those of nginx', { pages_external_url: 'http://pages.example.com', gitlab_pages: { external_http: ['10.0.0.5:80'] }, nginx: { listen_addresses: ['10.0.0.4', '127.0.0.1'] } }],
  ['the same where nginx has all of IPv6', {
    pages_external_url: 'http://pages.example.com', gitlab_pages: { external_http: ['10.0.0.5:80'] }, nginx: { listen_addresses: ['10.0.0.4', '127.0.0.1', '[::]'] },
    pages_nginx: { listen_port: 80, listen_addresses: ['10.0.0.4'] },
  }],
  ['a registry that nginx does not serve', {
    registry_external_url: 'https://registry.example.com:5050', registry: { registry_http_addr: '0.0.0.0:5050' }, registry_nginx: { enable: false },
  }],
  ['what only the apply knows', { sidekiq: { listen_port: Token.asNumber({ resolve: () => 8092 }) } }],
  ['443 behind a proxy', { gitlab_kas: { listen_address: 'localhost:443' } }, { endpoint: GitLabEndpoint.behindProxy({ host: 'gitlab.example.com', trustedCidrs: ['10.9.0.0/24'] }) }],
])('services that get by are taken: %s', (_, settings, props = {}) => {
  expect(given(settings, props)).not.toThrow();
});

test('two at one port are told of if both are wrong', () => {
  expect(given({ sidekiq: { listen_port: 9090 }, gitlab_exporter: { listen_port: 9100 } })).toThrow('; wrong too: gitlab_exporter.listen_port (at');
});
