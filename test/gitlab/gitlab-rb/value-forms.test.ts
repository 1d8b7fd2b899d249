import { Fn } from 'cdktf';
import { GitLabEdition, GitLabVersion } from '../../../src';
import { checkOmnibusSettings } from '../../../src/gitlab/gitlab-rb/omnibus-check';

const NOW = { version: GitLabVersion.V19_4, edition: GitLabEdition.CE };
const check = (settings: any, unchecked: string[] = []) => () => checkOmnibusSettings('Test', settings, NOW, unchecked);
/** `section.key` as maps. */
const at = (path: string, value: unknown) => path.split('.').reduceRight<any>((inner, key) => ({ [key]: inner }), value);

const BYTES = 'not an amount that PostgreSQL reads; give one such as "2GB": a whole number of B, kB, MB, GB or TB, without a space';
const TIME = 'not a time that PostgreSQL reads; give one such as "30s": a whole number of us, ms, s, min, h or d, without a space';
const CLIENTS = 'not a range of addresses that PostgreSQL reads; give one such as "10.0.0.0/16", or "10.0.0.4/32" for one address';
const SIZE = 'not a size that nginx reads; give one such as "250m": k, m or g, and no B';
const PERIOD = 'not a time that nginx reads; give one such as "60s": ms, s, m, h, d, w, M or y';
const HOST = 'not a host name alone; give one such as "mail.example.com", with the port beside it';
const ADDRESS = 'not an address that GitLab reads; give one such as "10.0.0.4" or "10.0.0.0/16"';
const DURATION = 'not a duration that GitLab\'s services in Go read; give one such as "1m30s": ms, s, m or h';
const SCHEDULE = 'not a schedule that Sidekiq reads; give a cron line of five fields such as "0 3 * * 6"';

