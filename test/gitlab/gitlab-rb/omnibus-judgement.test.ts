import { Token } from 'cdktf';
import { GitLabEdition, GitLabVersion } from '../../../src';
import { checkOmnibusSettings } from '../../../src/gitlab/gitlab-rb/omnibus-check';
import { Finding, judge, OmnibusTarget } from '../../../src/gitlab/gitlab-rb/omnibus-judgement';
import { omnibusKeys } from '../../../src/gitlab/gitlab-rb/omnibus-keys';

const at = (version: string, edition = GitLabEdition.CE): OmnibusTarget => ({ version: GitLabVersion.of(version), edition });
const NOW = at('19.4.1');
const check = (settings: any, target = NOW, unchecked: string[] = []) => () => checkOmnibusSettings('Test', settings, target, unchecked);
const error = (message: string) => expect.objectContaining({ message: `${message} (at Test)` });
const kinds = (settings: any, target = NOW) => judge(settings, target).map(({ kind }) => kind);

describe('what no version reads', () => {
  test.each<[string, any, string]>([
    ['a misspelt key', { nginx: { wroker_processes: 4 } },
      'omnibusSettings.nginx.wroker_processes: no such key of gitlab.rb, got 4; write "worker_processes", or name it in uncheckedOmnibusKeys'],
    ['a misspelt section', { gitlab_rail: { time_zone: 'UTC' } },
      'omnibusSettings.gitlab_rail: no such section of gitlab.rb, got {…}; write "gitlab_rails", or name it in uncheckedOmnibusKeys'],
    ['a misspelt single key', { registry_external_uri: 'https://r' },
      'omnibusSettings.registry_external_uri: no such section of gitlab.rb, got "…"; write "registry_external_url", or name it in uncheckedOmnibusKeys'],
    ['a key in the wrong section', { gitlab_rails: { custom_nginx_config: 'include x;' } },
      'omnibusSettings.gitlab_rails.custom_nginx_config: no such key of gitlab.rb, got "…"; '
      + 'write "nginx.custom_nginx_config", or name it in uncheckedOmnibusKeys'],
    ['a key of a common name, which another section has alone', { registry: { host: 'registry.example.com' } },
      'omnibusSettings.registry.host: no such key of gitlab.rb, got "…"; leave it out, or name it in uncheckedOmnibusKeys'],
    ['a key without its section', { smtp_address: 'mail.example.com' },
      'omnibusSettings.smtp_address: no such section of gitlab.rb, got "…"; write "gitlab_rails.smtp_address", or name it in uncheckedOmnibusKeys'],
    ['a key like no other', { gitlab_rails: { completely_made_up_by_somebody: true } },
      'omnibusSettings.gitlab_rails.completely_made_up_by_somebody: no such key of gitlab.rb, got true; leave it out, or name it in uncheckedOmnibusKeys'],
    ['a key of a map whose keys are known', { nginx: { status: { prot: 1 } } },
      'omnibusSettings.nginx.status.prot: no such key of gitlab.rb, got 1; write "port", or name it in uncheckedOmnibusKeys'],
    ['one two levels down', { gitlab_rails: { object_store: { objects: { artefacts: { bucket: 'a' } } } } },
      'omnibusSettings.gitlab_rails.object_store.objects.artefacts: no such key of gitlab.rb, got {…}; '
      + 'write "artifacts", or name it in uncheckedOmnibusKeys'],
    ['a short key, without a far-fetched guess', { postgresql: { jit: 'off' } },
      'omnibusSettings.postgresql.jit: no such key of gitlab.rb, got "…"; leave it out, or name it in uncheckedOmnibusKeys'],
    ['dots instead of maps', { nginx: { 'status.port': 1 } },
      'omnibusSettings.nginx.status.port: no such key of gitlab.rb, got 1; leave it out, or name it in uncheckedOmnibusKeys'],
    ['a key of the web server that the registry\'s does not have', { registry: { nginx: { custom_nginx_config: 'include x;' } } },
      'omnibusSettings.registry.nginx.custom_nginx_config: no such key of gitlab.rb, got "…"; '
      + 'write "nginx.custom_nginx_config", or name it in uncheckedOmnibusKeys'],
    ['a key by its name before 19.2', { pages_nginx: { listen_prot: 1 } },
      'omnibusSettings.pages_nginx.listen_prot: no such key of gitlab.rb, got 1; write "listen_port", or name it in uncheckedOmnibusKeys'],
    ['a key without its first word', { gitlab_rails: { issue_closing_pattern: 'x' } },
      'omnibusSettings.gitlab_rails.issue_closing_pattern: no such key of gitlab.rb, got "…"; write "gitlab_issue_closing_pattern", or name it in uncheckedOmnibusKeys'],
    ['a key of logs that a service does not keep by itself', { gitlab_rails: { svlogd_size: 1 }, consul: { logrotate_size: '1M' } },
      'omnibusSettings.gitlab_rails.svlogd_size: no such key of gitlab.rb, got 1; write "logging.svlogd_size", or name it in uncheckedOmnibusKeys; '
      + 'wrong too: consul.logrotate_size'],
    ['a misspelt secret, and tells nobody', { gitlab_rails: { smtp_pasword: 'hunter2' } },
      'omnibusSettings.gitlab_rails.smtp_pasword: no such key of gitlab.rb, got "…"; write "smtp_password", or name it in uncheckedOmnibusKeys'],
    ['a role', { roles: ['postgres_rol'] },
      'omnibusSettings.roles: no such role, got "postgres_rol"; write "postgres_role", or name it in uncheckedOmnibusKeys'],
  ])('is refused: %s', (_, settings, message) => {
    expect(check(settings)).toThrow(error(message));
  });

  test('is told with the names of what else is wrong, but not of all', () => {
    const many = Object.fromEntries(Array.from({ length: 13 }, (_, index) => [`made_up_${index}`, 'hunter2']));
    expect(check({ nginx: many })).toThrow(error('omnibusSettings.nginx.made_up_0: no such key of gitlab.rb, got "…"; leave it out, or name it in uncheckedOmnibusKeys; '
      + `wrong too: ${Array.from({ length: 10 }, (_, index) => `nginx.made_up_${index + 1}`).join(', ')} and 2 more`));
  });

  test('is only told for a version that the table does not cover', () => {
    const settings = { nginx: { wroker_processes: 4 }, gitlab_new: { x: 1 }, gitlab_new_external_url: 'https://x', roles: 'new_role' };
    expect(omnibusKeys().covers).toEqual(['17.0', '19.4']);
    for (const version of ['16.11.0', '19.5.0', '20.0.0']) {
      expect(kinds(settings, at(version))).toEqual(['later', 'later', 'later', 'later']);
      expect(check(settings, at(version))).not.toThrow();
    }
    for (const version of ['17.0.0', '18.11.11', '19.4.1']) {
      expect(kinds(settings, at(version))).toEqual(['mistake', 'mistake', 'mistake', 'mistake']);
    }
  });
});

