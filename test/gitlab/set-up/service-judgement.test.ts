import { Token } from 'cdktf';
import { judgeServices } from '../../../src/gitlab/set-up/service-judgement';

const told = (settings: any) => judgeServices(settings).map(({ path, problem, remedy }) => `${path.join('.')}: ${problem}; ${remedy}`);
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
  ['threads', { puma: { min_threads: 8 } }, 'puma.min_threads: more threads at least than at most, with which Puma does not start; give max_threads the same or more'],
  ['fewer threads', { puma: { max_threads: 2 } }, 'puma.max_threads: more threads at least than at most, with which Puma does not start; give max_threads the same or more'],
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
  ['threads', { puma: { min_threads: 1, max_threads: 8, worker_processes: 0 } }],
])('what it does not rely on is taken: %s', (_, settings) => {
  expect(told(settings)).toEqual([]);
});