describe('a value that a service does not start with, or passes over', () => {
  test.each<[string, unknown, string]>([
    ['postgresql.shared_buffers', '2gb', BYTES],
    ['postgresql.shared_buffers', '256M', BYTES],
    ['postgresql.work_mem', '16 MB', BYTES],
    ['postgresql.effective_cache_size', '1.5GB', BYTES],
    ['postgresql.max_wal_size', '4GiB', BYTES],
    ['postgresql.statement_timeout', '1m', TIME],
    ['postgresql.checkpoint_timeout', '5 min', TIME],
    ['postgresql.log_min_duration_statement', '1sec', TIME],
    ['postgresql.wal_level', 'full', 'not a word that PostgreSQL reads here; give one of "minimal", "replica", "logical", "archive", "hot_standby"'],
    ['postgresql.hot_standby', 'enabled', 'not a switch of PostgreSQL\'s; give "on" or "off"'],
    ['nginx.client_max_body_size', '250MB', SIZE],
    ['gitlab_rails.nginx.client_max_body_size', '1 g', SIZE],
    ['registry.nginx.client_max_body_size', 'unlimited', SIZE],
    ['registry_nginx.client_max_body_size', '-1', SIZE],
    ['nginx.proxy_read_timeout', '5 min', PERIOD],
    ['gitlab_rails.nginx.proxy_connect_timeout', '300sec', PERIOD],
    ['nginx.ssl_session_timeout', 'never', PERIOD],
    ['nginx.sendfile', 'yes', 'not a word that nginx reads here; give one of "on", "off"'],
    ['nginx.worker_processes', 'all', 'not a number of processes that nginx reads; give a number or "auto"'],
    ['nginx.gzip_comp_level', 10, 'not a level that nginx reads; give 1 to 9'],
    ['nginx.ssl_protocols', 'TLSv1.2,TLSv1.3', 'not versions that nginx reads; give some such as "TLSv1.2 TLSv1.3", with spaces between'],
    ['nginx.ssl_protocols', 'TLS1.2', 'not versions that nginx reads; give some such as "TLSv1.2 TLSv1.3", with spaces between'],
    ['pages_nginx.error_log_level', 'warning', 'not a word that nginx reads here; give one of "debug", "info", "notice", "warn", "error", "crit", "alert", "emerg"'],
    ['gitlab_rails.pipeline_schedule_worker_cron', '*/5 * * *', SCHEDULE],
    ['gitlab_rails.pipeline_schedule_worker_cron', '75 3 * * *', SCHEDULE],
    ['gitlab_rails.repository_check_worker_cron', 'weekly', SCHEDULE],
    ['gitlab_rails.pages_domain_removal_cron_worker', '0 3 1 13 *', SCHEDULE],
    ['gitlab_rails.gitlab_email_from', 'GitLab', 'not an address of mail; give one such as "gitlab@example.com"'],
    ['gitlab_workhorse.shutdown_timeout', '1 minute', DURATION],
    ['gitlab_workhorse.proxy_headers_timeout', 300, DURATION],
    ['gitlab_workhorse.api_ci_long_polling_duration', '50', DURATION],
    ['gitaly.configuration.pack_objects_cache.max_age', 300, DURATION],
    ['gitaly.configuration.daily_maintenance.duration', '30 min', DURATION],
    ['gitaly.configuration.daily_maintenance.start_hour', 24, 'not an hour that Gitaly takes; give 0 to 23'],
    ['gitaly.configuration.daily_maintenance.start_minute', 60, 'not a minute that Gitaly takes; give 0 to 59'],
    ['redis.maxmemory', '1 GiB', 'not an amount that Redis reads; give one such as "2gb": b, kb, mb or gb, without a space'],
    ['registry.log_level', 'warning', 'not a word that the registry reads here; give one of "debug", "info", "warn", "error"'],
    ['logging.logrotate_size', '200MB', 'not a size that logrotate reads; give one such as "200M": k, M or G, and no B'],
    ['nginx.logrotate_frequency', 'every day', 'not a word that logrotate reads here; give one of "hourly", "daily", "weekly", "monthly", "yearly"'],
    ['gitlab_rails.smtp_address', 'smtp://mail.example.com', HOST],
    ['gitlab_rails.incoming_email_host', 'imap.example.com:993', HOST],
    ['gitlab_rails.backup_keep_time', 7, 'seconds, so that each backup would delete all earlier ones; give 0 to keep all, or seconds such as 604800 for a week'],
  ])('is refused: %s as %j', (key, value, words) => {
    const [problem, remedy] = words.split(/; (.*)/s);
    expect(check(at(key, value))).toThrow(expect.objectContaining({
      message: `omnibusSettings.${key}: ${problem}, got ${JSON.stringify(value)}; ${remedy}, or name it in uncheckedOmnibusKeys (at Test)`,
    }));
    expect(check(at(key, value), [key])).not.toThrow();
  });

  test.each<[string, string[], number, string]>([
    ['gitlab_rails.trusted_proxies', ['10.0.0.0/8', 'proxy.example.com'], 1, ADDRESS],
    ['gitlab_rails.trusted_proxies', ['10.0.*.*'], 0, ADDRESS],
    ['gitlab_rails.monitoring_whitelist', ['127.0.0.0/8', '10.0.0.0/33'], 1, ADDRESS],
    ['gitlab_rails.rack_attack_git_basic_auth.ip_whitelist', ['127.0.0.1', '10.0.0.1-10.0.0.9'], 1, ADDRESS],
    ['gitlab_workhorse.trusted_cidrs_for_x_forwarded_for', ['10.0.0.4'], 0,
      'not a range of addresses that GitLab Workhorse reads; give one such as "10.0.0.0/16", or "10.0.0.4/32" for one address'],
    ['gitlab_rails.nginx.real_ip_trusted_addresses', ['10.0.0/8'], 0, 'not an address that nginx reads; give one such as "10.0.0.4" or "10.0.0.0/16"'],
    ['nginx.listen_addresses', ['*', '::'], 1, 'an IPv6 address that nginx cannot tell from the port behind it; give it in brackets, such as "[::]"'],
    ['postgresql.trust_auth_cidr_addresses', ['127.0.0.1/32', '10.0.0.4'], 1, CLIENTS],
    ['postgresql.md5_auth_cidr_addresses', ['*'], 0, CLIENTS],
  ])('is refused in a list: %s as %j', (key, value, index, words) => {
    const [problem, remedy] = words.split(/; (.*)/s);
    expect(check(at(key, value))).toThrow(expect.objectContaining({
      message: `omnibusSettings.${key}[${index}]: ${problem}, got ${JSON.stringify(value[index])}; ${remedy}, or name it in uncheckedOmnibusKeys (at Test)`,
    }));
  });
});