describe('what other versions or editions read', () => {
  test.each<[string, any, OmnibusTarget, string]>([
    ['a section that is gone', { mattermost: { enable: false } }, NOW,
      'omnibusSettings.mattermost: removed in GitLab 19.0, got {…}; use gitlab_rails.mattermost_host instead'],
    ['one that had stopped to do anything before', { unicorn: { worker_timeout: 60 } }, NOW, 'omnibusSettings.unicorn: removed in GitLab 14.0, got {…}; use puma instead'],
    ['one without a successor', { grafana: { enable: true } }, NOW, 'omnibusSettings.grafana: removed in GitLab 17.0, got {…}; leave it out'],
    ['where repositories are', { git_data_dirs: { default: { path: '/mnt' } } }, NOW,
      'omnibusSettings.git_data_dirs: removed in GitLab 18.0, got {…}; use gitaly.configuration.storage instead'],
    ['a key that went before the table begins', { sidekiq: { max_concurrency: 10 } }, NOW,
      'omnibusSettings.sidekiq.max_concurrency: removed in GitLab 17.0, got 10; use sidekiq.concurrency instead'],
    ['one of those that Gitaly has in its configuration', { gitaly: { auth_token: 'abc' } }, NOW,
      'omnibusSettings.gitaly.auth_token: removed in GitLab 16.0, got "(hidden)"; use gitaly.configuration.auth.token instead'],
    ['a key below one whose keys are free', { gitaly: { configuration: { git: { bin_path: '/usr/bin/git' } } } }, NOW,
      'omnibusSettings.gitaly.configuration.git.bin_path: removed in GitLab 19.0, got "/usr/bin/git"; leave it out'],
    ['a single key', { mattermost_external_url: 'https://m' }, at('20.0.0'),
      'omnibusSettings.mattermost_external_url: removed in GitLab 20.0, got "https://m"; use gitlab_rails.mattermost_host instead'],
    ['a key', { gitlab_kas: { agent_gitops_poll_period: 300 } }, at('18.2.8'),
      'omnibusSettings.gitlab_kas.agent_gitops_poll_period: removed in GitLab 18.1, got 300; leave it out'],
    ['a section that is not there yet', { gitaly_client: { max_attempts: 4 } }, at('18.8.11'),
      'omnibusSettings.gitaly_client: not read before GitLab 18.10, got {…}; leave it out, or set a later version than 18.8.11'],
    ['a key that is not there yet', { nginx: { ssl_ecdh_curve: 'X25519' } }, at('18.8.11'),
      'omnibusSettings.nginx.ssl_ecdh_curve: not read before GitLab 18.10, got "X25519"; leave it out, or set a later version than 18.8.11'],
    ['a section of the other edition', { sentinel: { enable: true } }, NOW,
      'omnibusSettings.sentinel: not read by the Community Edition, got {…}; leave it out, or set edition to GitLabEdition.EE'],
    ['a key of the other edition', { gitlab_rails: { geo_node_name: 'a' } }, NOW,
      'omnibusSettings.gitlab_rails.geo_node_name: not read by the Community Edition, got "a"; leave it out, or set edition to GitLabEdition.EE'],
    ['a role of the other edition', { roles: ['geo-primary-role'] }, NOW,
      'omnibusSettings.roles: not read by the Community Edition, got "geo-primary-role"; leave it out, or set edition to GitLabEdition.EE'],
  ])('is refused: %s', (_, settings, target, message) => {
    expect(check(settings, target)).toThrow(error(message));
  });

  test('is taken where it is read', () => {
    expect(judge({ mattermost: { enable: true }, gitaly_client: undefined, unicorn: null }, at('18.11.11'))).toEqual([]);
    expect(judge({ sentinel: { quorum: 2 }, gitlab_rails: { geo_node_name: 'a' }, roles: ['geo_primary_role'] }, at('19.4.1', GitLabEdition.EE))).toEqual([]);
    expect(judge({ git_data_dirs: { default: { path: '/mnt' } } }, at('17.3.7'))).toEqual([]);
  });

  test('is told while it is read, but not for ever', () => {
    const settings = { mattermost_external_url: 'https://m', gitlab_exporter: { server_name: 'puma' } };
    expect(judge(settings, NOW)).toEqual([
      { path: ['mattermost_external_url'], problem: 'no longer read from GitLab 20.0 on', got: 'https://m', remedy: 'use gitlab_rails.mattermost_host instead', kind: 'deprecated' },
      { path: ['gitlab_exporter', 'server_name'], problem: 'no longer read from GitLab 20.0 on', got: 'puma', remedy: 'leave it out', kind: 'deprecated' },
    ] satisfies Finding[]);
    expect(judge(settings, at('18.11.11'))).toEqual([]);
    expect(check(settings)).not.toThrow();
  });
});

