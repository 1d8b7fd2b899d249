import { Token } from 'cdktf';
import { GitLabEdition, GitLabVersion } from '../../../src';
import { checkOmnibusSettings } from '../../../src/gitlab/gitlab-rb/omnibus-check';
import { server } from '../server';

const NOW = { version: GitLabVersion.V19_4, edition: GitLabEdition.CE };
const check = (settings: any, unchecked: string[] = []) => () => checkOmnibusSettings('Test', settings, NOW, unchecked);
const ROLE = 'for a machine that runs some services only, and this server needs all of GitLab\'s';
const ROLE_REMEDY = 'leave it out; database and applicationNodes put services elsewhere, or name it in uncheckedOmnibusKeys';

describe('what reconfiguring or GitLab would stop at', () => {
  test.each<[string, any, string]>([
    ['the role of some services', { roles: ['application_role', 'redis_master_role'] }, `roles: ${ROLE}, got […]; ${ROLE_REMEDY}`],
    ['such a role with hyphens', { roles: 'postgres-role' }, `roles: ${ROLE}, got "postgres-role"; ${ROLE_REMEDY}`],
    ['such a role as a section', { redis_replica_role: { enable: true } }, `redis_replica_role.enable: ${ROLE}, got true; ${ROLE_REMEDY}`],
    ['a role by its name of once', { redis_slave_role: { enable: true } }, 'redis_slave_role: removed in GitLab 14.0, got {…}; leave it out'],
    ['a registry without a scheme', { registry_external_url: 'registry.example.com' },
      'registry_external_url: not a URL that GitLab takes here, got "registry.example.com"; give one such as "https://registry.example.com"'],
    ['a registry below a path', { registry_external_url: 'https://example.com/registry' },
      'registry_external_url: not a URL that GitLab takes here, got "https://example.com/registry"; give one such as "https://registry.example.com"'],
    ['pages below a path', { pages_external_url: 'http://example.com/pages' },
      'pages_external_url: not a URL that GitLab takes here, got "http://example.com/pages"; give one such as "https://pages.example.com"'],
    ['an agent server by HTTPS', { gitlab_kas_external_url: 'https://kas.example.com' },
      'gitlab_kas_external_url: not a URL that GitLab takes here, got "https://kas.example.com"; give one such as "wss://kas.example.com"'],
    ['MySQL', { gitlab_rails: { db_adapter: 'mysql2' } }, 'gitlab_rails.db_adapter: GitLab works with PostgreSQL alone, got "mysql2"; leave it out'],
    ['requests longer than a worker lives', { gitlab_rails: { max_request_duration_seconds: 120 } },
      'gitlab_rails.max_request_duration_seconds: not less than puma.worker_timeout, 60, got 120; give less than 60'],
    ['a port in the name for SSH', { gitlab_rails: { gitlab_ssh_host: 'ssh.example.com:2222' } },
      'gitlab_rails.gitlab_ssh_host: not a host name alone, got "ssh.example.com:2222"; give one such as "ssh.example.com", and the port as sshPort'],
    ['a time zone that is none', { gitlab_rails: { time_zone: 'Asia/Soul' } },
      'gitlab_rails.time_zone: not a time zone that GitLab starts with, got "Asia/Soul"; give one such as "Asia/Seoul" or "Etc/GMT-9"'],
    ['a time zone in small letters', { gitlab_rails: { time_zone: 'asia/seoul' } },
      'gitlab_rails.time_zone: not a time zone that GitLab starts with, got "asia/seoul"; give one such as "Asia/Seoul" or "Etc/GMT-9"'],
    ['maintenance of a storage that is not there', { gitaly: { configuration: { daily_maintenance: { storages: ['default', 'disk2'] } } } },
      'gitaly.configuration.daily_maintenance.storages: a storage that Gitaly does not have, with which it does not start, got "disk2"; give "default"'],
    ['an offset as a time zone', { gitlab_rails: { time_zone: 'UTC+9' } },
      'gitlab_rails.time_zone: not a time zone that GitLab starts with, got "UTC+9"; give one such as "Asia/Seoul" or "Etc/GMT-9"'],
    ['a number for git', { gitaly: { configuration: { git: { config: [{ key: 'gc.auto', value: '0' }, { key: 'pack.threads', value: 4 }] } } } },
      'gitaly.configuration.git.config[1].value: not text, so that Gitaly would not start, got 4; give "4" in quotes'],
    ['a network that the agent server has not', { gitlab_kas: { internal_api_listen_network: 'udp' } },
      'gitlab_kas.internal_api_listen_network: not a network, got "udp"; give one of "tcp", "tcp4", "tcp6", "unix"'],
    ['logs of a service that is none', { logrotate: { services: ['nginx', 'gitlab-workhorse', 'apache'] } },
      'logrotate.services: not a service of GitLab\'s, got "apache"; leave it out'],
    ['storages without the one that GitLab requires', { gitaly: { configuration: { storage: [{ name: 'main', path: '/var/opt/gitlab/a' }] } } },
      'gitaly.configuration.storage: without a storage called "default", which GitLab requires, got […]; call one of them "default"'],
    ['storages by names, as they once were', { gitaly: { configuration: { storage: { default: { path: '/var/opt/gitlab/a' } } } } },
      'gitaly.configuration.storage: not a list, got {…}; give a list such as [{"name": "default", "path": "/var/opt/gitlab/git-data/repositories"}]'],
    ['two storages in one folder', { gitaly: { configuration: { storage: [{ name: 'default', path: '/var/opt/gitlab/a' }, { name: 'b', path: '/var/opt/gitlab/a' }] } } },
      'gitaly.configuration.storage[1].path: the folder of another storage too, got "/var/opt/gitlab/a"; give each a folder of its own'],
  ])('is refused: %s', (_, settings, message) => {
    expect(check(settings)).toThrow(expect.objectContaining({ message: `omnibusSettings.${message} (at Test)` }));
  });
});