test.each<[string, unknown]>([
  ...['mail.example.com', '10.0.0.4', '2001:db8::1', '[::1]', 'localhost'].map((value): [string, unknown] => ['gitlab_rails.smtp_address', value]),
  ...[0, 3600, '604800', 2592000].map((value): [string, unknown] => ['gitlab_rails.backup_keep_time', value]),
  ...['2GB', '512MB', '8kB', '-1', '262144', 262144].map((value): [string, unknown] => ['postgresql.shared_buffers', value]),
  ...['60000', '1min', '30s', '0', 0].map((value): [string, unknown] => ['postgresql.statement_timeout', value]),
  ...['on', 'off', 1, 0].map((value): [string, unknown] => ['postgresql.log_lock_waits', value]),
  ['postgresql.trust_auth_cidr_addresses', ['127.0.0.1/32', '::1/128', '10.0.0.0 255.255.0.0', 'samenet', 'runner.example.com', '.example.com']],
  ...['0', 0, '250m', '10G', 1048576].map((value): [string, unknown] => ['gitlab_rails.nginx.client_max_body_size', value]),
  ...[3600, '3600', '60s', '1h30m', '1d'].map((value): [string, unknown] => ['nginx.proxy_read_timeout', value]),
  ['nginx.keepalive_timeout', '75s 60s'],
  ['nginx.worker_processes', 'auto'],
  ['nginx.worker_processes', 4],
  ['nginx.listen_addresses', ['*', '[::]', '10.0.0.4', '0.0.0.0']],
  ['nginx.real_ip_trusted_addresses', ['10.0.0.0/8', '192.0.2.10', '2001:db8::/32', 'proxy.example.com', 'unix:']],
  ['nginx.ssl_protocols', 'TLSv1.3'],
  ['gitlab_rails.trusted_proxies', ['10.0.0.0/8', '192.0.2.10', '::1', '10.0.0.0/255.0.0.0']],
  ...['*/5 * * * *', '0 3 * * 6', '19 * * * *', '0 0 * * mon#2', '0 22-5 * * *', '0 0 L * *', '0 0 * * sun', '0 3 * * * Asia/Seoul', '30 0 3 * * 6', '@daily', 'every 5 minutes',
    '3-59/10 * * * *', '0 */12 * * *'].map((value): [string, unknown] => ['gitlab_rails.pipeline_schedule_worker_cron', value]),
  ...['0', '1gb', '100mb', '4096'].map((value): [string, unknown] => ['redis.maxmemory', value]),
  ...['gitlab@example.com', 'GitLab <gitlab@example.com>'].map((value): [string, unknown] => ['gitlab_rails.gitlab_email_from', value]),
  ...['1m0s', '50s', '1.5h', '500ms', '0'].map((value): [string, unknown] => ['gitlab_workhorse.api_queue_duration', value]),
  ['gitaly.configuration.pack_objects_cache.max_age', '5m'],
  ['gitaly.configuration.daily_maintenance.start_hour', 23],
  ['gitaly.configuration.daily_maintenance.start_minute', 0],
  ['redis.maxmemory_policy', 'allkeys-lru'],
  ['logging.logrotate_size', '200M'],
  ['logging.logrotate_frequency', 'weekly'],
  ['postgresql.shared_buffers', Fn.upper('x')],
  ['gitlab_rails.trusted_proxies', ['10.0.0.0/8', Fn.upper('x')]],
  ['gitlab_rails.trusted_proxies', Fn.split(',', '10.0.0.1')],
])('is taken: %s as %j', (key, value) => {
  expect(check(at(key, value))).not.toThrow();
});

test('a section of any name has no form by chance', () => {
  expect(check({ constructor: { name: 'x' } }, ['constructor'])).not.toThrow();
});
