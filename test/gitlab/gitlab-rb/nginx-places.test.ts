import { readByRuby, readRendered } from './gitlab-rb-reader';
import { rbSettings } from './gitlab-rb-settings';
import { GitLabVersion } from '../../../src';
import { gitlabRb } from '../../../src/gitlab/gitlab-rb/gitlab-rb';
import { nginxPlace } from '../../../src/gitlab/gitlab-rb/nginx-places';
import { omnibusKeys } from '../../../src/gitlab/gitlab-rb/omnibus-keys';
import { OmnibusSettings } from '../../../src/gitlab/gitlab-rb/omnibus-settings';
import { ruby, testWith } from '../../tools';

const BEFORE = ['17.0.0', '18.11.11', '19.1.0'];
const SINCE = ['19.2.0', '19.4.1', '20.0.0'];

/** What Omnibus' template of nginx.conf takes from `nginx`, in every version. */
const HTTP_LEVEL = [
  'cache_max_size', 'custom_nginx_config', 'hide_server_tokens', 'keepalive_time', 'keepalive_timeout', 'log_format', 'log_format_escape', 'proxy_cache_path',
  'sendfile', 'server_names_hash_bucket_size', 'status', 'tcp_nodelay', 'tcp_nopush', 'worker_connections', 'worker_processes',
];
/** What both that template and the one of GitLab's pages take: `shared_default_values` of Omnibus' nginx_helper.rb. */
const SHARED = ['dir', 'gzip_comp_level', 'gzip_enabled', 'gzip_http_version', 'gzip_proxied', 'gzip_types', 'log_directory', 'proxy_cache'];
/** `client_default_values` there, and the two keys that gitlab_rails.rb moves by name. */
const CLIENT = [
  'client_max_body_size', 'custom_gitlab_server_config', 'error_log_level', 'hsts_include_subdomains', 'hsts_max_age', 'http2_enabled', 'listen_addresses',
  'listen_https', 'listen_port', 'proxy_connect_timeout', 'proxy_custom_buffer_size', 'proxy_protocol', 'proxy_read_timeout', 'proxy_set_headers',
  'real_ip_header', 'real_ip_recursive', 'real_ip_trusted_addresses', 'redirect_http_to_https', 'redirect_http_to_https_port', 'referrer_policy',
  'request_buffering_off_path_regex', 'ssl_certificate', 'ssl_certificate_key', 'ssl_ciphers', 'ssl_client_certificate', 'ssl_conf_command', 'ssl_dhparam',
  'ssl_ecdh_curve', 'ssl_password_file', 'ssl_prefer_server_ciphers', 'ssl_protocols', 'ssl_session_cache', 'ssl_session_tickets', 'ssl_session_timeout',
  'ssl_verify_client', 'ssl_verify_depth', 'custom_error_pages', 'default_server_enabled',
];

const rb = (omnibusSettings: OmnibusSettings, version = '19.4.1') => gitlabRb(rbSettings({ version: GitLabVersion.of(version), omnibusSettings }));

describe('a key of nginx is written where the wanted version reads it:', () => {
  test.each(BEFORE)('%s, all in the sections of their own', (version) => {
    for (const key of [...HTTP_LEVEL, ...SHARED, ...CLIENT]) {
      for (const spelling of ['nginx', 'gitlab_rails.nginx']) {
        expect(nginxPlace(spelling, key, GitLabVersion.of(version))).toBe('nginx');
      }
    }
    expect(nginxPlace('registry.nginx', 'listen_port', GitLabVersion.of(version))).toBe('registry_nginx');
    expect(nginxPlace('gitlab_pages.nginx', 'listen_port', GitLabVersion.of(version))).toBe('pages_nginx');
    expect(nginxPlace('gitlab_kas.nginx', 'listen_port', GitLabVersion.of(version))).toBe('gitlab_kas_nginx');
  });

  test.each(SINCE)('%s, what concerns all pages in nginx, the rest within what they serve', (version) => {
    const place = (spelling: string, key: string) => nginxPlace(spelling, key, GitLabVersion.of(version));
    for (const spelling of ['nginx', 'gitlab_rails.nginx']) {
      expect(HTTP_LEVEL.filter((key) => place(spelling, key) !== 'nginx')).toEqual([]);
      expect(CLIENT.filter((key) => place(spelling, key) !== 'gitlab_rails.nginx')).toEqual([]);
      // these are read at both places, so the one that was written counts.
      expect(SHARED.filter((key) => place(spelling, key) !== spelling)).toEqual([]);
    }
    for (const [old, now] of [['registry_nginx', 'registry.nginx'], ['pages_nginx', 'gitlab_pages.nginx'], ['gitlab_kas_nginx', 'gitlab_kas.nginx']]) {
      for (const key of [...SHARED, ...CLIENT]) {
        expect([place(old, key), place(now, key)]).toEqual([now, now]);
      }
    }
  });

  test('no key of the table is left out here', () => {
    const known = [...omnibusKeys().sections.get('nginx')!.keys.values()].filter(({ name, removed }) => !name.includes('.') && removed === undefined);
    const logs = [...omnibusKeys().sections.get('logging')!.keys.keys()].filter((name) => /^(logrotate|svlogd)_/.test(name));
    const services = ['enable', 'ha', 'consul_service_meta', 'consul_service_name', 'log_group', ...logs];
    expect(known.map(({ name }) => name).sort()).toEqual([...HTTP_LEVEL, ...SHARED, ...CLIENT, ...services].sort());
  });
});