describe('data that is not on the data disk', () => {
  const remedy = 'give a folder below "/var/opt/gitlab", or name it in uncheckedOmnibusKeys';
  test.each<[string, any]>([
    ['gitaly.configuration.storage[0].path', { gitaly: { configuration: { storage: [{ name: 'default', path: '/mnt/nas' }] } } }],
    ['gitlab_rails.shared_path', { gitlab_rails: { shared_path: '/mnt/nas' } }],
    ['gitlab_rails.uploads_directory', { gitlab_rails: { uploads_directory: '/mnt/nas' } }],
    ['gitlab_rails.lfs_storage_path', { gitlab_rails: { lfs_storage_path: '/mnt/nas' } }],
    ['registry.storage.filesystem.rootdirectory', { registry: { storage: { filesystem: { rootdirectory: '/mnt/nas' } } } }],
    ['redis.dir', { redis: { dir: '/mnt/nas' } }],
  ])('is refused: %s', (key, settings) => {
    expect(check(settings)).toThrow(expect.objectContaining({
      message: `omnibusSettings.${key}: not on the data disk, so that a new virtual machine would be without it, got "/mnt/nas"; ${remedy} (at Test)`,
    }));
    expect(check(settings, [key])).not.toThrow();
  });
});

test('what GitLab takes is taken', () => {
  const reference = Token.asString({ resolve: () => '${var.a}' });
  expect(check({
    roles: [], registry_external_url: 'https://registry.example.com:5050/', pages_external_url: reference, gitlab_kas_external_url: 'wss://kas.example.com/-/kubernetes-agent/',
    gitlab_rails: {
      db_adapter: 'postgresql', max_request_duration_seconds: 57, gitlab_ssh_host: '[2001:db8::1]', time_zone: 'Asia/Seoul', shared_path: '/var/opt/gitlab/shared', artifacts_path: reference,
    },
    gitlab_kas: { internal_api_listen_network: 'unix' },
    logrotate: { services: ['gitlab-workhorse', 'puma', reference] },
    gitaly: { configuration: { storage: [{ name: 'default', path: '/var/opt/gitlab/git-data/repositories' }, { name: 'b', path: reference }] } },
  })).not.toThrow();
  expect(check({ gitlab_rails: { time_zone: 'Seoul' }, roles: undefined, pages_external_url: null })).not.toThrow();
  expect(check({ gitlab_rails: { max_request_duration_seconds: 100 }, puma: { worker_timeout: 120 } })).not.toThrow();
});

test.each(['gitlab_host', 'gitlab_port', 'gitlab_https', 'gitlab_relative_url'])('gitlab_rails.%s, which external_url overrides, is refused', (key) => {
  expect(() => server({ omnibusSettings: { gitlab_rails: { [key]: 'x' } } })).toThrow(`omnibusSettings.gitlab_rails.${key}: decided elsewhere, got "x"; `);
});