describe('what a key takes', () => {
  test.each<[string, any, string]>([
    ['a word for a number', { puma: { worker_processes: 'two' } }, 'omnibusSettings.puma.worker_processes: not a number, got "two"; give a number'],
    ['a list for a number', { puma: { worker_processes: [2] } }, 'omnibusSettings.puma.worker_processes: not a number, got […]; give a number'],
    ['a text for true', { gitlab_rails: { smtp_enable: 'true' } }, 'omnibusSettings.gitlab_rails.smtp_enable: not true or false, got "true"; give true without quotes'],
    ['a text for false, which Ruby takes for true', { registry: { enable: 'False' } },
      'omnibusSettings.registry.enable: not true or false, got "False"; give false without quotes'],
    ['a number for true', { gitlab_rails: { lfs_enabled: 1 } }, 'omnibusSettings.gitlab_rails.lfs_enabled: not true or false, got 1; give true or false'],
    ['a text for a list', { nginx: { listen_addresses: '0.0.0.0' } }, 'omnibusSettings.nginx.listen_addresses: not a list, got "0.0.0.0"; give a list'],
    ['YAML for a map', { gitlab_rails: { ldap_servers: 'main:\n  password: geheim' } },
      'omnibusSettings.gitlab_rails.ldap_servers: not a map, got "…"; give a map as data instead of YAML or JSON'],
    ['a list for a map', { gitlab_rails: { ldap_servers: [{ host: 'x' }] } }, 'omnibusSettings.gitlab_rails.ldap_servers: not a map, got […]; give a map'],
    ['a map for a list', { gitlab_rails: { omniauth_providers: { name: 'saml' } } },
      'omnibusSettings.gitlab_rails.omniauth_providers: not a list, got {…}; give a list'],
    ['a number for a text', { gitlab_rails: { time_zone: 9 } }, 'omnibusSettings.gitlab_rails.time_zone: not text, got 9; give text'],
    ['a list for a secret text, and tells nobody', { gitlab_rails: { smtp_password: ['x'] } },
      'omnibusSettings.gitlab_rails.smtp_password: not text, got […]; give text'],
    ['the one for two kinds', { gitlab_rails: { omniauth_allow_single_sign_on: 'saml' } },
      'omnibusSettings.gitlab_rails.omniauth_allow_single_sign_on: not true or false or a list, got "saml"; give true or false or a list'],
    ['a text for a single key that is a list or text', { roles: 5 }, 'omnibusSettings.roles: not a list or text, got 5; give a list or text'],
    ['by the new spelling of nginx as well', { gitlab_rails: { nginx: { hsts_max_age: 'never' } } },
      'omnibusSettings.gitlab_rails.nginx.hsts_max_age: not a number, got "never"; give a number'],
  ])('is refused: %s', (_, settings, message) => {
    expect(check(settings)).toThrow(error(message));
  });

  test('is taken as Omnibus writes it down', () => {
    expect(judge({
      nginx: { listen_port: '8080', worker_processes: 'auto', keepalive_timeout: '75s', client_max_body_size: 0, gzip_comp_level: 6, ssl_verify_depth: 2, hsts_max_age: '0' },
      gitlab_rails: {
        smtp_port: '587', registry_port: 5005, backup_keep_time: '604800', backup_archive_permissions: '0644', omniauth_allow_single_sign_on: true,
        omniauth_sync_profile_attributes: ['email'],
        omniauth_auto_sign_in_with_provider: false, gitlab_shell_ssh_port: 2222, smtp_authentication: false, nginx: { referrer_policy: false },
        logrotate_frequency: 'weekly',
      },
      gitaly: { svlogd_num: 5, logrotate_size: '100M' },
      sidekiq: { svlogd_size: 52_428_800, svlogd_prefix: 'jobs: ' },
      postgresql: { shared_buffers: '4GB', work_mem: 16384, max_connections: '300', autovacuum: true, statement_timeout: 60000, checkpoint_completion_target: 0.9 },
      redis: { maxmemory: '2gb' },
      alertmanager: { flags: { 'web.listen-address': '127.0.0.1:9093' } },
      roles: 'application-role',
    }, NOW)).toEqual([]);
  });

  test('is not asked of what only the apply knows, of null, below free names, or where the table only guesses', () => {
    const reference = Token.asString({ resolve: () => 1 });
    expect(judge({
      puma: { worker_processes: reference, min_threads: null, max_threads: Token.asNumber({ resolve: () => 1 }) },
      nginx: { listen_addresses: reference, custom_gitlab_server_config: undefined, nonsense: null },
      registry: { storage: { azure: { whatever: [1, { deep: true }] } } },
      gitaly: { configuration: { git: { config: [{ key: 'core.threads', value: 4 }] }, auth: { token: reference } } },
      gitlab_sshd: { ciphers: ['aes256-gcm@openssh.com'] },
      gitlab_rails: Token.asAny({ resolve: () => ({}) }),
      roles: [reference],
    }, NOW)).toEqual([]);
  });
});

