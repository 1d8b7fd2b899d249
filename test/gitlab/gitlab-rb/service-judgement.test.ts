import { Token } from 'cdktf';
import { judgeServices } from '../../../src/gitlab/gitlab-rb/service-judgement';

const told = (settings: any) => judgeServices(settings).map(({ path, problem, remedy }) => `${path.join('.')}: ${problem}; ${remedy}`);
const within = (place: readonly string[], settings: any) => place.reduceRight((inner, name) => ({ [name]: inner }), settings);
const NEVER = 'a service without which GitLab is never ready; leave it out';
const PROTOCOL = 'nginx takes nothing else then, not even what the machine asks itself; leave it out; GitLabEndpoint.behindProxy() is for proxies that speak HTTP, or name it in uncheckedOmnibusKeys';

test.each<[string, any, string]>([
  ...['gitlab_rails', 'gitlab_workhorse', 'puma', 'sidekiq'].map((name): [string, any, string] => [name, { [name]: { enable: false } }, `${name}.enable: ${NEVER}`]),
  ['redis', { redis: { enable: false } }, `redis.enable: ${NEVER}, or say where another one is, by gitlab_rails.redis_host`],
  ['gitaly', { gitaly: { enable: false } }, `gitaly.enable: ${NEVER}, or say where another one is, by gitlab_rails.repositories_storages`],
  ['Patroni', { patroni: { enable: true } },
    'patroni.enable: it takes the database from PostgreSQL on the data disk; leave it out; database has servers with a standby, or name it in uncheckedOmnibusKeys'],
  ['the file of secrets', { package: { generate_secrets_json_file: false } },
    'package.generate_secrets_json_file: without that file a new virtual machine cannot read the data; leave it out'],
  ['who may ask', { gitlab_rails: { monitoring_whitelist: ['10.0.0.0/8'] } },
    'gitlab_rails.monitoring_whitelist: without 127.0.0.0/8, from where the set-up asks whether GitLab is ready; add "127.0.0.0/8"'],
  ['the PROXY protocol', { nginx: { proxy_protocol: true } }, `nginx.proxy_protocol: ${PROTOCOL}`],
  ['the PROXY protocol by its new name', { gitlab_rails: { nginx: { proxy_protocol: true } } }, `gitlab_rails.nginx.proxy_protocol: ${PROTOCOL}`],
  ['the unit of GitLab\'s services', { package: { detect_init: false } },
    'package.detect_init: for containers; on a machine nothing would start GitLab\'s services then; leave it out'],
  ...[['nginx'], ['gitlab_rails', 'nginx']].flatMap((place): [string, any, string][] => [
    [`requests without a certificate by ${place.join('.')}`, within(place, { ssl_verify_client: 'on' }), `${place.join('.')}.ssl_verify_client: nginx turns away whoever has no certificate `
      + 'then, the machine itself and runners too; give "optional", or name it in uncheckedOmnibusKeys'],
    [`its own address by ${place.join('.')}`, within(place, { listen_addresses: ['10.0.0.4', '[::]'] }), `${place.join('.')}.listen_addresses: without 127.0.0.1, where the set-up asks `
      + 'whether GitLab is ready; add "127.0.0.1", or name it in uncheckedOmnibusKeys'],
  ]),
  ['threads', { puma: { min_threads: 8 } }, 'puma.min_threads: the least number of threads is above the largest, so that Puma would not start; give max_threads the same or more'],
  ['fewer threads', { puma: { max_threads: 2 } }, 'puma.max_threads: the least number of threads is above the largest, so that Puma would not start; give max_threads the same or more'],
  ['workers', { puma: { worker_processes: -1 } }, 'puma.worker_processes: less than none; give 0 or more'],
])('what the set-up relies on is not taken away: %s', (_, settings, message) => {
  expect(told(settings)).toEqual([message]);
});

test.each<[string, any]>([
  ['Redis elsewhere', { redis: { enable: false }, gitlab_rails: { redis_host: 'redis.example.com' } }],
  ['Gitaly elsewhere', { gitaly: { enable: false }, gitlab_rails: { repositories_storages: { default: { gitaly_address: 'tcp://gitaly:8075' } } } }],
  ['services that are on', { puma: { enable: true }, sidekiq: { enable: true }, redis: {}, package: {} }],
  ['services that are no part of it', { prometheus: { enable: false }, gitlab_kas: { enable: false }, registry: { enable: false } }],
  ['who may ask, itself too', { gitlab_rails: { monitoring_whitelist: ['127.0.0.1', '10.0.0.0/8'] } }],
  ['who may ask, which the apply knows', { gitlab_rails: { monitoring_whitelist: [Token.asString({ resolve: () => 'x' })] } }],
  ['certificates that are asked for', { nginx: { ssl_verify_client: 'optional' }, pages_nginx: { ssl_verify_client: 'on' } }],
  ...[['*'], ['0.0.0.0', '[::]'], ['10.0.0.4', '127.0.0.1'], [Token.asString({ resolve: () => 'x' })]].map((listen_addresses): [string, any] =>
    [`addresses, itself too: ${listen_addresses.length === 1 ? 'one' : listen_addresses.join()}`, { nginx: { listen_addresses } }]),
  ['addresses of others', { pages_nginx: { listen_addresses: ['10.0.0.5'] }, package: { detect_init: true } }],
  ['threads', { puma: { min_threads: 1, max_threads: 8, worker_processes: 0 } }],
])('what it does not rely on is taken: %s', (_, settings) => {
  expect(told(settings)).toEqual([]);
});