const SETTINGS = {
  nginx: { custom_nginx_config: 'include /etc/nginx/extra.conf;', client_max_body_size: '250m', gzip_enabled: false, status: { port: 8070 } },
  gitlab_rails: { time_zone: 'Asia/Seoul', nginx: { worker_processes: 2, proxy_read_timeout: 300, gzip_enabled: true } },
  registry_nginx: { proxy_set_headers: { 'X-Forwarded-Proto': 'https' } },
  registry: { nginx: { client_max_body_size: '0' } },
  pages_nginx: { listen_https: false },
  gitlab_kas: { nginx: { proxy_read_timeout: 7200 } },
};
/** While the server vouches for itself. */
const CERTIFICATE = { hsts_max_age: 0, ssl_certificate: '/etc/gitlab/ssl/server.crt', ssl_certificate_key: '/etc/gitlab/ssl/server.key' };
const OURS = { redirect_http_to_https: true, ...CERTIFICATE };

test('both spellings of one file come to their places', () => {
  const settings = { ...SETTINGS, registry_external_url: 'https://registry.example.com' };
  const since = readRendered(rb(settings));
  expect(since.nginx).toEqual({ custom_nginx_config: 'include /etc/nginx/extra.conf;', gzip_enabled: false, status: { port: 8070 }, worker_processes: 2 });
  expect(since.gitlab_rails).toEqual({ time_zone: 'Asia/Seoul', nginx: { client_max_body_size: '250m', proxy_read_timeout: 300, gzip_enabled: true, ...OURS } });
  expect(since.registry.nginx).toEqual({ proxy_set_headers: { 'X-Forwarded-Proto': 'https' }, client_max_body_size: '0', ...CERTIFICATE });
  expect(since.gitlab_pages.nginx).toEqual({ listen_https: false });
  expect(since.gitlab_kas.nginx).toEqual({ proxy_read_timeout: 7200 });
  expect(Object.keys(since).filter((name) => name.endsWith('_nginx'))).toEqual([]);
  const { gitlab_rails: { nginx, ...rails }, nginx: { gzip_enabled, ...others }, ...rest } = settings;
  const before = readRendered(rb({ ...rest, nginx: others, gitlab_rails: { ...rails, nginx } }, '18.11.11'));
  expect(before.nginx).toEqual({ ...others, worker_processes: 2, proxy_read_timeout: 300, gzip_enabled: true, ...OURS });
  expect(before.gitlab_rails).toEqual({ time_zone: 'Asia/Seoul' });
  expect(before.registry_nginx).toEqual({ proxy_set_headers: { 'X-Forwarded-Proto': 'https' }, client_max_body_size: '0', ...CERTIFICATE });
  expect(before.registry).not.toHaveProperty('nginx');
  expect(before.pages_nginx).toEqual({ listen_https: false });
  expect(before.gitlab_kas_nginx).toEqual({ proxy_read_timeout: 7200 });
});

test.each(['18.11.11', '19.4.1'])('a certificate of the user\'s for the registry stays, in either spelling (%s)', (version) => {
  for (const settings of [{ registry_nginx: { ssl_certificate: '/own.crt' } }, { registry: { nginx: { ssl_certificate: '/own.crt' } } }]) {
    const { registry, registry_nginx: old } = readRendered(rb({ ...settings, registry_external_url: 'https://r.example.com' }, version));
    expect(old ?? registry.nginx).toEqual({ ssl_certificate: '/own.crt' });
  }
});

test('null leaves no trace', () => {
  expect(readRendered(rb({ registry: { nginx: null }, registry_external_url: 'https://r.example.com' })).registry.nginx).toEqual(CERTIFICATE);
});

testWith(ruby, 'ruby')('the reader of these tests reads as Ruby does', () => {
  const texts = ['17.0.0', '19.1.0', '19.4.1'].map((version) => rb({ ...SETTINGS, roles: ['a#{b}"\\'], registry_external_url: 'https://r' }, version));
  expect(texts.map(readRendered)).toEqual(readByRuby(...texts));
});