test('a key of nginx is given once', () => {
  const twice = { nginx: { client_max_body_size: '1m', gzip_enabled: true }, gitlab_rails: { nginx: { client_max_body_size: '1m', gzip_enabled: false } } };
  expect(check(twice)).toThrow(error('omnibusSettings.gitlab_rails.nginx.client_max_body_size: given as nginx.client_max_body_size too, got "1m"; give one of the two'));
  // since 19.2 all pages may have one value and GitLab's own another.
  expect(judge(twice, NOW).map(({ path }) => path[2])).toEqual(['client_max_body_size']);
  expect(judge(twice, at('18.11.11')).map(({ path }) => path[2])).toEqual(['client_max_body_size', 'gzip_enabled']);
  expect(check({ registry_nginx: { enable: true }, registry: { nginx: { enable: false } } })).toThrow(error(
    'omnibusSettings.registry.nginx.enable: given as registry_nginx.enable too, got false; give one of the two',
  ));
});

test('keys that are not to be checked are not, nor what is below them', () => {
  const settings = { nginx: { wroker_processes: 4 }, gitlab_new: { a: 1, b: 2 }, puma: { worker_processes: 'two' }, mattermost: { enable: false } };
  expect(check(settings, NOW, ['nginx.wroker_processes', 'gitlab_new', 'puma.worker_processes', 'mattermost.enable', 'mattermost'])).not.toThrow();
  expect(check(settings, NOW, ['nginx.wroker', 'gitlab_new'])).toThrow('omnibusSettings.nginx.wroker_processes: no such key');
  expect(check({ nginx: { wroker_processes: 4 } }, NOW, ['nginx'])).not.toThrow();
});

test('the table is whole', () => {
  const { sections, singles } = omnibusKeys();
  expect([...singles.keys()]).toContain('external_url');
  expect(sections.size).toBeGreaterThan(70);
  expect([...sections.values()].reduce((sum, { keys }) => sum + keys.size, 0)).toBeGreaterThan(2000);
  for (const section of sections.values()) {
    for (const { name, kinds: taken, since, removed, deprecated, by } of section.keys.values()) {
      expect(taken.filter((kind) => !['text', 'int', 'bool', 'list', 'map'].includes(kind))).toEqual([]);
      [since, removed, deprecated].forEach((version) => expect(version ?? '19.0').toMatch(/^\d+\.\d+$/));
      expect(sections.get((by ?? 'gitlab_rails').split('.')[0])).toBeDefined();
      // what is nested has a map above it.
      const parent = name.split('.').slice(0, -1).join('.');
      expect(parent === '' || section.keys.has(parent) || removed !== undefined).toBe(true);
    }
  }
});
